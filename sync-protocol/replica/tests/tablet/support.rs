//! A tablet with a settable clock, and a server that answers from a script.

use serde_json::{Value, json};
use std::cell::Cell;
use std::path::PathBuf;
use std::rc::Rc;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::digest::AreaDigest;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;
use sync_replica::{
    NATIVE_PRAGMAS, Platform, Replica, Request, Response, Saved, SyncError, SyncReport, Transport,
    TransportError,
};
use tempfile::TempDir;

/// 2026-11-24 09:15 in Jakarta.
pub(crate) const NOW: i64 = 1_795_486_500_000;
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const DAY: i64 = 24 * 60 * MINUTE;
pub(crate) const DEVICE: u32 = 0xacd0_f1a7;
pub(crate) const DESA: &str = "16.04.06.2008";
pub(crate) const OTHER_DESA: &str = "16.04.06.2009";
pub(crate) const FAR_DESA: &str = "16.04.10.1001";
pub(crate) const EPOCH: &str = "0193a5b2-0000-4000-8000-000000000001";
pub(crate) const NEW_EPOCH: &str = "0193a5b2-0000-4000-8000-000000000002";

#[derive(Clone, Default)]
pub(crate) struct Clock {
    pub(crate) wall_ms: Rc<Cell<i64>>,
    pub(crate) monotonic_ms: Rc<Cell<i64>>,
    random: Rc<Cell<u8>>,
}

impl Clock {
    pub(crate) fn pass(&self, ms: i64) {
        self.wall_ms.set(self.wall_ms.get() + ms);
        self.monotonic_ms.set(self.monotonic_ms.get() + ms);
    }
}

impl Platform for Clock {
    fn wall_ms(&self) -> i64 {
        self.wall_ms.get()
    }
    fn offset_minutes(&self) -> i32 {
        7 * 60
    }
    fn monotonic_ms(&self) -> i64 {
        self.monotonic_ms.get()
    }
    fn random(&self, bytes: &mut [u8]) {
        for byte in bytes {
            self.random.set(self.random.get().wrapping_mul(167).wrapping_add(41));
            *byte = self.random.get();
        }
    }
    fn pragmas(&self) -> &str {
        NATIVE_PRAGMAS
    }
}

type Answer = Box<dyn FnMut(&Value) -> Result<Response, TransportError>>;

/// Answers each request with the next line of its script, and keeps what was asked.
#[derive(Default)]
pub(crate) struct Script {
    answers: std::collections::VecDeque<Answer>,
    pub(crate) paths: Vec<String>,
    pub(crate) bodies: Vec<Value>,
    pub(crate) raw: Vec<String>,
}

impl Script {
    pub(crate) fn then(
        mut self,
        answer: impl FnMut(&Value) -> Result<Response, TransportError> + 'static,
    ) -> Self {
        self.answers.push_back(Box::new(answer));
        self
    }

    /// A good sync answer; `members` are laid over an empty one that acknowledges all it was sent.
    pub(crate) fn says(self, members: Value) -> Self {
        self.then(move |request| Ok(good(request, members.clone())))
    }

    pub(crate) fn refuses(self, status: u16, problem: Value) -> Self {
        self.then(move |_| Ok(Response::new(status, problem.to_string())))
    }

    pub(crate) fn fails(self, error: fn() -> TransportError) -> Self {
        self.then(move |_| Err(error()))
    }

    pub(crate) fn is_done(&self) -> bool {
        self.answers.is_empty()
    }
}

impl Transport for Script {
    fn call(&mut self, request: &Request) -> Result<Response, TransportError> {
        let text = String::from_utf8(request.body.clone().unwrap_or_default()).unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        self.paths.push(format!("{} {}", request.method, request.path));
        self.bodies.push(body);
        self.raw.push(text);
        let mut answer = self.answers.pop_front().expect("the script has no more answers");
        answer(self.bodies.last().unwrap())
    }
}

/// An answer with `applied` receipts for every change of the request.
pub(crate) fn good(request: &Value, members: Value) -> Response {
    let changes = request["changes"].as_array().cloned().unwrap_or_default();
    let receipts: Vec<Value> = changes
        .iter()
        .map(|change| {
            let seq = change["seq"].as_u64().unwrap();
            json!({"seq": seq, "outcome": "applied", "stamp": own_stamp(seq)})
        })
        .collect();
    let acked = changes.last().map_or(&request["last_seq"], |change| &change["seq"]);
    let mut reply = json!({
        "server_time": "2026-11-24T02:15:00.000Z", "epoch": EPOCH, "acked_through": acked,
        "receipts": receipts, "rows": [], "areas": [DESA], "cursor": "c1", "more": false,
        "orders": if request["cursor"].is_null() { json!(["reset"]) } else { json!([]) },
    });
    for (name, value) in members.as_object().unwrap() {
        reply[name] = value.clone();
    }
    Response::new(200, reply.to_string())
}

pub(crate) fn own_stamp(seq: u64) -> String {
    format!("0193a5b2c4d1{seq:04x}-{DEVICE:08x}")
}

/// A stamp of another device, later than all of ours unless `tick` is small.
pub(crate) fn other_stamp(tick: u64) -> String {
    format!("{tick:016x}-00000b0b")
}

pub(crate) const LATER: u64 = 0x0200_0000_0000_0000;

pub(crate) fn enrolment(device: u32, epoch: &str) -> Response {
    let reply = json!({
        "device": device, "token": format!("tbg_{device}"),
        "worker": {"id": "0193a5b2-0000-4000-8000-0000000000aa", "name": "Siti A."},
        "areas": [DESA], "epoch": epoch, "server_time": "2026-11-24T02:15:00.000Z",
    });
    Response::new(201, reply.to_string())
}

pub(crate) struct Tablet {
    pub(crate) replica: Replica,
    pub(crate) clock: Clock,
    pub(crate) dir: TempDir,
}

impl Tablet {
    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join("tablet.db")
    }

    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::default();
        clock.wall_ms.set(NOW);
        let opened = Replica::open(dir.path().join("tablet.db"), Box::new(clock.clone())).unwrap();
        assert_eq!(opened.set_aside, None);
        Tablet { replica: opened.replica, clock, dir }
    }

    pub(crate) fn enrolled() -> Self {
        let mut tablet = Tablet::new();
        let mut server = Script::default().then(|_| Ok(enrolment(DEVICE, EPOCH)));
        tablet.replica.enrol(&mut server, "https://t.example", "7KQ29MXT3F", "Tab A7").unwrap();
        tablet
    }

    /// An enrolled tablet whose first pull brought these rows.
    pub(crate) fn with_rows(rows: Value) -> Self {
        let mut tablet = Tablet::enrolled();
        tablet.sync(Script::default().says(json!({"rows": rows}))).unwrap();
        tablet
    }

    /// Closes the file and opens it again, as after a power cut.
    pub(crate) fn reopened(self) -> Self {
        let Tablet { replica, clock, dir } = self;
        drop(replica);
        let opened = Replica::open(dir.path().join("tablet.db"), Box::new(clock.clone())).unwrap();
        Tablet { replica: opened.replica, clock, dir }
    }

    pub(crate) fn sync(&mut self, mut server: Script) -> Result<SyncReport, SyncError> {
        let result = self.replica.sync(&mut server, &mut |_| ());
        assert!(server.is_done(), "the sync asked less than the script answers");
        result
    }

    /// Syncs and gives the requests that were sent.
    pub(crate) fn requests(&mut self, mut server: Script) -> Vec<Value> {
        self.replica.sync(&mut server, &mut |_| ()).unwrap();
        assert!(server.is_done(), "the sync asked less than the script answers");
        server.bodies
    }

    pub(crate) fn save_child(&mut self, name: &str) -> Saved {
        self.replica.save(Kind::CHILD, None, Some(area(DESA)), child(name)).unwrap()
    }

    pub(crate) fn weigh(&mut self, child: RecordId, weight_g: i64) -> Saved {
        self.replica.save(Kind::MEASUREMENT, None, None, weighing(child, weight_g)).unwrap()
    }

    pub(crate) fn name(&self, id: RecordId) -> Option<String> {
        let shown = self.replica.record(Kind::CHILD, id).unwrap()?;
        shown.body().and_then(|body| body.text("name")).map(str::to_owned)
    }

    pub(crate) fn sql(&self, query: &str) -> Vec<String> {
        let db = rusqlite::Connection::open(self.path()).unwrap();
        let mut statement = db.prepare(query).unwrap();
        let rows = statement
            .query_map([], |row| {
                let value: rusqlite::types::Value = row.get(0)?;
                Ok(match value {
                    rusqlite::types::Value::Text(text) => text,
                    rusqlite::types::Value::Integer(n) => n.to_string(),
                    rusqlite::types::Value::Null => "NULL".to_owned(),
                    rusqlite::types::Value::Real(x) => x.to_string(),
                    rusqlite::types::Value::Blob(bytes) => format!("{bytes:?}"),
                })
            })
            .unwrap();
        rows.map(Result::unwrap).collect()
    }
}

pub(crate) fn area(code: &str) -> Area {
    code.parse().unwrap()
}

pub(crate) fn id(n: u8) -> RecordId {
    RecordId::from_bytes([n; 16])
}

pub(crate) fn child(name: &str) -> Body {
    Body::new().with("name", name).with("sex", "L").with("birth_date", "2025-05-01")
}

pub(crate) fn weighing(child: RecordId, weight_g: i64) -> Body {
    Body::new()
        .with("child_id", child.to_string())
        .with("measured_on", "2026-11-24")
        .with("weight_g", weight_g)
}

/// A child's row of the feed.
pub(crate) fn child_row(id: RecordId, name: &str, stamp: &str) -> Value {
    json!({"kind": "child", "id": id, "area": DESA, "stamp": stamp, "by": "Budi",
        "body": {"name": name, "sex": "P", "birth_date": "2025-01-01"}})
}

pub(crate) fn weighing_row(id: RecordId, child: RecordId, weight_g: i64, stamp: &str) -> Value {
    json!({"kind": "measurement", "id": id, "child_id": child, "area": DESA, "stamp": stamp,
        "by": "Budi",
        "body": {"child_id": child, "measured_on": "2026-10-20", "weight_g": weight_g}})
}

/// The digest that a server with these rows would send.
pub(crate) fn digest_of(rows: &Value) -> Value {
    let mut digests = std::collections::BTreeMap::<String, AreaDigest>::new();
    for row in rows.as_array().unwrap() {
        let id = row["id"].as_str().unwrap().parse().unwrap();
        let stamp = row["stamp"].as_str().unwrap().parse().unwrap();
        digests.entry(row["area"].as_str().unwrap().to_owned()).or_default().add(&id, stamp);
    }
    json!(digests)
}
