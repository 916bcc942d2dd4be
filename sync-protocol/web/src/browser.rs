//! The browser as a platform: its clock, its randomness, SQLite in its private files (OPFS), and what the
//! worker's script calls. Everything in here runs in one dedicated worker, which owns the database.

use crate::{App, Question};
use js_sys::{Date, Uint8Array};
use serde::Serialize;
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_rs::vfs::VfsFilesManager;
use sqlite_wasm_vfs::sahpool::{OpfsSAHError, OpfsSAHPoolCfgBuilder, install};
use sync_replica::{OpenError, Platform, Replica, Response, StorageError, TransportError};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// The folder of the private files in which SQLite's lie.
const FOLDER: &str = "timbang";
/// What opening a database takes: itself, its journal, and room for a fresh one of both.
const FREE_FILES: usize = 4;

/// Files in OPFS cannot be shared memory, which a write-ahead log needs.
const PRAGMAS: &str =
    "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;";

/// Western Indonesia Time, for a tablet whose zone was never set.
const WIB_MINUTES: i32 = 7 * 60;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn monotonic_now() -> f64;
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &Uint8Array) -> Uint8Array;
}

#[derive(Debug)]
struct Browser;

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float to integer cast sticks at the ends; times are far from them"
)]
impl Platform for Browser {
    fn wall_ms(&self) -> i64 {
        Date::now() as i64
    }

    fn offset_minutes(&self) -> i32 {
        // JavaScript counts to the west.
        match -(Date::new_0().get_timezone_offset() as i32) {
            0 => WIB_MINUTES,
            minutes => minutes,
        }
    }

    fn monotonic_ms(&self) -> i64 {
        monotonic_now() as i64
    }

    fn random(&self, bytes: &mut [u8]) {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        get_random_values(&Uint8Array::new_with_length(length)).copy_to(bytes);
    }

    fn pragmas(&self) -> &str {
        PRAGMAS
    }
}

/// The app as the worker's script sees it. Questions and answers travel as JSON.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Tablet {
    app: App,
}

/// Opens the tablet's database, or makes it. `origin` is the server that served the app.
#[wasm_bindgen]
pub async fn open(origin: String) -> Result<Tablet, JsError> {
    let pool = OpfsSAHPoolCfgBuilder::new().directory(FOLDER).build();
    let pool = install::<WasmOsCallback>(&pool, true).await.map_err(unusable)?;
    let names = pool.names().map_err(unusable)?;
    pool.ensure_capacity(names.len() + FREE_FILES).await.map_err(unusable)?;
    let mut number = (1..).take_while(|n| names.contains(&database(*n))).last().unwrap_or(1);
    let mut opened = Replica::open_sound(database(number), Box::new(Browser));
    // All files in here are ours, also one that has lost its mark.
    if let Err(OpenError::Storage(StorageError::Damaged(_)) | OpenError::NotOurs(_)) = opened {
        number += 1;
        opened = Replica::open_sound(database(number), Box::new(Browser));
    }
    let replica = opened.map_err(|error| JsError::new(&error.sentence()))?;
    let set_aside = (1..number).map(database).collect();
    Ok(Tablet { app: App::new(replica, &origin).after_damage_of(set_aside) })
}

/// The databases by number. Of several the last is in use: those before it were damaged, and each was
/// set aside by beginning the next, which takes no room and leaves its journal beside it.
fn database(number: usize) -> String {
    match number {
        1 => "timbang.db".to_owned(),
        more => format!("timbang-{more}.db"),
    }
}

fn unusable(error: OpfsSAHError) -> JsError {
    JsError::new(&format!(
        "Penyimpanan data di browser ini tidak dapat dibuka. Tidak ada yang dihapus. ({error})"
    ))
}

#[wasm_bindgen]
impl Tablet {
    /// A screen for a question.
    pub fn answer(&mut self, question: &str) -> Result<String, JsError> {
        let question: Question = serde_json::from_str(question)?;
        Ok(serde_json::to_string(&self.app.answer(&question))?)
    }

    /// What changed while nobody asked.
    pub fn news(&mut self) -> Result<String, JsError> {
        Ok(serde_json::to_string(&self.app.news())?)
    }

    /// The next request to the server; nothing when all is said for now.
    pub fn next_request(&mut self) -> Result<Option<String>, JsError> {
        let Some(request) = self.app.next_request() else { return Ok(None) };
        let body = request.body.map(String::from_utf8).transpose()?;
        let asked = Asked {
            method: request.method,
            path: &request.path,
            token: request.token.as_deref(),
            etag: request.etag.as_deref(),
            body: body.as_deref(),
        };
        Ok(Some(serde_json::to_string(&asked)?))
    }

    /// What came back for it.
    pub fn take_answer(
        &mut self,
        status: u16,
        retry_after_s: Option<u32>,
        etag: Option<String>,
        body: Vec<u8>,
    ) {
        let retry_after_s = retry_after_s.map(u64::from);
        self.app.take_answer(Ok(Response { status, retry_after_s, body, etag }));
    }

    /// Nothing came back for it.
    pub fn take_silence(&mut self, timed_out: bool) {
        let error = if timed_out { TransportError::Timeout } else { TransportError::Offline };
        self.app.take_answer(Err(error));
    }

    /// How long to wait before the next sync.
    pub fn pause_ms(&self) -> u32 {
        u32::try_from(self.app.pause_ms()).unwrap_or(u32::MAX)
    }
}

#[derive(Serialize)]
struct Asked<'a> {
    method: &'a str,
    path: &'a str,
    token: Option<&'a str>,
    etag: Option<&'a str>,
    body: Option<&'a str>,
}
