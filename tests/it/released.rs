//! What becomes of parked changes: the receipts of a request say how it ends, a reason follows what
//! is so now, and nothing but its own cause or a person ends the waiting of a change.

use serde_json::json;
use server::admin::reference;
use server::store::LogPos;
use sync_protocol::parked::ParkCode;
use sync_protocol::wire::{Outcome, Receipt};
use sync_tests::{DAY, FAR_DESA, MINUTE, SADAN, World, any_id, child_body, measurement_body};

fn outcomes(receipts: &[Receipt]) -> Vec<Outcome> {
    receipts.iter().map(|receipt| receipt.outcome).collect()
}

#[test]
fn the_receipts_of_a_request_say_what_became_of_its_changes_in_the_end() {
    let world = World::default();
    let mut siti = world.device("Siti", &[SADAN]);
    let (child, weighing) = (any_id(), any_id());
    let before_its_child =
        siti.body("measurement", any_id(), None, &measurement_body(child, 9_400));
    let faulty = measurement_body(child, 9_400).with("weight_g", 5);
    let faulty = siti.body("measurement", weighing, None, &faulty);
    let of_child = siti.child(child, SADAN, &child_body("Ani"));
    let mended = siti.body("measurement", weighing, None, &measurement_body(child, 9_500));
    let changes = [before_its_child, faulty, of_child, mended];
    let reply = siti.push(&changes);
    use Outcome::{Applied, Superseded};
    assert_eq!(outcomes(&reply.receipts), [Applied, Superseded, Applied, Applied]);
    for settled in &reply.receipts {
        assert!(settled.code.is_none() && settled.field.is_none() && settled.message.is_none());
    }
    assert_eq!(reply.parked, Some(Vec::new()));
    assert_eq!(siti.receipts("1,2,3,4"), reply.receipts);
    assert_eq!(siti.push(&changes).receipts, reply.receipts, "and so they stay");
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn a_change_that_waits_for_something_else_now_says_so() {
    let world = World::default();
    let (mut siti, mut budi) = (world.device("Siti", &[SADAN]), world.device("Budi", &["16.04"]));
    let (child, taken) = (any_id(), any_id());
    let changes = [
        budi.child(child, FAR_DESA, &child_body("Jauh")),
        budi.body("measurement", taken, None, &measurement_body(child, 9_400)),
    ];
    budi.push(&changes);
    // Under an id that is a measurement's, in a desa that is not hers.
    let change = siti.child(taken, FAR_DESA, &child_body("Ani"));
    let parked = siti.push_one(change);
    assert_eq!((parked.code, parked.field), (Some(ParkCode::NotInScope), None));
    world.grant(world.stored_device(siti.number).worker.unwrap(), FAR_DESA);
    let now = siti.receipts("1").remove(0);
    assert_eq!((now.outcome, now.stamp), (Outcome::Parked, parked.stamp));
    assert_eq!((now.code, now.field.as_deref()), (Some(ParkCode::InvalidField), Some("kind")));
    assert_eq!(now.message.as_deref(), Some(ParkCode::InvalidField.message()));
    let waiting = |code| world.read(|tx| tx.parked_after(LogPos(0), Some(code))).len();
    assert_eq!((waiting(ParkCode::NotInScope), waiting(ParkCode::InvalidField)), (0, 1));
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn a_date_in_the_future_waits_for_a_person_also_when_it_has_come() {
    let world = World::default();
    let mut siti = world.device("Siti", &[SADAN]);
    let child = any_id();
    let change = siti.child(child, SADAN, &child_body("Ani"));
    siti.push_one(change);
    let early = measurement_body(child, 9_400).with("measured_on", "2026-11-27");
    let change = siti.body("measurement", any_id(), None, &early);
    let parked = siti.push_one(change);
    assert_eq!(parked.code, Some(ParkCode::DateInFuture));
    world.time.pass(10 * DAY);
    let worker = world.stored_device(siti.number).worker.unwrap();
    world.grant(worker, FAR_DESA);
    let new = "code,level,name,parent\n16.04.06.2999,desa,Desa Baru,16.04.06\n";
    assert_eq!(reference::import_areas(world.service(), new.as_bytes()).unwrap().changed, 1);
    let moved = siti.change("child", child, json!({"move": FAR_DESA}));
    assert_eq!(siti.push_one(moved).outcome, Outcome::Applied);
    assert_eq!(siti.receipts("2"), [parked]);
}

#[test]
fn a_worker_replaces_what_is_parked_of_his_own_tablet_and_of_no_other() {
    let world = World::default();
    let (mut siti, mut budi) = (world.device("Siti", &[SADAN]), world.device("Budi", &[SADAN]));
    let (child, weighing) = (any_id(), any_id());
    let change = siti.child(child, SADAN, &child_body("Ani"));
    siti.push_one(change);
    let faulty = measurement_body(child, 9_400).with("weight_g", 5);
    for device in [&mut siti, &mut budi] {
        let change = device.body("measurement", weighing, None, &faulty);
        assert_eq!(device.push_one(change).outcome, Outcome::Parked);
        world.time.pass(MINUTE);
    }
    let mended = siti.body("measurement", weighing, None, &measurement_body(child, 9_400));
    assert_eq!(siti.push_one(mended).outcome, Outcome::Applied);
    assert_eq!(outcomes(&siti.receipts("2,3")), [Outcome::Superseded, Outcome::Applied]);
    assert_eq!(outcomes(&budi.receipts("1")), [Outcome::Parked], "he has not mended his");
    // What another record of his mends is not this one.
    let other = budi.body("measurement", any_id(), None, &measurement_body(child, 9_300));
    assert_eq!(budi.push_one(other).outcome, Outcome::Applied);
    assert_eq!(outcomes(&budi.receipts("1")), [Outcome::Parked]);
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn what_a_child_that_came_releases_releases_what_waits_for_that() {
    let world = World::default();
    let (mut siti, mut budi) = (world.device("Siti", &[SADAN]), world.device("Budi", &["16.04"]));
    let child = any_id();
    let changes = [
        siti.child(child, FAR_DESA, &child_body("Ani")),
        siti.body("measurement", any_id(), None, &measurement_body(child, 9_400)),
        siti.change("child", child, json!({"move": SADAN})),
    ];
    let reply = siti.push(&changes);
    assert_eq!(outcomes(&reply.receipts), [Outcome::Parked; 3]);
    world.time.pass(MINUTE);
    // Budi makes the child in her desa: what she wrote of it is merged with the stamps it has.
    let change = budi.child(child, SADAN, &child_body("Ani, dari Budi"));
    budi.push_one(change);
    let released = siti.receipts("1,2,3");
    use Outcome::{Applied, Superseded};
    assert_eq!(outcomes(&released), [Superseded, Applied, Superseded]);
    assert!(released.iter().zip(&reply.receipts).all(|(now, then)| now.stamp == then.stamp));
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn what_is_released_releases_what_waits_for_it_by_whomever() {
    let world = World::default();
    let (mut siti, mut budi) = (world.device("Siti", &[SADAN]), world.device("Budi", &[SADAN]));
    let (child, weighing) = (any_id(), any_id());
    let of_child = measurement_body(child, 9_400);
    let changes = [siti.body("measurement", weighing, None, &of_child)];
    siti.push(&changes);
    world.time.pass(MINUTE);
    // A deletion names no child: it waits for the measurement alone.
    let deletion = budi.change("measurement", weighing, json!({"deleted": "salah_input"}));
    assert_eq!(budi.push_one(deletion).outcome, Outcome::Parked);
    world.time.pass(MINUTE);
    let change = siti.child(child, SADAN, &child_body("Ani"));
    siti.push_one(change);
    assert_eq!(outcomes(&siti.receipts("1,2")), [Outcome::Applied; 2]);
    assert_eq!(outcomes(&budi.receipts("1")), [Outcome::Applied]);
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn a_grant_releases_what_others_wrote_to_a_child_that_it_lets_in() {
    let world = World::default();
    let (mut siti, mut budi) = (world.device("Siti", &[SADAN]), world.device("Budi", &["16.04"]));
    let child = any_id();
    let change = siti.child(child, FAR_DESA, &child_body("Ani"));
    assert_eq!(siti.push_one(change).outcome, Outcome::Parked);
    let weighing = budi.body("measurement", any_id(), None, &measurement_body(child, 9_400));
    assert_eq!(budi.push_one(weighing).outcome, Outcome::Parked);
    world.grant(world.stored_device(siti.number).worker.unwrap(), FAR_DESA);
    assert_eq!(outcomes(&siti.receipts("1")), [Outcome::Applied]);
    assert_eq!(outcomes(&budi.receipts("1")), [Outcome::Applied]);
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn a_deletion_of_what_left_is_made_when_its_child_is_back() {
    let world = World::default();
    let (mut siti, mut budi) = (world.device("Siti", &[SADAN]), world.device("Budi", &["16.04"]));
    let (child, weighing) = (any_id(), any_id());
    let changes = [
        siti.child(child, SADAN, &child_body("Ani")),
        siti.body("measurement", weighing, None, &measurement_body(child, 9_400)),
    ];
    siti.push(&changes);
    let mut hand_over = |to: &str| {
        world.time.pass(MINUTE);
        let change = budi.change("child", child, json!({"move": to}));
        assert_eq!(budi.push_one(change).outcome, Outcome::Applied);
        world.time.pass(MINUTE);
    };
    hand_over(FAR_DESA);
    let deletion = siti.change("measurement", weighing, json!({"deleted": "salah_input"}));
    assert_eq!(siti.push_one(deletion).outcome, Outcome::Parked);
    hand_over(SADAN);
    assert_eq!(outcomes(&siti.receipts("3")), [Outcome::Applied]);
    assert_eq!(world.faults(), Vec::<String>::new());
}
