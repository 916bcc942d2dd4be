//! Guarantee 10: what a request may cost in memory, whatever is in it.

use server::platform::SystemClock;
use std::path::Path;
use std::sync::Arc;
use sync_protocol::limits::{CHANGE_BYTES_MAX, REQUEST_BYTES_MAX};
use sync_tests::{Device, SADAN, ServerProcess, any_id, fixture, gzip, timbang};

/// What one request may take.
const REQUEST_MEMORY_MAX: u64 = 64 << 20;
/// As many changes as fit into a request.
const SENT: usize = REQUEST_BYTES_MAX / CHANGE_BYTES_MAX - 1;
/// What stands around the filler in a change.
const ROOM: usize = 512;

/// A request of as many changes as fit, each as large as it may be and full of one JSON text.
fn stuffed(device: &Device, filler: &str) -> Vec<u8> {
    let per_change = (CHANGE_BYTES_MAX - ROOM) / (filler.len() + 1);
    let list = vec![filler; per_change].join(",");
    let changes: Vec<String> = (1..=SENT)
        .map(|seq| {
            let id = any_id();
            format!(
                r#"{{"seq":{seq},"kind":"child","id":"{id}","made_at":"2026-01-01T00:00:00.000+07:00",
                "clock":0,"area":"{SADAN}","body":{{"name":"Ani","sex":"P","birth_date":"2025-01-01",
                "stuffing":[{list}]}}}}"#
            )
        })
        .collect();
    let envelope = device.envelope(&[]).to_string();
    let text =
        envelope.replace(r#""changes":[]"#, &format!(r#""changes":[{}]"#, changes.join(",")));
    assert!(text.len() > REQUEST_BYTES_MAX * 9 / 10 && text.len() <= REQUEST_BYTES_MAX);
    gzip(text.as_bytes())
}

/// A server of its own with one tablet, as it is after an ordinary request.
fn warm(data: &Path) -> (ServerProcess, Device) {
    let areas = fixture("area/lahat.csv");
    timbang(data, &["area", "import", areas.to_str().unwrap(), "--json"]).json();
    let add = ["worker", "add", "--name", "Petugas", "--role", "tenaga", "--area", SADAN, "--json"];
    let worker = timbang(data, &add).json();
    let code = ["code", "new", "--worker", worker["worker"].as_str().unwrap(), "--json"];
    let code = timbang(data, &code).json();
    let server = ServerProcess::start(data);
    let enrolled =
        Device::enrol(server.client(), code["code"].as_str().unwrap(), Arc::new(SystemClock));
    enrolled.post(&enrolled.envelope(&[])).sync();
    (server, enrolled)
}

#[test]
fn a_request_stuffed_with_small_values_takes_no_more_than_64_mib() {
    for filler in ["{}", "1", r#"{"a":1}"#, "[]", r#""""#, r#""a""#, r#"{"":[[]]}"#] {
        let data = tempfile::tempdir().unwrap();
        let (server, device) = warm(data.path());
        let body = stuffed(&device, filler);
        let before = server.peak_memory();
        let call = device.client.post("/v1/sync").token(&device.token);
        let reply = call.header("Content-Encoding", "gzip").bytes(body).send().sync();
        let took = server.peak_memory() - before;
        assert_eq!(reply.acked_through, SENT as u64);
        assert!(took <= REQUEST_MEMORY_MAX, "{filler} took {} MiB", took >> 20);
        println!("{filler}: {} KiB", took >> 10);
    }
}
