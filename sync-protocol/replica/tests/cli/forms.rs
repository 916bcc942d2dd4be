//! What a worker enters, and what is refused with a sentence.

use crate::desk::{DESA, Desk};
use crate::tablet::{Tablet, tail};
use serde_json::json;

fn tablet() -> Tablet {
    Tablet::enrolled(&Desk::open(json!({})))
}

#[test]
fn a_child_is_added_found_and_shown() {
    let tablet = tablet();
    let id = tablet.add("Melati Sari");
    tablet.add("Mawar");
    let all = tablet.json(&["child", "list"]);
    assert_eq!(all.as_array().unwrap().len(), 2);
    for text in ["melati", "Melati Sari", &id, &id.chars().take(26).collect::<String>(), tail(&id)]
    {
        assert_eq!(tablet.json(&["child", "show", text])["id"], json!(id), "{text}");
    }
    assert_eq!(all[1]["area"], DESA);
    let lines = tablet.ok(&["child", "list", "melati"]);
    assert!(lines.contains("Melati Sari  P") && lines.contains("[menunggu]"), "{lines}");
}

#[test]
fn an_ambiguous_name_lists_the_children_and_saves_nothing() {
    let tablet = tablet();
    tablet.add("Melati Sari");
    tablet.add("Melati Dewi");
    let said = tablet.refused(&["measure", "melati", "--weight-kg", "9"]);
    assert!(said.contains("Melati Sari") && said.contains("Melati Dewi"), "{said}");
    assert_eq!(tablet.json(&["log"]).as_array().unwrap().len(), 2);
}

#[test]
fn a_piece_of_a_name_shows_a_child_and_writes_to_none() {
    let tablet = tablet();
    let id = tablet.add("Khansa Lestari");
    for write in [
        vec!["measure", "a", "--weight-kg", "9"],
        vec!["measure", "khan", "--weight-kg", "9"],
        vec!["visit", "lestar", "--purpose", "konseling"],
        vec!["child", "edit", "khan", "--phone", "0812"],
        vec!["child", "delete", "k"],
        vec!["child", "status", "khan", "pindah"],
        vec!["child", "move", "khan", DESA],
    ] {
        let said = tablet.refused(&write);
        assert!(said.contains("bukan nama atau kode yang lengkap"), "{write:?}: {said}");
        assert!(said.contains(&format!("{}  Khansa Lestari", tail(&id))), "{said}");
    }
    assert_eq!(tablet.json(&["log"]).as_array().unwrap().len(), 1);
    assert_eq!(tablet.json(&["child", "show", "khan"])["id"], json!(id));
    for text in ["lestari", "Khansa  LESTARI", tail(&id)] {
        tablet.ok(&["child", "edit", text, "--phone", text]);
    }
}

#[test]
fn the_same_child_is_not_added_twice_without_a_word() {
    let tablet = tablet();
    let id = tablet.add("Budi");
    let again =
        |sex, born| ["child", "add", "--name", " budi ", "--sex", sex, "--birth-date", born];
    let said = tablet.refused(&again("p", "01-05-2021"));
    assert!(said.contains("Mungkin anak ini sudah ada") && said.contains(tail(&id)), "{said}");
    assert_eq!(tablet.json(&["log"]).as_array().unwrap().len(), 1);
    tablet.ok(&again("L", "01-05-2021"));
    tablet.ok(&again("P", "02-05-2021"));
    tablet.ok(&[&again("P", "01-05-2021")[..], &["--confirm"]].concat());
}

#[test]
fn a_measurement_is_saved_corrected_and_deleted() {
    let tablet = tablet();
    tablet.add("Melati");
    let measure = ["measure", "melati", "--date", "01-11-2021", "--weight-kg", "9,8"];
    let said =
        tablet.ok(&[&measure[..], &["--height-cm", "75.5", "--position", "terlentang"]].concat());
    assert!(said.contains("Melati, 6 bl, 9,8 kg, 75,5 cm, 01-11-2021."), "{said}");
    let shown = tablet.json(&["child", "show", "melati"]);
    let body = &shown["measurement"][0]["body"];
    assert_eq!((&body["weight_g"], &body["height_mm"]), (&json!(9_800), &json!(755)));
    let id = shown["measurement"][0]["id"].as_str().unwrap();
    tablet.ok(&["measure", "melati", "--correct", tail(id), "--weight-kg", "8,9"]);
    let body = &tablet.json(&["child", "show", "melati"])["measurement"][0]["body"];
    assert_eq!((&body["weight_g"], &body["height_mm"]), (&json!(8_900), &json!(755)));
    tablet.ok(&["measure", "melati", "--delete", tail(id)]);
    assert_eq!(tablet.json(&["child", "show", "melati"])["measurement"], json!([]));
    assert_eq!(tablet.json(&["log"]).as_array().unwrap().len(), 4);
}

#[test]
fn what_cannot_be_gets_a_sentence_and_saves_nothing() {
    let tablet = tablet();
    tablet.add("Melati");
    let add = ["child", "add", "--name", "B", "--sex", "L", "--birth-date"];
    for (args, sentence) in [
        (
            vec!["measure", "melati", "--weight-kg", "70"],
            "tidak mungkin: harus antara 0,5 dan 60,0 kg",
        ),
        (
            vec!["measure", "melati", "--height-cm", "29"],
            "tidak mungkin: harus antara 30,0 dan 150,0 cm",
        ),
        (vec!["measure", "melati", "--weight-kg", "9", "--date", "31-02-2022"], "bukan tanggal"),
        (vec!["measure", "melati", "--weight-kg", "9", "--date", "01-01-2021"], "sebelum lahir"),
        (vec!["measure", "melati", "--weight-kg", "sembilan"], "bukan angka"),
        (vec!["measure", "melati"], "paling sedikit satu ukuran"),
        (vec!["visit", "melati"], "Sebutkan --purpose"),
        (vec!["child", "status", "melati", "hilang"], "Pilih aktif, pindah, meninggal, lulus"),
        (vec!["child", "move", "melati", "Desa Antah"], "tidak dikenal"),
        (vec!["measure", "kenanga", "--weight-kg", "9"], "Tidak ada anak"),
        ([&add[..], &["01-01-2999"]].concat(), "masih di masa depan"),
        ([&add[..], &["2021-05-01", "--area", "16.04.10.1001"]].concat(), "di luar wilayah tugas"),
    ] {
        let said = tablet.refused(&args);
        assert!(said.contains(sentence), "{args:?}: {said}");
    }
    assert_eq!(tablet.json(&["log"]).as_array().unwrap().len(), 1);
}

#[test]
fn an_edit_changes_what_was_said_and_clears_what_is_empty() {
    let tablet = tablet();
    tablet.add("Melati");
    let edit =
        ["child", "edit", "melati", "--phone", "0812", "--nik", "123", "--birth-weight-kg", "3,1"];
    assert!(tablet.ok(&edit).contains("Peringatan: NIK bukan 16 angka"));
    tablet.ok(&["child", "edit", "melati", "--phone", ""]);
    let body = &tablet.json(&["child", "show", "melati"])["body"];
    assert_eq!((&body["nik"], &body["birth_weight_g"]), (&json!("123"), &json!(3_100)));
    assert!(body.get("phone").is_none());
    assert!(tablet.refused(&["child", "edit", "melati"]).contains("Tidak ada yang berubah"));
}

#[test]
fn a_child_who_moved_away_is_not_due() {
    let tablet = tablet();
    for name in ["Melati", "Mawar", "Kenanga"] {
        tablet.add(name);
    }
    tablet.ok(&["measure", "melati", "--date", "2022-01-15", "--weight-kg", "8"]);
    tablet.ok(&[
        "child",
        "status",
        "mawar",
        "pindah",
        "--on",
        "2022-01-02",
        "--moved-to",
        "Palembang",
    ]);
    let names = |month: &str| {
        let due = tablet.json(&["due", "--month", month]);
        due.as_array()
            .unwrap()
            .iter()
            .map(|c| c["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("2022-01"), ["Kenanga"]);
    assert_eq!(names("2022-02"), ["Kenanga", "Melati"]);
    assert_eq!(names("2021-04"), [""; 0], "not born yet");
    assert_eq!(names("2026-05"), [""; 0], "five years old");
    assert_eq!(names("2026-04").len(), 2);
}

#[test]
fn a_visit_is_saved_with_its_parts() {
    let tablet = tablet();
    tablet.add("Melati");
    let visit = ["visit", "melati", "--purpose", "pmt", "--pmt-kind", "lokal", "--pmt-days", "14"];
    tablet.ok(&[
        &visit[..],
        &["--date", "2022-01-05", "--topics", "ASI, MP-ASI", "--next-visit", "01-01-2026"],
    ]
    .concat());
    let body = &tablet.json(&["child", "show", "melati"])["visit"][0]["body"];
    assert_eq!(body["pmt"], json!({"kind": "lokal", "days": 14}));
    assert_eq!(
        (&body["topics"], &body["next_visit_on"]),
        (&json!(["ASI", "MP-ASI"]), &json!("2026-01-01"))
    );
}
