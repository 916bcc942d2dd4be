//! Tertahan: kept by the server, not merged. It never blocks, and the worker can mend it.

use crate::support::{Script, Tablet, child, child_row, other_stamp, own_stamp};
use serde_json::{Value, json};
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;
use sync_replica::Response;

fn parked(seq: u64) -> Value {
    json!({"seq": seq, "outcome": "parked", "stamp": own_stamp(seq), "code": "invalid_field",
        "field": "nik", "message": "Perbaiki isian itu."})
}

fn receipts(list: &Value) -> Response {
    Response::new(200, json!({"receipts": list}).to_string())
}

fn with_one_parked() -> (Tablet, RecordId) {
    let mut tablet = Tablet::enrolled();
    let melati = tablet.save_child("Melati").id;
    let answer = json!({"receipts": [parked(1)], "parked": [1]});
    let report = tablet.sync(Script::default().says(answer)).unwrap();
    assert_eq!(report.parked, 1);
    (tablet, melati)
}

#[test]
fn a_parked_change_is_shown_with_its_reason_and_stays() {
    let (mut tablet, melati) = with_one_parked();
    tablet.sync(Script::default().says(json!({"parked": [1]}))).unwrap();
    assert!(tablet.replica.record(Kind::CHILD, melati).unwrap().unwrap().parked);
    let listed = &tablet.replica.parked().unwrap()[0];
    assert_eq!(listed.child_name.as_deref(), Some("Melati"));
    assert_eq!(listed.field.as_deref(), Some("nik"));
    assert_eq!(listed.message.as_deref(), Some("Perbaiki isian itu."));
    assert_eq!(tablet.replica.status().unwrap().parked, 1);
}

#[test]
fn a_released_change_is_asked_for_and_settled_in_the_same_sync() {
    let (mut tablet, melati) = with_one_parked();
    let rows = json!([child_row(melati, "Melati", &own_stamp(1))]);
    let mut server = Script::default()
        .says(json!({"parked": [], "rows": rows}))
        .then(|_| Ok(receipts(&json!([{"seq": 1, "outcome": "applied", "stamp": own_stamp(1)}]))));
    let report = tablet.replica.sync(&mut server, &mut |_| ()).unwrap();
    assert!(report.complete && server.is_done(), "the last page had its effect already");
    assert_eq!(server.paths[1], "GET /v1/receipts?seq=1");
    assert!(!tablet.replica.log(1).unwrap()[0].open);
    assert_eq!(tablet.replica.status().unwrap().parked, 0);
}

#[test]
fn a_released_change_that_lost_says_who_took_its_place() {
    let (mut tablet, melati) = with_one_parked();
    let rows = json!([child_row(melati, "Melati kantor", &other_stamp(u64::MAX >> 1))]);
    let server = Script::default().says(json!({"parked": [], "rows": rows})).then(|_| {
        Ok(receipts(&json!([{"seq": 1, "outcome": "superseded", "stamp": own_stamp(1)}])))
    });
    let report = tablet.sync(server).unwrap();
    assert_eq!((report.superseded, report.replaced), (1, 1));
    assert_eq!(tablet.name(melati).as_deref(), Some("Melati kantor"));
    assert_eq!(tablet.replica.superseded().unwrap()[0].by.as_deref(), Some("Budi"));
}

#[test]
fn a_discarded_change_leaves_the_overlay_and_keeps_its_reason() {
    let (mut tablet, melati) = with_one_parked();
    let discarded = json!([{"seq": 1, "outcome": "discarded", "stamp": own_stamp(1),
        "message": "Anak ini sudah terdaftar."}]);
    let server =
        Script::default().says(json!({"parked": []})).then(move |_| Ok(receipts(&discarded)));
    let report = tablet.sync(server).unwrap();
    assert_eq!(report.discarded, 1);
    assert!(tablet.replica.record(Kind::CHILD, melati).unwrap().is_none());
    let entry = &tablet.replica.log(1).unwrap()[0];
    assert_eq!(entry.message.as_deref(), Some("Anak ini sudah terdaftar."));
}

#[test]
fn a_list_that_contradicts_itself_does_not_loop() {
    let (mut tablet, _) = with_one_parked();
    let server =
        Script::default().says(json!({"parked": []})).then(|_| Ok(receipts(&json!([parked(1)]))));
    tablet.sync(server).unwrap();
    let server = Script::default().says(json!({"parked": []})).then(|_| Ok(receipts(&json!([]))));
    tablet.sync(server).unwrap();
}

#[test]
fn a_later_edit_mends_a_parked_change() {
    let (mut tablet, melati) = with_one_parked();
    tablet.replica.save(Kind::CHILD, Some(melati), None, child("Melati P.")).unwrap();
    assert!(tablet.replica.parked().unwrap().is_empty(), "it is on its way");
    let shown = tablet.replica.record(Kind::CHILD, melati).unwrap().unwrap();
    assert!(shown.pending && !shown.parked);
    let rows = json!([child_row(melati, "Melati P.", &own_stamp(2))]);
    let server = Script::default().says(json!({"parked": [], "rows": rows})).then(|_| {
        Ok(receipts(&json!([{"seq": 1, "outcome": "superseded", "stamp": own_stamp(1)}])))
    });
    tablet.sync(server).unwrap();
    assert!(tablet.replica.superseded().unwrap().is_empty(), "nobody took its place but ourselves");
    assert!(tablet.replica.log(2).unwrap().iter().all(|entry| !entry.open));
}

#[test]
fn a_mended_change_that_is_still_listed_does_not_hide_the_mirror() {
    let (mut tablet, melati) = with_one_parked();
    tablet.replica.save(Kind::CHILD, Some(melati), None, child("Melati P.")).unwrap();
    let rows = json!([child_row(melati, "Melati P.", &own_stamp(2))]);
    tablet.sync(Script::default().says(json!({"parked": [1], "rows": rows}))).unwrap();
    let office = json!([child_row(melati, "Melati kantor", &other_stamp(u64::MAX >> 1))]);
    tablet.sync(Script::default().says(json!({"parked": [1], "rows": office}))).unwrap();
    assert_eq!(tablet.name(melati).as_deref(), Some("Melati kantor"));
}

#[test]
fn one_bad_change_does_not_block_the_others() {
    let mut tablet = Tablet::enrolled();
    tablet.save_child("A");
    tablet.save_child("B");
    let answer = json!({"parked": [1], "receipts":
        [parked(1), {"seq": 2, "outcome": "applied", "stamp": own_stamp(2)}]});
    let report = tablet.sync(Script::default().says(answer)).unwrap();
    assert_eq!((report.applied, report.parked, report.pending), (1, 1, 0));
    assert!(report.complete, "tertahan is sent, and said apart");
}
