//! The order of arrival decides nothing: every order of the same changes ends in the same records.
//!
//! Each order is merged in one write job that is rolled back at its end, so all of them begin with
//! the same database. Some are played again on a copy of it, one job after the other, and kept.

use rusqlite::Connection;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use server::check::check;
use server::http::{Service, Settings};
use server::platform::{Clock, SystemRandom};
use server::refusal::Refusal;
use server::store::{DATABASE_FILE, ReadTx, StoreError, VersionContent};
use server::sync::push::{Push, push};
use server::sync::received::Received;
use std::collections::BTreeMap;
use std::sync::Arc;
use sync_protocol::area::{Area, Scope};
use sync_protocol::change::Register;
use sync_protocol::digest::AreaDigest;
use sync_protocol::ids::RecordId;
use sync_protocol::time::parse_date;
use sync_protocol::wire::Status;
use sync_tests::{
    DAY, Device, HOUR, KECAMATAN, MINUTE, OTHER_DESA, SADAN, World, any_id, area, child_body,
    measurement_body,
};

const DEVICES: usize = 6;
const ORDERS: usize = 720;
/// Of the orders, one in so many is kept.
const KEPT_EACH: usize = 37;
const THIRD_DESA: &str = "16.04.06.2010";

/// A world and one request of each of its devices.
struct Scene {
    world: World,
    requests: Arc<Vec<Push>>,
    /// What the changes are of.
    ids: Vec<RecordId>,
    database: Vec<u8>,
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
        let mut ids: Vec<RecordId> = edits.iter().map(|(_, _, id, _)| *id).collect();
        ids.sort();
        ids.dedup();
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
        let copy = world.data().join("copy.db");
        let db = Connection::open(world.data().join(DATABASE_FILE)).unwrap();
        db.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
        let database = std::fs::read(copy).unwrap();
        Scene { world, requests: Arc::new(requests), ids, database }
    }

    /// What the feed says after the requests came in this order.
    fn imagine(&self, order: &[usize]) -> Vec<Value> {
        let (requests, now_ms) = (Arc::clone(&self.requests), self.world.time.now_ms());
        let (order, ids) = (order.to_vec(), self.ids.clone());
        let played = self.world.service().store().write(move |tx| {
            for n in order {
                push(tx, &requests[n], now_ms)?;
            }
            Err::<(), _>(Undone::End(look(tx, &ids)?))
        });
        match played {
            Err(Undone::End(rows)) => rows,
            Err(Undone::Refused(refusal)) => panic!("{refusal}"),
            Ok(()) => panic!("an order was kept"),
        }
    }

    /// The same, kept: also the digests, and what a check finds.
    fn play(&self, order: &[usize]) -> (Vec<Value>, BTreeMap<Area, AreaDigest>) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(DATABASE_FILE), &self.database).unwrap();
        let (clock, random) = (Arc::new(self.world.time.clone()), Arc::new(SystemRandom));
        let service = Service::open(dir.path(), clock, random, Settings::default()).unwrap();
        for n in order.iter().copied() {
            let (requests, now_ms) = (Arc::clone(&self.requests), self.world.time.now_ms());
            let pushed =
                service.store().write::<_, Refusal, _>(move |tx| push(tx, &requests[n], now_ms));
            pushed.unwrap();
        }
        assert_eq!(check(service.store()).unwrap().faults, Vec::<String>::new());
        let scope = Scope::of([area(KECAMATAN)]);
        let read = service
            .store()
            .read::<_, StoreError>(|tx| Ok((look(tx, &self.ids)?, tx.digests(&scope)?)));
        read.unwrap()
    }
}

/// The error that rolls an order back, with what it ended in.
enum Undone {
    End(Vec<Value>),
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

/// The records as they are stored: area, stamp and state.
fn look(tx: &ReadTx<'_>, ids: &[RecordId]) -> Result<Vec<Value>, StoreError> {
    let mut rows = Vec::new();
    for id in ids {
        let Some(record) = tx.record(*id)? else { continue };
        let state = match tx.content(record.state_pos, Register::State)? {
            VersionContent::Body(body) => json!(body),
            VersionContent::Deleted(reason) => json!(reason),
            VersionContent::Place(_) => panic!("a place is no state"),
        };
        rows.push(json!({"id": id, "area": record.area, "stamp": record.row_stamp(),
            "state": state}));
    }
    Ok(rows)
}

/// The digests as a tablet counts them.
fn digests_of(rows: &[Value]) -> BTreeMap<Area, AreaDigest> {
    let mut digests: BTreeMap<Area, AreaDigest> = BTreeMap::new();
    for row in rows {
        let text = |member: &str| row[member].as_str().unwrap();
        let digest = digests.entry(area(text("area"))).or_default();
        digest.add(&text("id").parse().unwrap(), text("stamp").parse().unwrap());
    }
    digests
}

fn request(device: &Device, change: &Value, world: &World) -> Push {
    let today = parse_date("2026-11-24").unwrap();
    Push {
        token: device.token.clone(),
        sent_at: device.shows(),
        clock: device.clock,
        last_seq: device.seq,
        status: Status::default(),
        changes: Received::read(vec![to_raw_value(change).unwrap()], today).unwrap(),
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
fn check_orders(scene: &Scene) -> Vec<Value> {
    let orders = orders(DEVICES);
    assert_eq!(orders.len(), ORDERS);
    let expected = scene.imagine(&orders[0]);
    let digests = digests_of(&expected);
    for order in &orders {
        assert_eq!(scene.imagine(order), expected, "order {order:?}");
    }
    for order in orders.iter().step_by(KEPT_EACH) {
        assert_eq!(scene.play(order), (expected.clone(), digests.clone()), "order {order:?}");
    }
    println!("{ORDERS} orders of {DEVICES} changes end in {digests:?}");
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
    let row = end.iter().find(|row| row["id"] == json!(child)).unwrap();
    assert_eq!(row["area"], THIRD_DESA);
    assert_eq!(row["state"]["name"], "terakhir");
    assert!(end.iter().all(|row| row["area"] == THIRD_DESA), "its measurement went along");
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
    assert_eq!(end.len(), 3);
    assert!(end.iter().all(|row| row["area"] == OTHER_DESA), "{end:?}");
}
