//! What the growth rules say on the tablet, offline: scores at once, doubts that need a word, the
//! series and its chart.

use crate::desk::Desk;
use crate::tablet::{Tablet, tail};
use serde_json::{Value, json};

/// A tablet with Melati, a girl born on 1 May 2021.
fn tablet() -> Tablet {
    let tablet = Tablet::enrolled(&Desk::open(json!({})));
    tablet.add("Melati");
    tablet
}

fn measurements(tablet: &Tablet) -> Value {
    tablet.json(&["child", "show", "melati"])["measurement"].clone()
}

#[test]
fn scores_categories_and_the_letter_are_said_at_once() {
    let tablet = tablet();
    let measure = ["measure", "melati", "--weight-kg", "7,3", "--height-cm", "65,5"];
    let said =
        tablet.ok(&[&measure[..], &["--position", "terlentang", "--date", "2021-11-01"]].concat());
    for line in [
        "BB/U    -0,02 SD  Berat badan normal",
        "PB/U    -0,13 SD  Normal",
        "BB/PB",
        "Gizi baik (normal)",
        "B: baru pertama kali ditimbang",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let said = tablet.ok(&["measure", "melati", "--weight-kg", "7,4", "--date", "2021-12-01"]);
    assert!(said.contains("T: tidak naik (+100 g, KBM 300 g)"), "{said}");
    let said = tablet.ok(&["measure", "melati", "--weight-kg", "7,4", "--date", "2022-01-01"]);
    assert!(said.contains("2T: dua kali") && said.contains("Rujuk ke puskesmas"), "{said}");
    let growth = tablet.json(&["measure", "melati", "--weight-kg", "8", "--date", "2022-02-01"]);
    let growth = &growth["growth"];
    assert_eq!((&growth["gain"], &growth["gain_g"]), (&json!("N"), &json!(600)));
    assert_eq!(growth["indices"]["bbu"]["category"], "normal");
    assert_eq!(growth["age_months"], 9);
}

#[test]
fn a_doubtful_value_is_saved_only_when_it_is_confirmed() {
    let tablet = tablet();
    tablet.ok(&["measure", "melati", "--height-cm", "75", "--date", "2022-05-01"]);
    let lower = ["measure", "melati", "--height-cm", "70", "--date", "2022-06-01"];
    let said = tablet.refused(&lower);
    assert!(said.contains("Belum disimpan") && said.contains("--confirm"), "{said}");
    assert!(said.contains("lebih rendah daripada pengukuran sebelumnya"), "{said}");
    assert_eq!(measurements(&tablet).as_array().unwrap().len(), 1, "nothing was saved");
    let error = tablet.run(&[&["--json"], &lower[..]].concat()).err;
    let error: Value = serde_json::from_str(&error).unwrap();
    assert_eq!(
        (&error["error"], &error["doubts"][0]["code"]),
        (&json!("needs_confirm"), &json!("tinggi_turun"))
    );
    let said = tablet.ok(&[&lower[..], &["--confirm"]].concat());
    assert!(said.contains("Sudah dipastikan"), "{said}");
    assert_eq!(measurements(&tablet)[1]["body"]["confirmed"], json!(["tinggi_turun"]));
}

#[test]
fn a_correction_is_asked_about_only_when_a_measure_changed() {
    let tablet = tablet();
    let weight = ["measure", "melati", "--weight-kg", "25", "--date", "2022-05-01"];
    assert!(tablet.refused(&weight).contains("di luar batas wajar WHO"));
    tablet.ok(&[&weight[..], &["--confirm"]].concat());
    let id = measurements(&tablet)[0]["id"].as_str().unwrap().to_owned();
    let correct = ["measure", "melati", "--correct", tail(&id)];
    tablet.ok(&[&correct[..], &["--note", "timbangan baru"]].concat());
    assert_eq!(measurements(&tablet)[0]["body"]["confirmed"], json!(["bbu_tidak_wajar"]));
    tablet.refused(&[&correct[..], &["--weight-kg", "26"]].concat());
    tablet.ok(&[&correct[..], &["--weight-kg", "9"]].concat());
    assert!(measurements(&tablet)[0]["body"].get("confirmed").is_none());
}

#[test]
fn a_healthy_infants_rise_is_not_doubtful() {
    let tablet = tablet();
    for (date, kg) in [("2021-06-01", "4,2"), ("2021-07-01", "5,1"), ("2021-08-01", "6,0")] {
        tablet.ok(&["measure", "melati", "--weight-kg", kg, "--date", date]);
    }
}

#[test]
fn the_series_is_a_table_with_a_chart_below() {
    let tablet = tablet();
    for (date, kg, cm) in [("2021-11-01", "7,3", "65,5"), ("2021-12-01", "7,4", "67,0")] {
        tablet.ok(&["measure", "melati", "--date", date, "--weight-kg", kg, "--height-cm", cm]);
    }
    let said = tablet.ok(&["child", "show", "melati"]);
    let rows: Vec<Vec<&str>> = said.lines().map(|line| line.split_whitespace().collect()).collect();
    let header = rows.iter().position(|row| row.first() == Some(&"Kode")).unwrap();
    assert_eq!(
        &rows[header + 1][1..],
        ["01-11-2021", "6", "bl", "7,3", "65,5", "-", "-0,02", "-0,13", "0,16", "B", "[menunggu]"]
    );
    assert_eq!(rows[header + 2].get(10), Some(&"T"));
    assert!(said.contains("BB/U (kg)  ● anak"), "{said}");
    let chart: Vec<&str> = said.lines().skip_while(|line| !line.contains("BB/U (kg)")).collect();
    assert_eq!(chart.concat().matches('●').count(), 3, "two points and the title");
    assert!(tablet.ok(&["child", "show", "melati", "--chart", "tb"]).contains("TB/U (cm)"));
    let growth = &measurements(&tablet)[0]["growth"];
    assert_eq!(growth["indices"]["tbu"]["z"], json!(-0.13));
}

#[test]
fn oedema_blanks_the_scores_of_weight_and_asks_for_referral() {
    let tablet = tablet();
    let said = tablet.ok(&[
        "measure",
        "melati",
        "--date",
        "2022-05-01",
        "--weight-kg",
        "9",
        "--height-cm",
        "74",
        "--oedema",
        "1",
    ]);
    assert!(!said.contains("Berat badan") && said.contains("Tanda gizi buruk"), "{said}");
    assert!(said.contains("Rujuk ke puskesmas"), "{said}");
}

#[test]
fn a_nik_that_disagrees_is_a_note_and_refuses_nothing() {
    let tablet = tablet();
    let said = tablet.ok(&["child", "edit", "melati", "--nik", "1604060105210001"]);
    assert!(said.contains("Peringatan: Jenis kelamin tidak cocok dengan NIK."), "{said}");
    let said = tablet.ok(&["child", "edit", "melati", "--nik", "1604064105210001"]);
    assert!(!said.contains("Peringatan"), "{said}");
}
