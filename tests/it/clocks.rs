//! The place in time that a change gets: from its tablet's clock where that was measured, between
//! two exchanges where it was not, after what its tablet wrote before and after what it was based on.

use rusqlite::Connection;
use serde_json::{Value, json};
use server::http::Request;
use server::platform::Clock as _;
use server::store::DATABASE_FILE;
use sync_protocol::ids::{DeviceNo, RecordId};
use sync_protocol::stamp::{Stamp, Tick};
use sync_protocol::time::Moment;
use sync_protocol::wire::{Outcome, Receipt, SyncReply};
use sync_tests::{
    DAY, Device, HOUR, MINUTE, OTHER_DESA, SADAN, World, any_id, child_body, measurement_body,
};

const YEAR: i64 = 365 * DAY;

fn at(receipt: &Receipt) -> i64 {
    receipt.stamp.tick.unix_ms()
}

/// The next change of a device's log, said to be made at a time and by a clock.
fn made(device: &mut Device, at_ms: i64, clock: u32) -> Value {
    let mut change = device.child(any_id(), SADAN, &child_body("Ani"));
    change["made_at"] = json!(Moment::utc(at_ms));
    change["clock"] = json!(clock);
    change
}

fn edit(device: &mut Device, child: RecordId, base: Option<Stamp>, name: &str) -> Value {
    let base = base.map(|base| base.to_string());
    device.body("child", child, base.as_deref(), &child_body(name))
}

/// Whether the log says that the time of a change is uncertain.
fn is_uncertain(world: &World, device: &Device, seq: u64) -> bool {
    let db = Connection::open(world.data().join(DATABASE_FILE)).unwrap();
    let sql = "SELECT uncertain FROM log WHERE device = ?1 AND seq = ?2";
    db.query_row(sql, (device.number, seq.cast_signed()), |row| row.get(0)).unwrap()
}

#[test]
fn a_base_that_names_no_version_of_the_record_adds_nothing_and_is_a_conflict() {
    let world = World::default();
    let (mut siti, mut budi) = (world.device("Siti", &[SADAN]), world.device("Budi", &[SADAN]));
    let child = any_id();
    let change = siti.child(child, SADAN, &child_body("Ani"));
    let mut winner = siti.push_one(change).stamp;
    let ahead = Tick::at(world.time.now_ms() + 5 * YEAR);
    for n in 0..4 {
        world.time.pass(MINUTE);
        // What Budi has not seen.
        let change = edit(&mut siti, child, Some(winner), &format!("Ani {n}"));
        assert_eq!(
            siti.push_one(change).outcome,
            Outcome::Applied,
            "an earlier base wins for ever"
        );
        world.time.pass(MINUTE);
        let base = match n {
            0 => Stamp { tick: ahead, device: DeviceNo(budi.number) },
            1 => Stamp { tick: ahead, device: DeviceNo(siti.number) },
            // Of another record.
            2 => {
                let change = siti.child(any_id(), SADAN, &child_body("Lain"));
                siti.push_one(change).stamp
            }
            // Of what was parked.
            _ => {
                let body = child_body("?").with("sex", "?");
                let change = budi.body("child", child, None, &body);
                budi.push_one(change).stamp
            }
        };
        let before = world.conflicts().len();
        let change = edit(&mut budi, child, Some(base), &format!("Budi {n}"));
        let receipt = budi.push_one(change);
        let expected = (Outcome::Applied, world.time.now_ms());
        assert_eq!((receipt.outcome, at(&receipt)), expected, "base {base}");
        assert_eq!(world.conflicts().len(), before + 1, "base {base}");
        winner = receipt.stamp;
    }
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn an_edit_beats_the_version_it_was_based_on_although_its_clock_was_behind() {
    let world = World::default();
    let (mut siti, mut budi) = (world.device("Siti", &["16.04"]), world.device("Budi", &["16.04"]));
    world.time.pass(DAY);
    let child = any_id();
    let change = siti.child(child, SADAN, &child_body("Ani"));
    let first = siti.push_one(change).stamp;
    let change = siti.body("child", child, Some(&first.to_string()), &child_body("Ani S."));
    let state = siti.push_one(change).stamp;
    let moved = siti.change("child", child, json!({"base": state, "move": OTHER_DESA}));
    let place = siti.push_one(moved).stamp;
    let an_hour_ago = json!(Moment::utc(world.time.now_ms() - HOUR));
    let edits = [
        (state, json!({"base": state, "body": child_body("Ani B.")})),
        (place, json!({"base": place, "move": SADAN})),
    ];
    for (base, deed) in edits {
        let mut change = budi.change("child", child, deed);
        change["made_at"] = an_hour_ago.clone();
        let receipt = budi.push_one(change);
        assert_eq!(
            (receipt.outcome, receipt.stamp > base),
            (Outcome::Applied, true),
            "{receipt:?}"
        );
    }
    assert_eq!(world.conflicts().len(), 0, "Budi had seen both");
}

#[test]
fn each_clock_of_a_tablet_has_a_skew_of_its_own() {
    let world = World::default();
    let mut budi = world.device("Budi", &[SADAN]);
    budi.push(&[]);
    world.time.pass(HOUR);
    let by_the_right_clock = budi.child(any_id(), SADAN, &child_body("Ani"));
    let first = world.time.now_ms();
    world.time.pass(HOUR);
    (budi.clock, budi.skew_ms) = (1, 3 * DAY);
    let by_the_fast_clock = budi.child(any_id(), SADAN, &child_body("Dedi"));
    let second = world.time.now_ms();
    world.time.pass(HOUR);
    // A clock is measured before the changes of its first request get their stamps.
    let receipts = budi.push(&[by_the_right_clock, by_the_fast_clock]).receipts;
    assert_eq!(receipts.iter().map(at).collect::<Vec<_>>(), [first, second]);
    assert!(!is_uncertain(&world, &budi, 1) && !is_uncertain(&world, &budi, 2));
}

#[test]
fn a_clock_that_was_moved_by_more_than_two_minutes_is_measured_anew() {
    let world = World::default();
    let mut budi = world.device("Budi", &[SADAN]);
    budi.push(&[]);
    // The tablet noticed none of it: the number of its clock stays. What the server measures within
    // two minutes of what it keeps is the same clock.
    for (skew_ms, off_by_ms) in
        [(3 * DAY, 0), (3 * DAY + MINUTE, MINUTE), (3 * DAY + 3 * MINUTE, 0), (-2 * DAY, 0), (0, 0)]
    {
        world.time.pass(HOUR);
        budi.skew_ms = skew_ms;
        budi.push(&[]);
        world.time.pass(HOUR);
        let change = budi.child(any_id(), SADAN, &child_body("Ani"));
        let made_ms = world.time.now_ms();
        world.time.pass(HOUR);
        assert_eq!(at(&budi.push_one(change)), made_ms + off_by_ms, "skew {skew_ms}");
    }
}

#[test]
fn a_clock_within_two_minutes_of_the_servers_counts_as_right() {
    let world = World::default();
    for (skew_ms, off_by_ms) in
        [(2 * MINUTE, 2 * MINUTE), (-2 * MINUTE, -2 * MINUTE), (2 * MINUTE + 1, 0)]
    {
        let mut budi = world.device("Budi", &[SADAN]);
        world.time.pass(HOUR);
        budi.skew_ms = skew_ms;
        let change = budi.child(any_id(), SADAN, &child_body("Ani"));
        let made_ms = world.time.now_ms();
        world.time.pass(HOUR);
        assert_eq!(at(&budi.push_one(change)), made_ms + off_by_ms, "skew {skew_ms}");
    }
}

#[test]
fn the_skew_is_measured_when_the_head_of_a_request_arrives() {
    let world = World::default();
    let mut budi = world.device("Budi", &[SADAN]);
    world.time.pass(HOUR);
    let change = budi.child(any_id(), SADAN, &child_body("Ani"));
    let made_ms = world.time.now_ms();
    world.time.pass(HOUR);
    let (envelope, arrived_ms) = (budi.envelope(&[change]), world.time.now_ms());
    // The rest of it takes its time on a bad line.
    world.time.pass(5 * MINUTE);
    let response = world.answer(&Request {
        method: "POST".to_owned(),
        path: "/v1/sync".to_owned(),
        token: Some(budi.token.clone()),
        peer: "198.51.100.7".to_owned(),
        arrived_ms,
        body: envelope.to_string().into_bytes(),
        ..Request::default()
    });
    let reply: SyncReply = serde_json::from_slice(&response.body).unwrap();
    assert_eq!(at(&reply.receipts[0]), made_ms);
}

#[test]
fn a_clock_that_was_never_measured_is_held_between_two_exchanges_and_marked() {
    let world = World::default();
    let mut budi = world.device("Budi", &[SADAN]);
    let enrolled = world.time.now_ms();
    world.time.pass(DAY);
    let now = world.time.now_ms();
    let changes = [
        made(&mut budi, now - 50 * YEAR, 7),
        made(&mut budi, now - HOUR, 7),
        made(&mut budi, now - MINUTE, 0),
        made(&mut budi, now + 10 * YEAR, 7),
    ];
    let receipts = budi.push(&changes).receipts;
    let expected = [enrolled, now - HOUR, now - MINUTE, now];
    assert_eq!(receipts.iter().map(at).collect::<Vec<_>>(), expected);
    let marked: Vec<bool> = (1..=4).map(|seq| is_uncertain(&world, &budi, seq)).collect();
    assert_eq!(marked, [true, true, false, true]);
}

#[test]
fn a_change_is_not_older_than_the_last_exchange_that_did_not_know_it() {
    let world = World::default();
    let mut budi = world.device("Budi", &[SADAN]);
    let long_ago = world.time.now_ms() - DAY;
    world.time.pass(HOUR);
    budi.push(&[]);
    world.time.pass(HOUR);
    budi.push(&[]);
    let last = world.time.now_ms();
    world.time.pass(HOUR);
    let change = made(&mut budi, long_ago, 7);
    // It was in the log at these two, though it was not sent.
    budi.push(&[]);
    world.time.pass(HOUR);
    budi.push(&[]);
    world.time.pass(HOUR);
    assert_eq!(at(&budi.push_one(change)), last);
}

#[test]
fn of_several_exchanges_that_did_not_know_a_change_the_last_one_counts() {
    let world = World::default();
    let mut budi = world.device("Budi", &[SADAN]);
    let long_ago = world.time.now_ms() - DAY;
    let mut changes = Vec::new();
    let mut last = 0;
    // He has signal, and his app sends nothing of what he writes.
    for _ in 0..3 {
        world.time.pass(HOUR);
        let change = budi.child(any_id(), SADAN, &child_body("Ani"));
        changes.push(change);
        world.time.pass(HOUR);
        budi.push(&[]);
        last = world.time.now_ms();
    }
    world.time.pass(HOUR);
    changes.push(made(&mut budi, long_ago, 7));
    world.time.pass(HOUR);
    let receipts = budi.push(&changes).receipts;
    let expected = [last - 5 * HOUR, last - 3 * HOUR, last - HOUR, last];
    assert_eq!(receipts.iter().map(at).collect::<Vec<_>>(), expected);
}

#[test]
fn an_exchange_that_knew_a_change_says_nothing_of_its_time() {
    let world = World::default();
    let mut budi = world.device("Budi", &[SADAN]);
    world.time.pass(HOUR);
    let change = budi.child(any_id(), SADAN, &child_body("Ani"));
    let made_ms = world.time.now_ms();
    world.time.pass(HOUR);
    budi.push(&[]);
    world.time.pass(HOUR);
    assert_eq!(at(&budi.push_one(change)), made_ms);
}

#[test]
fn the_lag_of_the_servers_clock_is_no_skew_of_a_tablet() {
    let world = World::default();
    let mut budi = world.device("Budi", &[SADAN]);
    world.time.pass(DAY);
    budi.push(&[]);
    // Somebody sets the server's clock back; the tablet's goes on as it was.
    world.time.pass(-HOUR);
    budi.skew_ms = HOUR;
    budi.push(&[]);
    world.time.pass(10 * MINUTE);
    let change = budi.child(any_id(), SADAN, &child_body("Ani"));
    let made_ms = world.time.now_ms() + HOUR;
    world.time.pass(10 * MINUTE);
    assert_eq!(at(&budi.push_one(change)), made_ms);
}

#[test]
fn server_time_never_goes_back_and_follows_the_wall_clock_again_when_that_is_right() {
    let world = World::default();
    let mut budi = world.device("Budi", &[SADAN]);
    let said = |budi: &mut Device| {
        let change = budi.child(any_id(), SADAN, &child_body("Ani"));
        let reply = budi.push(&[change]);
        assert!(at(&reply.receipts[0]) <= reply.server_time.unix_ms());
        reply.server_time.unix_ms()
    };
    let begun = said(&mut budi);
    assert_eq!(begun, world.time.now_ms());
    // A little behind, it waits; more than that is made up for, and goes on from there.
    world.time.pass(-MINUTE);
    assert_eq!(said(&mut budi), begun);
    world.time.pass(-HOUR);
    assert_eq!(said(&mut budi), begun);
    world.time.pass(10 * MINUTE);
    assert_eq!(said(&mut budi), begun + 10 * MINUTE);
    world.time.set(begun + HOUR);
    assert_eq!(said(&mut budi), begun + HOUR);
    world.time.pass(MINUTE);
    assert_eq!(said(&mut budi), begun + HOUR + MINUTE, "nothing is added any more");
}

#[test]
fn the_edits_of_one_tablet_keep_their_order_whatever_its_clock_says() {
    let world = World::default();
    let mut budi = world.device("Budi", &[SADAN]);
    world.time.pass(DAY);
    let now = world.time.now_ms();
    let child = any_id();
    let first = budi.child(child, SADAN, &child_body("Ani"));
    let weighing = any_id();
    let mut second = budi.body("measurement", weighing, None, &measurement_body(child, 9_400));
    second["made_at"] = json!(Moment::utc(now - HOUR));
    let receipts = budi.push(&[first, second]).receipts;
    let mut third = budi.body("measurement", weighing, None, &measurement_body(child, 9_500));
    third["made_at"] = json!(Moment::utc(now - 2 * HOUR));
    let last = budi.push_one(third);
    let stamps = [&receipts[0], &receipts[1], &last].map(|receipt| receipt.stamp.tick);
    assert_eq!(stamps, [Tick::at(now), Tick::at(now).next(), Tick::at(now).next().next()]);
    assert_eq!(last.outcome, Outcome::Applied);
}
