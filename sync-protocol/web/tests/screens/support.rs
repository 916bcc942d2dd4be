//! A tablet's app with a settable clock, and a server that answers as it is told.

use serde_json::{Value, json};
use std::cell::Cell;
use std::rc::Rc;
use sync_replica::{NATIVE_PRAGMAS, Platform, Replica, Response, TransportError};
use tablet_web::{Answer, App, Question};
use tempfile::TempDir;

/// 2026-11-24 09:15 in Jakarta.
pub(crate) const NOW: i64 = 1_795_486_500_000;
pub(crate) const HOUR: i64 = 60 * 60 * 1_000;
pub(crate) const DAY: i64 = 24 * HOUR;
pub(crate) const DESA: &str = "16.04.06.2008";
pub(crate) const ARIF: &str = "00000000-0000-4000-8000-0000000000a1";
const DEVICE: u32 = 0xacd0_f1a7;

#[derive(Clone, Default)]
pub(crate) struct Clock {
    wall_ms: Rc<Cell<i64>>,
    monotonic_ms: Rc<Cell<i64>>,
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

/// The app on a tablet.
pub(crate) struct Tablet {
    pub(crate) app: App,
    pub(crate) clock: Clock,
    _dir: TempDir,
}

impl Tablet {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::default();
        clock.wall_ms.set(NOW);
        let opened = Replica::open(dir.path().join("tablet.db"), Box::new(clock.clone())).unwrap();
        let app = App::new(opened.replica, "https://t.example");
        Tablet { app, clock, _dir: dir }
    }

    /// An enrolled tablet whose first sync brought these rows, and whose worker has begun.
    pub(crate) fn with_rows(rows: &Value) -> Self {
        let mut tablet = Tablet::new();
        tablet.send("/daftar", &[("kode", "7KQ29MXT3F"), ("nama", "Tab A7")]);
        tablet.sync(&json!({ "rows": rows }));
        tablet.show("/");
        tablet
    }

    /// One that has Arif, who is weighed at 9 kg and 75 cm in October.
    pub(crate) fn with_arif() -> Self {
        Tablet::with_rows(&json!([
            {"kind": "child", "id": ARIF, "area": DESA, "stamp": stamp(1), "by": "Budi",
             "body": {"name": "ARIF", "sex": "L", "birth_date": "2025-11-01"}},
            {"kind": "measurement", "id": "00000000-0000-4000-8000-0000000000b1", "child_id": ARIF,
             "area": DESA, "stamp": stamp(2), "by": "Budi",
             "body": {"child_id": ARIF, "measured_on": "2026-10-20", "weight_g": 9_000, "height_mm": 750}},
        ]))
    }

    /// Gives Arif a weighing of today, in which somebody stood by this. Says where it is mended.
    pub(crate) fn with_doubtful(&mut self, weight_g: u32, confirmed: &[&str]) -> String {
        const ID: &str = "00000000-0000-4000-8000-0000000000b2";
        let mut body = json!({"child_id": ARIF, "measured_on": "2026-11-24", "weight_g": weight_g});
        if !confirmed.is_empty() {
            body["confirmed"] = json!(confirmed);
        }
        self.sync(&json!({"rows": [{"kind": "measurement", "id": ID, "child_id": ARIF,
            "area": DESA, "stamp": stamp(3), "by": "Budi", "body": body}]}));
        format!("/anak/{ARIF}/ukur/{ID}")
    }

    /// A screen, after the page has followed where it was sent.
    pub(crate) fn show(&mut self, path: &str) -> String {
        let answer = self.app.answer(&Question { path: path.to_owned(), ..Question::default() });
        self.follow(answer)
    }

    /// The screen after a form was sent.
    pub(crate) fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.app.answer(&question(path, fields, true));
        self.follow(answer)
    }

    /// The part that follows what is typed.
    pub(crate) fn type_in(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let question = Question { live: true, ..question(path, fields, false) };
        self.app.answer(&question).part.unwrap()
    }

    /// The file of unsent changes: its name and its text.
    pub(crate) fn outbox(&mut self) -> (String, String) {
        let question = question("/berkas", &[], true);
        let file = self.app.answer(&question).file.unwrap();
        (file.name, file.text)
    }

    fn follow(&mut self, answer: Answer) -> String {
        match answer.go {
            Some(go) => self.show(go.trim_start_matches('#')),
            None => answer.html.unwrap(),
        }
    }

    /// Talks with a server whose answers to a sync have these members.
    pub(crate) fn sync(&mut self, members: &Value) {
        while let Some(request) = self.app.next_request() {
            let asked = request.body.as_deref().unwrap_or(b"null");
            let asked = serde_json::from_slice(asked).unwrap();
            let answer = match request.path.as_str() {
                "/v1/enrol" => enrolment(),
                "/v1/sync" => taken(&asked, members),
                _ => Response::new(404, "{}"),
            };
            self.app.take_answer(Ok(answer));
        }
    }

    pub(crate) fn sync_without_signal(&mut self) {
        while self.app.next_request().is_some() {
            self.app.take_answer(Err(TransportError::Offline));
        }
    }

    /// Talks with a server that has revoked this tablet.
    pub(crate) fn sync_refused(&mut self) {
        let problem = json!({"status": 401, "code": "revoked"}).to_string();
        while self.app.next_request().is_some() {
            self.app.take_answer(Ok(Response::new(401, problem.clone())));
        }
    }
}

fn question(path: &str, fields: &[(&str, &str)], sent: bool) -> Question {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Question { path: path.to_owned(), fields: fields.collect(), sent, ..Question::default() }
}

fn enrolment() -> Response {
    let reply = json!({
        "device": DEVICE, "token": "tbg_1",
        "worker": {"id": "0193a5b2-0000-4000-8000-0000000000aa", "name": "Siti A."},
        "areas": [DESA], "epoch": "0193a5b2-0000-4000-8000-000000000001",
        "server_time": "2026-11-24T02:15:00.000Z",
    });
    Response::new(201, reply.to_string())
}

/// An answer with `applied` receipts for every change; `members` are laid over it.
fn taken(request: &Value, members: &Value) -> Response {
    let changes = request["changes"].as_array().cloned().unwrap_or_default();
    let receipts: Vec<Value> =
        changes.iter().map(|change| receipt(&change["seq"], "applied")).collect();
    let acked = changes.last().map_or(&request["last_seq"], |change| &change["seq"]);
    let mut reply = json!({
        "server_time": "2026-11-24T02:15:00.000Z", "acked_through": acked,
        "epoch": "0193a5b2-0000-4000-8000-000000000001",
        "receipts": receipts, "rows": [], "areas": [DESA], "cursor": "c1", "more": false,
        "orders": if request["cursor"].is_null() { json!(["reset"]) } else { json!([]) },
    });
    for (name, value) in members.as_object().unwrap() {
        reply[name] = value.clone();
    }
    Response::new(200, reply.to_string())
}

pub(crate) fn receipt(seq: &Value, outcome: &str) -> Value {
    let tick = 0x0193_a5b2_c4d1_0000 + seq.as_u64().unwrap();
    json!({"seq": seq, "outcome": outcome, "stamp": format!("{tick:016x}-{DEVICE:08x}")})
}

/// A stamp of another device.
pub(crate) fn stamp(tick: u64) -> String {
    format!("{tick:016x}-00000b0b")
}

/// What the box of a screen sends that asks whether somebody is sure.
#[track_caller]
pub(crate) fn word(shown: &str) -> String {
    let after = shown.split(r#"name="confirmed" value=""#).nth(1);
    let (word, _) = after.and_then(|after| after.split_once('"')).unwrap();
    word.to_owned()
}
