//! The village day: tablets without signal, and one picture in the end.

use sync_protocol::change::Tombstone;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;
use sync_protocol::wire::Outcome;
use sync_replica::SyncError;
use sync_tests::{
    DAY, FAR_DESA, HOUR, KECAMATAN, MINUTE, OTHER_DESA, SADAN, Tablet, World, any_id, area,
    child_body,
};

/// Two tablets of one kecamatan that both hold one child.
fn two_tablets() -> (World, Tablet, Tablet, RecordId) {
    let world = World::default();
    let mut siti = world.tablet("Siti", &[KECAMATAN]);
    let mut budi = world.tablet("Budi", &[KECAMATAN]);
    let child = siti.save_child("Ani", &area(SADAN));
    siti.sync();
    budi.sync();
    world.time.pass(HOUR);
    (world, siti, budi, child)
}

/// All tablets and the server hold the same, row for row, and say so.
#[track_caller]
fn check_one_picture(world: &World, tablets: &mut [&mut Tablet]) {
    for tablet in tablets.iter_mut() {
        tablet.sync();
    }
    let expected = world.digest(KECAMATAN);
    for tablet in tablets.iter_mut() {
        let report = tablet.sync();
        assert!(report.complete && report.differs.is_empty(), "{report:?}");
        assert_eq!(tablet.digest(), expected);
    }
    for pair in tablets.windows(2) {
        assert_eq!(pair[0].replica.mirror().unwrap(), pair[1].replica.mirror().unwrap());
    }
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn a_village_day_ends_with_one_picture_on_both_tablets_and_the_server() {
    let (world, mut siti, mut budi, ani) = two_tablets();
    siti.net.is_offline = true;
    budi.net.is_offline = true;
    budi.set_skew(3 * DAY);

    let dedi = budi.save_child("Dedi", &area(SADAN));
    budi.weigh(dedi, 8_200);
    budi.weigh(ani, 9_400);
    budi.edit(Kind::CHILD, ani, "phone", "dari Budi");
    world.time.pass(HOUR);
    let citra = siti.save_child("Citra", &area(OTHER_DESA));
    siti.weigh(citra, 7_100);
    siti.edit(Kind::CHILD, ani, "phone", "dari Siti");
    siti.replica.move_child(ani, area(OTHER_DESA)).unwrap();
    world.time.pass(HOUR);
    budi.edit(Kind::CHILD, dedi, "address", "Dusun 2");
    assert!(matches!(siti.try_sync(), Err(SyncError::Offline(_))));
    assert_eq!((siti.status().pending, budi.status().pending), (4, 5));

    siti.net.is_offline = false;
    budi.net.is_offline = false;
    check_one_picture(&world, &mut [&mut siti, &mut budi]);
    for tablet in [&siti, &budi] {
        assert_eq!(tablet.says(ani, "phone").as_deref(), Some("dari Siti"));
        assert_eq!(tablet.says(dedi, "address").as_deref(), Some("Dusun 2"));
        assert_eq!(tablet.replica.children(None).unwrap().len(), 3);
        let weighings = tablet.replica.list_of(Kind::MEASUREMENT, ani).unwrap();
        assert_eq!(weighings.len(), 1);
        assert_eq!(weighings[0].area, Some(area(OTHER_DESA)), "it moved along with its child");
    }
    let conflicts = world.conflicts();
    assert_eq!(conflicts.len(), 1);
    assert_eq!((conflicts[0].record, conflicts[0].label.as_str()), (ani, "overlap"));
}

#[test]
fn the_later_edit_wins_however_wrong_a_clock_is_and_whoever_comes_first() {
    let year = 365 * DAY;
    for skew in [-50 * year, -3 * DAY, 3 * DAY, 10 * year] {
        for wrong_one_first in [false, true] {
            let (world, mut right, mut wrong, child) = two_tablets();
            wrong.set_skew(skew);
            wrong.edit(Kind::CHILD, child, "phone", "wrong clock, earlier");
            world.time.pass(10 * MINUTE);
            right.edit(Kind::CHILD, child, "phone", "right clock, later");
            right.edit(Kind::CHILD, child, "rt", "001");
            world.time.pass(10 * MINUTE);
            wrong.edit(Kind::CHILD, child, "name", "Ani, paling akhir");
            world.time.pass(HOUR);
            let mut order =
                if wrong_one_first { [&mut wrong, &mut right] } else { [&mut right, &mut wrong] };
            check_one_picture(&world, &mut order);
            let case = format!("skew {} d, wrong one first: {wrong_one_first}", skew / DAY);
            let name = right.says(child, "name");
            assert_eq!(name.as_deref(), Some("Ani, paling akhir"), "{case}");
            let phone = right.says(child, "phone");
            assert_eq!(phone.as_deref(), Some("wrong clock, earlier"), "{case}: a body is whole");
        }
    }
}

#[test]
fn a_wrong_clock_does_not_win_with_an_earlier_edit() {
    for skew in [-3 * DAY, 3 * DAY, 3650 * DAY] {
        let (world, mut right, mut wrong, child) = two_tablets();
        wrong.set_skew(skew);
        wrong.edit(Kind::CHILD, child, "phone", "earlier");
        world.time.pass(10 * MINUTE);
        right.edit(Kind::CHILD, child, "phone", "later");
        world.time.pass(HOUR);
        check_one_picture(&world, &mut [&mut right, &mut wrong]);
        assert_eq!(wrong.says(child, "phone").as_deref(), Some("later"), "skew {}", skew / DAY);
    }
}

#[test]
fn the_loser_sees_what_stands_now_and_who_wrote_it() {
    let (world, mut siti, mut budi, child) = two_tablets();
    let lost = budi.edit(Kind::CHILD, child, "phone", "dari Budi");
    world.time.pass(HOUR);
    siti.edit(Kind::CHILD, child, "phone", "dari Siti");
    siti.sync();
    assert_eq!(budi.says(child, "phone").as_deref(), Some("dari Budi"));
    let report = budi.sync();
    assert_eq!((report.superseded, report.replaced, report.complete), (1, 1, true));
    assert_eq!(budi.outcome(lost.seq), Some(Outcome::Superseded));
    assert_eq!(budi.says(child, "phone").as_deref(), Some("dari Siti"));
    let replaced = budi.replica.superseded().unwrap();
    assert_eq!(replaced.len(), 1);
    assert_eq!(replaced[0].by.as_deref(), Some("Siti"));
    let expected = ("phone".to_owned(), "dari Budi".into(), "dari Siti".into());
    assert_eq!(replaced[0].fields, [expected]);
}

#[test]
fn a_lost_answer_is_asked_for_again_and_merges_nothing_twice() {
    let (world, mut siti, mut budi, child) = two_tablets();
    let weighing = budi.weigh(child, 9_400);
    budi.edit(Kind::CHILD, child, "phone", "dari Budi");
    budi.net.lose_answers = 1;
    assert!(matches!(budi.try_sync(), Err(SyncError::Timeout)));
    assert_eq!(budi.status().pending, 2, "only a receipt settles an entry");
    let acked = world.stored_device(budi.number()).acked;
    assert!(acked > 0, "the server has what it had not acknowledged to anybody");
    // Meanwhile another hand edits what the tablet does not know to be merged.
    siti.sync();
    world.time.pass(HOUR);
    siti.edit(Kind::CHILD, child, "phone", "dari Siti");
    siti.sync();
    let before = world.digest(KECAMATAN);
    let report = budi.sync();
    assert_eq!((report.applied, report.pending), (2, 0), "what was merged once stays applied");
    assert_eq!(world.digest(KECAMATAN), before);
    assert_eq!(budi.outcome(weighing.seq), Some(Outcome::Applied));
    check_one_picture(&world, &mut [&mut siti, &mut budi]);
    assert_eq!(world.conflicts().len(), 0, "Siti had seen Budi's edit");
}

#[test]
fn a_child_that_is_handed_over_leaves_one_tablet_with_all_that_is_its_own_and_comes_to_the_other() {
    let world = World::default();
    let mut siti = world.tablet("Siti", &[SADAN]);
    let mut budi = world.tablet("Budi", &[FAR_DESA]);
    let child = siti.save_child("Ani", &area(SADAN));
    let weighing = siti.weigh(child, 9_400).id;
    let stays = siti.save_child("Citra", &area(SADAN));
    siti.sync();
    budi.sync();
    siti.replica.move_child(child, area(FAR_DESA)).unwrap();
    let report = siti.sync();
    assert!(report.complete, "{report:?}");
    assert_eq!(siti.body(Kind::CHILD, child), None);
    assert_eq!(siti.body(Kind::MEASUREMENT, weighing), None);
    assert!(siti.body(Kind::CHILD, stays).is_some());
    assert_eq!(siti.replica.mirror().unwrap().len(), 1);
    let report = budi.sync();
    assert_eq!((report.rows, report.movements.len(), report.complete), (2, 1, true));
    assert_eq!(budi.says(child, "name").as_deref(), Some("Ani"));
    assert!(budi.body(Kind::MEASUREMENT, weighing).is_some());
    let held: Vec<_> = siti.digest().into_iter().chain(budi.digest()).collect();
    assert_eq!(held, world.digest("16.04").into_iter().collect::<Vec<_>>());
}

#[test]
fn a_stale_edit_does_not_undo_a_hand_over() {
    let (world, mut siti, mut budi, child) = two_tablets();
    siti.replica.move_child(child, area(OTHER_DESA)).unwrap();
    siti.sync();
    world.time.pass(HOUR);
    budi.edit(Kind::CHILD, child, "phone", "dari Budi");
    check_one_picture(&world, &mut [&mut budi, &mut siti]);
    let shown = siti.replica.record(Kind::CHILD, child).unwrap().unwrap();
    assert_eq!(shown.area, Some(area(OTHER_DESA)));
    assert_eq!(siti.says(child, "phone").as_deref(), Some("dari Budi"));
    assert_eq!(world.conflicts().len(), 0, "two registers");
}

#[test]
fn a_deleted_child_still_counts_as_a_parent_and_a_later_edit_revives_it() {
    let (world, mut siti, mut budi, child) = two_tablets();
    siti.replica.delete(Kind::CHILD, child, Tombstone::Double).unwrap();
    siti.sync();
    let weighing = budi.weigh(child, 9_400);
    budi.sync();
    assert_eq!(budi.outcome(weighing.seq), Some(Outcome::Applied));
    assert_eq!(budi.body(Kind::CHILD, child), None);
    check_one_picture(&world, &mut [&mut siti, &mut budi]);
    world.time.pass(HOUR);
    let revived = budi.replica.save(Kind::CHILD, Some(child), None, child_body("Ani lagi"));
    assert!(revived.is_ok(), "{revived:?}");
    check_one_picture(&world, &mut [&mut budi, &mut siti]);
    assert_eq!(siti.says(child, "name").as_deref(), Some("Ani lagi"));
    assert_eq!(siti.replica.list_of(Kind::MEASUREMENT, child).unwrap().len(), 1);
    assert_eq!(world.conflicts().len(), 0);
}

#[test]
fn a_deletion_against_an_edit_is_a_conflict_that_the_later_one_wins() {
    let (world, mut siti, mut budi, child) = two_tablets();
    siti.replica.delete(Kind::CHILD, child, Tombstone::WrongEntry).unwrap();
    world.time.pass(HOUR);
    budi.edit(Kind::CHILD, child, "phone", "dari Budi");
    check_one_picture(&world, &mut [&mut budi, &mut siti]);
    assert_eq!(siti.says(child, "phone").as_deref(), Some("dari Budi"));
    let conflicts = world.conflicts();
    assert_eq!((conflicts.len(), conflicts[0].label.as_str()), (1, "overlap"));
}

#[test]
fn edits_of_different_fields_are_a_parallel_conflict_and_equal_ones_are_none() {
    let (world, mut siti, mut budi, child) = two_tablets();
    siti.edit(Kind::CHILD, child, "phone", "0800");
    budi.edit(Kind::CHILD, child, "address", "Dusun 2");
    let other = any_id();
    for tablet in [&mut siti, &mut budi] {
        let body = child_body("Sama");
        tablet.replica.save(Kind::CHILD, Some(other), Some(area(SADAN)), body).unwrap();
    }
    check_one_picture(&world, &mut [&mut siti, &mut budi]);
    let conflicts = world.conflicts();
    assert_eq!(conflicts.len(), 1);
    assert_eq!((conflicts[0].record, conflicts[0].label.as_str()), (child, "parallel"));
}

#[test]
fn a_worker_who_edits_twice_without_signal_is_not_in_conflict_with_himself() {
    let world = World::default();
    let mut siti = world.device("Siti", &[SADAN]);
    let child = any_id();
    let first = siti.child(child, SADAN, &child_body("Ani"));
    world.time.pass(MINUTE);
    // Neither edit could name a version that the server had given a stamp.
    let second = siti.body("child", child, None, &child_body("Ani Sari"));
    world.time.pass(MINUTE);
    let receipts = siti.push(&[first, second]).receipts;
    assert!(receipts.iter().all(|receipt| receipt.outcome == Outcome::Applied), "{receipts:?}");
    assert_eq!(world.conflicts().len(), 0);
}

#[test]
fn fields_of_a_later_app_survive_an_older_one() {
    let (world, mut siti, mut budi, _) = two_tablets();
    let mut later = world.device("App baru", &[KECAMATAN]);
    let child = any_id();
    let body = child_body("Baru").with("asal", "rujukan").with("skor", vec![1, 2]);
    let change = later.child(child, SADAN, &body);
    later.push(&[change]);
    siti.sync();
    // Her app writes what it knows, and carries the rest along.
    let known = child_body("Baru").with("phone", "0800");
    siti.replica.save(Kind::CHILD, Some(child), None, known).unwrap();
    siti.sync();
    check_one_picture(&world, &mut [&mut siti, &mut budi]);
    let held = budi.body(Kind::CHILD, child).unwrap();
    assert!(held.says_the_same(&body.with("phone", "0800")), "{held:?}");
}
