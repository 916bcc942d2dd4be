//! After a restore or under a new number: the log is sent again, and nothing the worker typed is
//! lost or changed on the way.

use crate::support::{
    DEVICE, EPOCH, NEW_EPOCH, Script, Tablet, child_row, enrolment, good, id, other_stamp,
    own_stamp,
};
use serde_json::json;
use sync_protocol::record::Kind;
use sync_replica::{Response, SyncError};

/// A tablet with two settled children of its own.
fn settled() -> Tablet {
    let mut tablet = Tablet::enrolled();
    let (a, b) = (tablet.save_child("A").id, tablet.save_child("B").id);
    let rows = json!([child_row(a, "A", &own_stamp(1)), child_row(b, "B", &own_stamp(2))]);
    tablet.sync(Script::default().says(json!({"rows": rows}))).unwrap();
    tablet
}

#[test]
fn what_a_restored_server_lost_is_sent_again_with_its_old_stamp() {
    let mut tablet = settled();
    let a = child_row(tablet.replica.log(2).unwrap()[1].id, "A", &own_stamp(1));
    let restored =
        json!({"epoch": NEW_EPOCH, "acked_through": 1, "orders": ["reset"], "rows": [a]});
    let requests =
        tablet.requests(Script::default().says(restored).says(json!({"epoch": NEW_EPOCH})));
    assert_eq!(requests[0]["changes"], json!([]));
    let again = requests[1]["changes"].as_array().unwrap();
    assert_eq!(again.len(), 2, "the last one that it has, and the lost one");
    assert_eq!((&again[1]["seq"], &again[1]["stamp"]), (&json!(2), &json!(own_stamp(2))));
    assert!(again[1].get("was").is_none());
}

/// A copy was quicker and sent its own change under the number of a lost one: what the server has
/// there is not what this tablet has, and what lies below it would be missing for ever.
#[test]
fn a_copy_that_took_the_place_of_what_was_lost_is_noticed() {
    let restored = |acked: u64| {
        let lost = json!({"epoch": NEW_EPOCH, "acked_through": acked, "orders": ["reset"]});
        let cloned = json!({"code": "device_cloned", "type": "", "title": "", "status": 409});
        let cloned = move |_: &_| Ok(Response::new(409, cloned.to_string()));
        Script::default().says(lost).then(cloned)
    };
    for acked in [1, 2] {
        let mut tablet = settled();
        let mut server = restored(acked);
        let cloned = tablet.replica.sync(&mut server, &mut |_| ()).unwrap_err();
        assert!(matches!(cloned, SyncError::EnrolAnew(_)), "{cloned:?}");
        assert_eq!(server.bodies[1]["changes"][0]["seq"], acked);
    }
}

/// What the first request after the restore brings is new to the server, whoever sent the rest. It
/// cannot show that the entries below it are this tablet's.
#[test]
fn a_copy_is_noticed_also_when_the_first_request_after_a_restore_brings_something_new() {
    let mut tablet = settled();
    tablet.save_child("C");
    let restored = json!({"epoch": NEW_EPOCH, "orders": ["reset"]});
    let requests =
        tablet.requests(Script::default().says(restored).says(json!({"epoch": NEW_EPOCH})));
    let seqs = |n: usize| {
        let changes = requests[n]["changes"].as_array().unwrap().iter();
        changes.map(|change| change["seq"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((seqs(0), seqs(1)), (vec![3], vec![2, 3]));
}

#[test]
fn what_a_server_of_the_same_epoch_lost_is_sent_again_before_the_sync_is_done() {
    let mut tablet = settled();
    let requests =
        tablet.requests(Script::default().says(json!({"acked_through": 1})).says(json!({})));
    let again = requests[1]["changes"].as_array().unwrap();
    assert_eq!((&again[1]["seq"], &again[1]["stamp"]), (&json!(2), &json!(own_stamp(2))));
    let status = tablet.replica.status().unwrap();
    assert!(status.complete && status.pending == 0);
}

#[test]
fn a_new_enrolment_at_a_restored_server_sets_the_old_mirror_aside() {
    let mut tablet = settled();
    let mut desk = Script::default().then(|_| Ok(enrolment(77, NEW_EPOCH)));
    tablet.replica.enrol(&mut desk, "https://t.example", "NEWCODE123", "Tab").unwrap();
    let requests = tablet.requests(Script::default().says(json!({"epoch": NEW_EPOCH})));
    assert!(requests[0]["cursor"].is_null());
    let stamps: Vec<_> =
        requests[0]["changes"].as_array().unwrap().iter().map(|c| c["stamp"].clone()).collect();
    assert_eq!(stamps, [json!(own_stamp(1)), json!(own_stamp(2))]);
    assert_eq!(tablet.sql("SELECT DISTINCT epoch FROM mirror_aside"), [EPOCH]);
    assert!(tablet.replica.mirror().unwrap().is_empty());
}

#[test]
fn a_gap_is_mended_from_where_the_server_says() {
    let mut tablet = settled();
    tablet.save_child("C");
    let gap = json!({"code": "gap", "type": "", "title": "", "status": 409, "expected": 1});
    let requests = tablet.requests(Script::default().refuses(409, gap).says(json!({})));
    let again: Vec<_> = requests[1]["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["seq"].clone(), c["stamp"].clone()))
        .collect();
    assert_eq!(
        again,
        [(json!(1), json!(own_stamp(1))), (json!(2), json!(own_stamp(2))), (json!(3), json!(null))]
    );
}

#[test]
fn a_gap_that_makes_no_sense_does_not_loop() {
    let mut tablet = Tablet::enrolled();
    tablet.save_child("A");
    let gap = json!({"code": "gap", "type": "", "title": "", "status": 409, "expected": 1});
    let error = tablet.sync(Script::default().refuses(409, gap));
    assert!(matches!(error, Err(SyncError::BadReply(_))));
}

#[test]
fn a_lost_record_stays_visible_until_the_server_has_it_again() {
    let mut tablet = settled();
    let b = tablet.replica.log(1).unwrap()[0].id;
    let lost_all = json!({"epoch": NEW_EPOCH, "acked_through": 0, "orders": ["reset"]});
    let server = Script::default().says(lost_all).fails(|| sync_replica::TransportError::Offline);
    assert!(tablet.sync(server).is_err());
    assert!(tablet.replica.mirror().unwrap().is_empty());
    let shown = tablet.replica.record(Kind::CHILD, b).unwrap().unwrap();
    assert!(shown.pending && !shown.gone);
    assert_eq!(tablet.name(b).as_deref(), Some("B"));
    let rows = json!([child_row(b, "B", &own_stamp(2))]);
    tablet.sync(Script::default().says(json!({"epoch": NEW_EPOCH, "rows": rows}))).unwrap();
    assert!(!tablet.replica.record(Kind::CHILD, b).unwrap().unwrap().pending);
}

#[test]
fn the_mirror_of_the_old_history_is_set_aside_half_a_year() {
    let mut tablet = Tablet::with_rows(json!([child_row(id(1), "Mawar", &other_stamp(7))]));
    let restored = json!({"epoch": NEW_EPOCH, "orders": ["reset"], "rows": []});
    tablet.sync(Script::default().says(restored)).unwrap();
    assert!(tablet.replica.mirror().unwrap().is_empty());
    let aside = "SELECT epoch || id FROM mirror_aside";
    assert_eq!(tablet.sql(aside), [format!("{EPOCH}{}", id(1))]);
    let at = |time: &str| json!({"epoch": NEW_EPOCH, "server_time": time});
    tablet.sync(Script::default().says(at("2027-05-22T00:00:00.000Z"))).unwrap();
    assert_eq!(tablet.sql(aside).len(), 1);
    tablet.sync(Script::default().says(at("2027-05-24T00:00:00.000Z"))).unwrap();
    assert_eq!(tablet.sql(aside).len(), 0);
}

#[test]
fn another_history_without_a_reset_is_not_believed() {
    let mut tablet = Tablet::with_rows(json!([child_row(id(1), "Mawar", &other_stamp(7))]));
    let error = tablet.sync(Script::default().says(json!({"epoch": NEW_EPOCH})));
    assert!(matches!(error, Err(SyncError::BadReply(_))));
    assert_eq!(tablet.replica.mirror().unwrap().len(), 1);
}

#[test]
fn a_tablet_enrolled_anew_sends_its_whole_log_under_the_new_number() {
    let mut tablet = settled();
    let mut desk = Script::default().then(|_| Ok(enrolment(77, EPOCH)));
    let enrolled =
        tablet.replica.enrol(&mut desk, "https://t.example", "NEWCODE123", "Tab A7").unwrap();
    assert_eq!(enrolled.to_send_again, 2);
    tablet.save_child("C");
    let mut server = Script::default().then(|request| {
        assert!(request["cursor"].is_null());
        Ok(good(request, json!({})))
    });
    tablet.replica.sync(&mut server, &mut |_| ()).unwrap();
    let changes = server.bodies[0]["changes"].as_array().unwrap();
    assert_eq!(changes[0]["was"], json!({"device": DEVICE, "seq": 1}));
    assert_eq!(changes[1]["was"], json!({"device": DEVICE, "seq": 2}));
    assert_eq!(changes[0]["stamp"], json!(own_stamp(1)));
    assert!(changes[2].get("was").is_none() && changes[2].get("stamp").is_none());
    let bytes = &tablet.replica.log(3).unwrap()[2].bytes;
    assert!(server.raw[0].contains(bytes.trim_end_matches('}')), "the content is not touched");
}

#[test]
fn old_values_do_not_come_back_while_the_log_is_sent_again() {
    let mut tablet = settled();
    let a = tablet.replica.log(2).unwrap()[1].id;
    let newer = json!([child_row(a, "A. dari kantor", &other_stamp(u64::MAX >> 1))]);
    tablet.sync(Script::default().says(json!({"rows": newer}))).unwrap();
    let mut desk = Script::default().then(|_| Ok(enrolment(77, EPOCH)));
    tablet.replica.enrol(&mut desk, "https://t.example", "NEWCODE123", "Tab").unwrap();
    assert_eq!(tablet.name(a).as_deref(), Some("A. dari kantor"));
    let b = tablet.replica.log(1).unwrap()[0].id;
    let shown = tablet.replica.record(Kind::CHILD, b).unwrap().unwrap();
    assert!(!shown.pending, "the mirror shows that the server has it");
    assert_eq!(tablet.replica.status().unwrap().pending, 2);
}

/// An entry that is hashed as its exact bytes would be another change with a stamp in it, and its
/// tablet would be taken for a copy.
#[test]
fn an_entry_that_is_too_large_or_unreadable_is_sent_again_as_it_is() {
    for note in [format!(r#""note":"{}""#, "x".repeat(70_000)), r#""note":1,"note":2"#.to_owned()] {
        let mut tablet = settled();
        let bytes = format!(r#"{{"seq":2,"kind":"visit","body":{{{note}}}}}"#);
        let db = rusqlite::Connection::open(tablet.path()).unwrap();
        db.execute("UPDATE change_log SET bytes = ?1 WHERE seq = 2", [&bytes]).unwrap();
        drop(db);
        let mut server = Script::default().says(json!({"acked_through": 1})).says(json!({}));
        tablet.replica.sync(&mut server, &mut |_| ()).unwrap();
        let again = server.bodies[1]["changes"][1].as_object().unwrap();
        assert!(!again.contains_key("stamp"), "{:?}", again.keys());
    }
}
