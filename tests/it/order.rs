//! The order of arrival decides nothing: every order of the same changes ends in the same records.

use serde_json::{Value, json};
use server::http::{Request, Service, Settings};
use server::platform::{Clock, SystemRandom};
use server::store::DATABASE_FILE;
use std::path::Path;
use std::sync::Arc;
use sync_protocol::ids::RecordId;
use sync_tests::{
    DAY, Device, HOUR, KECAMATAN, MINUTE, OTHER_DESA, SADAN, Time, World, any_id, child_body,
    measurement_body,
};

const DEVICES: usize = 6;
const ORDERS: usize = 720;
const THIRD_DESA: &str = "16.04.06.2010";

/// A database as bytes, and one request of each of its devices.
struct Scene {
    database: Vec<u8>,
    requests: Vec<Request>,
    observer: Request,
    time: Time,
}

impl Scene {
    /// Everybody is enrolled, the first device's `prepare` is stored, then each device writes one
    /// change, `minutes` after the enrolment, by a clock of its own.
    fn of(
        prepare: impl FnOnce(&mut Device),
        edits: [(i64, &str, RecordId, Value); DEVICES],
    ) -> Self {
        let world = World::default();
        let mut devices: Vec<Device> =
            (0..DEVICES).map(|n| world.device(&format!("Petugas {n}"), &[KECAMATAN])).collect();
        let observer = world.device("Pengamat", &[KECAMATAN]);
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
        let requests = requests.map(|(device, change)| {
            request(device, &device.envelope(std::slice::from_ref(change)), &world.time)
        });
        let requests = requests.collect();
        let observer = request(&observer, &observer.envelope(&[]), &world.time);
        let copy = world.data().join("copy.db");
        let db = rusqlite::Connection::open(world.data().join(DATABASE_FILE)).unwrap();
        db.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
        Scene { database: std::fs::read(copy).unwrap(), requests, observer, time: world.time }
    }

    /// What the feed says after the requests came in this order.
    fn play(&self, order: &[usize], dir: &Path) -> Value {
        for left in std::fs::read_dir(dir).unwrap() {
            std::fs::remove_file(left.unwrap().path()).unwrap();
        }
        std::fs::write(dir.join(DATABASE_FILE), &self.database).unwrap();
        let (clock, random) = (Arc::new(self.time.clone()), Arc::new(SystemRandom));
        let service = Service::open(dir, clock, random, Settings::default()).unwrap();
        for n in order {
            let response = service.answer(&self.requests[*n]);
            assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
        }
        let mut reply: Value =
            serde_json::from_slice(&service.answer(&self.observer).body).unwrap();
        let mut rows = reply["rows"].take();
        rows.as_array_mut().unwrap().retain(|row| row.get("gone").is_none());
        rows.as_array_mut().unwrap().sort_by_key(|row| row["id"].to_string());
        json!({"digest": reply["digest"], "rows": rows})
    }
}

fn request(device: &Device, envelope: &Value, time: &Time) -> Request {
    Request {
        method: "POST".to_owned(),
        path: "/v1/sync".to_owned(),
        token: Some(device.token.clone()),
        arrived_ms: time.now_ms(),
        body: envelope.to_string().into_bytes(),
        ..Request::default()
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
    let dir = tempfile::tempdir().unwrap();
    let expected = scene.play(&orders[0], dir.path());
    for order in &orders[1..] {
        assert_eq!(scene.play(order, dir.path()), expected, "order {order:?}");
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
    assert_eq!((&row["area"], &row["body"]["name"]), (&json!(THIRD_DESA), &json!("terakhir")));
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
