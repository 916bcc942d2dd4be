//! What the simulator found, told in the fewest steps. The seeds are in `sim/regressions.rs`.

use serde_json::json;
use sync_protocol::wire::{Outcome, Receipt};
use sync_tests::{
    Device, HOUR, MINUTE, OTHER_DESA, SADAN, World, any_id, child_body, measurement_body,
};

#[track_caller]
fn check_parked(receipt: &Receipt) {
    let said = (receipt.outcome, receipt.code.map(|code| code.as_str()));
    assert_eq!(said, (Outcome::Parked, Some("not_in_scope")), "{receipt:?}");
}

fn wide(world: &World) -> Device {
    world.device("Budi", &["16.04"])
}

#[test]
fn a_child_that_came_after_the_grant_ended_never_left_the_scope() {
    let world = World::default();
    let (mut wide, mut local) = (wide(&world), world.device("Siti", &[SADAN]));
    local.push(&[]);
    world.ungrant(world.stored_device(local.number).worker.unwrap(), SADAN, false);
    world.time.pass(HOUR);
    let child = any_id();
    let born = wide.child(child, SADAN, &child_body("Ani"));
    assert_eq!(wide.push_one(born).outcome, Outcome::Applied);
    // The tablet was not told yet that its grant ended, but of this child it cannot know.
    let change = local.body("child", child, None, &child_body("Ani, ditebak"));
    check_parked(&local.push_one(change));
}

#[test]
fn a_child_that_left_before_the_grant_was_given_never_left_the_scope() {
    let world = World::default();
    let (mut wide, mut local) = (wide(&world), world.device("Siti", &[SADAN]));
    let child = any_id();
    let born = wide.child(child, OTHER_DESA, &child_body("Ani"));
    let moved = wide.change("child", child, json!({"move": "16.04.07.2001"}));
    wide.push(&[born, moved]);
    local.push(&[]);
    world.time.pass(HOUR);
    world.grant(world.stored_device(local.number).worker.unwrap(), OTHER_DESA);
    world.time.pass(HOUR);
    local.push(&[]);
    let change = local.body("child", child, None, &child_body("Ani, ditebak"));
    check_parked(&local.push_one(change));
}

#[test]
fn a_deletion_that_waits_for_its_child_is_merged_when_the_child_comes_back() {
    let world = World::default();
    let (mut wide, mut local) = (wide(&world), world.device("Siti", &[SADAN]));
    let (child, weighing) = (any_id(), any_id());
    let born = wide.child(child, SADAN, &child_body("Ani"));
    let weighed = wide.body("measurement", weighing, None, &measurement_body(child, 9_400));
    wide.push(&[born, weighed]);
    let away = wide.change("child", child, json!({"move": OTHER_DESA}));
    wide.push_one(away);
    world.time.pass(MINUTE);
    let deletion = local.change("measurement", weighing, json!({"deleted": "salah_input"}));
    check_parked(&local.push_one(deletion));
    world.time.pass(MINUTE);
    let back = wide.change("child", child, json!({"move": SADAN}));
    assert_eq!(wide.push_one(back).outcome, Outcome::Applied);
    let now = local.receipts("1");
    assert_eq!(now.iter().map(|receipt| receipt.outcome).collect::<Vec<_>>(), [Outcome::Applied]);
    assert_eq!(world.faults(), Vec::<String>::new());
}
