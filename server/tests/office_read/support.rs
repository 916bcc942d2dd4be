//! A kabupaten in a temporary folder: areas, people with tokens, tablets that push by hand.

use serde_json::{Value, json};
use server::admin::row_by_row::Report;
use server::admin::sasaran::{Defaults, import_sasaran};
use server::admin::{people, reference};
use server::http::{Gateway, Request, Response, Settings};
use server::platform::{Clock, SystemRandom, random_bytes};
use server::service::Service;
use server::store::{DATABASE_FILE, GrantOf, Role};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use sync_protocol::ids::{DeviceNo, RecordId};
use sync_protocol::time::Moment;
use tempfile::TempDir;

/// 2026-11-24 09:15 in Jakarta.
const NOW: i64 = 1_795_486_500_000;
pub(crate) const DAY: i64 = 24 * 60 * 60 * 1000;

/// Kecamatan Jarai, two desa of it, and a desa of another kecamatan.
pub(crate) const JARAI: &str = "16.04.06";
pub(crate) const SADAN: &str = "16.04.06.2008";
pub(crate) const OTHER_DESA: &str = "16.04.06.2009";
pub(crate) const FAR_DESA: &str = "16.04.07.2001";
pub(crate) const NIK: &str = "1604065205239001";
pub(crate) const NIK_MASKED: &str = "160406********01";

#[derive(Clone, Debug)]
pub(crate) struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

pub(crate) struct Office {
    pub(crate) service: Arc<Service>,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) dir: TempDir,
    hands: Hands,
}

impl Office {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let hands = Hands(Arc::new(AtomicI64::new(NOW)));
        let settings = Settings {
            requests_per_minute: 1_000_000,
            requests_burst: 1_000_000,
            ..Settings::default()
        };
        let clock = Arc::new(hands.clone());
        let service = Service::open(dir.path(), clock, Arc::new(SystemRandom)).unwrap();
        reference::import_areas(&service, &fixture("area/lahat.csv")).unwrap();
        reference::import_puskesmas(&service, &fixture("area/puskesmas.csv")).unwrap();
        let service = Arc::new(service);
        let gateway = Arc::new(Gateway::new(Arc::clone(&service), settings));
        Office { service, gateway, dir, hands }
    }

    pub(crate) fn pass(&self, ms: i64) {
        self.hands.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// The token of a new person.
    pub(crate) fn person(&self, role: Role, areas: &[&str]) -> String {
        let grants = areas.iter().map(|code| GrantOf::Area(code.parse().unwrap())).collect();
        let worker = people::add_worker(&self.service, "Ani".to_owned(), role, grants).unwrap();
        people::make_token(&self.service, worker).unwrap()
    }

    pub(crate) fn penyelia(&self, areas: &[&str]) -> String {
        self.person(Role::Penyelia, areas)
    }

    /// A new worker's tablet.
    pub(crate) fn tablet(&self, name: &str, areas: &[&str]) -> Tablet<'_> {
        let grants = areas.iter().map(|code| GrantOf::Area(code.parse().unwrap())).collect();
        let worker =
            people::add_worker(&self.service, name.to_owned(), Role::Tenaga, grants).unwrap();
        let code = people::make_code(&self.service, worker).unwrap().code;
        let install = uuid::Builder::from_random_bytes(random_bytes(&SystemRandom)).into_uuid();
        let body = json!({"code": code, "install": install, "device_name": format!("Tab {name}"),
            "app": "test/1"});
        let reply = self.post("/v1/enrol", None, &body);
        let token = reply["token"].as_str().unwrap().to_owned();
        Tablet { office: self, token, device: reply["device"].as_u64().unwrap(), seq: 0 }
    }

    fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Value {
        let response = self.gateway.answer(&Request {
            method: "POST".to_owned(),
            path: path.to_owned(),
            token: token.map(str::to_owned),
            arrived_ms: self.hands.now_ms(),
            body: body.to_string().into_bytes(),
            ..Request::default()
        });
        let reply: Value = serde_json::from_slice(&response.body).unwrap();
        assert!(response.status < 300, "{path}: {reply}");
        reply
    }

    pub(crate) fn answer(&self, token: &str, address: &str) -> Response {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        self.gateway.answer(&Request {
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            token: Some(token.to_owned()),
            arrived_ms: self.hands.now_ms(),
            ..Request::default()
        })
    }

    #[track_caller]
    pub(crate) fn get(&self, token: &str, address: &str) -> Value {
        let response = self.answer(token, address);
        let reply: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(response.status, 200, "{address}: {reply}");
        reply
    }

    /// The code of a refusal, with its status.
    #[track_caller]
    pub(crate) fn refused(&self, token: &str, address: &str) -> (u16, String) {
        let response = self.answer(token, address);
        let reply: Value = serde_json::from_slice(&response.body).unwrap();
        (response.status, reply["code"].as_str().unwrap_or_default().to_owned())
    }

    /// A file, whole.
    #[track_caller]
    pub(crate) fn file(&self, token: &str, address: &str) -> Vec<u8> {
        let response = self.answer(token, address);
        let bytes = response.bytes().unwrap();
        assert_eq!(response.status, 200, "{address}: {}", String::from_utf8_lossy(&bytes));
        assert!(response.file.is_some() && response.body.is_empty(), "{address} is in memory");
        bytes
    }

    pub(crate) fn import(&self, rows: &str, area: &str) -> Report {
        let defaults = Defaults { area: Some(area.parse().unwrap()), posyandu: None };
        import_sasaran(&self.service, rows.as_bytes(), &defaults, &mut |_, _| ()).unwrap()
    }

    /// The audit log's rows of one act.
    pub(crate) fn audited(&self, act: &str) -> Vec<Value> {
        let connection = rusqlite::Connection::open(self.dir.path().join(DATABASE_FILE)).unwrap();
        let mut statement = connection.prepare("SELECT text FROM audit ORDER BY pos").unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        let rows = rows.map(|text| serde_json::from_str::<Value>(&text.unwrap()).unwrap());
        rows.filter(|row| row["act"] == act).collect()
    }
}

/// A tablet as the wire sees it.
pub(crate) struct Tablet<'o> {
    office: &'o Office,
    token: String,
    pub(crate) device: u64,
    seq: u64,
}

impl Tablet<'_> {
    /// Sends one change and gives its receipt.
    pub(crate) fn push(&mut self, id: RecordId, kind: &str, edit: Value) -> Value {
        self.push_at(id, kind, edit, self.office.hands.now_ms(), 0)
    }

    pub(crate) fn push_at(
        &mut self,
        id: RecordId,
        kind: &str,
        edit: Value,
        made_ms: i64,
        clock: u32,
    ) -> Value {
        self.seq += 1;
        let mut change = json!({"seq": self.seq, "kind": kind, "id": id, "clock": clock,
            "made_at": Moment::utc(made_ms)});
        change.as_object_mut().unwrap().extend(edit.as_object().unwrap().clone());
        let now = Moment::utc(self.office.hands.now_ms());
        let request = json!({"protocol": 1, "sent_at": now, "clock": 0, "last_seq": self.seq,
            "status": {"pending": 0, "parked": 0}, "changes": [change], "cursor": null, "limit": 1});
        let reply = self.office.post("/v1/sync", Some(&self.token), &request);
        let receipt = reply["receipts"][0].clone();
        assert_eq!(receipt["seq"], self.seq);
        receipt
    }

    pub(crate) fn child(&mut self, area: &str, body: Value) -> RecordId {
        let id = any_id();
        let receipt = self.push(id, "child", json!({"base": null, "area": area, "body": body}));
        assert_eq!(receipt["outcome"], "applied", "{receipt}");
        id
    }

    pub(crate) fn add(&mut self, kind: &str, child: RecordId, mut body: Value) -> RecordId {
        let id = any_id();
        body["child_id"] = json!(child);
        let receipt = self.push(id, kind, json!({"base": null, "body": body}));
        assert_eq!(receipt["outcome"], "applied", "{receipt}");
        id
    }
}

pub(crate) fn any_id() -> RecordId {
    RecordId::made_by(DeviceNo(7), NOW, random_bytes(&SystemRandom))
}

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name)).unwrap()
}

pub(crate) fn child(name: &str) -> Value {
    json!({"name": name, "sex": "P", "birth_date": "2023-05-12", "nik": NIK, "kk": "1604060101990001",
        "guardian_nik": "1604064101900003", "phone": "081234567890", "posyandu": "Melati I"})
}

pub(crate) fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// The rows of a CSV file, the header first.
pub(crate) fn csv_rows(bytes: &[u8], separator: u8) -> Vec<Vec<String>> {
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).has_headers(false).from_reader(bytes);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}
