//! This machine as a platform: the only place of the tablet that reads its clock, its randomness
//! and lets time pass.

use rusqlite::Connection;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use sync_replica::{NATIVE_PRAGMAS, Platform, Sleeper};

/// Western Indonesia Time, for a machine whose zone was never set.
const WIB_MINUTES: i32 = 7 * 60;

#[derive(Debug)]
pub(crate) struct Machine {
    started: Instant,
    offset_minutes: i32,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Machine { started: Instant::now(), offset_minutes: offset_minutes() }
    }
}

impl Platform for Machine {
    #[expect(clippy::disallowed_methods, reason = "here the tablet's clock enters the program")]
    fn wall_ms(&self) -> i64 {
        let now = SystemTime::now();
        match now.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
        }
    }

    fn offset_minutes(&self) -> i32 {
        self.offset_minutes
    }

    fn monotonic_ms(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    fn random(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            // Two records with one id would be worse than none.
            std::process::abort();
        }
    }

    fn pragmas(&self) -> &str {
        if is_broken_on_purpose() { NOT_SYNCED } else { NATIVE_PRAGMAS }
    }
}

/// What a test must be able to see: a tablet whose saves a power cut takes away.
const NOT_SYNCED: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;";

/// Never in a release.
fn is_broken_on_purpose() -> bool {
    cfg!(debug_assertions)
        && std::env::var_os("TIMBANG_SABOTAGE").is_some_and(|what| what == "synchronous-normal")
}

/// The machine's zone as SQLite knows it. A tablet in Indonesia whose zone is UTC was never set up.
fn offset_minutes() -> i32 {
    let sql = "SELECT (strftime('%s', 'now', 'localtime') - strftime('%s', 'now')) / 60";
    let asked: rusqlite::Result<i32> =
        Connection::open_in_memory().and_then(|db| db.query_row(sql, [], |row| row.get(0)));
    match asked {
        Ok(0) | Err(_) => WIB_MINUTES,
        Ok(minutes) => minutes,
    }
}

/// Waits for real.
#[derive(Debug)]
pub(crate) struct Wait;

impl Sleeper for Wait {
    #[expect(
        clippy::disallowed_methods,
        reason = "between two tries there is no event to wait for"
    )]
    fn wait(&mut self, ms: u64) {
        std::thread::sleep(Duration::from_millis(ms));
    }
}
