//! One child with more records and versions than are shown: the latest are, and the rest is counted.

use super::Asker;
use serde_json::{Value, json};
use server::thresholds::{ChildBounds, Thresholds};
use std::collections::BTreeSet;
use sync_protocol::ids::RecordId;
use sync_tests::{Dice, SADAN, World, any_id, child_body, measurement_body};

/// More than there is.
const ALL: usize = 1_000_000;

/// A child that was weighed and edited in turn, then visited, and edited some more.
fn long_life(world: &World) -> RecordId {
    let child = any_id();
    let mut device = world.device("Petugas", &[SADAN]);
    let mut push = |change: &mut dyn FnMut(&mut sync_tests::Device) -> Value| {
        let change = change(&mut device);
        assert_eq!(device.push_one(change).outcome.as_str(), "applied");
        world.time.pass(60_000);
    };
    push(&mut |device| device.child(child, SADAN, &child_body("Ani")));
    for n in 0..7_u16 {
        push(&mut |device| {
            let body = measurement_body(child, 8_000 + i64::from(n))
                .with("note", "x".repeat(50 * usize::from(n)));
            device.body("measurement", any_id(), None, &body)
        });
        let phone = format!("0800-0000-{n:04}");
        push(&mut |device| {
            device.body("child", child, None, &child_body("Ani").with("phone", &*phone))
        });
    }
    for _ in 0..2 {
        let visit = json!({"child_id": child, "visited_on": "2026-11-24", "purpose": "konseling"});
        push(&mut |device| device.change("visit", any_id(), json!({"body": visit})));
    }
    for n in 0..4 {
        let address = format!("Dusun {n}");
        push(&mut |device| {
            device.body("child", child, None, &child_body("Ani").with("address", &*address))
        });
    }
    child
}

fn list<'v>(shown: &'v Value, name: &str) -> &'v [Value] {
    shown[name].as_array().unwrap()
}

/// The first so many of what is shown without a bound, and how many there are besides.
#[track_caller]
fn check_first(part: &Value, whole: &Value, name: &str, what: &str) {
    let (shown, all) = (list(part, name), list(whole, name));
    assert_eq!(shown, &all[..shown.len()], "{what}: {name}");
    assert_eq!(part["left_out"][name], all.len() - shown.len(), "{what}: {name}");
    assert!(!shown.is_empty(), "{what}: {name}");
}

#[test]
fn a_long_life_shows_its_latest_part_and_counts_the_rest() {
    let mut dice = Dice::new(1_000);
    println!("TIMBANG_SEED={}", dice.seed());
    let world = World::default();
    let child = long_life(&world);
    let asker = Asker::of(&world, &[SADAN]);
    let address = format!("/v1/children/{child}");
    let whole = asker.get(&world.server.client(), &address);
    assert_eq!((list(&whole, "measurements").len(), list(&whole, "history").len()), (7, 21));
    let weights: Vec<i64> = list(&whole, "measurements")
        .iter()
        .map(|row| row["body"]["weight_g"].as_i64().unwrap())
        .collect();
    assert!(weights.is_sorted_by(|one, next| one > next), "the latest first: {weights:?}");
    assert_eq!(whole["left_out"], json!({"measurements": 0, "visits": 0, "versions": 0}));

    let mut any = |most: u64| usize::try_from(1 + dice.below(most)).unwrap();
    for _ in 0..12 {
        let bounds = [
            ChildBounds {
                records: any(9),
                versions: any(20),
                record_bytes: ALL,
                version_bytes: ALL,
            },
            ChildBounds { records: ALL, versions: ALL, record_bytes: any(900), version_bytes: ALL },
            ChildBounds { records: ALL, versions: ALL, record_bytes: ALL, version_bytes: any(900) },
        ];
        for child in bounds {
            let what = format!("{child:?}");
            let server = world.server_with(Thresholds { child, ..Thresholds::default() });
            let part = asker.get(&server.client(), &address);
            check_first(&part, &whole, "measurements", &what);
            check_first(&part, &whole, "visits", &what);
            assert_eq!(
                list(&part, "measurements").len(),
                child.records.min(7).min(weighing(&whole, child))
            );
            check_history(&part, &whole, child, &what);
        }
    }
}

/// How many measurements fit into the bytes: the one that fills them is the last.
fn weighing(whole: &Value, bounds: ChildBounds) -> usize {
    let mut bytes = 0;
    let lengths = list(whole, "measurements").iter().map(|row| row["body"].to_string().len());
    lengths
        .take_while(|length| {
            let has_room = bytes < bounds.record_bytes;
            bytes += length;
            has_room
        })
        .count()
}

/// The latest versions of what is shown, as they stand in the whole.
#[track_caller]
fn check_history(part: &Value, whole: &Value, bounds: ChildBounds, what: &str) {
    let shown_ids: BTreeSet<&str> = ["measurements", "visits"]
        .into_iter()
        .flat_map(|name| list(part, name))
        .chain([&part["child"]])
        .map(|row| row["id"].as_str().unwrap())
        .collect();
    let versions = list(whole, "history")
        .iter()
        .filter(|version| shown_ids.contains(version["id"].as_str().unwrap()));
    let versions: Vec<&Value> = versions.collect();
    let shown: Vec<&Value> = list(part, "history").iter().collect();
    assert_eq!(shown, versions[versions.len() - shown.len()..], "{what}");
    assert_eq!(part["left_out"]["versions"], versions.len() - shown.len(), "{what}");
    assert!(shown.len() <= bounds.versions && !shown.is_empty(), "{what}");
    if bounds.version_bytes == ALL {
        assert_eq!(shown.len(), bounds.versions.min(versions.len()), "{what}");
    }
}
