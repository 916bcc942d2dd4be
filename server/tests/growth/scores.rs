//! A measurement's score is what the rules say of it now, whatever happened to it and to its child.

use crate::support::{Office, SADAN, Tablet};
use serde_json::{Value, json};
use server::check::check;
use server::platform::{SystemClock, SystemRandom};
use server::service::Service;
use server::store::{DATABASE_FILE, Score, StoreError};
use server::thresholds::Thresholds;
use std::sync::Arc;
use sync_protocol::ids::RecordId;

fn boy(born: &str) -> Value {
    json!({"name": "Contoh", "sex": "L", "birth_date": born})
}

fn weighing(on: &str, grams: u32) -> Value {
    json!({"measured_on": on, "weight_g": grams})
}

fn score_in(service: &Service, id: RecordId) -> Option<Score> {
    let found = service.read_as_operator::<_, StoreError>(|tx, _| match tx.record(id)? {
        Some(record) => tx.score(record.no),
        None => Ok(None),
    });
    found.unwrap()
}

fn score(office: &Office, id: RecordId) -> Option<Score> {
    score_in(&office.service, id)
}

fn letter(office: &Office, id: RecordId) -> Option<String> {
    score(office, id).and_then(|score| score.gain)
}

#[track_caller]
fn check_healthy(office: &Office) {
    assert_eq!(check(&office.service).unwrap().faults, Vec::<String>::new());
}

/// A boy who was weighed in January, February and March: B, N, N.
fn three_months(tablet: &mut Tablet<'_>) -> (RecordId, [RecordId; 3]) {
    let child = tablet.child(SADAN, boy("2025-01-01"));
    let rows = [("2026-01-10", 11_000), ("2026-02-09", 11_912), ("2026-03-09", 12_200)];
    (child, rows.map(|(on, grams)| tablet.add("measurement", child, weighing(on, grams))))
}

#[test]
fn a_merged_measurement_has_its_score() {
    let office = Office::new();
    let (_, rows) = three_months(&mut office.tablet("Siti", &[SADAN]));
    // The weight of the second golden row, a boy of 404 days.
    let found = score(&office, rows[1]).unwrap();
    let bbu = found.bbu.unwrap();
    assert_eq!((bbu.z, bbu.flagged, bbu.category.as_deref()), (166, false, Some("risiko_lebih")));
    assert_eq!((found.age_months, found.gain.as_deref()), (13, Some("N")));
    assert_eq!(
        (found.tbu, found.twice_not_gained, found.below_red_line),
        (None, false, Some(false))
    );
    check_healthy(&office);
}

#[test]
fn a_corrected_birth_date_or_sex_scores_the_whole_series_anew() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[SADAN]);
    let (child, rows) = three_months(&mut tablet);
    let corrected = json!({"name": "Contoh", "sex": "P", "birth_date": "2024-06-01"});
    let before = rows.map(|row| score(&office, row));
    tablet.push(child, "child", json!({"body": corrected.clone()}));
    let fresh = tablet.child(SADAN, corrected);
    for (at, (on, grams)) in
        [("2026-01-10", 11_000), ("2026-02-09", 11_912), ("2026-03-09", 12_200)].iter().enumerate()
    {
        let same = tablet.add("measurement", fresh, weighing(on, *grams));
        assert_eq!(score(&office, rows[at]), score(&office, same));
        assert_ne!(score(&office, rows[at]), before[at]);
    }
    check_healthy(&office);
}

#[test]
fn a_measurement_that_a_correction_puts_before_the_birth_has_no_score() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[SADAN]);
    let (child, rows) = three_months(&mut tablet);
    tablet.push(child, "child", json!({"body": boy("2026-02-01")}));
    assert_eq!(score(&office, rows[0]), None);
    assert_eq!(letter(&office, rows[1]).as_deref(), Some("B"));
    check_healthy(&office);
}

#[test]
fn a_move_changes_no_score() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &["16.04.06"]);
    let (child, rows) = three_months(&mut tablet);
    let before = rows.map(|row| score(&office, row));
    let receipt = tablet.push(child, "child", json!({"move": "16.04.06.2009"}));
    assert_eq!(receipt["outcome"], "applied");
    assert_eq!(rows.map(|row| score(&office, row)), before);
    check_healthy(&office);
}

#[test]
fn a_deleted_measurement_has_no_score_and_its_neighbours_follow() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[SADAN]);
    let (child, rows) = three_months(&mut tablet);
    let before = rows.map(|row| score(&office, row));
    tablet.push(rows[1], "measurement", json!({"deleted": "salah_input"}));
    assert_eq!(score(&office, rows[1]), None);
    assert_eq!(letter(&office, rows[2]).as_deref(), Some("O"));
    let mut again = weighing("2026-02-09", 11_912);
    again["child_id"] = json!(child);
    tablet.push(rows[1], "measurement", json!({"body": again}));
    assert_eq!(rows.map(|row| score(&office, row)), before);
    check_healthy(&office);
}

#[test]
fn what_belongs_to_a_deleted_child_has_no_score_until_it_is_revived() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[SADAN]);
    let (child, rows) = three_months(&mut tablet);
    let before = rows.map(|row| score(&office, row));
    tablet.push(child, "child", json!({"deleted": "ganda"}));
    assert_eq!(rows.map(|row| score(&office, row)), [None, None, None]);
    let late = tablet.add("measurement", child, weighing("2026-04-09", 12_400));
    assert_eq!(score(&office, late), None);
    check_healthy(&office);
    tablet.push(child, "child", json!({"body": boy("2025-01-01")}));
    assert_eq!(rows.map(|row| score(&office, row)), before);
    assert_eq!(letter(&office, late).as_deref(), Some("N"));
    check_healthy(&office);
}

#[test]
fn a_weighing_that_arrives_late_changes_the_letter_after_it() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[SADAN]);
    let child = tablet.child(SADAN, boy("2025-01-01"));
    let march = tablet.add("measurement", child, weighing("2026-03-09", 12_200));
    assert_eq!(letter(&office, march).as_deref(), Some("B"));
    let february = tablet.add("measurement", child, weighing("2026-02-09", 12_100));
    assert_eq!(letter(&office, march).as_deref(), Some("T"));
    let corrected = json!({"child_id": child, "measured_on": "2026-02-09", "weight_g": 11_900});
    tablet.push(february, "measurement", json!({"body": corrected}));
    assert_eq!(letter(&office, march).as_deref(), Some("N"));
    check_healthy(&office);
}

#[test]
fn a_score_that_was_tampered_with_is_found_and_other_rules_renew_all() {
    let office = Office::new();
    let (_, rows) = three_months(&mut office.tablet("Siti", &[SADAN]));
    let before = rows.map(|row| score(&office, row));
    let database = rusqlite::Connection::open(office.dir.path().join(DATABASE_FILE)).unwrap();
    database.execute("UPDATE measurement_score SET bbu = 'kurang' WHERE zwei = 166", []).unwrap();
    let faults = check(&office.service).unwrap().faults;
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].starts_with("1 measurements whose score"), "{faults:?}");
    database
        .execute_batch("DELETE FROM measurement_score; UPDATE server SET growth = '2006'")
        .unwrap();
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    drop(database);
    let again = Service::open(office.dir.path(), clock, random).unwrap();
    assert_eq!(rows.map(|row| score_in(&again, row)), before);
    check_healthy(&office);
}

#[test]
fn a_renewal_in_jobs_of_any_size_scores_every_child() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[SADAN]);
    // One behind the other, so that whoever is passed over is a child.
    let children: Vec<RecordId> = (0..5).map(|_| tablet.child(SADAN, boy("2025-01-01"))).collect();
    let rows: Vec<RecordId> = children
        .into_iter()
        .map(|child| tablet.add("measurement", child, weighing("2026-01-10", 11_000)))
        .collect();
    let before: Vec<_> = rows.iter().map(|row| score(&office, *row)).collect();
    let database = rusqlite::Connection::open(office.dir.path().join(DATABASE_FILE)).unwrap();
    for children_per_job in [1, 2, 3, 5, 6] {
        database
            .execute_batch("DELETE FROM measurement_score; UPDATE server SET growth = '2006'")
            .unwrap();
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        let thresholds = Thresholds { children_per_job, ..Thresholds::default() };
        let folder = office.dir.path();
        let again = Service::open_with(folder, clock, random, thresholds);
        let again = again.unwrap();
        let after: Vec<_> = rows.iter().map(|row| score_in(&again, *row)).collect();
        assert_eq!(after, before, "{children_per_job} children a job");
        check_healthy(&office);
    }
}

#[test]
fn lists_and_files_carry_the_scores() {
    let office = Office::new();
    let (_, rows) = three_months(&mut office.tablet("Siti", &[SADAN]));
    let token = office.penyelia(&[SADAN]);
    let list = office.get(&token, "/v1/measurements?month=2026-02");
    let growth = &list["measurements"][0]["growth"];
    assert_eq!(
        (&list["measurements"][0]["id"], &growth["bbu"]["z"]),
        (&json!(rows[1]), &json!(1.66))
    );
    assert_eq!((&growth["gain"], &growth["age_months"]), (&json!("N"), &json!(13)));
    let file = office.file(&token, "/v1/export/measurements.csv?month=2026-02");
    let cells = crate::support::csv_rows(&file, b',');
    let cell = |name: &str| {
        let at = cells[0].iter().position(|header| header == name).unwrap();
        cells[1][at].clone()
    };
    assert_eq!(
        (cell("zwei"), cell("bbu"), cell("gain")),
        ("1.66".into(), "risiko_lebih".into(), "N".into())
    );
    let file = office.file(&token, "/v1/export/measurements.ndjson?month=2026-02");
    let first: Value =
        serde_json::from_str(String::from_utf8(file).unwrap().lines().next().unwrap()).unwrap();
    assert_eq!(first["growth"]["bbu"]["z"], json!(1.66));
}
