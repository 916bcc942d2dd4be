//! Changes sent under a new device number, with the name that they had before (`was`).

use serde_json::{Value, json};
use sync_protocol::wire::{Outcome, Receipt};
use sync_tests::{Device, HOUR, SADAN, World, any_id, child_body};

/// The same change under a device's own next seq, said to be another's change.
fn under_the_name_of(other: &Device, its_change: &Value, its_receipt: &Receipt, seq: u64) -> Value {
    let mut change = its_change.clone();
    change["seq"] = json!(seq);
    change["was"] = json!({"device": other.number, "seq": its_receipt.seq});
    change["stamp"] = json!(its_receipt.stamp);
    change
}

#[test]
fn a_tablet_cannot_speak_for_the_number_of_another_installation() {
    let world = World::default();
    let (mut siti, mut budi) = (world.device("Siti", &[SADAN]), world.device("Budi", &[SADAN]));
    budi.push(&[]);
    world.time.pass(HOUR);
    let of_siti = siti.child(any_id(), SADAN, &child_body("Ani"));
    let hers = siti.push_one(of_siti.clone());
    world.time.pass(HOUR);
    let his = budi.push_one(under_the_name_of(&siti, &of_siti, &hers, 1));
    assert_ne!(his.stamp, hers.stamp, "he gets a stamp of his own");
    assert_eq!(his.stamp.device.0, budi.number);
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn a_reinstalled_tablet_gets_the_receipt_that_its_change_had() {
    let world = World::default();
    let worker = world.worker("Siti", &[SADAN]);
    let install = Device::new_install();
    let mut before = world.device_of_install(worker, &install);
    let change = before.child(any_id(), SADAN, &child_body("Ani"));
    let had = before.push_one(change.clone());
    world.time.pass(HOUR);
    let mut after = world.device_of_install(worker, &install);
    assert_ne!(after.number, before.number);
    let again = after.push_one(under_the_name_of(&before, &change, &had, 1));
    assert_eq!((again.outcome, again.stamp), (Outcome::Applied, had.stamp));
}
