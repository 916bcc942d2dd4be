//! Reading the feed: pages of any size give the same rows, and a cursor holds or is started anew.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use sync_protocol::limits::{PAGE_BYTES_MAX, PAGE_ROWS_MAX};
use sync_protocol::wire::Order;
use sync_tests::{
    Device, FAR_DESA, KECAMATAN, OTHER_DESA, Reply, SADAN, World, any_id, child_body, gzip,
    measurement_body,
};

/// A kecamatan with some children and their measurements, in the order of no desa.
fn populated() -> (World, Device) {
    let world = World::default();
    let mut device = world.device("Petugas", &["16.04"]);
    let mut changes = Vec::new();
    for n in 0..30 {
        let (child, desa) = (any_id(), [SADAN, OTHER_DESA, FAR_DESA][n % 3]);
        changes.push(device.child(child, desa, &child_body(&format!("Anak {n}"))));
        changes.push(device.body("measurement", any_id(), None, &measurement_body(child, 9_400)));
        if n % 5 == 0 {
            changes.push(device.change("child", child, json!({"move": OTHER_DESA})));
        }
    }
    device.post(&device.envelope(&changes)).sync();
    (world, device)
}

fn page(device: &Device, cursor: &Value, limit: &Value) -> Value {
    let mut envelope = device.envelope(&[]);
    envelope["cursor"] = cursor.clone();
    envelope["limit"] = limit.clone();
    let reply = device.post(&envelope);
    reply.sync();
    reply.json()
}

/// Every row of a pull from null, in pages of `limit`.
#[track_caller]
fn pull_all(device: &Device, limit: u32) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let mut reply = page(device, &cursor, &json!(limit));
        assert_eq!(reply["orders"] == json!(["reset"]), cursor.is_null());
        cursor = reply["cursor"].take();
        let part = reply["rows"].as_array().unwrap();
        assert!(part.len() <= limit as usize && (!part.is_empty() || reply["more"] == false));
        rows.extend(part.iter().cloned());
        if reply["more"] == false {
            assert!(reply["digest"].is_object() && reply["parked"].is_array());
            return rows;
        }
        assert!(reply.get("digest").is_none() && reply.get("parked").is_none());
    }
}

#[test]
fn pages_of_every_size_give_the_rows_of_one_big_page() {
    let (world, wide) = populated();
    let narrow = world.device("Petugas desa", &[SADAN, FAR_DESA]);
    for device in [wide, narrow] {
        let all = pull_all(&device, 500);
        assert!(all.len() > 20, "{}", all.len());
        for limit in 1..=7 {
            assert_eq!(pull_all(&device, limit), all, "pages of {limit}");
        }
    }
}

#[test]
fn a_limit_is_clamped_to_one_and_five_hundred() {
    let world = World::default();
    let mut device = world.device("Petugas", &[SADAN]);
    let changes: Vec<Value> =
        (0..PAGE_ROWS_MAX).map(|_| device.child(any_id(), SADAN, &child_body("Anak"))).collect();
    device.post(&device.envelope(&changes)).sync();
    let one_more = device.child(any_id(), SADAN, &child_body("Anak"));
    device.post(&device.envelope(&[one_more])).sync();
    let rows = |limit: Value| page(&device, &Value::Null, &limit)["rows"].as_array().unwrap().len();
    assert_eq!(rows(json!(0)), 1);
    for limit in [json!(501), json!(4_294_967_295_u32), Value::Null] {
        assert_eq!(rows(limit), PAGE_ROWS_MAX);
    }
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn a_page_holds_no_more_than_its_bytes() {
    let world = World::default();
    let mut device = world.device("Petugas", &[SADAN]);
    let long = "x".repeat(4000);
    let changes: Vec<Value> = (0..150)
        .map(|_| device.child(any_id(), SADAN, &child_body("Anak").with("address", &*long)))
        .collect();
    device.post(&device.envelope(&changes)).sync();
    let (mut rows, mut cursor, mut pages) = (0, Value::Null, 0);
    loop {
        let mut reply = page(&device, &cursor, &Value::Null);
        let part = reply["rows"].as_array().unwrap();
        let bytes = reply["rows"].to_string().len();
        assert!(bytes <= PAGE_BYTES_MAX, "{bytes}");
        rows += part.len();
        pages += 1;
        if reply["more"] == false {
            break;
        }
        assert!(bytes > PAGE_BYTES_MAX / 2, "{bytes}: a page is filled");
        cursor = reply["cursor"].take();
    }
    assert_eq!((rows, pages), (150, 3));
}

#[test]
fn a_row_larger_than_a_page_may_be_is_not_needed_one_of_sixty_four_kib_comes_alone() {
    let world = World::default();
    let mut device = world.device("Petugas", &[SADAN]);
    let body = (0..15)
        .fold(child_body("Anak"), |body, n| body.with(&format!("later_{n}"), "x".repeat(4000)));
    let changes: Vec<Value> = (0..5).map(|_| device.child(any_id(), SADAN, &body)).collect();
    device.post(&device.envelope(&changes)).sync();
    assert_eq!(pull_all(&device, 500).len(), 5);
    assert_eq!(page(&device, &Value::Null, &json!(1))["rows"].as_array().unwrap().len(), 1);
}

#[test]
fn a_pull_skips_no_row_while_others_write() {
    let (world, device) = populated();
    let mut writer = world.device("Penulis", &["16.04"]);
    let mut mirror: BTreeMap<String, Value> = BTreeMap::new();
    let mut cursor = Value::Null;
    let mut writes = 0;
    loop {
        let mut reply = page(&device, &cursor, &json!(3));
        for row in reply["rows"].as_array().unwrap() {
            mirror.insert(row["id"].as_str().unwrap().to_owned(), row.clone());
        }
        cursor = reply["cursor"].take();
        if reply["more"] == false {
            break;
        }
        // Each time a child that has been read changes, and a new one comes.
        let read = mirror.values().find(|row| row["kind"] == "child").unwrap().clone();
        if writes < 10 {
            writes += 1;
            let id = read["id"].as_str().unwrap().parse().unwrap();
            let changed = child_body(&format!("Diedit {writes}"));
            let changes = [
                writer.body("child", id, read["stamp"].as_str(), &changed),
                writer.child(any_id(), SADAN, &child_body("Baru")),
            ];
            writer.post(&writer.envelope(&changes)).sync();
        }
    }
    let expected: BTreeMap<String, Value> = pull_all(&device, 500)
        .into_iter()
        .map(|row| (row["id"].as_str().unwrap().to_owned(), row))
        .filter(|(_, row)| row.get("gone").is_none())
        .collect();
    mirror.retain(|_, row| row.get("gone").is_none());
    assert_eq!(mirror, expected);
}

#[test]
fn a_cursor_that_does_not_hold_starts_the_feed_anew() {
    let (world, device) = populated();
    let here = page(&device, &Value::Null, &Value::Null)["cursor"].take();
    let text = here.as_str().unwrap().to_owned();
    let (before, position) = text.rsplit_once('.').unwrap();
    let next = position.parse::<u64>().unwrap() + 1;
    let narrow = world.device("Petugas desa", &[SADAN]);
    let of_another_scope = page(&narrow, &Value::Null, &Value::Null)["cursor"].take();
    let other = if text.starts_with('0') { "1" } else { "0" };
    let another_epoch = format!("{other}{}", &text[1..]);
    let cursors = [
        Value::Null,
        json!(""),
        json!("contoh-kursor-1"),
        json!(format!("{before}.{next}")),
        json!(format!("{before}.-1")),
        json!(format!("{before}.9223372036854775808")),
        json!(another_epoch),
        of_another_scope,
    ];
    let all = page(&device, &Value::Null, &Value::Null)["rows"].take();
    for cursor in cursors {
        let reply = page(&device, &cursor, &Value::Null);
        assert_eq!(reply["orders"], json!(["reset"]), "{cursor}");
        assert_eq!(reply["rows"], all, "{cursor}");
    }
    let reply = page(&device, &here, &Value::Null);
    assert_eq!((&reply["orders"], &reply["rows"]), (&json!([]), &json!([])));
}

#[test]
fn a_new_grant_starts_the_feed_anew() {
    let world = World::default();
    let worker = world.worker("Petugas", &[SADAN]);
    let mut device = world.device_of(worker);
    let change = device.child(any_id(), SADAN, &child_body("Anak"));
    device.push_one(change);
    assert_eq!(device.push(&[]).orders, []);
    world.grant(worker, FAR_DESA);
    let reply = device.push(&[]);
    assert_eq!((reply.orders, reply.rows.len(), reply.areas.len()), (vec![Order::Reset], 1, 2));
    assert_eq!(device.push(&[]).orders, []);
}

#[test]
fn a_child_that_moved_within_the_scope_is_not_gone() {
    let world = World::default();
    let mut wide = world.device("Petugas", &[KECAMATAN]);
    let child = any_id();
    let change = wide.child(child, SADAN, &child_body("Anak"));
    wide.push_one(change);
    let moved = wide.change("child", child, json!({"move": OTHER_DESA}));
    let rows = serde_json::to_value(wide.push(&[moved]).rows).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!((&rows[0]["area"], &rows[0]["gone"]), (&json!(OTHER_DESA), &Value::Null));
}

#[test]
fn the_areas_have_an_etag_and_are_not_sent_twice() {
    let world = World::default();
    let device = world.device("Petugas", &[SADAN]);
    let ask = |etag: Option<&str>| -> Reply {
        let call = device.client.get("/v1/areas").token(&device.token);
        etag.into_iter().fold(call, |call, etag| call.header("If-None-Match", etag)).send()
    };
    let first = ask(None);
    assert_eq!(first.json()["areas"].as_array().unwrap().len(), 404);
    let etag = first.header("etag").unwrap();
    let again = ask(Some(etag));
    assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(etag)));
    assert_eq!(ask(Some("\"other\"")).status, 200);
    let posyandu = b"desa,name\n16.04.06.2008,Contoh Melati\n";
    server::admin::reference::import_posyandu(world.service(), posyandu).unwrap();
    let changed = ask(Some(etag));
    assert_eq!((changed.status, changed.header("etag") == Some(etag)), (200, false));
    assert_eq!(changed.json()["posyandu"][0]["name"], "Contoh Melati");
}

#[test]
fn an_answer_is_packed_as_the_client_can_read_it() {
    let (_world, device) = populated();
    let envelope = gzip(device.envelope(&[]).to_string().as_bytes());
    let ask = |accepted: Option<&str>| {
        let call = device.client.post("/v1/sync").token(&device.token);
        let call = call.header("Content-Encoding", "gzip").bytes(envelope.clone());
        accepted.into_iter().fold(call, |call, a| call.header("Accept-Encoding", a)).send()
    };
    let plain = ask(None);
    assert_eq!((plain.status, plain.header("content-encoding")), (200, None));
    for (accepted, expected) in
        [("gzip", "gzip"), ("zstd, gzip", "zstd"), ("br, gzip;q=0.5", "gzip")]
    {
        let packed = ask(Some(accepted));
        assert_eq!(packed.header("content-encoding"), Some(expected), "{accepted}");
        assert!(packed.body.len() * 3 < plain.body.len(), "{}", packed.body.len());
    }
    for accepted in ["identity", "br", "gzip;q=0"] {
        assert_eq!(ask(Some(accepted)).header("content-encoding"), None, "{accepted}");
    }
    let mut unpacked = Vec::new();
    let packed = ask(Some("gzip")).body;
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*packed), &mut unpacked).unwrap();
    let unpacked: Value = serde_json::from_slice(&unpacked).unwrap();
    assert_eq!(unpacked["rows"], plain.json()["rows"]);
}

#[test]
fn a_kecamatan_and_its_desa_see_the_same_digest() {
    let (world, wide) = populated();
    let digest = |device: &Device| page(device, &Value::Null, &Value::Null)["digest"].take();
    let kecamatan = digest(&world.device("Petugas kecamatan", &[KECAMATAN]));
    let desa = digest(&world.device("Petugas desa", &[SADAN]));
    assert_eq!(digest(&wide)[SADAN], desa[SADAN]);
    assert_eq!(kecamatan[SADAN], desa[SADAN]);
    assert_eq!((kecamatan.as_object().unwrap().len(), desa.as_object().unwrap().len()), (2, 1));
}
