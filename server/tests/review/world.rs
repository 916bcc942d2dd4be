//! A server in this process, two tablets in one desa, and the people who review what they send.

use serde_json::{Value, json};
use server::admin::people::{add_worker, make_code, make_token};
use server::check::check;
use server::http::{Gateway, Request, Response, Settings};
use server::platform::{Clock, SystemRandom};
use server::service::Service;
use server::store::{GrantOf, Role, StoreError};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use sync_protocol::ids::WorkerId;
use sync_protocol::time::Moment;

/// 2026-11-24T09:00:00+07:00
pub(crate) const NOW: i64 = 1_795_485_600_000;
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const DESA: &str = "16.04.06.2008";
pub(crate) const NEXT_DESA: &str = "16.04.06.2009";
pub(crate) const FAR_DESA: &str = "16.04.10.1001";

#[derive(Debug)]
struct SetClock(AtomicI64);

impl Clock for SetClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

pub(crate) struct World {
    pub(crate) service: Arc<Service>,
    gateway: Gateway,
    clock: Arc<SetClock>,
    _dir: tempfile::TempDir,
}

/// An answer with its body as JSON.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) json: Value,
}

impl World {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(SetClock(AtomicI64::new(NOW)));
        let service = Service::open(dir.path(), clock.clone(), Arc::new(SystemRandom)).unwrap();
        service
            .write_as_operator::<_, StoreError, _>(|tx, _| {
                for (code, name) in [
                    ("16.04", "Lahat"),
                    ("16.04.06", "Jarai"),
                    (DESA, "Jarai"),
                    (NEXT_DESA, "Nanti Giri"),
                    ("16.04.10", "Lahat"),
                    (FAR_DESA, "Pasar Lama"),
                ] {
                    tx.put_area(&code.parse().unwrap(), name)?;
                }
                Ok(())
            })
            .unwrap();
        let service = Arc::new(service);
        let gateway = Gateway::new(Arc::clone(&service), Settings::default());
        World { service, gateway, clock, _dir: dir }
    }

    /// Lets time pass, so that what is done next has a later stamp.
    pub(crate) fn pass(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Moment {
        Moment::with_offset(self.clock.now_ms(), 7 * 60)
    }

    pub(crate) fn worker(&self, name: &str, role: Role, areas: &[&str]) -> WorkerId {
        let grants = areas.iter().map(|area| GrantOf::Area(area.parse().unwrap())).collect();
        add_worker(&self.service, name.to_owned(), role, grants).unwrap()
    }

    /// A person without a tablet; gives the token.
    pub(crate) fn person(&self, name: &str, role: Role, areas: &[&str]) -> String {
        let worker = self.worker(name, role, areas);
        make_token(&self.service, worker).unwrap()
    }

    /// The supervisor of the kecamatan in which the tablets work.
    pub(crate) fn supervisor(&self) -> String {
        self.person("Bu Rina", Role::Penyelia, &["16.04.06"])
    }

    pub(crate) fn tablet(&self, name: &str, areas: &[&str]) -> Tablet<'_> {
        let worker = self.worker(name, Role::Tenaga, areas);
        self.tablet_of(worker)
    }

    pub(crate) fn tablet_of(&self, worker: WorkerId) -> Tablet<'_> {
        let code = make_code(&self.service, worker).unwrap().code;
        let install =
            uuid::Builder::from_random_bytes(server::platform::random_bytes(&SystemRandom))
                .into_uuid();
        let enrolled = self.post(
            "",
            "/v1/enrol",
            &json!({"code": code, "install": install, "device_name": "Tab A7",
                "app": "timbang-tablet/0.1.0"}),
        );
        assert_eq!(enrolled.status, 201, "{enrolled:?}");
        let token = enrolled.json["token"].as_str().unwrap().to_owned();
        Tablet { world: self, token, seq: 0, cursor: Value::Null }
    }

    pub(crate) fn get(&self, token: &str, address: &str) -> Answer {
        self.answer("GET", token, address, Vec::new())
    }

    pub(crate) fn post(&self, token: &str, address: &str, body: &Value) -> Answer {
        self.answer("POST", token, address, body.to_string().into_bytes())
    }

    fn answer(&self, method: &str, token: &str, address: &str, body: Vec<u8>) -> Answer {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let request = Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            token: Some(token.to_owned()).filter(|token| !token.is_empty()),
            peer: "10.0.0.1".to_owned(),
            arrived_ms: self.clock.now_ms(),
            body,
            ..Request::default()
        };
        let Response { status, body, .. } = self.gateway.answer(&request);
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Answer { status, json }
    }

    /// The open conflicts that a person sees.
    #[track_caller]
    pub(crate) fn conflicts(&self, token: &str) -> Vec<Value> {
        let answer = self.get(token, "/v1/conflicts");
        answer.ok()["conflicts"].as_array().unwrap().clone()
    }

    #[track_caller]
    pub(crate) fn only_conflict(&self, token: &str) -> Value {
        let mut conflicts = self.conflicts(token);
        assert_eq!(conflicts.len(), 1, "{conflicts:?}");
        conflicts.remove(0)
    }

    /// Decides a conflict as it was shown.
    pub(crate) fn decide(&self, token: &str, conflict: &Value, decision: Value) -> Answer {
        let mut ruling = decision;
        ruling["winner"] = conflict["winner_stamp"].clone();
        self.post(token, &format!("/v1/conflicts/{}", conflict["id"]), &ruling)
    }

    #[track_caller]
    pub(crate) fn parked(&self, token: &str) -> Vec<Value> {
        self.get(token, "/v1/parked").ok()["parked"].as_array().unwrap().clone()
    }

    #[track_caller]
    pub(crate) fn only_parked(&self, token: &str) -> Value {
        let mut parked = self.parked(token);
        assert_eq!(parked.len(), 1, "{parked:?}");
        parked.remove(0)
    }

    pub(crate) fn settle(&self, token: &str, parked: &Value, settlement: &Value) -> Answer {
        self.post(token, &format!("/v1/parked/{}", parked["id"]), settlement)
    }

    pub(crate) fn audited(&self) -> i64 {
        let head = self.service.read_as_operator::<_, StoreError>(|tx, _| tx.audit_head()).unwrap();
        head.map_or(0, |(rows, _)| rows)
    }

    /// How many changes the log holds, whatever became of them.
    pub(crate) fn changes_in_log(&self) -> i64 {
        check(&self.service).unwrap().changes.values().sum()
    }

    /// Nothing is amiss: records, digests, log, and the chain of the audit log.
    #[track_caller]
    pub(crate) fn check(&self) {
        assert_eq!(check(&self.service).unwrap().faults, Vec::<String>::new());
    }
}

impl Answer {
    #[track_caller]
    pub(crate) fn ok(&self) -> &Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.json);
        &self.json
    }

    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) -> &Self {
        assert_eq!(
            (self.status, self.json["code"].as_str()),
            (status, Some(code)),
            "{}",
            self.json
        );
        self
    }

    #[track_caller]
    pub(crate) fn with_detail(&self, detail: &str) {
        assert_eq!(self.json["detail"], detail);
    }
}

/// A tablet whose messages the test writes.
pub(crate) struct Tablet<'w> {
    world: &'w World,
    pub(crate) token: String,
    seq: u64,
    cursor: Value,
}

impl Tablet<'_> {
    /// The next change of its log: `edit` is what it does.
    pub(crate) fn change(&mut self, kind: &str, id: &str, edit: Value) -> Value {
        self.seq += 1;
        let mut change = json!({"seq": self.seq, "kind": kind, "id": id,
            "made_at": self.world.now(), "clock": 0, "base": null});
        for (name, value) in edit.as_object().unwrap() {
            change[name] = value.clone();
        }
        change
    }

    /// Sends changes, and receives what is new; gives the reply.
    #[track_caller]
    pub(crate) fn sync(&mut self, changes: &[Value]) -> Value {
        let request = json!({"protocol": 1, "sent_at": self.world.now(), "clock": 0,
            "last_seq": self.seq, "status": {}, "changes": changes, "cursor": self.cursor});
        let reply = self.world.post(&self.token, "/v1/sync", &request).ok().clone();
        self.cursor = reply["cursor"].clone();
        reply
    }

    /// Makes one change, sends it at once, and gives its receipt.
    #[track_caller]
    pub(crate) fn push(&mut self, kind: &str, id: &str, edit: Value) -> Value {
        let change = self.change(kind, id, edit);
        self.sync(&[change])["receipts"][0].clone()
    }

    /// The present receipt of one of its changes.
    #[track_caller]
    pub(crate) fn receipt(&self, seq: u64) -> Value {
        let answer = self.world.get(&self.token, &format!("/v1/receipts?seq={seq}"));
        answer.ok()["receipts"][0].clone()
    }

    /// A record as the feed gives it to this tablet from the start.
    #[track_caller]
    pub(crate) fn row(&mut self, id: &str) -> Value {
        self.cursor = Value::Null;
        let reply = self.sync(&[]);
        let rows = reply["rows"].as_array().unwrap();
        rows.iter().find(|row| row["id"] == id).cloned().unwrap_or(Value::Null)
    }
}

/// A record id that is the same in every run.
pub(crate) fn id(n: u8) -> String {
    format!("{n:02x}000000-0000-8000-8000-000000000000")
}

pub(crate) fn child_body(name: &str) -> Value {
    json!({"name": name, "sex": "P", "birth_date": "2025-05-01"})
}

/// The same body with some fields set.
pub(crate) fn with(body: &Value, fields: Value) -> Value {
    let mut body = body.clone();
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

pub(crate) fn weighing(child: &str, weight_g: i64) -> Value {
    json!({"child_id": child, "measured_on": "2026-11-24", "weight_g": weight_g})
}
