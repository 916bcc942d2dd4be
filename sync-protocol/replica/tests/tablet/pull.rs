//! Rows, resets and digests: they touch only the mirror.

use crate::support::{
    DAY, DESA, FAR_DESA, NEW_EPOCH, Script, Tablet, child_row, digest_of, id, other_stamp,
    weighing_row,
};
use serde_json::{Value, json};
use sync_replica::{Response, SyncError, TransportError};

fn ids(tablet: &Tablet) -> Vec<String> {
    tablet.sql("SELECT id FROM mirror ORDER BY id")
}

#[test]
fn the_mirror_is_exactly_what_the_feed_said_with_its_digest() {
    let rows = json!([
        weighing_row(id(2), id(1), 9_000, &other_stamp(8)),
        child_row(id(1), "Mawar", &other_stamp(7)),
        {"kind": "measurement", "id": id(3), "child_id": id(1), "area": DESA,
         "stamp": other_stamp(9), "by": "Budi", "deleted": "ganda"},
        {"kind": "imunisasi", "id": id(4), "child_id": id(1), "area": DESA,
         "stamp": other_stamp(10), "by": "Budi", "body": {"vaksin": "BCG"}},
    ]);
    let mut tablet = Tablet::enrolled();
    let report = tablet
        .sync(Script::default().says(json!({"rows": rows, "digest": digest_of(&rows)})))
        .unwrap();
    assert!(report.complete);
    assert_eq!(json!(tablet.replica.digest().unwrap()), digest_of(&rows));
    assert_eq!(
        tablet.sql("SELECT body FROM mirror WHERE kind = 'imunisasi'"),
        [r#"{"vaksin":"BCG"}"#]
    );
    assert_eq!(tablet.sql("SELECT id FROM measurement"), [id(2).to_string()]);
    assert_eq!(tablet.sql("SELECT name FROM child"), ["Mawar"]);
}

#[test]
fn a_page_and_its_cursor_are_stored_together() {
    let mut tablet = Tablet::enrolled();
    let first =
        json!({"rows": [child_row(id(1), "A", &other_stamp(1))], "more": true, "cursor": "c1"});
    let server = Script::default().says(first).fails(|| TransportError::Offline);
    assert!(matches!(tablet.sync(server), Err(SyncError::Offline(_))));
    let mut tablet = tablet.reopened();
    assert_eq!(ids(&tablet).len(), 1);
    assert!(!tablet.replica.status().unwrap().complete);
    let second = json!({"rows": [child_row(id(2), "B", &other_stamp(2))], "cursor": "c2"});
    let requests = tablet.requests(Script::default().says(second));
    assert_eq!(requests[0]["cursor"], "c1");
    assert_eq!(ids(&tablet).len(), 2, "the reset's first page is still of this generation");
}

#[test]
fn a_reset_drops_what_it_did_not_bring_and_only_on_its_last_page() {
    let mut tablet = Tablet::with_rows(json!([
        child_row(id(1), "A", &other_stamp(1)),
        child_row(id(2), "B", &other_stamp(2))
    ]));
    let first = json!({"orders": ["reset"], "more": true, "cursor": "r1", "rows": []});
    let last = json!({"rows": [child_row(id(2), "B", &other_stamp(2))], "cursor": "r2"});
    let mut server = Script::default().says(first).says(last);
    tablet.replica.exchange(&mut server).unwrap();
    assert_eq!(ids(&tablet).len(), 2);
    tablet.replica.exchange(&mut server).unwrap();
    assert_eq!(ids(&tablet), [id(2).to_string()]);
    assert_eq!(tablet.sql("SELECT name FROM child"), ["B"]);
}

#[test]
fn a_digest_that_disagrees_pulls_once_more_and_tells_the_server() {
    let rows =
        json!([child_row(id(1), "A", &other_stamp(1)), child_row(id(2), "B", &other_stamp(2))]);
    let mut tablet = Tablet::enrolled();
    let server = Script::default()
        .says(json!({"rows": [rows[0]], "digest": digest_of(&rows)}))
        .says(json!({"rows": rows, "digest": digest_of(&rows), "cursor": "c2"}));
    let requests = tablet.requests(server);
    assert_eq!(requests[1]["cursor"], Value::Null);
    assert_eq!(requests[1]["status"]["differs"], json!([DESA]));
    let status = tablet.replica.status().unwrap();
    assert!(status.complete && status.differs.is_empty());
}

#[test]
fn a_digest_that_goes_on_disagreeing_does_not_loop() {
    let wrong = json!({"digest": {DESA: {"count": 1, "sum": "0000000000000001"}}});
    let mut tablet = Tablet::enrolled();
    let report = tablet.sync(Script::default().says(wrong.clone()).says(wrong.clone())).unwrap();
    assert!(!report.complete);
    assert_eq!(report.differs.len(), 1);
    let report = tablet.sync(Script::default().says(wrong.clone())).unwrap();
    assert!(!report.complete, "one more pull a day is enough");
    let mut next_day = wrong.clone();
    next_day["server_time"] = json!("2026-11-25T03:00:00.000Z");
    tablet.clock.pass(DAY);
    tablet.sync(Script::default().says(next_day).says(wrong)).unwrap();
}

#[test]
fn an_area_on_either_side_alone_is_a_disagreement() {
    let mut tablet = Tablet::with_rows(json!([child_row(id(1), "A", &other_stamp(1))]));
    let empty = json!({"digest": {}});
    let report = tablet.sync(Script::default().says(empty.clone()).says(empty)).unwrap();
    assert!(report.complete, "the new pull brought nothing, and the row went");
    assert!(ids(&tablet).is_empty());
}

#[test]
fn a_login_page_is_not_the_server() {
    let mut tablet = Tablet::with_rows(json!([child_row(id(1), "A", &other_stamp(1))]));
    for answer in ["<html>login</html>", "{}", "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]"] {
        let server = Script::default().then(move |_| Ok(Response::new(200, answer)));
        assert!(matches!(tablet.sync(server), Err(SyncError::BadReply(_))), "{answer}");
    }
    let moved = Script::default().then(|_| Ok(Response::new(302, "")));
    assert!(matches!(tablet.sync(moved), Err(SyncError::BadReply(_))));
    assert_eq!(ids(&tablet).len(), 1);
}

#[test]
fn a_cursor_that_stands_still_does_not_loop() {
    let mut tablet = Tablet::with_rows(json!([]));
    let stuck = json!({"more": true, "cursor": "c1"});
    assert!(matches!(tablet.sync(Script::default().says(stuck)), Err(SyncError::BadReply(_))));
}

#[test]
fn an_old_app_still_pushes_and_keeps_what_it_shows() {
    let mut tablet = Tablet::with_rows(json!([child_row(id(1), "A", &other_stamp(1))]));
    let b = tablet.save_child("B").id;
    let upgrade = json!({"orders": ["upgrade"], "areas": [], "cursor": null});
    let report = tablet.sync(Script::default().says(upgrade)).unwrap();
    assert!(report.upgrade && !report.complete);
    assert_eq!((report.sent, report.pending), (1, 0));
    assert_eq!(ids(&tablet).len(), 1);
    assert_eq!(tablet.name(b).as_deref(), Some("B"), "its pull is still to come");
    let request = &tablet.requests(Script::default().says(json!({})))[0];
    assert_eq!(request["cursor"], "c1");
    assert!(!tablet.replica.status().unwrap().upgrade);
}

/// What a draining tablet gets: no pull.
fn no_pull() -> Value {
    json!({"areas": [], "cursor": null, "orders": [], "parked": []})
}

#[test]
fn an_answer_without_a_pull_leaves_cursor_mirror_and_overlay_as_they_are() {
    let mut tablet = Tablet::with_rows(json!([child_row(id(1), "A", &other_stamp(1))]));
    let b = tablet.save_child("B").id;
    for _ in 0..2 {
        let report = tablet.sync(Script::default().says(no_pull())).unwrap();
        assert!(report.complete, "no digest, nothing to compare");
    }
    assert_eq!(ids(&tablet), [id(1).to_string()]);
    assert_eq!(tablet.name(b).as_deref(), Some("B"), "its pull is still to come");
    assert_eq!(tablet.requests(Script::default().says(json!({})))[0]["cursor"], "c1");
}

#[test]
fn an_answer_without_a_pull_from_a_restored_server_is_taken() {
    let rows = json!([child_row(id(1), "A", &other_stamp(1))]);
    let mut tablet = Tablet::with_rows(rows.clone());
    tablet.save_child("B");
    tablet.sync(Script::default().says(json!({}))).unwrap();
    let mut lost = no_pull();
    lost["epoch"] = json!(NEW_EPOCH);
    lost["acked_through"] = json!(0);
    let mut settled = no_pull();
    settled["epoch"] = json!(NEW_EPOCH);
    let requests = tablet.requests(Script::default().says(lost).says(settled));
    assert_eq!(requests[1]["changes"][0]["stamp"], crate::support::own_stamp(1));
    assert_eq!(ids(&tablet).len(), 1);
    let back = json!({"epoch": NEW_EPOCH, "orders": ["reset"], "rows": rows});
    let again = json!({"epoch": NEW_EPOCH});
    tablet.sync(Script::default().says(back).says(again)).unwrap();
    assert_eq!(tablet.sql("SELECT count(*) FROM mirror_aside"), ["1"]);
}

#[test]
fn a_page_that_another_sync_of_this_file_overtook_is_left_out() {
    let mut tablet = Tablet::with_rows(json!([]));
    let path = tablet.path();
    let late = Script::default()
        .then(move |request| {
            let db = rusqlite::Connection::open(&path).unwrap();
            db.execute("UPDATE sync_state SET cursor = 'c9'", []).unwrap();
            let rows = json!([child_row(id(1), "alt", &other_stamp(1))]);
            Ok(crate::support::good(request, json!({"rows": rows, "cursor": "c2"})))
        })
        .says(json!({"cursor": "c9"}));
    let requests = tablet.requests(late);
    assert_eq!(requests[1]["cursor"], "c9");
    assert!(ids(&tablet).is_empty());
}

#[test]
fn a_childs_move_takes_along_what_belongs_to_it() {
    let both = json!([DESA, FAR_DESA]);
    let mut tablet = Tablet::with_rows(json!([
        child_row(id(1), "A", &other_stamp(1)),
        weighing_row(id(2), id(1), 9_000, &other_stamp(2))
    ]));
    let mut moved = child_row(id(1), "A", &other_stamp(3));
    moved["area"] = json!(FAR_DESA);
    tablet.sync(Script::default().says(json!({"rows": [moved], "areas": both}))).unwrap();
    assert_eq!(tablet.sql("SELECT DISTINCT area FROM mirror"), [FAR_DESA]);
    assert_eq!(tablet.sql("SELECT area FROM measurement"), [FAR_DESA]);
}
