//! The order of arrival decides nothing: every order of the same changes ends in the same records.
//!
//! Each order is merged in one write job that is rolled back at its end, so all of them begin with
//! the same database.

use serde_json::{Value, json};
use server::platform::Clock;
use server::refusal::Refusal;
use server::store::{FeedEntry, Finding, ReadTx, StoreError, WriteTx};
use server::sync::push::{Push, push};
use std::sync::Arc;
use sync_protocol::area::Scope;
use sync_protocol::change::read_change;
use sync_protocol::ids::RecordId;
use sync_protocol::time::parse_date;
use sync_protocol::wire::Status;
use sync_tests::{
    DAY, Device, HOUR, KECAMATAN, MINUTE, OTHER_DESA, SADAN, World, any_id, area, child_body,
    measurement_body,
};

const DEVICES: usize = 6;
const ORDERS: usize = 720;
const THIRD_DESA: &str = "16.04.06.2010";

/// A world and one request of each of its devices.
struct Scene {
    world: World,
    requests: Arc<Vec<Push>>,
}

impl Scene {
    /// Everybody is enrolled, the first device's `prepare` is stored, then each device writes one
    /// change, `minutes` after that, by a clock of its own.
    fn of(
        prepare: impl FnOnce(&mut Device),
        edits: [(i64, &str, RecordId, Value); DEVICES],
    ) -> Self {
        let world = World::default();
        let mut devices: Vec<Device> =
            (0..DEVICES).map(|n| world.device(&format!("Petugas {n}"), &[KECAMATAN])).collect();
        prepare(&mut devices[0]);
        let begun = world.time.now_ms();
        let mut changes = Vec::new();
        for (n, (minutes, kind, id, edit)) in edits.into_iter().enumerate() {
            world.time.set(begun + minutes * MINUTE);
            devices[n].skew_ms = [0, 3 * DAY, 0, -3650 * DAY, MINUTE, 0][n];
            changes.push(devices[n].change(kind, id, edit));
        }
        world.time.set(begun + 2 * HOUR);
        let requests = devices.iter().zip(&changes);
        let requests = requests.map(|(device, change)| request(device, change, &world)).collect();
        Scene { world, requests: Arc::new(requests) }
    }

    /// What the feed says after the requests came in this order, and what a check finds.
    fn play(&self, order: &[usize]) -> (Value, Vec<Finding>) {
        let (requests, now_ms) = (Arc::clone(&self.requests), self.world.time.now_ms());
        let order = order.to_vec();
        let played = self.world.service().store().write(move |tx| {
            merge_and_look(tx, order.iter().map(|n| &requests[*n]), now_ms)
                .map_or_else(Err::<(), _>, |end| Err(Undone::End(Box::new(end))))
        });
        match played {
            Err(Undone::End(end)) => *end,
            Err(Undone::Refused(refusal)) => panic!("{refusal}"),
            Ok(()) => panic!("an order was kept"),
        }
    }
}

/// The error that rolls an order back, with what it ended in.
enum Undone {
    End(Box<(Value, Vec<Finding>)>),
    Refused(Refusal),
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Undone::Refused(error.into())
    }
}

impl From<Refusal> for Undone {
    fn from(refusal: Refusal) -> Self {
        Undone::Refused(refusal)
    }
}

fn merge_and_look<'a>(
    tx: &WriteTx<'_>,
    requests: impl Iterator<Item = &'a Push>,
    now_ms: i64,
) -> Result<(Value, Vec<Finding>), Undone> {
    for request in requests {
        push(tx, request, now_ms)?;
    }
    Ok((feed(tx)?, tx.find_faults()?))
}

/// Every record as a tablet of the kecamatan receives it, and the digests.
fn feed(tx: &ReadTx<'_>) -> Result<Value, StoreError> {
    let scope = Scope::of([area(KECAMATAN)]);
    let entries = tx.feed_page(&scope, 0, 500)?.into_iter().filter_map(|entry| match entry {
        FeedEntry::Record { id, child_id, area, stamp, by, deleted, body, .. } => {
            Some(json!({"id": id, "child_id": child_id, "area": area, "stamp": stamp, "by": by,
                "deleted": deleted, "body": body}))
        }
        FeedEntry::Departure { .. } => None,
    });
    let mut rows: Vec<Value> = entries.collect();
    rows.sort_by_key(|row| row["id"].to_string());
    Ok(json!({"digest": tx.digests(&scope)?, "rows": rows}))
}

fn request(device: &Device, change: &Value, world: &World) -> Push {
    let today = parse_date("2026-11-24").unwrap();
    Push {
        token: device.token.clone(),
        sent_at: device.shows(),
        clock: device.clock,
        last_seq: device.seq,
        status: Status::default(),
        changes: vec![read_change(&change.to_string(), today).unwrap()],
        cursor: None,
        arrived_ms: world.time.now_ms(),
    }
}

/// Every order of 0 to `n` - 1.
fn orders(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let shorter = orders(n - 1);
    let with_last = |order: &Vec<usize>, at: usize| [&order[..at], &[n - 1], &order[at..]].concat();
    shorter.iter().flat_map(|order| (0..n).map(|at| with_last(order, at))).collect()
}

/// All orders end alike; returns what they end in.
#[track_caller]
fn check_orders(scene: &Scene) -> Value {
    let orders = orders(DEVICES);
    assert_eq!(orders.len(), ORDERS);
    let (expected, _) = scene.play(&orders[0]);
    for order in &orders {
        let (end, faults) = scene.play(order);
        assert_eq!(end, expected, "order {order:?}");
        assert_eq!(faults, [], "order {order:?}");
    }
    println!("{ORDERS} orders of {DEVICES} changes end in {}", expected["digest"]);
    expected
}

#[test]
fn every_order_of_six_changes_to_one_record_ends_alike() {
    let child = any_id();
    let body = |name: &str| json!({"body": child_body(name)});
    let scene = Scene::of(
        |first| {
            let change = first.child(child, SADAN, &child_body("Ani"));
            first.push_one(change);
        },
        [
            (10, "child", child, body("pertama")),
            (20, "child", child, json!({"deleted": "ganda"})),
            (30, "child", child, body("terakhir")),
            (15, "child", child, json!({"move": OTHER_DESA})),
            (25, "child", child, json!({"move": THIRD_DESA})),
            (12, "measurement", any_id(), json!({"body": measurement_body(child, 9_400)})),
        ],
    );
    let end = check_orders(&scene);
    let row = end["rows"].as_array().unwrap().iter().find(|row| row["id"] == json!(child)).unwrap();
    assert_eq!(row["area"], THIRD_DESA);
    assert!(row["body"].as_str().unwrap().contains("terakhir"), "{row}");
    assert_eq!(end["digest"].as_object().unwrap().len(), 1, "its measurement went along");
}

#[test]
fn every_order_ends_alike_although_five_changes_wait_for_the_sixth() {
    let child = any_id();
    let visit = json!({"child_id": child, "visited_on": "2026-11-24", "purpose": "konseling"});
    let scene = Scene::of(
        |_| {},
        [
            (10, "child", child, json!({"area": SADAN, "body": child_body("baru")})),
            (20, "child", child, json!({"body": child_body("diedit")})),
            (15, "child", child, json!({"move": OTHER_DESA})),
            (12, "child", child, json!({"deleted": "salah_input"})),
            (11, "measurement", any_id(), json!({"body": measurement_body(child, 9_400)})),
            (30, "visit", any_id(), json!({"body": visit})),
        ],
    );
    let end = check_orders(&scene);
    assert_eq!(end["rows"].as_array().unwrap().len(), 3);
    assert!(end["rows"].as_array().unwrap().iter().all(|row| row["area"] == OTHER_DESA), "{end}");
}
