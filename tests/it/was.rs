//! Changes sent under a new device number, with the name that they had before (`was`).

use serde_json::{Value, json};
use server::platform::Clock as _;
use sync_protocol::ids::{DeviceNo, WorkerId};
use sync_protocol::stamp::{Stamp, Tick};
use sync_protocol::time::Moment;
use sync_protocol::wire::{Outcome, Receipt};
use sync_tests::{
    DAY, Device, HOUR, OTHER_DESA, SADAN, World, any_id, child_body, measurement_body,
};

/// A worker's installation, which is enrolled again and again.
struct Install {
    world: World,
    worker: WorkerId,
    install: String,
}

impl Install {
    fn new() -> Self {
        let world = World::default();
        let worker = world.worker("Siti", &[SADAN]);
        Install { world, worker, install: Device::new_install() }
    }

    /// The installation under a new number, its log and its clocks as they are.
    fn enrol(&self, before: Option<&Device>) -> Device {
        let mut device = self.world.device_of_install(self.worker, &self.install);
        if let Some(before) = before {
            assert_ne!(device.number, before.number);
            (device.seq, device.clock, device.skew_ms) = (before.seq, before.clock, before.skew_ms);
        }
        device
    }

    fn parked(device: &mut Device) -> Vec<u64> {
        let reply = device.push(&[]);
        reply.parked.unwrap().iter().map(|seq| seq.get()).collect()
    }
}

/// A change of an earlier number's log as it is sent under a later one.
fn again(earlier: &Device, change: &Value) -> Value {
    let mut change = change.clone();
    change["was"] = json!({"device": earlier.number, "seq": change["seq"]});
    change
}

/// The same change under a device's own next seq, said to be another's change.
fn under_the_name_of(other: &Device, its_change: &Value, its_receipt: &Receipt, seq: u64) -> Value {
    let mut change = its_change.clone();
    change["seq"] = json!(seq);
    change["was"] = json!({"device": other.number, "seq": its_receipt.seq});
    change["stamp"] = json!(its_receipt.stamp);
    change
}

fn at(receipt: &Receipt) -> i64 {
    receipt.stamp.tick.unix_ms()
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
fn nor_do_the_clocks_and_exchanges_of_another_installation_count_for_it() {
    let world = World::default();
    let mut siti = world.device("Siti", &[SADAN]);
    (siti.clock, siti.skew_ms) = (5, 2 * HOUR);
    siti.push(&[]);
    world.time.pass(10 * DAY);
    let mut budi = world.device("Budi", &[SADAN]);
    world.time.pass(DAY);
    siti.push(&[]);
    world.time.pass(DAY);
    let mut change = budi.child(any_id(), SADAN, &child_body("Ani"));
    change["clock"] = json!(5);
    let made_ms = world.time.now_ms();
    world.time.pass(HOUR);
    // By her clock 5 it would be two hours older.
    assert_eq!(at(&budi.push_one(again(&siti, &change))), made_ms);
}

#[test]
fn a_number_that_a_restore_lost_is_believed() {
    let tablet = Install::new();
    let mut after = tablet.enrol(None);
    tablet.world.time.pass(DAY);
    let lost = DeviceNo(0xacd0_f1a7);
    let had = Stamp { tick: Tick::at(tablet.world.time.now_ms() - HOUR), device: lost };
    let mut change = after.child(any_id(), SADAN, &child_body("Ani"));
    (change["was"], change["stamp"]) = (json!({"device": lost, "seq": 1}), json!(had));
    assert_eq!(after.push_one(change).stamp, had);
}

#[test]
fn a_reinstalled_tablet_gets_the_receipt_that_its_change_had() {
    let tablet = Install::new();
    let mut before = tablet.enrol(None);
    let change = before.child(any_id(), SADAN, &child_body("Ani"));
    let had = before.push_one(change.clone());
    tablet.world.time.pass(HOUR);
    let mut after = tablet.enrol(Some(&before));
    let receipt = after.push_one(again(&before, &change));
    assert_eq!((receipt.outcome, receipt.stamp), (Outcome::Applied, had.stamp));
}

#[test]
fn what_was_written_under_one_number_and_sent_under_the_next_is_known_under_the_third() {
    let tablet = Install::new();
    let first = &mut tablet.enrol(None);
    let change = first.child(any_id(), SADAN, &child_body("Ani"));
    tablet.world.time.pass(HOUR);
    let second = &mut tablet.enrol(Some(first));
    let had = second.push_one(again(first, &change));
    tablet.world.time.pass(HOUR);
    let third = &mut tablet.enrol(Some(second));
    assert_eq!(third.push_one(again(first, &change)).stamp, had.stamp);
    assert_eq!(tablet.world.read(|tx| tx.count_outcomes()).values().sum::<i64>(), 1);
}

#[test]
fn another_change_under_an_earlier_name_is_another_change() {
    let tablet = Install::new();
    let mut before = tablet.enrol(None);
    let child = any_id();
    let change = before.child(child, SADAN, &child_body("Ani"));
    let had = before.push_one(change.clone());
    tablet.world.time.pass(HOUR);
    let mut after = tablet.enrol(Some(&before));
    let mut of_a_copy = change;
    of_a_copy["body"]["name"] = json!("Ani dari salinan");
    let receipt = after.push_one(again(&before, &of_a_copy));
    // Which of the two wins is decided by chance: both were made in the same millisecond.
    assert_eq!((receipt.stamp.device.0, had.stamp.device.0), (after.number, before.number));
    assert_eq!(tablet.world.read(|tx| tx.count_outcomes()).values().sum::<i64>(), 2);
    assert_eq!(tablet.world.faults(), Vec::<String>::new());
}

#[test]
fn a_clock_that_was_measured_under_an_earlier_number_has_that_skew() {
    let tablet = Install::new();
    let mut before = tablet.enrol(None);
    before.skew_ms = 3 * DAY;
    before.push(&[]);
    tablet.world.time.pass(HOUR);
    let change = before.child(any_id(), SADAN, &child_body("Ani"));
    let made_ms = tablet.world.time.now_ms();
    tablet.world.time.pass(DAY);
    let mut after = tablet.enrol(Some(&before));
    // Somebody set its clock right meanwhile.
    (after.clock, after.skew_ms) = (1, 0);
    tablet.world.time.pass(HOUR);
    assert_eq!(at(&after.push_one(again(&before, &change))), made_ms);
}

#[test]
fn the_work_of_weeks_is_not_dated_at_the_new_enrolment() {
    for has_synced in [false, true] {
        let tablet = Install::new();
        let mut before = tablet.enrol(None);
        let mut earliest = tablet.world.time.now_ms();
        tablet.world.time.pass(DAY);
        if has_synced {
            before.push(&[]);
            earliest = tablet.world.time.now_ms();
            tablet.world.time.pass(DAY);
        }
        let mut by_a_dead_clock = before.child(any_id(), SADAN, &child_body("Dedi"));
        by_a_dead_clock["clock"] = json!(7);
        by_a_dead_clock["made_at"] = json!(Moment::utc(0));
        let change = before.child(any_id(), SADAN, &child_body("Ani"));
        let made_ms = tablet.world.time.now_ms();
        tablet.world.time.pass(20 * DAY);
        let mut after = tablet.enrol(Some(&before));
        tablet.world.time.pass(DAY);
        let reply = after.push(&[again(&before, &by_a_dead_clock), again(&before, &change)]);
        let times: Vec<i64> = reply.receipts.iter().map(at).collect();
        assert_eq!(times, [earliest, made_ms], "has synced: {has_synced}");
    }
}

#[test]
fn what_is_written_after_the_new_enrolment_is_not_dated_before_it() {
    let tablet = Install::new();
    let before = tablet.enrol(None);
    tablet.world.time.pass(20 * DAY);
    let mut after = tablet.enrol(Some(&before));
    let enrolled = tablet.world.time.now_ms();
    tablet.world.time.pass(DAY);
    let mut by_a_dead_clock = after.child(any_id(), SADAN, &child_body("Dedi"));
    by_a_dead_clock["clock"] = json!(7);
    by_a_dead_clock["made_at"] = json!(Moment::utc(0));
    assert_eq!(at(&after.push_one(by_a_dead_clock)), enrolled);
}

#[test]
fn what_follows_a_change_that_is_known_comes_after_it() {
    let tablet = Install::new();
    let mut before = tablet.enrol(None);
    tablet.world.time.pass(DAY);
    let first = before.child(any_id(), SADAN, &child_body("Ani"));
    let had = before.push_one(first.clone());
    // Made in the same millisecond, and never sent under the earlier number.
    let second = before.child(any_id(), SADAN, &child_body("Dedi"));
    let mut after = tablet.enrol(Some(&before));
    let reply = after.push(&[again(&before, &first), again(&before, &second)]);
    assert_eq!(reply.receipts[1].stamp.tick, had.stamp.tick.next());
}

/// A change that was parked under the earlier number, and its receipt; the tablet is enrolled anew.
fn with_one_parked(tablet: &Install) -> (Device, Device, Value, Receipt) {
    let mut before = tablet.enrol(None);
    let change = before.child(any_id(), OTHER_DESA, &child_body("Ani"));
    let had = before.push_one(change.clone());
    assert_eq!(had.outcome, Outcome::Parked);
    tablet.world.time.pass(HOUR);
    let after = tablet.enrol(Some(&before));
    (before, after, change, had)
}

#[test]
fn what_an_earlier_number_had_parked_is_parked_under_the_new_one_and_settled_there() {
    let tablet = Install::new();
    let (mut before, mut after, change, had) = with_one_parked(&tablet);
    let weighing = after.body("measurement", any_id(), None, &measurement_body(any_id(), 9_400));
    let reply = after.push(&[again(&before, &change), weighing]);
    assert_eq!(reply.receipts[0], had, "it is not judged again");
    assert_eq!(Install::parked(&mut after), [1, 2]);
    assert_eq!(Install::parked(&mut before), [0; 0]);
    tablet.world.grant(tablet.worker, OTHER_DESA);
    let released = after.receipts("1").remove(0);
    assert_eq!((released.outcome, released.stamp), (Outcome::Applied, had.stamp));
    assert_eq!((released.code, released.message), (None, None));
    assert_eq!(before.receipts("1")[0].outcome, Outcome::Applied, "there, too");
    assert_eq!(Install::parked(&mut after), [2]);
    assert_eq!(tablet.world.faults(), Vec::<String>::new());
}

#[test]
fn a_mended_change_replaces_what_an_earlier_number_had_parked() {
    let tablet = Install::new();
    let mut before = tablet.enrol(None);
    let child = any_id();
    let faulty = child_body("Ani").with("sex", "?");
    let change = before.child(child, SADAN, &faulty);
    let had = before.push_one(change.clone());
    assert_eq!(had.outcome, Outcome::Parked);
    let mut after = tablet.enrol(Some(&before));
    // Both come in one request.
    let mended = after.child(child, SADAN, &child_body("Ani"));
    let reply = after.push(&[again(&before, &change), mended]);
    let outcomes: Vec<_> = reply.receipts.iter().map(|receipt| receipt.outcome).collect();
    assert_eq!(outcomes, [Outcome::Superseded, Outcome::Applied]);
    assert_eq!(reply.receipts[0].stamp, had.stamp);
    assert_eq!(reply.parked, Some(Vec::new()));
    assert_eq!(tablet.world.faults(), Vec::<String>::new());
}

#[test]
fn the_receipt_of_a_change_that_is_repeated_twice_is_that_of_the_first() {
    let tablet = Install::new();
    let (before, mut second, change, had) = with_one_parked(&tablet);
    second.push(&[again(&before, &change)]);
    let mut third = tablet.enrol(Some(&second));
    // A client that names the number in between.
    assert_eq!(third.push_one(again(&second, &change)), had);
    tablet.world.grant(tablet.worker, OTHER_DESA);
    for device in [&before, &second, &third] {
        assert_eq!(device.receipts("1")[0].outcome, Outcome::Applied);
    }
    assert_eq!(tablet.world.faults(), Vec::<String>::new());
}
