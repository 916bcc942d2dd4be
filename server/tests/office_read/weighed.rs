//! Measurements that come in a file, beside those that tablets sent.

use super::support::{DAY, JARAI, NIK, Office, SADAN, child};
use serde_json::{Value, json};
use server::admin::pengukuran::import_pengukuran;
use server::admin::row_by_row::Report;
use std::collections::BTreeMap;
use sync_protocol::ids::RecordId;

const HEADER: &str = "NIK,nama_anak,TANGGALUKUR,BERAT,TINGGI,LILA,CARAUKUR";

/// Imports rows under the template's headers, each of the child with [`NIK`].
#[track_caller]
fn import(office: &Office, rows: &[&str]) -> Report {
    let rows: Vec<String> = rows.iter().map(|row| format!("{NIK},Ani,{row}\n")).collect();
    import_file(office, format!("{HEADER}\n{}", rows.concat()).as_bytes())
}

fn import_file(office: &Office, file: &[u8]) -> Report {
    import_pengukuran(&office.service, file, None, &mut |_, _| ()).unwrap()
}

fn counts(report: &Report) -> [usize; 4] {
    [report.added, report.completed, report.unchanged, report.faults.len()]
}

fn notes(report: &Report) -> Vec<String> {
    report.notes.iter().map(|note| note.reason.clone()).collect()
}

/// The body of the child's measurements by day.
fn measured(office: &Office) -> BTreeMap<String, Value> {
    let list = office.get(&office.penyelia(&[JARAI]), "/v1/measurements");
    let rows = list["measurements"].as_array().unwrap().iter();
    rows.map(|row| {
        let mut body = row["body"].clone();
        let day = body.as_object_mut().unwrap().remove("measured_on").unwrap();
        (day.as_str().unwrap().to_owned(), body)
    })
    .collect()
}

fn feed(office: &Office) -> i64 {
    office.service.read_as_operator(|tx, _| tx.server()).unwrap().feed
}

/// An office that knows the child with [`NIK`], and her tablet's measurement of 10 October.
fn weighed_by_tablet(office: &Office) -> (super::support::Tablet<'_>, RecordId, RecordId) {
    let mut tablet = office.tablet("Siti", &[SADAN]);
    let girl = tablet.child(SADAN, child("Ani"));
    let body = json!({"measured_on": "2026-10-10", "weight_g": 13400, "confirmed": ["naik"]});
    let weighed = tablet.add("measurement", girl, body);
    (tablet, girl, weighed)
}

fn correct(
    tablet: &mut super::support::Tablet<'_>,
    girl: RecordId,
    weighed: RecordId,
    body: Value,
) {
    let mut body = body;
    body["child_id"] = json!(girl);
    let receipt = tablet.push(weighed, "measurement", json!({"base": null, "body": body}));
    assert_eq!(receipt["outcome"], "applied", "{receipt}");
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let office = Office::new();
    office.tablet("Siti", &[SADAN]).child(SADAN, child("Ani"));
    let rows = ["2026-09-10,13,94.5,14.2,berdiri", "2026-10-10,13.4,95.2,,berdiri"];
    assert_eq!(counts(&import(&office, &rows)), [2, 0, 0, 0]);
    let before = (feed(&office), measured(&office));
    assert_eq!(
        before.1["2026-09-10"],
        json!({"weight_g": 13000, "height_mm": 945, "muac_mm": 142, "position": "berdiri"})
    );
    assert_eq!(counts(&import(&office, &rows)), [0, 0, 2, 0]);
    assert_eq!((feed(&office), measured(&office)), before);
}

#[test]
fn a_blank_fills_and_never_overwrites() {
    let office = Office::new();
    weighed_by_tablet(&office);
    assert_eq!(counts(&import(&office, &["2026-10-10,,95.2,0,berdiri"])), [0, 1, 0, 0]);
    let whole =
        json!({"weight_g": 13400, "confirmed": ["naik"], "height_mm": 952, "position": "berdiri"});
    assert_eq!(measured(&office)["2026-10-10"], whole);
    assert_eq!(counts(&import(&office, &["2026-10-10,13.4,,,"])), [0, 0, 1, 0]);
    assert_eq!(measured(&office)["2026-10-10"], whole);
}

#[test]
fn a_value_that_nobody_gave_before_corrects_the_measurement_and_is_told() {
    let office = Office::new();
    weighed_by_tablet(&office);
    let report = import(&office, &["2026-10-10,13.95,,,"]);
    assert_eq!(counts(&report), [0, 1, 0, 0]);
    assert_eq!(notes(&report), ["Tanggal 2026-10-10: berat 13,4 kg diganti berat 13,95 kg."]);
    assert_eq!(measured(&office)["2026-10-10"]["weight_g"], 13950);
    assert_eq!(counts(&import(&office, &["2026-10-10,13.95,,,"])), [0, 0, 1, 0]);
}

#[test]
fn an_old_file_does_not_undo_a_tablets_correction() {
    let office = Office::new();
    let (mut tablet, girl, weighed) = weighed_by_tablet(&office);
    let old = "2026-10-10,13.4,,,";
    office.pass(DAY);
    correct(&mut tablet, girl, weighed, json!({"measured_on": "2026-10-10", "weight_g": 12400}));
    let report = import(&office, &[old]);
    assert_eq!((counts(&report), report.notes.len()), ([0, 0, 1, 0], 1));
    assert_eq!(measured(&office)["2026-10-10"]["weight_g"], 12400);
    // With something new beside it, only that is taken.
    let report = import(&office, &["2026-10-10,13.4,95.2,,"]);
    assert_eq!(counts(&report), [0, 1, 0, 0]);
    assert_eq!(
        notes(&report),
        ["Tanggal 2026-10-10: berat 13,4 kg sudah pernah diganti; tetap berat 12,4 kg."]
    );
    assert_eq!(measured(&office)["2026-10-10"], json!({"weight_g": 12400, "height_mm": 952}));
    // Moved to the day on which it was made, it does not come back on the old one.
    office.pass(DAY);
    correct(&mut tablet, girl, weighed, json!({"measured_on": "2026-10-11", "weight_g": 12400}));
    assert_eq!(counts(&import(&office, &[old])), [0, 0, 1, 0]);
    assert_eq!(measured(&office).into_keys().collect::<Vec<_>>(), ["2026-10-11"]);
}

#[test]
fn a_deleted_measurement_does_not_come_back_with_an_old_file() {
    let office = Office::new();
    let (mut tablet, _, weighed) = weighed_by_tablet(&office);
    let receipt =
        tablet.push(weighed, "measurement", json!({"base": null, "deleted": "salah_input"}));
    assert_eq!(receipt["outcome"], "applied");
    let report = import(&office, &["2026-10-10,13.4,,,"]);
    assert_eq!((counts(&report), report.notes.len()), ([0, 0, 1, 0], 1));
    assert_eq!(measured(&office), BTreeMap::new());
    assert_eq!(counts(&import(&office, &["2026-10-10,12.4,,,"])), [1, 0, 0, 0]);
}

#[test]
fn rows_that_contradict_each_other_or_two_measurements_are_for_a_person() {
    let office = Office::new();
    let (mut tablet, girl, _) = weighed_by_tablet(&office);
    let two = ["2026-09-10,13,,,", "2026-09-10,14,,,", "2026-09-10,13,,,"];
    let report = import(&office, &two);
    assert_eq!(counts(&report), [1, 0, 1, 1]);
    assert_eq!(
        report.faults[0].to_string(),
        "Baris 3: Baris 2 menyebut hasil ukur lain dari anak ini pada tanggal yang sama. Pilih yang benar, lalu impor lagi."
    );
    assert_eq!(counts(&import(&office, &two)), [0, 0, 2, 1]);
    tablet.add("measurement", girl, json!({"measured_on": "2026-10-10", "weight_g": 13600}));
    let rows = ["2026-10-10,13.6,,,", "2026-10-10,13.4,,,", "2026-10-10,13.5,,,"];
    let report = import(&office, &rows);
    assert_eq!((counts(&report), report.faults[0].line), ([0, 0, 2, 1], 4));
}

#[test]
fn a_nik_that_is_not_the_childs_own_and_another_name_are_seen() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[SADAN]);
    let mut boy = child("Budi");
    // The number says that its owner is a girl.
    boy["sex"] = json!("L");
    tablet.child(SADAN, boy);
    let report = import(&office, &["2026-10-10,13.4,,,"]);
    assert_eq!((counts(&report), report.faults[0].line), ([0, 0, 0, 1], 2));
    tablet.child(SADAN, child("Yuni"));
    let report = import(&office, &["2026-10-10,13.4,,,"]);
    assert_eq!((counts(&report), report.notes.len()), ([1, 0, 0, 0], 1));
    assert!(!format!("{report:?}").contains("160406"), "no NIK is repeated: {report:?}");
}

#[test]
fn last_months_weighing_from_a_file_tells_whether_the_child_gained() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[SADAN]);
    let girl = tablet.child(SADAN, child("Ani"));
    tablet.add("measurement", girl, json!({"measured_on": "2026-11-10", "weight_g": 13900}));
    let token = office.penyelia(&[JARAI]);
    let letter = || {
        let list = office.get(&token, "/v1/measurements?month=2026-11");
        list["measurements"][0]["growth"]["gain"].clone()
    };
    assert_eq!(letter(), "B", "nobody knows of October");
    import(&office, &["2026-10-10,13.4,,,"]);
    assert_eq!(letter(), "N");
    import(&office, &["2026-10-10,13.85,,,"]);
    assert_eq!(letter(), "T", "October's weight was corrected by a file");
}

#[test]
fn asi_is_that_of_the_month_of_age_at_the_measurement() {
    let office = Office::new();
    let mut baby = child("Ani");
    baby["birth_date"] = json!("2026-08-12");
    baby["nik"] = json!("1604065208269001");
    office.tablet("Siti", &[SADAN]).child(SADAN, baby);
    let header = "NIK,nama_anak,TANGGALUKUR,BERAT,TINGGI,asi_bulan_0,asi_bulan_1,asi_bulan_2";
    let file = format!("{header}\n1604065208269001,ANI,2026-10-11,5.2,,tidak,ya,tidak\n");
    assert_eq!(counts(&import_file(&office, file.as_bytes())), [1, 0, 0, 0]);
    assert_eq!(measured(&office)["2026-10-11"], json!({"weight_g": 5200, "asi": true}));
}
