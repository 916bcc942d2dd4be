//! Who may write where: hand-overs that a tablet could not know of, grants that end and return, and
//! parked changes that are released or replaced.

use rusqlite::Connection;
use serde_json::json;
use server::store::DATABASE_FILE;
use sync_protocol::ids::RecordId;
use sync_protocol::wire::{Outcome, Receipt};
use sync_tests::{
    DAY, Device, FAR_DESA, HOUR, MINUTE, SADAN, World, any_id, child_body, measurement_body,
};

/// A worker of one desa with a child there, and one of the whole kabupaten who can move it.
fn with_child() -> (World, Device, Device, RecordId) {
    let world = World::default();
    let mut local = world.device("Siti", &[SADAN]);
    let wide = world.device("Budi", &["16.04"]);
    let child = any_id();
    let change = local.child(child, SADAN, &child_body("Ani"));
    local.push_one(change);
    local.push(&[]);
    world.time.pass(HOUR);
    (world, local, wide, child)
}

fn hand_over(wide: &mut Device, child: RecordId) {
    let change = wide.change("child", child, json!({"move": FAR_DESA}));
    assert_eq!(wide.push_one(change).outcome, Outcome::Applied);
}

fn edit(device: &mut Device, child: RecordId, name: &str) -> serde_json::Value {
    device.body("child", child, None, &child_body(name))
}

/// Whether the log marks a change as made after the child had left.
fn is_after_move(world: &World, device: &Device, seq: u64) -> bool {
    let db = Connection::open(world.data().join(DATABASE_FILE)).unwrap();
    let sql = "SELECT after_move FROM log WHERE device = ?1 AND seq = ?2";
    db.query_row(sql, (device.number, seq.cast_signed()), |row| row.get(0)).unwrap()
}

#[track_caller]
fn check_parked(receipt: &Receipt) {
    let said = (receipt.outcome, receipt.code.map(|code| code.as_str()));
    assert_eq!(said, (Outcome::Parked, Some("not_in_scope")), "{receipt:?}");
}

#[test]
fn who_could_not_know_of_a_hand_over_loses_no_edit() {
    let (world, mut local, mut wide, child) = with_child();
    hand_over(&mut wide, child);
    world.time.pass(89 * DAY);
    let change = edit(&mut local, child, "Ani, diedit");
    let seq = local.seq;
    let weighing = local.body("measurement", any_id(), None, &measurement_body(child, 9_400));
    world.time.pass(HOUR);
    let reply = local.push(&[change, weighing]);
    assert!(reply.receipts.iter().all(|receipt| receipt.outcome == Outcome::Applied), "{reply:?}");
    assert!(is_after_move(&world, &local, seq) && is_after_move(&world, &local, seq + 1));
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn a_deletion_or_a_move_of_a_child_that_left_is_parked() {
    let (world, mut local, mut wide, child) = with_child();
    hand_over(&mut wide, child);
    let deletion = local.change("child", child, json!({"deleted": "ganda"}));
    check_parked(&local.push_one(deletion));
    let back = local.change("child", child, json!({"move": SADAN}));
    check_parked(&local.push_one(back));
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn ninety_days_after_a_hand_over_an_edit_is_parked() {
    let (world, mut local, mut wide, child) = with_child();
    hand_over(&mut wide, child);
    world.time.pass(90 * DAY + 1);
    let late = edit(&mut local, child, "Ani, terlambat");
    check_parked(&local.push_one(late));
}

#[test]
fn once_told_a_tablet_can_only_hand_in_what_it_wrote_before() {
    let (world, mut local, mut wide, child) = with_child();
    hand_over(&mut wide, child);
    world.time.pass(MINUTE);
    // Told by a page: that it read the page shows only in its next request.
    let told = local.push(&[]);
    assert_eq!(told.rows.len(), 1);
    world.time.pass(MINUTE);
    let before = edit(&mut local, child, "sebelum tahu");
    let seq = local.seq;
    world.time.pass(HOUR);
    assert_eq!(local.push_one(before).outcome, Outcome::Applied);
    assert!(is_after_move(&world, &local, seq));
    world.time.pass(MINUTE);
    let after = edit(&mut local, child, "sesudah tahu");
    check_parked(&local.push_one(after));
}

#[test]
fn an_ended_grant_lets_in_what_was_written_before_the_tablet_knew() {
    let (world, mut local, _, child) = with_child();
    let worker = world.stored_device(local.number).worker.unwrap();
    world.ungrant(worker, SADAN, false);
    world.time.pass(HOUR);
    let unaware = edit(&mut local, child, "belum tahu");
    let seq = local.seq;
    let weighing = local.body("measurement", any_id(), None, &measurement_body(child, 9_400));
    let reply = local.push(&[unaware, weighing]);
    assert!(reply.receipts.iter().all(|receipt| receipt.outcome == Outcome::Applied), "{reply:?}");
    assert!(is_after_move(&world, &local, seq));
    assert_eq!((reply.areas.len(), reply.rows.len()), (0, 0), "no row outside the scope");
    local.push(&[]);
    world.time.pass(MINUTE);
    let aware = edit(&mut local, child, "sudah tahu");
    check_parked(&local.push_one(aware));
}

#[test]
fn a_grant_ended_for_cause_parks_at_once_and_a_new_grant_releases() {
    let (world, mut local, _, child) = with_child();
    let worker = world.stored_device(local.number).worker.unwrap();
    let written_before = edit(&mut local, child, "sebelum dicabut");
    world.time.pass(MINUTE);
    world.ungrant(worker, SADAN, true);
    check_parked(&local.push_one(written_before));
    let new_child = any_id();
    let changes = [
        local.child(new_child, SADAN, &child_body("Anak baru")),
        local.body("measurement", any_id(), None, &measurement_body(new_child, 3_100)),
    ];
    let reply = local.push(&changes);
    reply.receipts.iter().for_each(check_parked);
    let parked: Vec<u64> = reply.parked.unwrap().iter().map(|seq| seq.get()).collect();
    assert_eq!(parked, [2, 3, 4]);

    let stamps: Vec<_> = local.receipts("2,3,4").iter().map(|receipt| receipt.stamp).collect();
    world.grant(worker, SADAN);
    let released = local.receipts("2,3,4");
    assert!(released.iter().all(|receipt| receipt.outcome == Outcome::Applied), "{released:?}");
    let kept: Vec<_> = released.iter().map(|receipt| receipt.stamp).collect();
    assert_eq!(kept, stamps, "a parked change keeps its stamp");
    let reply = local.push(&[]);
    assert_eq!((reply.parked, reply.rows.len()), (Some(Vec::new()), 3));
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn what_belongs_to_a_child_waits_for_it_and_is_released_with_it() {
    let (world, mut local, mut wide, _) = with_child();
    let child = any_id();
    let weighing = local.body("measurement", any_id(), None, &measurement_body(child, 9_400));
    let visit = json!({"child_id": child, "visited_on": "2026-11-24", "purpose": "konseling"});
    let visit = local.change("visit", any_id(), json!({"body": visit}));
    let of_child = local.body("child", child, None, &child_body("Ani"));
    let reply = local.push(&[weighing, visit, of_child]);
    reply.receipts.iter().for_each(check_parked);
    world.time.pass(MINUTE);
    let change = wide.child(child, SADAN, &child_body("Ani, dari Budi"));
    assert_eq!(wide.push_one(change).outcome, Outcome::Applied);
    let outcomes: Vec<_> = local.receipts("2,3,4").iter().map(|receipt| receipt.outcome).collect();
    assert_eq!(outcomes, [Outcome::Applied, Outcome::Applied, Outcome::Superseded]);
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn a_child_that_comes_later_in_the_same_request_releases_what_came_before_it() {
    let (world, mut local, _, _) = with_child();
    let child = any_id();
    let weighing = local.body("measurement", any_id(), None, &measurement_body(child, 9_400));
    let change = local.child(child, SADAN, &child_body("Ani"));
    let reply = local.push(&[weighing, change]);
    assert_eq!((reply.acked_through, reply.parked), (3, Some(Vec::new())));
    let outcomes: Vec<_> = local.receipts("2,3").iter().map(|receipt| receipt.outcome).collect();
    assert_eq!(outcomes, [Outcome::Applied, Outcome::Applied]);
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn a_mended_change_replaces_the_parked_one_and_an_edit_replaces_no_move() {
    let (world, mut local, _, child) = with_child();
    let weighing = any_id();
    let mut wrong = measurement_body(child, 9_400).with("measured_on", "2027-01-01");
    let first = local.body("measurement", weighing, None, &wrong);
    wrong.set("measured_on", "2027-02-01");
    let second = local.body("measurement", weighing, None, &wrong);
    let nowhere = local.change("child", child, json!({"move": "16.04.06.2999"}));
    let reply = local.push(&[first, second, nowhere]);
    assert_eq!(reply.parked.unwrap().len(), 2, "the second replaced the first, parked itself");
    let mended = local.body("measurement", weighing, None, &measurement_body(child, 9_400));
    let phone = edit(&mut local, child, "Ani, diedit");
    let reply = local.push(&[mended, phone]);
    assert_eq!(reply.parked.unwrap().iter().map(|seq| seq.get()).collect::<Vec<_>>(), [4]);
    let outcomes: Vec<_> =
        local.receipts("2,3,4,5,6").iter().map(|receipt| receipt.outcome).collect();
    use Outcome::{Applied, Parked, Superseded};
    assert_eq!(outcomes, [Superseded, Superseded, Parked, Applied, Applied]);
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn a_change_that_cannot_be_read_replaces_the_parked_one_too() {
    let (world, mut local, wide, _) = with_child();
    let child = any_id();
    let far = local.child(child, FAR_DESA, &child_body("Ani"));
    check_parked(&local.push_one(far));
    let unreadable = local.child(child, FAR_DESA, &child_body("Ani").with("sex", "?"));
    assert_eq!(local.push_one(unreadable).outcome, Outcome::Parked);
    let worker = world.stored_device(local.number).worker.unwrap();
    world.grant(worker, FAR_DESA);
    let outcomes: Vec<_> = local.receipts("2,3").iter().map(|receipt| receipt.outcome).collect();
    assert_eq!(outcomes, [Outcome::Superseded, Outcome::Parked]);
    assert_eq!(wide.post(&wide.envelope(&[])).sync().rows.len(), 1, "only what is merged is seen");
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn no_row_and_no_digest_tells_of_what_is_outside_the_scope() {
    let (world, mut local, mut wide, child) = with_child();
    let far = any_id();
    let changes = [
        wide.child(far, FAR_DESA, &child_body("Jauh")),
        wide.body("measurement", any_id(), None, &measurement_body(far, 9_400)),
    ];
    wide.push(&changes);
    let reply = local.push(&[]);
    assert_eq!((reply.rows.len(), reply.digest.unwrap().len()), (0, 1));
    hand_over(&mut wide, child);
    let reply = local.push(&[]);
    assert_eq!(
        serde_json::to_value(&reply.rows).unwrap(),
        json!([{"kind": "child", "id": child, "gone": true}])
    );
    assert_eq!(reply.digest.unwrap().len(), 0);
    // One that was never there is not gone for a tablet that starts anew.
    local.cursor = None;
    let ids: Vec<_> = local.push(&[]).rows.iter().map(|row| format!("{row:?}")).collect();
    assert!(ids.iter().all(|row| !row.contains(&far.to_string())), "{ids:?}");
    assert_eq!(world.faults(), Vec::<String>::new());
}
