//! kill -9 under load: what was acknowledged is there afterwards, with the receipt that was given.

use crate::pusher::{MANY, UNLIMITED, enrolled, push_all, wait_for};
use serde_json::{Value, json};
use sync_tests::{Dice, ServerProcess, keep_figures, timbang};

const CYCLES: usize = 20;

#[test]
fn nothing_acknowledged_is_lost_by_twenty_kills_under_load() {
    let mut dice = Dice::new(160_406);
    println!("seed {}", dice.seed());
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    let mut pushers = enrolled(data, &mut dice);
    for cycle in 0..CYCLES {
        let mut server = ServerProcess::with_arguments(data, &UNLIMITED);
        for pusher in &mut pushers {
            pusher.check_receipts(server.client(), pusher.checked + 1);
            pusher.checked = pusher.receipts.len() as u64;
        }
        let (threads, answers) = push_all(&mut pushers, &server, MANY);
        wait_for(&answers, 10 + dice.below(90));
        server.kill();
        pushers.extend(threads.into_iter().map(|thread| thread.join().unwrap()));
        if cycle % 5 == 0 {
            let checked = timbang(data, &["check", "--json"]).json();
            assert_eq!(checked["ok"], true, "cycle {cycle}: {checked}");
        }
    }
    let server = ServerProcess::with_arguments(data, &UNLIMITED);
    for pusher in &mut pushers {
        pusher.check_receipts(server.client(), 1);
    }
    let acknowledged: usize = pushers.iter().map(|pusher| pusher.receipts.len()).sum();
    let written: usize = pushers.iter().map(|pusher| pusher.log.len()).sum();
    let mut checked = timbang(data, &["check", "--json"]).json();
    assert_eq!(checked["ok"], true, "{checked}");
    let stored = checked["changes"].take();
    let stored: u64 = stored.as_object().unwrap().values().filter_map(Value::as_u64).sum();
    println!("{CYCLES} kills: {acknowledged} of {written} changes acknowledged, {stored} stored");
    assert!(acknowledged > 50 * CYCLES, "{acknowledged}: that was no load");
    keep_figures("death-random", &json!({"kills": CYCLES, "acknowledged": acknowledged}));
    assert!((acknowledged as u64..=written as u64).contains(&stored));
}
