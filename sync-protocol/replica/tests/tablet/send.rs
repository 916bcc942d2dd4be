//! What goes out: exact bytes, once more when an answer is lost, in batches that the line carries.

use crate::support::{DESA, NOW, Script, Tablet, good, own_stamp};
use serde_json::{Value, json};
use sync_replica::{Stop, SyncError, TransportError};

fn seqs(request: &Value) -> Vec<u64> {
    request["changes"].as_array().unwrap().iter().map(|c| c["seq"].as_u64().unwrap()).collect()
}

#[test]
fn the_saved_bytes_are_sent_and_sent_again_when_the_answer_is_lost() {
    let mut tablet = Tablet::enrolled();
    tablet.save_child("Melati");
    let saved = tablet.replica.pending().unwrap()[0].bytes.clone();
    let mut lost = Script::default().fails(|| TransportError::Timeout);
    assert!(matches!(tablet.replica.sync(&mut lost, &mut |_| ()), Err(SyncError::Timeout)));
    let mut tablet = tablet.reopened();
    let mut server = Script::default().says(json!({}));
    tablet.replica.sync(&mut server, &mut |_| ()).unwrap();
    for text in [&lost.raw[0], &server.raw[0]] {
        assert!(text.contains(&format!("[{saved}]")), "{text}");
    }
    assert_eq!(tablet.replica.status().unwrap().pending, 0);
}

#[test]
fn a_request_says_how_the_tablet_stands() {
    let mut tablet = Tablet::enrolled();
    tablet.save_child("A");
    tablet.clock.pass(60_000);
    let request = &tablet.requests(Script::default().says(json!({})))[0];
    assert_eq!(request["protocol"], 1);
    assert_eq!(request["sent_at"], "2026-11-24T09:16:00.000+07:00");
    assert_eq!((&request["clock"], &request["last_seq"]), (&json!(0), &json!(1)));
    assert_eq!(request["status"]["pending"], 1);
    assert_eq!(request["status"]["oldest_pending_at"], "2026-11-24T09:15:00.000+07:00");
    assert_eq!(request["cursor"], Value::Null);
}

#[test]
fn settled_changes_are_not_sent_again_and_the_cursor_goes_on() {
    let mut tablet = Tablet::enrolled();
    tablet.save_child("A");
    tablet.sync(Script::default().says(json!({"cursor": "c7"}))).unwrap();
    tablet.save_child("B");
    let request = &tablet.requests(Script::default().says(json!({})))[0];
    assert_eq!(seqs(request), [2]);
    assert_eq!(request["cursor"], "c7");
}

#[test]
fn the_sync_goes_on_until_nothing_is_to_send_and_nothing_more_to_come() {
    let mut tablet = Tablet::enrolled();
    for n in 0..501 {
        tablet.save_child(&format!("Anak {n}"));
    }
    let more = |cursor: &str| json!({"more": true, "cursor": cursor});
    let server =
        Script::default().says(json!({})).says(more("c2")).says(more("c3")).says(json!({}));
    let requests = tablet.requests(server);
    let counts: Vec<usize> = requests.iter().map(|request| seqs(request).len()).collect();
    assert_eq!(counts, [500, 1, 0, 0]);
}

#[test]
fn the_batch_is_halved_when_it_is_too_large_and_doubled_after_three_successes() {
    let mut tablet = Tablet::enrolled();
    for n in 0..20 {
        tablet.save_child(&format!("Anak {n}"));
    }
    let too_large = json!({"code": "too_large", "type": "", "title": "", "status": 413});
    let mut server = Script::default().refuses(413, too_large.clone()).refuses(413, too_large);
    for _ in 0..4 {
        server = server.says(json!({}));
    }
    let counts: Vec<usize> = tablet.requests(server).iter().map(|r| seqs(r).len()).collect();
    assert_eq!(counts, [20, 10, 5, 5, 5, 5]);
    for n in 0..20 {
        tablet.save_child(&format!("Lagi {n}"));
    }
    let server = Script::default().says(json!({})).says(json!({}));
    let counts: Vec<usize> = tablet.requests(server).iter().map(|r| seqs(r).len()).collect();
    assert_eq!(counts, [10, 10]);
}

#[test]
fn the_batch_is_halved_after_a_timeout_and_stays_so() {
    let mut tablet = Tablet::enrolled();
    for n in 0..8 {
        tablet.save_child(&format!("Anak {n}"));
    }
    let late = tablet.sync(Script::default().fails(|| TransportError::Timeout));
    assert!(matches!(late, Err(SyncError::Timeout)));
    let mut tablet = tablet.reopened();
    let requests = tablet.requests(Script::default().says(json!({})).says(json!({})));
    assert_eq!(requests.iter().map(|r| seqs(r).len()).collect::<Vec<_>>(), [4, 4]);
}

#[test]
fn a_server_that_gave_up_reading_gets_less_the_next_time() {
    let mut tablet = Tablet::enrolled();
    for n in 0..8 {
        tablet.save_child(&format!("Anak {n}"));
    }
    let late = tablet.sync(Script::default().refuses(408, json!({})));
    assert!(matches!(late, Err(SyncError::Timeout)));
    let requests = tablet.requests(Script::default().says(json!({})).says(json!({})));
    assert_eq!(requests.iter().map(|r| seqs(r).len()).collect::<Vec<_>>(), [4, 4]);
}

#[test]
fn one_request_stays_below_the_byte_limit() {
    let mut tablet = Tablet::enrolled();
    for n in 0..40 {
        let notes: Vec<String> = (0..12).map(|_| "é".repeat(2_000)).collect();
        let body = crate::support::child(&format!("Anak {n}")).with("notes", notes);
        let desa = Some(crate::support::area(DESA));
        tablet.replica.save(sync_protocol::record::Kind::CHILD, None, desa, body).unwrap();
    }
    let mut server = Script::default().says(json!({})).says(json!({}));
    tablet.replica.sync(&mut server, &mut |_| ()).unwrap();
    assert!(server.raw.iter().all(|text| text.len() <= 1024 * 1024));
    assert_eq!(server.bodies.iter().map(|r| seqs(r).len()).sum::<usize>(), 40);
}

#[test]
fn an_answer_without_receipts_stores_nothing() {
    let mut tablet = Tablet::enrolled();
    tablet.save_child("A");
    let rows = json!([crate::support::child_row(crate::support::id(1), "B", &own_stamp(9))]);
    let error = tablet.sync(Script::default().says(json!({"receipts": [], "rows": rows})));
    assert!(matches!(error, Err(SyncError::BadReply(_))), "{error:?}");
    assert!(tablet.replica.mirror().unwrap().is_empty());
    assert_eq!(tablet.replica.status().unwrap().pending, 1);
}

#[test]
fn more_acknowledged_than_ever_sent_means_a_copy_and_stops_for_good() {
    let mut tablet = Tablet::enrolled();
    tablet.save_child("A");
    let rows = json!([crate::support::child_row(crate::support::id(1), "B", &own_stamp(9))]);
    let error = tablet.sync(Script::default().says(json!({"acked_through": 2, "rows": rows})));
    assert!(matches!(error, Err(SyncError::EnrolAnew(Stop::LogLost))), "{error:?}");
    assert!(tablet.replica.mirror().unwrap().is_empty());
    let again = tablet.sync(Script::default());
    assert!(matches!(again, Err(SyncError::EnrolAnew(Stop::LogLost))));
    assert_eq!(tablet.replica.status().unwrap().pending, 1, "nothing is lost");
}

#[test]
fn a_copy_is_noticed_even_when_the_log_is_longer_than_what_was_acknowledged() {
    let mut tablet = Tablet::enrolled();
    tablet.save_child("A");
    tablet.sync(Script::default().says(json!({}))).unwrap();
    // The copy sent seq 2 and 3 meanwhile; ours are still unsent.
    let mut gap = Script::default().then(|request| {
        assert_eq!(seqs(request), Vec::<u64>::new());
        Ok(good(request, json!({"acked_through": 3})))
    });
    let error = tablet.replica.sync(&mut gap, &mut |_| ());
    assert!(matches!(error, Err(SyncError::EnrolAnew(Stop::LogLost))));
}

#[test]
fn a_cloned_tablet_stops_with_its_log_intact() {
    let mut tablet = Tablet::enrolled();
    tablet.save_child("A");
    let cloned = json!({"code": "device_cloned", "type": "", "title": "", "status": 409});
    let error = tablet.sync(Script::default().refuses(409, cloned));
    assert!(matches!(error, Err(SyncError::EnrolAnew(Stop::DeviceCloned))));
    assert!(matches!(tablet.sync(Script::default()), Err(SyncError::EnrolAnew(_))));
    assert_eq!(tablet.replica.status().unwrap().stopped, Some(Stop::DeviceCloned));
    assert_eq!(tablet.replica.pending().unwrap().len(), 1);
}

#[test]
fn times_of_the_last_exchange_are_the_servers() {
    let mut tablet = Tablet::enrolled();
    tablet.save_child("A");
    tablet.clock.wall_ms.set(0);
    tablet.sync(Script::default().says(json!({}))).unwrap();
    let status = tablet.replica.status().unwrap();
    assert_eq!((status.last_sent_ms, status.last_received_ms), (Some(NOW), Some(NOW)));
}

#[test]
fn receipts_in_another_order_settle_the_log_all_the_same() {
    let mut tablet = Tablet::enrolled();
    tablet.save_child("A");
    tablet.save_child("B");
    let backwards =
        [2, 1].map(|seq| json!({"seq": seq, "outcome": "applied", "stamp": own_stamp(seq)}));
    let requests = tablet.requests(Script::default().says(json!({"receipts": backwards})));
    assert_eq!(requests.len(), 1, "nothing is sent again");
    assert_eq!(tablet.replica.status().unwrap().pending, 0);
}
