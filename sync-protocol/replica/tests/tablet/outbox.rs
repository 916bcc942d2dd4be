//! Changes that are carried by hand: what the file holds, and the sync that follows.

use crate::support::{DEVICE, Script, Tablet, own_stamp};
use serde_json::json;

fn seqs(tablet: &mut Tablet, whole_log: bool) -> Vec<u64> {
    let outbox = tablet.replica.outbox(whole_log).unwrap();
    let seq = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["seq"].as_u64();
    outbox.changes.iter().map(|raw| seq(raw.get()).unwrap()).collect()
}

#[test]
fn the_file_holds_what_has_no_receipt_or_the_whole_log_with_the_stamps_it_got() {
    let mut tablet = Tablet::enrolled();
    tablet.save_child("Melati");
    tablet.sync(Script::default().says(json!({}))).unwrap();
    tablet.save_child("Anggrek");
    let saved = tablet.replica.pending().unwrap()[0].bytes.clone();
    let outbox = tablet.replica.outbox(false).unwrap();
    assert_eq!((outbox.device.0, outbox.last_seq), (DEVICE, 2));
    assert_eq!(outbox.changes.iter().map(|raw| raw.get()).collect::<Vec<_>>(), [saved]);
    assert_eq!(seqs(&mut tablet, true), [1, 2]);
    let all = tablet.replica.outbox(true).unwrap();
    assert!(all.changes[0].get().contains(&own_stamp(1)));
}

/// The server has all of them from the file, before the second batch of the next sync is sent.
#[test]
fn a_server_that_has_them_from_the_file_is_not_taken_for_that_of_a_copy() {
    let mut tablet = Tablet::enrolled();
    for n in 0..501 {
        tablet.save_child(&format!("Anak {n}"));
    }
    assert_eq!(seqs(&mut tablet, false).len(), 501);
    let all = json!({"acked_through": 501});
    tablet.sync(Script::default().says(all.clone()).says(all)).unwrap();
    assert_eq!(tablet.replica.status().unwrap().pending, 0);
}

#[test]
fn a_replica_that_was_never_enrolled_has_no_outbox() {
    assert!(Tablet::new().replica.outbox(true).is_err());
}
