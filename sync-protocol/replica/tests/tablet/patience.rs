//! When a failed sync is tried again.

use crate::support::{Script, Tablet};
use serde_json::json;
use sync_replica::{
    Patience, Response, Sleeper, SyncError, SyncReport, TransportError, sync_patiently,
};

#[derive(Default)]
struct Waits(Vec<u64>);

impl Sleeper for Waits {
    fn wait(&mut self, ms: u64) {
        self.0.push(ms);
    }
}

fn run(mut server: Script) -> (Result<SyncReport, SyncError>, Vec<u64>) {
    let mut tablet = Tablet::enrolled();
    let mut waits = Waits::default();
    let patience = Patience { tries: 4, first_wait_ms: 1_000, longest_wait_ms: 60_000 };
    let result =
        sync_patiently(&mut tablet.replica, &mut server, &patience, &mut waits, &mut |_| ());
    assert!(server.is_done());
    (result, waits.0)
}

fn busy(retry_after_s: u64) -> impl FnMut(&serde_json::Value) -> Result<Response, TransportError> {
    move |_| Ok(Response { status: 503, retry_after_s: Some(retry_after_s), ..Response::default() })
}

#[test]
fn a_lost_line_is_tried_again_after_longer_and_longer_waits() {
    let offline = || TransportError::Offline;
    let server = Script::default().fails(offline).fails(offline).fails(offline).says(json!({}));
    let (result, waits) = run(server);
    assert!(result.unwrap().complete);
    for (wait, least) in waits.iter().zip([1_000, 2_000, 4_000]) {
        assert!((least..=least * 3 / 2).contains(wait), "{waits:?}");
    }
}

#[test]
fn patience_ends() {
    let offline = || TransportError::Offline;
    let server = Script::default().fails(offline).fails(offline).fails(offline).fails(offline);
    let (result, waits) = run(server);
    assert!(matches!(result, Err(SyncError::Offline(_))));
    assert_eq!(waits.len(), 3);
}

#[test]
fn a_busy_server_is_left_alone_as_long_as_it_asks() {
    let (result, waits) = run(Script::default().then(busy(20)).says(json!({})));
    assert!(result.is_ok());
    assert!((20_000..=30_000).contains(&waits[0]), "{waits:?}");
    let (result, waits) = run(Script::default().then(busy(3_600)));
    assert!(matches!(result, Err(SyncError::Busy { retry_after_s: Some(3_600) })));
    assert!(waits.is_empty());
}

#[test]
fn what_waiting_cannot_mend_is_not_tried_again() {
    let (result, waits) = run(Script::default().refuses(401, json!({})));
    assert!(matches!(result, Err(SyncError::Unauthorised { revoked: false })));
    assert!(waits.is_empty());
}
