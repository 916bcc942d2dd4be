//! Children that come and go: what leaves the scope leaves the mirror, and unsent work stays
//! readable.

use crate::support::{
    DESA, FAR_DESA, LATER, OTHER_DESA, Script, Tablet, child, child_row, digest_of, id,
    other_stamp, own_stamp, weighing_row,
};
use serde_json::{Value, json};
use sync_protocol::record::Kind;
use sync_replica::{Direction, TransportError};

fn mawar() -> Value {
    json!([
        child_row(id(1), "Mawar", &other_stamp(7)),
        weighing_row(id(2), id(1), 9_000, &other_stamp(8))
    ])
}

fn gone() -> Value {
    json!([{"kind": "child", "id": id(1), "gone": true}])
}

#[test]
fn a_child_that_is_gone_goes_with_all_that_belongs_to_it() {
    let mut tablet = Tablet::with_rows(mawar());
    let report =
        tablet.sync(Script::default().says(json!({"rows": gone(), "digest": {}}))).unwrap();
    assert!(report.complete);
    assert!(tablet.replica.mirror().unwrap().is_empty());
    assert_eq!(tablet.sql("SELECT id FROM child UNION ALL SELECT id FROM measurement").len(), 0);
    assert_eq!(report.movements[0].direction, Direction::Out);
    assert_eq!(report.movements[0].name.as_deref(), Some("Mawar"));
}

#[test]
fn a_gone_child_with_unsent_work_is_shown_until_it_is_settled() {
    let mut tablet = Tablet::with_rows(mawar());
    let weighed = tablet.weigh(id(1), 9_300).id;
    let parked = json!({"rows": gone(), "parked": [1], "receipts":
        [{"seq": 1, "outcome": "parked", "stamp": own_stamp(1), "code": "not_in_scope"}]});
    tablet.sync(Script::default().says(parked)).unwrap();
    let shown = tablet.replica.record(Kind::CHILD, id(1)).unwrap().unwrap();
    assert!(shown.gone);
    assert_eq!(tablet.name(id(1)).as_deref(), Some("Mawar"));
    assert!(tablet.replica.record(Kind::MEASUREMENT, weighed).unwrap().unwrap().gone);
    assert_eq!(tablet.sql("SELECT id FROM measurement"), [weighed.to_string()]);
    assert!(
        tablet.replica.mirror().unwrap().is_empty(),
        "the mirror holds only what the feed says"
    );
    let released = json!({"receipts": [{"seq": 1, "outcome": "applied", "stamp": own_stamp(1)}]});
    let server = Script::default()
        .says(json!({"parked": []}))
        .then(move |_| Ok(sync_replica::Response::new(200, released.to_string())));
    tablet.sync(server).unwrap();
    assert!(tablet.replica.record(Kind::CHILD, id(1)).unwrap().is_none());
    assert!(tablet.replica.record(Kind::MEASUREMENT, weighed).unwrap().is_none());
}

#[test]
fn an_edit_of_a_child_that_just_left_names_its_last_version() {
    let mut tablet = Tablet::with_rows(mawar());
    tablet.replica.save(Kind::CHILD, Some(id(1)), None, child("Mawar P.")).unwrap();
    let page = json!({"rows": gone(), "more": true, "cursor": "c2"});
    let server = Script::default().says(page).fails(|| TransportError::Offline);
    assert!(tablet.sync(server).is_err());
    tablet.replica.save(Kind::CHILD, Some(id(1)), None, child("Mawar Putri")).unwrap();
    let entry = &tablet.replica.log(1).unwrap()[0];
    assert_eq!(entry.base.map(|base| base.to_string()), Some(other_stamp(7)));
}

#[test]
fn a_child_that_comes_back_is_an_ordinary_child_again() {
    let mut tablet = Tablet::with_rows(mawar());
    tablet.weigh(id(1), 9_300);
    let parked = json!({"rows": gone(), "parked": [1], "receipts":
        [{"seq": 1, "outcome": "parked", "stamp": own_stamp(1), "code": "not_in_scope"}]});
    tablet.sync(Script::default().says(parked)).unwrap();
    tablet.sync(Script::default().says(json!({"rows": mawar(), "parked": [1]}))).unwrap();
    assert!(!tablet.replica.record(Kind::CHILD, id(1)).unwrap().unwrap().gone);
    assert_eq!(tablet.sql("SELECT DISTINCT gone FROM measurement"), ["0"]);
    assert_eq!(tablet.replica.movements(1).unwrap()[0].direction, Direction::In);
}

#[test]
fn rows_outside_the_areas_are_dropped_at_once() {
    let mut tablet = Tablet::with_rows(mawar());
    let page = json!({"areas": [OTHER_DESA], "orders": ["reset"], "more": true, "cursor": "r1",
        "rows": [child_row(id(3), "Melati", &other_stamp(9))]});
    let server = Script::default().says(page).fails(|| TransportError::Offline);
    assert!(tablet.sync(server).is_err());
    assert!(tablet.replica.mirror().unwrap().is_empty());
    assert_eq!(tablet.sql("SELECT count(*) FROM child"), ["0"]);
}

#[test]
fn a_prefix_of_an_area_matches_whole_segments_only() {
    let mut tablet = Tablet::with_rows(mawar());
    tablet
        .sync(Script::default().says(json!({"areas": ["16.04.06"], "digest": digest_of(&mawar())})))
        .unwrap();
    assert_eq!(tablet.replica.mirror().unwrap().len(), 2);
    let report = tablet.sync(Script::default().says(json!({"areas": ["16.04.0"]})));
    assert!(report.is_err(), "no such code");
}

#[test]
fn a_move_inside_the_scope_is_told_and_an_own_child_is_not() {
    let mut tablet = Tablet::with_rows(mawar());
    let own = tablet.save_child("Melati").id;
    let mut moved = child_row(id(1), "Mawar", &other_stamp(LATER));
    moved["area"] = json!(FAR_DESA);
    let answer = json!({"rows": [moved, child_row(own, "Melati", &own_stamp(1))], "areas": [DESA, FAR_DESA]});
    let report = tablet.sync(Script::default().says(answer)).unwrap();
    let told: Vec<Direction> = report.movements.iter().map(|m| m.direction).collect();
    assert_eq!(told, [Direction::Within]);
}

#[test]
fn a_first_sync_moves_nobody_in() {
    let tablet = Tablet::with_rows(mawar());
    assert!(tablet.replica.movements(10).unwrap().is_empty());
}

#[test]
fn a_row_outside_the_areas_is_not_taken() {
    let mut tablet = Tablet::with_rows(mawar());
    let mut outside = child_row(id(3), "Melati", &other_stamp(9));
    outside["area"] = json!(FAR_DESA);
    let mut moved = child_row(id(1), "Mawar", &other_stamp(10));
    moved["area"] = json!(FAR_DESA);
    tablet.sync(Script::default().says(json!({"rows": [outside, moved], "digest": {}}))).unwrap();
    assert!(tablet.replica.mirror().unwrap().is_empty());
    assert_eq!(tablet.sql("SELECT count(*) FROM child"), ["0"]);
}
