//! Anak baru and Ubah data: who may be there already, and since when somebody is not.

use crate::support::{ARIF, DESA, Tablet, stamp, word};
use serde_json::json;

const NEW: &str = "/anak-baru";
const ARIF_AGAIN: [(&str, &str); 4] =
    [("name", "arif"), ("sex", "L"), ("birth_date", "2025-11-01"), ("area", DESA)];
const ASKED: &str = "Belum disimpan: mungkin anak ini sudah ada.";

#[test]
fn a_child_that_is_entered_twice_is_asked_about_and_the_word_is_for_that_child_alone() {
    let mut tablet = Tablet::with_rows(&json!([
        {"kind": "child", "id": ARIF, "area": DESA, "stamp": stamp(1), "by": "Budi",
         "body": {"name": "ARIF", "sex": "L", "birth_date": "2025-11-01", "mother_name": "Dewi"}},
        {"kind": "child", "id": "00000000-0000-4000-8000-0000000000a2", "area": DESA,
         "stamp": stamp(2), "by": "Budi",
         "body": {"name": "BAYU", "sex": "L", "birth_date": "2025-11-01", "mother_name": "Dewi"}},
    ]));
    let asked = tablet.send(NEW, &[&ARIF_AGAIN[..], &[("mother_name", "Dewi")]].concat());
    assert!(asked.contains(ASKED) && asked.contains("ibu Dewi"), "{asked}");
    let given = word(&asked);
    let [_, sex, born, area] = ARIF_AGAIN;
    // Ticked for Arif; then the name is typed anew, and that child is there, too.
    let again = tablet.send(NEW, &[("name", "Bayu"), sex, born, area, ("confirmed", &given)]);
    assert!(again.contains(ASKED), "{again}");
    let saved = tablet.send(NEW, &[&ARIF_AGAIN[..], &[("confirmed", given.as_str())]].concat());
    assert!(saved.contains("arif ditambahkan."), "{saved}");
    let other = tablet.send(NEW, &[("name", "arif"), sex, ("birth_date", "2025-11-02"), area]);
    assert!(other.contains("arif ditambahkan."), "{other}");
}

#[test]
fn a_child_that_left_is_asked_since_when() {
    let mut tablet = Tablet::with_arif();
    let edit = format!("/anak/{ARIF}/ubah");
    let [name, sex, born, _] = ARIF_AGAIN;
    let sent = |status, day| [name, sex, born, ("status", status), ("status_on", day)];
    for status in ["pindah", "meninggal", "lulus"] {
        let asked = tablet.send(&edit, &sent(status, ""));
        assert!(asked.contains("isi sejak tanggal berapa"), "{asked}");
        assert!(tablet.show("/kirim").contains("Tidak ada yang menunggu"));
    }
    let saved = tablet.send(&edit, &sent("pindah", "2026-11-20"));
    assert!(saved.contains("arif diubah."), "{saved}");
    assert!(tablet.outbox().1.contains(r#""status_on":"2026-11-20""#));
    let new = [("name", "Bayu"), sex, born, ("area", DESA), ("status", "meninggal")];
    assert!(tablet.send(NEW, &new).contains("isi sejak tanggal berapa"));
}
