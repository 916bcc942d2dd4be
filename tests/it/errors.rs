//! Every refusal is a problem with a stable code, and nothing of a refused request is stored.

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use sync_protocol::limits::{REQUEST_BYTES_MAX, REQUEST_CHANGES_MAX, REQUEST_SENT_BYTES_MAX};
use sync_protocol::problem::ProblemCode;
use sync_tests::{Call, Device, Reply, SADAN, World, any_id, child_body, gzip};

/// Posts bytes to `/v1/sync` as a device whose next request, a good one with a change, must find
/// nothing of them stored.
#[track_caller]
fn check_refused(prepare: impl FnOnce(&Device, Call<'_>) -> Reply, code: ProblemCode) {
    let world = World::default();
    let mut device = world.device("Petugas", &[SADAN]);
    let call = device.client.post("/v1/sync").token(&device.token);
    prepare(&device, call).check_problem(code);
    assert_eq!(world.stored_device(device.number).last_pull_ms, None);
    let change = device.child(any_id(), SADAN, &child_body("Anak"));
    assert_eq!(device.push(&[change]).acked_through, 1);
    assert_eq!(world.faults(), Vec::<String>::new());
}

/// A good request with one member set, or taken away by null at the top.
fn changed(device: &Device, member: &str, value: Value) -> Value {
    let mut envelope = device.envelope(&[]);
    if value.is_null() {
        envelope.as_object_mut().unwrap().remove(member);
    } else {
        envelope[member] = value;
    }
    envelope
}

#[test]
fn a_body_that_is_not_json_is_malformed() {
    let world = World::default();
    let device = world.device("Petugas", &[SADAN]);
    let good = device.envelope(&[]).to_string();
    let with_mark = format!("\u{feff}{good}");
    let doubled = format!("{good}{good}");
    let cut = &good[..good.len() - 1];
    let texts = ["", "{", "nonsense", "[]", "null", "7", "\"x\"", cut, &with_mark, &doubled];
    for text in texts {
        let reply = device.client.post("/v1/sync").token(&device.token).bytes(text).send();
        reply.check_problem(ProblemCode::Malformed);
        let reply = device.client.post("/v1/enrol").bytes(text).send();
        // Ten tries in one minute are looked at.
        if reply.status != 429 {
            reply.check_problem(ProblemCode::Malformed);
        }
    }
    let latin1 = [&good.as_bytes()[..1], b"\"x\":\"Ren\xe9\",", &good.as_bytes()[1..]].concat();
    let reply = device.client.post("/v1/sync").token(&device.token).bytes(latin1).send();
    reply.check_problem(ProblemCode::Malformed);
}

#[test]
fn a_member_of_another_type_or_missing_is_malformed() {
    let world = World::default();
    let device = world.device("Petugas", &[SADAN]);
    let cases = [
        ("protocol", Value::Null),
        ("protocol", json!("1")),
        ("protocol", json!(1.5)),
        ("sent_at", Value::Null),
        ("sent_at", json!(1_795_486_500_000_i64)),
        ("sent_at", json!("2026-11-24 09:15")),
        ("clock", Value::Null),
        ("clock", json!(-1)),
        ("clock", json!(4_294_967_296_i64)),
        ("last_seq", Value::Null),
        ("last_seq", json!("44")),
        ("last_seq", json!(-1)),
        ("changes", json!({"seq": 1})),
        ("changes", json!("none")),
        ("cursor", json!(7)),
        ("limit", json!(-1)),
        ("limit", json!("500")),
    ];
    for (member, value) in cases {
        let case = format!("{member} {value}");
        let reply = device.post(&changed(&device, member, value));
        assert_eq!(reply.code(), "malformed", "{case}: {}", reply.text());
        reply.check_problem(ProblemCode::Malformed);
    }
    let mut envelope = device.envelope(&[]);
    envelope["changes"] = Value::Null;
    device.post(&envelope).check_problem(ProblemCode::Malformed);
}

#[test]
fn what_a_tablet_says_of_itself_never_stops_its_work() {
    let world = World::default();
    let device = world.device("Petugas", &[SADAN]);
    for status in [
        Value::Null,
        json!("ok"),
        json!({"pending": -1}),
        json!({"oldest_pending_at": "yesterday"}),
        json!({"wiping": "yes"}),
        json!({"differs": ["16.4"]}),
    ] {
        device.post(&changed(&device, "status", status)).sync();
    }
}

#[test]
fn what_may_be_left_out_may_be_left_out() {
    let world = World::default();
    let device = world.device("Petugas", &[SADAN]);
    let least = json!({"protocol": 1, "sent_at": device.shows(), "clock": 0, "last_seq": 0});
    assert_eq!(device.post(&least).sync().orders.len(), 1);
    let mut more = changed(&device, "of_a_later_version", json!({"any": ["thing", 1.5, null]}));
    more["status"]["of_a_later_version"] = json!([[]]);
    device.post(&more).sync();
}

#[test]
fn an_enrolment_with_a_wrong_member_is_malformed() {
    let world = World::default();
    let good = json!({"code": "7KQ29MXT3F", "install": Device::new_install(),
        "device_name": "Tablet Contoh", "app": "sync-tests"});
    let cases = [
        ("code", json!(7)),
        ("install", json!("nonsense")),
        ("install", json!("9D3C5E0A-51B7-4F26-8A1D-2B70C4E6F913")),
        ("device_name", json!(["Tablet"])),
        ("app", Value::Null),
    ];
    for (member, value) in cases {
        let mut request = good.clone();
        request[member] = value;
        let reply = world.server.client().post("/v1/enrol").json(&request).send();
        reply.check_problem(ProblemCode::Malformed);
    }
}

/// An array nested so deep.
fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[test]
fn an_envelope_may_be_sixteen_deep_and_no_deeper() {
    let world = World::default();
    let device = world.device("Petugas", &[SADAN]);
    let good = device.envelope(&[]).to_string();
    let post =
        |text: String| device.client.post("/v1/sync").token(&device.token).bytes(text).send();
    // The braces of the message are the first level, those of its status the second.
    let beside = |depth| format!("{{\"later\":{},{}", nested(depth), &good[1..]);
    let in_status = |depth: usize| {
        good.replace("\"status\":{", &format!("\"status\":{{\"later\":{},", nested(depth)))
    };
    assert_eq!(post(beside(15)).status, 200);
    assert_eq!(post(in_status(14)).status, 200);
    for too_deep in [beside(16), beside(200), beside(400_000), in_status(15), in_status(400_000)] {
        post(too_deep).check_problem(ProblemCode::TooDeep);
    }
    // Nothing here has a seq, however deep it is.
    for depth in [3, 400_000] {
        let changes = format!("\"changes\":{}", nested(depth));
        post(good.replace("\"changes\":[]", &changes)).check_problem(ProblemCode::Malformed);
    }
    let enrol = |depth| format!("{{\"later\":{}}}", nested(depth));
    let client = world.server.client();
    client.post("/v1/enrol").bytes(enrol(15)).send().check_problem(ProblemCode::Malformed);
    client.post("/v1/enrol").bytes(enrol(16)).send().check_problem(ProblemCode::TooDeep);
}

#[test]
fn an_envelope_names_nothing_twice_and_holds_no_endless_text() {
    let world = World::default();
    let device = world.device("Petugas", &[SADAN]);
    let good = device.envelope(&[]).to_string();
    let post =
        |text: String| device.client.post("/v1/sync").token(&device.token).bytes(text).send();
    let with = |members: &str| format!("{{{members},{}", &good[1..]);
    let text = |bytes: usize| format!("\"{}\"", "x".repeat(bytes));
    assert_eq!(post(with(&format!("\"later\":{}", text(4096)))).status, 200);
    assert_eq!(post(good.replace("{\"pending\":0}", "{\"app\":\"a\"}")).status, 200);
    let refused = [
        with("\"protocol\":1"),
        with("\"later\":1,\"later\":1"),
        with("\"later\":{\"x\":1,\"x\":2}"),
        with(&format!("\"later\":{}", text(4097))),
        with(&format!("{}:1", text(4097))),
        good.replace("{\"pending\":0}", &format!("{{\"app\":{}}}", text(4097))),
        good.replace("\"cursor\":null", &format!("\"cursor\":{}", text(4097))),
    ];
    for text in refused {
        assert_ne!(text, good);
        post(text).check_problem(ProblemCode::Malformed);
    }
    let enrol = json!({"code": "7KQ29MXT3F", "install": Device::new_install(),
        "device_name": "x".repeat(4097), "app": "sync-tests"});
    let reply = world.server.client().post("/v1/enrol").json(&enrol).send();
    reply.check_problem(ProblemCode::Malformed);
}

#[test]
fn a_body_is_bounded_as_it_is_sent() {
    let padded = |device: &Device, bytes: usize| {
        let text = device.envelope(&[]).to_string();
        let padding = " ".repeat(bytes - text.len());
        format!("{text}{padding}")
    };
    let world = World::default();
    let device = world.device("Petugas", &[SADAN]);
    let body = padded(&device, REQUEST_SENT_BYTES_MAX);
    device.client.post("/v1/sync").token(&device.token).bytes(body).send().sync();
    for more in [1, 1 << 20, 16 << 20] {
        check_refused(
            |device, call| call.bytes(padded(device, REQUEST_SENT_BYTES_MAX + more)).send(),
            ProblemCode::TooLarge,
        );
    }
}

#[test]
fn a_body_is_bounded_after_it_is_unpacked() {
    let packed = |device: &Device, bytes: usize| {
        let text = device.envelope(&[]).to_string();
        gzip(format!("{text}{}", " ".repeat(bytes - text.len())).as_bytes())
    };
    let world = World::default();
    let device = world.device("Petugas", &[SADAN]);
    let body = packed(&device, REQUEST_BYTES_MAX);
    let call = device.client.post("/v1/sync").token(&device.token);
    call.header("Content-Encoding", "gzip").bytes(body).send().sync();
    for bytes in [REQUEST_BYTES_MAX + 1, 256 << 20] {
        check_refused(
            |device, call| {
                call.header("Content-Encoding", "gzip").bytes(packed(device, bytes)).send()
            },
            ProblemCode::TooLarge,
        );
    }
    check_refused(
        |_, call| call.header("Content-Encoding", "gzip").bytes("no gzip at all").send(),
        ProblemCode::Malformed,
    );
    let cut_short = |device: &Device| {
        let whole = packed(device, 4096);
        whole[..whole.len() / 2].to_vec()
    };
    check_refused(
        |device, call| call.header("Content-Encoding", "gzip").bytes(cut_short(device)).send(),
        ProblemCode::Malformed,
    );
}

#[test]
fn only_gzip_is_unpacked() {
    for encoding in ["br", "zstd", "deflate", "gzip, gzip"] {
        check_refused(
            |device, call| {
                let body = device.envelope(&[]).to_string();
                call.header("Content-Encoding", encoding).bytes(body).send()
            },
            ProblemCode::UnsupportedEncoding,
        );
    }
    let world = World::default();
    let device = world.device("Petugas", &[SADAN]);
    for encoding in ["identity", "Gzip"] {
        let plain = device.envelope(&[]).to_string();
        let body = if encoding == "Gzip" { gzip(plain.as_bytes()) } else { plain.into_bytes() };
        let call = device.client.post("/v1/sync").token(&device.token);
        call.header("Content-Encoding", encoding).bytes(body).send().sync();
    }
}

#[test]
fn a_request_carries_five_hundred_changes_and_no_more() {
    let world = World::default();
    let mut device = world.device("Petugas", &[SADAN]);
    let changes: Vec<Value> = (0..=REQUEST_CHANGES_MAX)
        .map(|_| device.child(any_id(), SADAN, &child_body("Anak")))
        .collect();
    device.post(&device.envelope(&changes)).check_problem(ProblemCode::TooManyChanges);
    assert_eq!(world.stored_device(device.number).acked, 0);
    let reply = device.post(&device.envelope(&changes[..REQUEST_CHANGES_MAX])).sync();
    assert_eq!((reply.acked_through, reply.receipts.len()), (500, 500));
}

#[test]
fn a_protocol_that_the_server_does_not_speak_is_refused() {
    for protocol in [0, 2, 4_294_967_295_u32] {
        check_refused(
            |device, _| device.post(&changed(device, "protocol", json!(protocol))),
            ProblemCode::UnsupportedProtocol,
        );
    }
}

#[test]
fn an_address_that_is_none_and_a_method_that_it_does_not_take_are_refused() {
    let world = World::default();
    let client = world.server.client();
    for path in ["/v", "/v1", "/v1/", "/v1/syncs", "/v2/sync", "/v1/sync/", "/V1/SYNC", "/v1//sync"]
    {
        client.get(path).send().check_problem(ProblemCode::NotFound);
        client.post(path).bytes("{}").send().check_problem(ProblemCode::NotFound);
    }
    for (method, path) in [
        ("GET", "/v1/enrol"),
        ("GET", "/v1/sync"),
        ("PUT", "/v1/sync"),
        ("DELETE", "/v1/sync"),
        ("POST", "/v1/receipts"),
        ("POST", "/v1/areas"),
        ("POST", "/v1/limits"),
        ("PATCH", "/v1/limits"),
    ] {
        let reply = client.call(method, path).bytes("{}").send();
        reply.check_problem(ProblemCode::MethodNotAllowed);
    }
}

#[test]
fn a_head_is_answered_as_a_get_without_its_body() {
    let world = World::default();
    let client = world.server.client();
    for path in ["/v1/limits", "/app/", "/masuk", "/v1/none"] {
        let (head, get) = (client.call("HEAD", path).send(), client.get(path).send());
        assert_eq!((head.status, head.text().as_str()), (get.status, ""), "{path}");
        assert_eq!(head.header("Content-Type"), get.header("Content-Type"), "{path}");
    }
}

#[test]
fn a_request_that_breaks_off_leaves_the_server_as_it_was() {
    let world = World::default();
    let mut device = world.device("Petugas", &[SADAN]);
    let change = device.child(any_id(), SADAN, &child_body("Anak"));
    let body = device.envelope(std::slice::from_ref(&change)).to_string();
    let head = format!(
        "POST /v1/sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n",
        device.token,
        body.len() + 1
    );
    let mut stream = TcpStream::connect(world.server.address).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    // Closed, or answered with a refusal: both end.
    if stream.read_to_end(&mut answer).is_ok() && !answer.is_empty() {
        assert!(answer.starts_with(b"HTTP/1.1 400"), "{}", String::from_utf8_lossy(&answer));
    }
    assert_eq!(world.stored_device(device.number).acked, 0);
    assert_eq!(device.push(&[change]).acked_through, 1);
}
