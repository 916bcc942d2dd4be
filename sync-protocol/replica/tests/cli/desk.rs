//! A server of a few routes that takes every change and gives the rows it was made with.

use flate2::read::GzDecoder;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

pub(crate) const DESA: &str = "16.04.06.2008";

pub(crate) struct Desk {
    pub(crate) url: String,
    pub(crate) heard: Arc<Mutex<Vec<Value>>>,
}

impl Desk {
    /// Serves until the test ends. `sync` is laid over every answer to `/v1/sync`.
    pub(crate) fn open(sync: Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&heard);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if let Some(body) = answer(&mut stream.unwrap(), &sync) {
                    notes.lock().unwrap().push(body);
                }
            }
        });
        Desk { url, heard }
    }
}

fn answer(stream: &mut TcpStream, sync: &Value) -> Option<Value> {
    let (head, body) = hear(stream)?;
    let (status, reply) = match head.split(' ').nth(1).unwrap() {
        "/v1/enrol" => ("201 Created", enrolled()),
        "/v1/areas" => ("200 OK", names()),
        _ if !head.contains("authorization: bearer tbg_1") => ("401 No", json!({})),
        _ => ("200 OK", synced(&body, sync)),
    };
    let reply = reply.to_string();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        reply.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(reply.as_bytes()).unwrap();
    Some(body)
}

fn hear(stream: &mut TcpStream) -> Option<(String, Value)> {
    let mut bytes = Vec::new();
    let mut byte = [0u8; 1];
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        bytes.push(byte[0]);
    }
    let head = String::from_utf8(bytes).unwrap().to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).ok()?;
    if head.contains("content-encoding: gzip") {
        let packed = std::mem::take(&mut body);
        GzDecoder::new(packed.as_slice()).read_to_end(&mut body).unwrap();
    }
    Some((head, serde_json::from_slice(&body).unwrap_or(Value::Null)))
}

fn enrolled() -> Value {
    json!({
        "device": 0xacd0_f1a7u32, "token": "tbg_1",
        "worker": {"id": "0193a5b2-0000-4000-8000-0000000000aa", "name": "Siti A."},
        "areas": [DESA], "epoch": "0193a5b2-0000-4000-8000-000000000001",
        "server_time": "2020-01-01T00:00:00.000Z",
    })
}

fn names() -> Value {
    json!({
        "areas": [
            {"code": "16.04.06", "name": "Jarai"}, {"code": "16.04.10", "name": "Kota Agung"},
            {"code": DESA, "name": "Bandar Aji"}, {"code": "16.04.10.1001", "name": "Bandar Aji"},
            {"code": "16.04.10.1002", "name": "Muara Gula"}],
        "puskesmas": [], "posyandu": [],
    })
}

fn synced(request: &Value, sync: &Value) -> Value {
    let changes = request["changes"].as_array().unwrap();
    let receipts: Vec<Value> = changes
        .iter()
        .map(|change| {
            let seq = change["seq"].as_u64().unwrap();
            let stamp = format!("0193a5b2c4d1{seq:04x}-acd0f1a7");
            json!({"seq": seq, "outcome": "applied", "stamp": stamp})
        })
        .collect();
    let acked = changes.last().map_or(&request["last_seq"], |change| &change["seq"]);
    let mut reply = json!({
        "server_time": "2020-01-01T00:00:00.000Z",
        "epoch": "0193a5b2-0000-4000-8000-000000000001", "acked_through": acked,
        "receipts": receipts, "rows": [], "areas": [DESA], "cursor": "c1", "more": false,
        "orders": [],
    });
    for (name, value) in sync.as_object().unwrap() {
        reply[name] = value.clone();
    }
    reply
}
