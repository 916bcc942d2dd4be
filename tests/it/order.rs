//! Guarantee 3: the order of arrival decides nothing. Every order of the same changes ends in the same
//! records, under the same digests.
//!
//! Every order is merged by the real admission and merge, in one write job that is undone. Some
//! orders are played again on a copy of the database, one job after the other, and kept.

mod scene;
mod sets;

use scene::{End, Scene, digests_of};
use serde_json::{Value, json};
use sets::{Known, THIRD_DESA, many_each, one_each};
use sync_tests::{
    Dice, OTHER_DESA, SADAN, any_id, child_body, is_long_proof, keep_figures, measurement_body,
};

const DEVICES: usize = 8;
const ORDERS: usize = 40_320;
/// Sets of changes that the long proof plays, and that every run plays.
const SETS: usize = 20;
const SETS_EACH_RUN: usize = 1;
/// Orders of each set that are kept.
const KEPT: usize = 4;
/// The long season: changes, and orders that they are sent in.
const SEASON: usize = 2_000;
const SEASON_ORDERS: usize = 8;

fn shuffled<T>(mut order: Vec<T>, dice: &mut Dice) -> Vec<T> {
    for at in (1..order.len()).rev() {
        order.swap(at, usize::try_from(dice.below(at as u64 + 1)).unwrap());
    }
    order
}

/// All orders of one request each end alike; returns what they end in.
#[track_caller]
fn check_orders(scene: &Scene, devices: usize, dice: &mut Dice) -> (End, Vec<Value>) {
    let ends = scene.imagine_all();
    assert_eq!(ends.values().sum::<usize>(), factorial(devices));
    assert_eq!(ends.len(), 1, "orders end differently: {ends:#?}");
    let expected = ends.into_keys().next().unwrap();
    let digests = digests_of(&expected);
    let mut said = None;
    for _ in 0..KEPT {
        let order = shuffled((0..devices).map(|n| (n, 1)).collect(), dice);
        let (end, states, kept) = scene.play(&order);
        assert_eq!((&end, &kept), (&expected, &digests), "order {order:?}");
        assert_eq!(said.get_or_insert_with(|| states.clone()), &states, "order {order:?}");
    }
    (expected, said.unwrap())
}

fn factorial(n: usize) -> usize {
    (1..=n).product()
}

#[test]
fn every_order_of_six_changes_to_one_record_ends_alike() {
    let child = any_id();
    let body = |name: &str| json!({"body": child_body(name)});
    let scene = Scene::of(6, |devices| {
        let change = devices[0].child(child, SADAN, &child_body("Ani"));
        devices[0].push_one(change);
        vec![
            vec![(10, "child", child, body("pertama"))],
            vec![(20, "child", child, json!({"deleted": "ganda"}))],
            vec![(30, "child", child, body("terakhir"))],
            vec![(15, "child", child, json!({"move": OTHER_DESA}))],
            vec![(25, "child", child, json!({"move": THIRD_DESA}))],
            vec![(12, "measurement", any_id(), json!({"body": measurement_body(child, 9_400)}))],
        ]
    });
    let (_, end) = check_orders(&scene, 6, &mut Dice::new(6));
    let row = end.iter().find(|row| row["id"] == json!(child)).unwrap();
    assert_eq!(row["area"], THIRD_DESA);
    assert_eq!(row["state"]["name"], "terakhir");
    assert!(end.iter().all(|row| row["area"] == THIRD_DESA), "its measurement went along");
}

#[test]
fn every_order_ends_alike_although_five_changes_wait_for_the_sixth() {
    let child = any_id();
    let visit = json!({"child_id": child, "visited_on": "2026-11-24", "purpose": "konseling"});
    let scene = Scene::of(6, |_| {
        vec![
            vec![(10, "child", child, json!({"area": SADAN, "body": child_body("baru")}))],
            vec![(20, "child", child, json!({"body": child_body("diedit")}))],
            vec![(15, "child", child, json!({"move": OTHER_DESA}))],
            vec![(12, "child", child, json!({"deleted": "salah_input"}))],
            vec![(11, "measurement", any_id(), json!({"body": measurement_body(child, 9_400)}))],
            vec![(30, "visit", any_id(), json!({"body": visit}))],
        ]
    });
    let (_, end) = check_orders(&scene, 6, &mut Dice::new(6));
    assert_eq!(end.len(), 3);
    assert!(end.iter().all(|row| row["area"] == OTHER_DESA), "{end:?}");
}

#[test]
fn every_order_of_the_changes_of_eight_devices_ends_alike() {
    assert_eq!(ORDERS, factorial(DEVICES));
    let mut dice = Dice::new(40_320);
    let sets = if is_long_proof() { SETS } else { SETS_EACH_RUN };
    for set in 0..sets {
        let mut of_set = Dice::new(dice.roll());
        let seed = of_set.seed();
        println!("set {set}, seed {seed}");
        let scene = Scene::of(DEVICES, |devices| {
            let known = Known::stored(devices, &mut of_set);
            one_each(DEVICES, &known, &mut of_set)
        });
        check_orders(&scene, DEVICES, &mut dice);
    }
    keep_figures("order", &json!({"devices": DEVICES, "orders": ORDERS, "sets": sets}));
}

#[test]
fn two_thousand_changes_end_alike_however_they_are_mixed_and_cut() {
    let mut dice = Dice::new(2_000);
    println!("seed {}", dice.seed());
    let scene = Scene::of(DEVICES, |devices| {
        let known = Known::stored(devices, &mut dice);
        many_each(DEVICES, SEASON / DEVICES, &known, &mut dice)
    });
    let mut first = None;
    for n in 0..SEASON_ORDERS {
        let mut order = Vec::new();
        for device in 0..DEVICES {
            let mut left = SEASON / DEVICES;
            while left > 0 {
                let count = left.min(1 + usize::try_from(dice.below(40)).unwrap());
                order.push((device, count));
                left -= count;
            }
        }
        let played = scene.play(&shuffled(order, &mut dice));
        assert_eq!(digests_of(&played.0), played.2, "order {n}");
        assert!(
            first.get_or_insert_with(|| played.clone()) == &played,
            "order {n} ends differently"
        );
    }
    keep_figures("season", &json!({"changes": SEASON, "orders": SEASON_ORDERS}));
}
