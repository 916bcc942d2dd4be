//! The overlay: what this tablet saved and the server has not settled lies over the mirror.

use crate::support::{LATER, Script, Tablet, child, child_row, id, other_stamp, own_stamp};
use serde_json::json;
use sync_protocol::record::Kind;
use sync_replica::TransportError;

fn edited() -> Tablet {
    let mut tablet = Tablet::with_rows(json!([child_row(id(1), "Mawar", &other_stamp(7))]));
    tablet.replica.save(Kind::CHILD, Some(id(1)), None, child("Mawar P.")).unwrap();
    tablet
}

#[test]
fn a_row_that_arrives_does_not_hide_what_was_not_sent() {
    let mut tablet = edited();
    let mut server = Script::default().then(|request| {
        let rows = json!([child_row(id(1), "Mawar Q.", &other_stamp(8))]);
        let mut unsent = request.clone();
        unsent["changes"] = json!([]);
        Ok(crate::support::good(&unsent, json!({"rows": rows, "receipts":
            [{"seq": 1, "outcome": "parked", "stamp": own_stamp(1), "code": "not_in_scope"}], "acked_through": 1, "parked": [1]})))
    });
    tablet.replica.sync(&mut server, &mut |_| ()).unwrap();
    let shown = tablet.replica.record(Kind::CHILD, id(1)).unwrap().unwrap();
    assert!(shown.parked && !shown.pending);
    assert_eq!(tablet.name(id(1)).as_deref(), Some("Mawar P."));
    assert_eq!(tablet.sql("SELECT body ->> 'name' FROM mirror"), ["Mawar Q."]);
}

#[test]
fn an_applied_change_leaves_the_overlay_only_when_the_pull_is_complete() {
    let mut tablet = edited();
    let later = json!({"more": true, "cursor": "c2"});
    let server = Script::default().says(later).fails(|| TransportError::Offline);
    assert!(tablet.sync(server).is_err());
    assert_eq!(tablet.name(id(1)).as_deref(), Some("Mawar P."), "its row is still to come");
    assert!(!tablet.replica.record(Kind::CHILD, id(1)).unwrap().unwrap().pending);
    let rows = json!([child_row(id(1), "Mawar P. dari server", &own_stamp(1))]);
    tablet.sync(Script::default().says(json!({"rows": rows}))).unwrap();
    assert_eq!(tablet.name(id(1)).as_deref(), Some("Mawar P. dari server"));
    assert!(!tablet.replica.log(1).unwrap()[0].open);
}

#[test]
fn a_superseded_change_gives_way_to_the_winner() {
    let mut tablet = edited();
    let lost = json!({
        "receipts": [{"seq": 1, "outcome": "superseded", "stamp": own_stamp(1)}],
        "rows": [child_row(id(1), "Mawar kantor", &other_stamp(LATER))]});
    let report = tablet.sync(Script::default().says(lost)).unwrap();
    assert_eq!((report.superseded, report.replaced), (1, 1));
    assert_eq!(tablet.name(id(1)).as_deref(), Some("Mawar kantor"));
}

#[test]
fn a_later_edit_lies_over_an_earlier_one() {
    let mut tablet = edited();
    let batch = Script::default().then(|request| {
        let mut first = request.clone();
        first["changes"].as_array_mut().unwrap().truncate(1);
        Ok(crate::support::good(
            &first,
            json!({"rows": [child_row(id(1), "Mawar P.", &own_stamp(1))]}),
        ))
    });
    tablet.sync(batch).unwrap();
    tablet.replica.save(Kind::CHILD, Some(id(1)), None, child("Mawar Putri")).unwrap();
    assert_eq!(tablet.name(id(1)).as_deref(), Some("Mawar Putri"));
    assert_eq!(tablet.sql("SELECT pending FROM child"), ["1"]);
    assert_eq!(tablet.sql("SELECT \"by\" FROM child"), ["Siti A."]);
}

#[test]
fn the_typed_tables_can_be_rebuilt_from_mirror_and_log() {
    let mut tablet = edited();
    tablet.weigh(id(1), 9_000);
    let rows = "SELECT id || pending || area || coalesce(stamp, '') FROM child
        UNION ALL SELECT id || weight_g || area FROM measurement";
    let before = tablet.sql(rows);
    let db = rusqlite::Connection::open(tablet.path()).unwrap();
    db.execute_batch("DELETE FROM child; DELETE FROM measurement").unwrap();
    tablet.replica.rebuild().unwrap();
    assert_eq!(tablet.sql(rows), before);
}
