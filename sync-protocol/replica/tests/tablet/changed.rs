//! Which children are to be read again: each whose row or whose records a save or a sync changed, and
//! no other.

use crate::support::{
    OTHER_DESA, Script, Tablet, area, child, child_row, id, other_stamp, own_stamp, weighing_row,
};
use serde_json::json;
use sync_protocol::change::Tombstone;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;

#[track_caller]
fn changed(tablet: &mut Tablet, expected: &[RecordId]) {
    let found: Vec<RecordId> = tablet.replica.take_changed().into_iter().collect();
    assert_eq!(found, expected);
    assert!(tablet.replica.take_changed().is_empty(), "it was told twice");
}

/// Two children, one of whom has a weighing, and nothing to read again.
fn with_two() -> Tablet {
    let rows = json!([
        child_row(id(1), "Ana", &other_stamp(1)),
        child_row(id(2), "Budi", &other_stamp(2)),
        weighing_row(id(9), id(2), 9_000, &other_stamp(3)),
    ]);
    let mut tablet = Tablet::with_rows(rows);
    changed(&mut tablet, &[id(1), id(2)]);
    tablet
}

#[test]
fn a_save_changes_its_child() {
    let mut tablet = with_two();
    tablet.replica.save(Kind::CHILD, Some(id(1)), None, child("Ani")).unwrap();
    changed(&mut tablet, &[id(1)]);
    tablet.weigh(id(2), 9_100);
    changed(&mut tablet, &[id(2)]);
    tablet.replica.delete(Kind::MEASUREMENT, id(9), Tombstone::WrongEntry).unwrap();
    changed(&mut tablet, &[id(2)]);
}

#[test]
fn what_a_sync_brings_and_takes_away_changes_its_child() {
    let mut tablet = with_two();
    tablet.sync(Script::default().says(json!({"rows": []}))).unwrap();
    changed(&mut tablet, &[]);
    let row = weighing_row(id(9), id(2), 9_500, &other_stamp(4));
    tablet.sync(Script::default().says(json!({"rows": [row], "cursor": "c2"}))).unwrap();
    changed(&mut tablet, &[id(2)]);
    let gone = json!({"kind": "child", "id": id(1), "gone": true});
    tablet.sync(Script::default().says(json!({"rows": [gone], "cursor": "c3"}))).unwrap();
    changed(&mut tablet, &[id(1)]);
}

/// The new record vanishes, and with it whose it was.
#[test]
fn a_record_that_the_office_discarded_changes_its_child() {
    let mut tablet = with_two();
    tablet.weigh(id(1), 9_100);
    let outcome = |outcome: &str| json!([{"seq": 1, "outcome": outcome, "stamp": own_stamp(1)}]);
    let held = json!({"receipts": outcome("parked"), "parked": [1]});
    tablet.sync(Script::default().says(held)).unwrap();
    changed(&mut tablet, &[id(1)]);
    let discarded = json!({"receipts": outcome("discarded")}).to_string();
    let server = Script::default()
        .says(json!({"parked": []}))
        .then(move |_| Ok(sync_replica::Response::new(200, discarded.clone())));
    tablet.sync(server).unwrap();
    assert!(tablet.replica.list_of(Kind::MEASUREMENT, id(1)).unwrap().is_empty());
    changed(&mut tablet, &[id(1)]);
}

/// The server does not have it any more, and says so by leaving it out of a pull of everything.
#[test]
fn a_weighing_that_a_reset_does_not_bring_changes_its_child() {
    let mut tablet = with_two();
    let rows = json!([
        child_row(id(1), "Ana", &other_stamp(1)),
        child_row(id(2), "Budi", &other_stamp(2)),
    ]);
    let reset = json!({"orders": ["reset"], "rows": rows, "cursor": "c9"});
    tablet.sync(Script::default().says(reset)).unwrap();
    assert!(tablet.replica.list_of(Kind::MEASUREMENT, id(2)).unwrap().is_empty());
    assert!(tablet.replica.take_changed().contains(&id(2)));
}

#[test]
fn a_narrower_scope_and_a_hand_over_change_the_children_that_go() {
    let mut tablet = with_two();
    tablet.replica.move_child(id(1), area(OTHER_DESA)).unwrap();
    changed(&mut tablet, &[id(1)]);
    let narrower = json!({"areas": [OTHER_DESA], "rows": [], "cursor": "c9"});
    tablet.sync(Script::default().says(narrower)).unwrap();
    assert!(tablet.replica.has_changed());
    assert!(tablet.replica.take_changed().contains(&id(2)));
    assert!(tablet.replica.child(id(2)).unwrap().is_none());
}
