//! A tablet spoken by hand: what it sends is what the test wrote, right or wrong.

use crate::http::{Client, Reply};
use serde_json::{Value, json};
use server::platform::{Clock, SystemRandom, random_bytes};
use std::sync::Arc;
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::time::Moment;
use sync_protocol::wire::{Receipt, SyncReply};

/// An enrolled device. Its log is what the test sends; `seq` counts it.
#[derive(Clone, Debug)]
pub struct Device {
    pub client: Client,
    pub number: u32,
    pub token: String,
    pub seq: u64,
    /// The number of its clock, and how far that is from the right time.
    pub clock: u32,
    pub skew_ms: i64,
    pub cursor: Option<String>,
    time: Arc<dyn Clock>,
}

impl Device {
    /// Enrols a new installation with a code.
    #[track_caller]
    pub fn enrol(client: Client, code: &str, time: Arc<dyn Clock>) -> Self {
        Self::enrol_install(client, code, &Self::new_install(), time)
    }

    /// Enrols an installation that may have been enrolled before.
    #[track_caller]
    pub fn enrol_install(client: Client, code: &str, install: &str, time: Arc<dyn Clock>) -> Self {
        let reply = Self::try_enrol(&client, code, install);
        assert_eq!(reply.status, 201, "{}", reply.text());
        Self::of(client, &reply.json(), time)
    }

    pub fn try_enrol(client: &Client, code: &str, install: &str) -> Reply {
        let request = json!({"code": code, "install": install, "device_name": "Tablet Contoh",
            "app": "sync-tests/0.1.0"});
        client.post("/v1/enrol").json(&request).send()
    }

    /// The device that an enrolment answered with.
    pub fn of(client: Client, enrolled: &Value, time: Arc<dyn Clock>) -> Self {
        Device {
            client,
            number: u32::try_from(enrolled["device"].as_u64().expect("a number")).expect("32 bits"),
            token: enrolled["token"].as_str().expect("a token").to_owned(),
            seq: 0,
            clock: 0,
            skew_ms: 0,
            cursor: None,
            time,
        }
    }

    pub fn new_install() -> String {
        uuid::Builder::from_random_bytes(random_bytes(&SystemRandom)).into_uuid().to_string()
    }

    /// What its clock shows.
    pub fn shows(&self) -> Moment {
        Moment::with_offset(self.time.now_ms() + self.skew_ms, 7 * 60)
    }

    /// The next change of its log, without what it does.
    pub fn change(&mut self, kind: &str, id: RecordId, edit: Value) -> Value {
        self.seq += 1;
        let mut change = json!({"seq": self.seq, "kind": kind, "id": id, "made_at": self.shows(),
            "clock": self.clock, "base": null});
        for (name, value) in edit.as_object().expect("members of a change") {
            change[name] = value.clone();
        }
        change
    }

    /// A child's first body.
    pub fn child(&mut self, id: RecordId, area: &str, body: &Body) -> Value {
        self.change("child", id, json!({"area": area, "body": body}))
    }

    /// An edit of a child, or a measurement, based on `base`.
    pub fn body(&mut self, kind: &str, id: RecordId, base: Option<&str>, body: &Body) -> Value {
        self.change(kind, id, json!({"base": base, "body": body}))
    }

    /// A request as it should be.
    pub fn envelope(&self, changes: &[Value]) -> Value {
        json!({"protocol": 1, "sent_at": self.shows(), "clock": self.clock, "last_seq": self.seq,
            "status": {"pending": changes.len()}, "changes": changes, "cursor": self.cursor,
            "limit": 500})
    }

    pub fn post(&self, envelope: &Value) -> Reply {
        self.client.post("/v1/sync").token(&self.token).json(envelope).send()
    }

    /// Sends a good request whose changes are these texts, whatever they are.
    pub fn post_texts(&self, changes: &[String]) -> Reply {
        let good = self.envelope(&[]).to_string();
        let carried = format!("\"changes\":[{}]", changes.join(","));
        let text = good.replace("\"changes\":[]", &carried);
        self.client.post("/v1/sync").token(&self.token).bytes(text).send()
    }

    /// Sends changes, and takes the first page as read.
    #[track_caller]
    pub fn push(&mut self, changes: &[Value]) -> SyncReply {
        let reply = self.post(&self.envelope(changes)).sync();
        self.cursor = reply.cursor.clone().map(|cursor| cursor.0).or(self.cursor.take());
        reply
    }

    /// Sends one change and gives its receipt.
    #[track_caller]
    pub fn push_one(&mut self, change: Value) -> Receipt {
        let mut receipts = self.push(&[change]).receipts;
        assert_eq!(receipts.len(), 1);
        receipts.remove(0)
    }

    /// The present receipts of some of its changes.
    #[track_caller]
    pub fn receipts(&self, seqs: &str) -> Vec<Receipt> {
        let reply = self.client.get(&format!("/v1/receipts?seq={seqs}")).token(&self.token).send();
        assert_eq!(reply.status, 200, "{}", reply.text());
        serde_json::from_value(reply.json()["receipts"].take()).expect("receipts")
    }
}
