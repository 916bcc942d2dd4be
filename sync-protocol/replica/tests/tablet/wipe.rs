//! Erasing: only after an order in a good answer, and never with unsent work.

use crate::support::{DESA, Script, Tablet, area, child, child_row, good, id, other_stamp};
use serde_json::{Value, json};
use sync_protocol::record::Kind;
use sync_replica::{Replica, Response, SaveError, SyncError, TransportError};

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
fn a_wipe_needs_no_answer() {
    let answers = [Err(()), Ok(401), Ok(503), Ok(200)];
    for answer in answers {
        let mut tablet = filled();
        let server = Script::default().says(json!({"orders": ["wipe"]})).then(move |_| {
            answer.map(|status| Response::new(status, "")).map_err(|()| TransportError::Offline)
        });
        assert!(tablet.sync(server).unwrap().wiped, "{answer:?}");
        assert_eq!(files(&tablet), 0, "{answer:?}");
    }
}

/// A tablet that was ordered to erase itself and failed at that.
fn interrupted() -> Tablet {
    let tablet = filled();
    let db = rusqlite::Connection::open(tablet.path()).unwrap();
    db.execute("UPDATE sync_state SET wiping = 1", []).unwrap();
    drop(db);
    tablet.reopened()
}

#[test]
fn a_wipe_that_has_begun_takes_no_edits() {
    let mut tablet = interrupted();
    let error = tablet.replica.save(Kind::CHILD, None, Some(area(DESA)), child("Melati"));
    assert!(matches!(error, Err(SaveError::Wiping)), "{error:?}");
    assert!(tablet.replica.pending().unwrap().is_empty());
}

#[test]
fn a_wipe_that_has_begun_goes_on_at_the_next_sync_whatever_the_line_says() {
    for fails in [true, false] {
        let mut tablet = interrupted();
        let mut server = Script::default().then(move |_| {
            if fails { Err(TransportError::Timeout) } else { Ok(Response::new(401, "{}")) }
        });
        let report = tablet.replica.sync(&mut server, &mut |_| ()).unwrap();
        assert!(report.wiped && server.is_done());
        assert_eq!(server.bodies[0]["status"]["wiping"], true);
        assert_eq!(files(&tablet), 0);
    }
}

#[test]
fn work_that_another_program_saves_before_a_wipe_begins_is_sent_first() {
    let mut tablet = filled();
    let (path, clock) = (tablet.path(), tablet.clock.clone());
    let server = Script::default()
        .then(move |request| {
            let mut other = Replica::open(&path, Box::new(clock.clone())).unwrap().replica;
            other.save(Kind::CHILD, None, Some(area(DESA)), child("Melati")).unwrap();
            Ok(good(request, json!({"orders": ["wipe"], "acked_through": 0})))
        })
        .says(json!({"orders": ["wipe"]}))
        .says(json!({}));
    let requests = tablet.requests(server);
    let is_wiping = |request: &Value| request["status"]["wiping"] == true;
    assert_eq!(requests[1]["changes"].as_array().unwrap().len(), 1, "it is sent");
    assert!(!is_wiping(&requests[1]), "before the server is told that nothing is left");
    assert!(is_wiping(&requests[2]));
    assert_eq!(files(&tablet), 0);
}

#[test]
fn another_program_saves_nothing_once_a_wipe_has_begun() {
    let mut tablet = filled();
    let (path, clock) = (tablet.path(), tablet.clock.clone());
    let server = Script::default().says(json!({"orders": ["wipe"]})).then(move |request| {
        let mut other = Replica::open(&path, Box::new(clock.clone())).unwrap().replica;
        let error = other.save(Kind::CHILD, None, Some(area(DESA)), child("Melati"));
        assert!(matches!(error, Err(SaveError::Wiping)), "{error:?}");
        Ok(good(request, json!({})))
    });
    assert!(tablet.sync(server).unwrap().wiped);
}
