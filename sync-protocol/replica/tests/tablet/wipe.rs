//! Erasing: only after an order in a good answer, and never with unsent work.

use crate::support::{DESA, Script, Tablet, area, child, child_row, good, id, other_stamp};
use serde_json::json;
use sync_protocol::record::Kind;
use sync_replica::{Replica, Response, SyncError, TransportError};

fn filled() -> Tablet {
    Tablet::with_rows(json!([child_row(id(1), "Mawar", &other_stamp(7))]))
}

fn files(tablet: &Tablet) -> usize {
    std::fs::read_dir(tablet.dir.path()).unwrap().count()
}

#[test]
fn an_ordered_wipe_is_told_once_and_leaves_no_file() {
    let mut tablet = filled();
    let mut server = Script::default().says(json!({"orders": ["wipe"]})).says(json!({}));
    let report = tablet.replica.sync(&mut server, &mut |_| ()).unwrap();
    assert!(report.wiped);
    assert_eq!(server.bodies[1]["status"]["wiping"], true);
    assert!(server.bodies[0]["status"].get("wiping").is_none());
    assert_eq!(files(&tablet), 0);
    assert!(tablet.replica.mirror().unwrap().is_empty());
    assert!(matches!(tablet.sync(Script::default()), Err(SyncError::NotEnrolled)));
}

#[test]
fn unsent_work_is_sent_before_a_wipe() {
    let mut tablet = filled();
    for n in 0..501 {
        tablet.save_child(&format!("Anak {n}"));
    }
    let wipe = json!({"orders": ["wipe"]});
    let server = Script::default().says(wipe.clone()).says(wipe).says(json!({}));
    let report = tablet.sync(server).unwrap();
    assert!(report.wiped);
    assert_eq!(report.sent, 501);
}

#[test]
fn a_refusal_erases_nothing() {
    let mut tablet = filled();
    let revoked = json!({"code": "revoked", "type": "", "title": "", "status": 401});
    let error = tablet.sync(Script::default().refuses(401, revoked));
    assert!(matches!(error, Err(SyncError::Unauthorised { revoked: true })));
    for answer in [r#"{"orders":["wipe"]}"#, r#"{"status":{"wiping":true}}"#] {
        let server = Script::default().then(move |_| Ok(Response::new(200, answer)));
        assert!(tablet.sync(server).is_err());
        let server = Script::default().then(move |_| Ok(Response::new(410, answer)));
        assert!(tablet.sync(server).is_err());
    }
    assert_eq!(tablet.replica.mirror().unwrap().len(), 1);
}

#[test]
fn a_wipe_that_could_not_be_told_waits() {
    let mut tablet = filled();
    let server =
        Script::default().says(json!({"orders": ["wipe"]})).fails(|| TransportError::Offline);
    assert!(matches!(tablet.sync(server), Err(SyncError::Offline(_))));
    assert_eq!(tablet.replica.mirror().unwrap().len(), 1);
}

#[test]
fn a_wipe_whose_last_answer_was_lost_ends_at_the_401() {
    let mut tablet = filled();
    let server =
        Script::default().says(json!({"orders": ["wipe"]})).fails(|| TransportError::Timeout);
    assert!(tablet.sync(server).is_err());
    let mut tablet = tablet.reopened();
    let report = tablet.sync(Script::default().refuses(401, json!({}))).unwrap();
    assert!(report.wiped);
    assert_eq!(files(&tablet), 0);
}

#[test]
fn an_order_that_was_taken_back_is_forgotten() {
    let mut tablet = filled();
    let server =
        Script::default().says(json!({"orders": ["wipe"]})).fails(|| TransportError::Timeout);
    assert!(tablet.sync(server).is_err());
    tablet.sync(Script::default().says(json!({}))).unwrap();
    let error = tablet.sync(Script::default().refuses(401, json!({})));
    assert!(matches!(error, Err(SyncError::Unauthorised { .. })));
    assert_eq!(tablet.replica.mirror().unwrap().len(), 1);
}

#[test]
fn work_saved_after_a_wipe_was_told_is_kept() {
    let mut tablet = filled();
    let server =
        Script::default().says(json!({"orders": ["wipe"]})).fails(|| TransportError::Timeout);
    assert!(tablet.sync(server).is_err());
    tablet.save_child("Melati");
    let error = tablet.sync(Script::default().refuses(401, json!({})));
    assert!(matches!(error, Err(SyncError::Unauthorised { .. })));
    assert_eq!(tablet.replica.pending().unwrap().len(), 1);
}

#[test]
fn work_that_another_program_saves_during_a_wipe_is_sent_first() {
    let mut tablet = filled();
    let (path, clock) = (tablet.path(), tablet.clock.clone());
    let server = Script::default()
        .says(json!({"orders": ["wipe"]}))
        .then(move |request| {
            let mut other = Replica::open(&path, Box::new(clock.clone())).unwrap().replica;
            other.save(Kind::CHILD, None, Some(area(DESA)), child("Melati")).unwrap();
            Ok(good(request, json!({"orders": ["wipe"], "acked_through": 0})))
        })
        .says(json!({"orders": ["wipe"]}))
        .says(json!({}));
    let report = tablet.sync(server).unwrap();
    assert!(report.wiped);
    assert_eq!(report.sent, 1);
}
