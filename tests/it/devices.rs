//! The life of a tablet: copied, lost, enrolled anew, drained, revoked. Nothing typed is ever lost.

use serde_json::json;
use server::store::DeviceState;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;
use sync_protocol::wire::{Order, Outcome};
use sync_replica::{Stop, SyncError};
use sync_tests::{HOUR, KECAMATAN, SADAN, Tablet, World, any_id, area, child_body};

fn with_tablet() -> (World, sync_protocol::ids::WorkerId, Tablet, RecordId) {
    let world = World::default();
    let worker = world.worker("Siti", &[SADAN]);
    let mut tablet = world.tablet_of(worker);
    let child = tablet.save_child("Ani", &area(SADAN));
    tablet.weigh(child, 9_400);
    tablet.sync();
    (world, worker, tablet, child)
}

/// The server's children and measurements, and its log entries that merged something.
#[track_caller]
fn check_server(world: &World, children: u64, measurements: u64, changes: i64) {
    let counted = world.read(|tx| {
        Ok((tx.count_live(Kind::CHILD)?, tx.count_live(Kind::MEASUREMENT)?, tx.count_outcomes()?))
    });
    let merged: i64 = counted.2.values().sum();
    assert_eq!((counted.0, counted.1, merged), (children, measurements, changes));
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn a_tablet_enrolled_anew_sends_all_of_its_log_and_duplicates_nothing() {
    let (world, worker, mut tablet, child) = with_tablet();
    let earlier = tablet.number();
    tablet.save_child("Belum terkirim", &area(SADAN));
    tablet.enrol(&world.code(worker));
    assert_ne!(tablet.number(), earlier);
    assert_eq!(tablet.status().pending, 3);
    let report = tablet.sync();
    assert_eq!((report.sent, report.complete), (3, true), "{report:?}");
    check_server(&world, 2, 1, 3);
    assert_eq!(tablet.digest(), world.digest(KECAMATAN));
    // A third number, and again nothing doubles.
    tablet.edit(Kind::CHILD, child, "phone", "0800");
    tablet.enrol(&world.code(worker));
    assert!(tablet.sync().complete);
    check_server(&world, 2, 1, 4);
    assert_eq!(tablet.says(child, "phone").as_deref(), Some("0800"));
    assert_eq!(tablet.digest(), world.digest(KECAMATAN));
}

#[test]
fn what_was_parked_under_the_old_number_is_released_to_the_new_one() {
    let (world, worker, mut tablet, _) = with_tablet();
    let far = tablet.save_child("Di luar", &area("16.04.06.2009"));
    tablet.sync();
    assert_eq!(tablet.status().parked, 1);
    tablet.enrol(&world.code(worker));
    tablet.sync();
    assert_eq!((tablet.status().parked, tablet.outcome(3)), (1, Some(Outcome::Parked)));
    world.grant(worker, "16.04.06.2009");
    let report = tablet.sync();
    assert!(report.complete, "{report:?}");
    assert_eq!((tablet.status().parked, tablet.outcome(3)), (0, Some(Outcome::Applied)));
    assert_eq!(tablet.says(far, "name").as_deref(), Some("Di luar"));
    check_server(&world, 2, 1, 3);
}

#[test]
fn a_copied_tablet_is_found_out_stops_and_keeps_what_it_holds() {
    let (world, worker, mut tablet, child) = with_tablet();
    let mut copy = tablet.copied(&world.time);
    tablet.edit(Kind::CHILD, child, "phone", "dari yang asli");
    copy.edit(Kind::CHILD, child, "phone", "dari salinan");
    tablet.sync();
    world.time.pass(HOUR);
    let refused = copy.try_sync();
    assert!(matches!(refused, Err(SyncError::EnrolAnew(Stop::DeviceCloned))), "{refused:?}");
    assert_eq!((copy.status().stopped, copy.status().pending), (Some(Stop::DeviceCloned), 1));
    assert_eq!(copy.says(child, "phone").as_deref(), Some("dari salinan"));
    check_server(&world, 1, 1, 3);
    copy.enrol(&world.code(worker));
    assert!(copy.sync().complete);
    check_server(&world, 1, 1, 4);
    tablet.sync();
    assert_eq!(tablet.digest(), copy.digest());
    assert_eq!(world.conflicts().len(), 1, "the copy had not seen the other's edit");
}

#[test]
fn an_old_copy_that_is_put_back_is_found_out_before_it_writes_over_anything() {
    let (world, worker, mut tablet, child) = with_tablet();
    let mut old_copy = tablet.copied(&world.time);
    tablet.edit(Kind::CHILD, child, "phone", "0800");
    tablet.sync();
    let refused = old_copy.try_sync();
    assert!(matches!(refused, Err(SyncError::EnrolAnew(Stop::LogLost))), "{refused:?}");
    old_copy.enrol(&world.code(worker));
    assert!(old_copy.sync().complete);
    assert_eq!(old_copy.says(child, "phone").as_deref(), Some("0800"));
    check_server(&world, 1, 1, 3);
}

#[test]
fn a_draining_tablet_hands_in_what_it_has_and_erases_itself() {
    let (world, _, mut tablet, child) = with_tablet();
    let number = tablet.number();
    tablet.edit(Kind::CHILD, child, "phone", "0800");
    world.drain(number);
    let report = tablet.sync();
    assert_eq!((report.sent, report.wiped), (1, true), "{report:?}");
    assert!(!tablet.path().exists(), "its file is gone");
    assert_eq!(world.stored_device(number).state, DeviceState::Revoked);
    check_server(&world, 1, 1, 3);
}

#[test]
fn a_draining_tablet_that_cannot_send_keeps_everything() {
    let (world, _, mut tablet, child) = with_tablet();
    world.drain(tablet.number());
    tablet.edit(Kind::CHILD, child, "phone", "0800");
    tablet.net.is_offline = true;
    assert!(tablet.try_sync().is_err());
    tablet.net.is_offline = false;
    tablet.net.lose_answers = 1;
    assert!(tablet.try_sync().is_err(), "the order was lost on its way");
    assert_eq!(tablet.says(child, "phone").as_deref(), Some("0800"));
    assert!(tablet.sync().wiped);
}

#[test]
fn a_draining_device_gets_no_rows_and_is_wiped_only_when_all_it_wrote_is_here() {
    let world = World::default();
    let mut device = world.device("Siti", &[SADAN]);
    let mut other = world.device("Budi", &[SADAN]);
    let change = other.child(any_id(), SADAN, &child_body("Baru"));
    world.drain(device.number);
    other.push(&[change]);
    let unsent = device.child(any_id(), SADAN, &child_body("Ani"));
    // It holds one change that it did not send.
    let mut envelope = device.envelope(&[]);
    envelope["status"] = json!({});
    let reply = device.post(&envelope).sync();
    assert_eq!((reply.orders, reply.rows.len(), reply.more), (vec![], 0, false));
    assert!(reply.cursor.is_none() && reply.digest.is_none(), "no pull");
    // The queue is empty when the newest entry of its log is acknowledged, whatever its status says.
    for status in [json!({"pending": 1}), json!({})] {
        let mut envelope = device.envelope(std::slice::from_ref(&unsent));
        envelope["status"] = status;
        let reply = device.post(&envelope).sync();
        assert_eq!((reply.acked_through, reply.orders), (1, vec![Order::Wipe]));
        assert_eq!((reply.receipts[0].outcome, reply.rows.len()), (Outcome::Applied, 0));
    }
    let mut last_word = device.envelope(&[]);
    last_word["status"] = json!({"wiping": true});
    device.post(&last_word).sync();
    assert_eq!(world.stored_device(device.number).state, DeviceState::Revoked);
    let refused = device.post(&last_word);
    refused.check_problem(sync_protocol::problem::ProblemCode::Revoked);
}

#[test]
fn a_device_that_was_not_told_to_erase_itself_is_not_revoked_by_saying_so() {
    let world = World::default();
    let device = world.device("Siti", &[SADAN]);
    let mut envelope = device.envelope(&[]);
    envelope["status"] = json!({"wiping": true});
    device.post(&envelope).sync();
    assert_eq!(world.stored_device(device.number).state, DeviceState::Active);
}

#[test]
fn a_revoked_tablet_says_so_erases_nothing_and_hands_in_its_work_when_it_is_enrolled_anew() {
    let (world, worker, mut tablet, child) = with_tablet();
    world.revoke(tablet.number());
    tablet.edit(Kind::CHILD, child, "phone", "0800");
    for _ in 0..2 {
        let refused = tablet.try_sync();
        assert!(matches!(refused, Err(SyncError::Unauthorised { revoked: true })), "{refused:?}");
    }
    assert_eq!(tablet.status().pending, 1);
    assert_eq!(tablet.replica.list(Kind::MEASUREMENT).unwrap().len(), 1);
    check_server(&world, 1, 1, 2);
    tablet.enrol(&world.code(worker));
    assert!(tablet.sync().complete);
    check_server(&world, 1, 1, 3);
}
