//! The number of the tablet's clock.

use crate::support::{DAY, DESA, MINUTE, NOW, Tablet, area, child};
use sync_protocol::record::Kind;

#[track_caller]
fn check(move_clock: impl FnOnce(&Tablet), raised: bool) {
    let mut tablet = Tablet::enrolled();
    tablet.save_child("A");
    move_clock(&tablet);
    tablet.save_child("B");
    let log = tablet.replica.log(2).unwrap();
    assert_eq!((log[1].clock, log[0].clock), (0, u32::from(raised)));
}

#[test]
fn a_clock_that_goes_on_keeps_its_number() {
    check(|tablet| tablet.clock.pass(DAY), false);
    check(|tablet| tablet.clock.wall_ms.set(NOW + 2 * MINUTE), false);
    check(|tablet| tablet.clock.wall_ms.set(NOW - 500), false);
}

#[test]
fn a_clock_that_was_set_back_gets_a_new_number() {
    check(|tablet| tablet.clock.wall_ms.set(NOW - MINUTE), true);
    check(|tablet| tablet.clock.wall_ms.set(NOW - 50 * 365 * DAY), true);
}

#[test]
fn a_clock_that_was_set_forward_within_a_run_gets_a_new_number() {
    check(|tablet| tablet.clock.wall_ms.set(NOW + 3 * MINUTE), true);
    check(|tablet| tablet.clock.monotonic_ms.set(3 * MINUTE), true);
}

#[test]
fn a_clock_set_back_while_the_tablet_was_off_is_noticed_and_the_number_is_kept() {
    let mut tablet = Tablet::enrolled();
    tablet.save_child("A");
    tablet.clock.wall_ms.set(NOW - DAY);
    let mut tablet = tablet.reopened();
    tablet.save_child("B");
    tablet.clock.pass(MINUTE);
    let mut tablet = tablet.reopened();
    tablet.save_child("C");
    let clocks: Vec<u32> = tablet.replica.pending().unwrap().iter().map(|e| e.clock).collect();
    assert_eq!(clocks, [0, 1, 1]);
}

#[test]
fn a_dead_clock_does_not_stop_work() {
    let mut tablet = Tablet::enrolled();
    tablet.clock.wall_ms.set(0);
    let body = child("A").with("birth_date", "2026-11-01");
    assert!(tablet.replica.save(Kind::CHILD, None, Some(area(DESA)), body).is_ok());
}
