//! What a save stores, and what it refuses.

use crate::support::{
    DESA, FAR_DESA, LATER, Script, Tablet, area, child, child_row, id, other_stamp, weighing,
};
use serde_json::{Value, json};
use sync_protocol::change::Tombstone;
use sync_protocol::parked::{Fault, ParkCode};
use sync_protocol::record::Kind;
use sync_replica::SaveError;

fn log(tablet: &Tablet) -> Vec<Value> {
    tablet
        .replica
        .pending()
        .unwrap()
        .iter()
        .map(|e| serde_json::from_str(&e.bytes).unwrap())
        .collect()
}

#[test]
fn a_save_stores_its_row_and_its_log_entry() {
    let mut tablet = Tablet::enrolled();
    let saved = tablet.save_child("Melati");
    assert_eq!(tablet.sql("SELECT name || area || pending FROM child"), [format!("Melati{DESA}1")]);
    let entry = &log(&tablet)[0];
    assert_eq!(entry["seq"], 1);
    assert_eq!(entry["made_at"], "2026-11-24T09:15:00.000+07:00");
    assert_eq!(entry["base"], Value::Null);
    assert!(saved.id.to_string().starts_with("acd0f1a7-"));
    assert!(tablet.replica.mirror().unwrap().is_empty(), "a save never writes the mirror");
}

#[test]
fn a_save_that_does_not_pass_stores_nothing() {
    let mut tablet = Tablet::enrolled();
    let melati = tablet.save_child("Melati").id;
    for (field, value) in
        [("weight_g", json!(70_000)), ("height_mm", json!(20)), ("measured_on", json!("x"))]
    {
        let error = tablet.replica.save(
            Kind::MEASUREMENT,
            None,
            None,
            weighing(melati, 9_000).with(field, value),
        );
        assert!(matches!(error, Err(SaveError::Fault(fault)) if fault == Fault::invalid(field)));
    }
    let born_later = child("Besok").with("birth_date", "2027-01-01");
    let error = tablet.replica.save(Kind::CHILD, None, Some(area(DESA)), born_later);
    assert!(matches!(error, Err(SaveError::Fault(fault)) if fault.code == ParkCode::DateInFuture));
    assert_eq!(log(&tablet).len(), 1);
    assert_eq!(tablet.sql("SELECT count(*) FROM measurement"), ["0"]);
}

#[test]
fn a_new_child_needs_a_village() {
    let mut tablet = Tablet::enrolled();
    let no_area = tablet.replica.save(Kind::CHILD, None, None, child("A"));
    assert!(matches!(no_area, Err(SaveError::AreaNeeded)));
    let kecamatan = tablet.replica.save(Kind::CHILD, None, Some(area("16.04.06")), child("A"));
    assert!(matches!(kecamatan, Err(SaveError::NotAVillage)));
}

#[test]
fn nothing_is_saved_before_enrolment() {
    let mut tablet = Tablet::new();
    let error = tablet.replica.save(Kind::CHILD, None, Some(area(DESA)), child("A"));
    assert!(matches!(error, Err(SaveError::NotEnrolled)));
}

#[test]
fn an_edit_names_what_the_worker_saw_and_keeps_fields_of_a_newer_app() {
    let stamp = other_stamp(7);
    let mut row = child_row(id(1), "Mawar", &stamp);
    row["body"]["born_at_home"] = json!([1, 2.5]);
    let mut tablet = Tablet::with_rows(json!([row]));
    tablet.replica.save(Kind::CHILD, Some(id(1)), None, child("Mawar P.")).unwrap();
    tablet.replica.save(Kind::CHILD, Some(id(1)), None, child("Mawar Putri")).unwrap();
    for entry in log(&tablet) {
        assert_eq!(entry["base"], json!(stamp));
        assert_eq!(entry["body"]["born_at_home"], json!([1, 2.5]));
        assert!(entry.get("area").is_none(), "the server has this child");
    }
}

#[test]
fn a_base_is_fixed_when_the_edit_is_saved() {
    let mut tablet = Tablet::with_rows(json!([child_row(id(1), "Mawar", &other_stamp(7))]));
    tablet.replica.save(Kind::CHILD, Some(id(1)), None, child("Mawar P.")).unwrap();
    let newer = json!({"rows": [child_row(id(1), "Mawar X", &other_stamp(8))], "more": true, "cursor": "c2",
        "receipts": [{"seq": 1, "outcome": "applied", "stamp": other_stamp(LATER)}]});
    let mut server = Script::default().says(newer);
    tablet.replica.exchange(&mut server).unwrap();
    let log = tablet.replica.log(1).unwrap();
    assert_eq!(log[0].base.map(|base| base.to_string()), Some(other_stamp(7)));
}

#[test]
fn every_edit_before_the_first_sync_carries_the_area() {
    let mut tablet = Tablet::enrolled();
    let melati = tablet.save_child("Melati").id;
    tablet.replica.save(Kind::CHILD, Some(melati), None, child("Melati P.")).unwrap();
    assert_eq!(log(&tablet)[1]["area"], DESA);
}

#[test]
fn a_measurement_stays_with_its_child() {
    let mut tablet = Tablet::enrolled();
    let (a, b) = (tablet.save_child("A").id, tablet.save_child("B").id);
    let weighed = tablet.weigh(a, 9_000).id;
    let error = tablet.replica.save(Kind::MEASUREMENT, Some(weighed), None, weighing(b, 9_100));
    assert!(matches!(error, Err(SaveError::ChildIsFixed)));
    assert_eq!(tablet.sql("SELECT weight_g FROM measurement"), ["9000"]);
}

#[test]
fn what_the_server_could_not_take_is_refused_when_it_is_saved() {
    let mut tablet = Tablet::enrolled();
    let long = child("A").with("address", "x".repeat(4 * 1024 + 1));
    let error = tablet.replica.save(Kind::CHILD, None, Some(area(DESA)), long);
    assert!(matches!(error, Err(SaveError::Fault(fault)) if fault == Fault::invalid("address")));
    let notes: Vec<String> = (0..17).map(|_| "x".repeat(4 * 1024)).collect();
    let error =
        tablet.replica.save(Kind::CHILD, None, Some(area(DESA)), child("A").with("notes", notes));
    assert!(matches!(error, Err(SaveError::Fault(_) | SaveError::TooLarge { .. })));
    assert!(log(&tablet).is_empty());
}

#[test]
fn a_deleted_record_is_not_shown_and_a_later_save_revives_it() {
    let mut tablet = Tablet::with_rows(json!([child_row(id(1), "Mawar", &other_stamp(7))]));
    tablet.replica.delete(Kind::CHILD, id(1), Tombstone::Double).unwrap();
    assert_eq!(tablet.sql("SELECT count(*) FROM child"), ["0"]);
    tablet.replica.save(Kind::CHILD, Some(id(1)), None, child("Mawar")).unwrap();
    assert_eq!(tablet.sql("SELECT name FROM child"), ["Mawar"]);
    assert_eq!(log(&tablet)[0]["deleted"], "ganda");
}

#[test]
fn a_move_is_shown_at_once_with_all_that_belongs_to_the_child() {
    let mut tablet = Tablet::enrolled();
    let melati = tablet.save_child("Melati").id;
    tablet.weigh(melati, 9_000);
    tablet.replica.move_child(melati, area(FAR_DESA)).unwrap();
    tablet.weigh(melati, 9_100);
    assert_eq!(tablet.sql("SELECT DISTINCT area FROM child"), [FAR_DESA]);
    assert_eq!(tablet.sql("SELECT DISTINCT area FROM measurement"), [FAR_DESA]);
    assert_eq!(log(&tablet)[2]["move"], FAR_DESA);
}
