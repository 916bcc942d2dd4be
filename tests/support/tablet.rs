//! A real tablet: the replica with its own file, over real HTTP, on virtual time.

use crate::changes::{child_body, measurement_body};
use crate::net::Net;
use crate::time::Time;
use server::platform::{Clock, Random, SystemRandom};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::rc::Rc;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::digest::AreaDigest;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;
use sync_protocol::wire::Outcome;
use sync_replica::{
    NATIVE_PRAGMAS, Platform, Replica, ReplicaStatus, Saved, SyncError, SyncReport,
};
use tempfile::TempDir;

const JAKARTA_MINUTES: i32 = 7 * 60;

/// A machine whose wall clock is off by `skew_ms`.
#[derive(Clone, Debug)]
struct Machine {
    time: Time,
    skew_ms: Rc<Cell<i64>>,
}

impl Platform for Machine {
    fn wall_ms(&self) -> i64 {
        self.time.now_ms() + self.skew_ms.get()
    }
    fn offset_minutes(&self) -> i32 {
        JAKARTA_MINUTES
    }
    fn monotonic_ms(&self) -> i64 {
        self.time.now_ms()
    }
    fn random(&self, bytes: &mut [u8]) {
        SystemRandom.fill(bytes);
    }
    fn pragmas(&self) -> &str {
        NATIVE_PRAGMAS
    }
}

/// A tablet and its road to the server.
pub struct Tablet {
    pub replica: Replica,
    pub net: Net,
    skew_ms: Rc<Cell<i64>>,
    dir: TempDir,
}

impl fmt::Debug for Tablet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tablet").field("net", &self.net).finish_non_exhaustive()
    }
}

impl Tablet {
    /// A tablet fresh from its box.
    pub fn new(time: &Time, url: &str) -> Self {
        Self::open(tempfile::tempdir().expect("a temporary folder"), time, url)
    }

    fn open(dir: TempDir, time: &Time, url: &str) -> Self {
        let skew_ms = Rc::new(Cell::new(0));
        let machine = Machine { time: time.clone(), skew_ms: Rc::clone(&skew_ms) };
        let opened =
            Replica::open(dir.path().join("tablet.db"), Box::new(machine)).expect("it opens");
        assert_eq!(opened.set_aside, None);
        Tablet { replica: opened.replica, net: Net::to(url), skew_ms, dir }
    }

    /// Another machine with a copy of this one's file, as a backup program or a bored uncle makes it.
    pub fn copied(&self, time: &Time) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let copy = dir.path().join("tablet.db");
        let db = rusqlite::Connection::open(self.path()).expect("its file opens");
        db.execute("VACUUM INTO ?1", [copy.to_str().expect("a path in UTF-8")]).expect("a copy");
        Self::open(dir, time, &self.net.base)
    }

    /// Sets its wall clock wrong by so much, as a dead battery does.
    pub fn set_skew(&self, ms: i64) {
        self.skew_ms.set(ms);
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("tablet.db")
    }

    #[track_caller]
    pub fn enrol(&mut self, code: &str) {
        let url = self.net.base.clone();
        self.replica.enrol(&mut self.net, &url, code, "Tablet Contoh").expect("it enrols");
    }

    #[track_caller]
    pub fn sync(&mut self) -> SyncReport {
        self.try_sync().expect("the sync ends well")
    }

    pub fn try_sync(&mut self) -> Result<SyncReport, SyncError> {
        self.replica.sync(&mut self.net, &mut |_| ())
    }

    #[track_caller]
    pub fn status(&self) -> ReplicaStatus {
        self.replica.status().expect("its status")
    }

    pub fn number(&self) -> u32 {
        self.status().device.expect("an enrolled tablet").0
    }

    /// The desa of its mirror that hold anything.
    pub fn digest(&self) -> BTreeMap<Area, AreaDigest> {
        self.replica.digest().expect("its digest")
    }

    #[track_caller]
    pub fn save_child(&mut self, name: &str, area: &Area) -> RecordId {
        let saved = self.replica.save(Kind::CHILD, None, Some(area.clone()), child_body(name));
        saved.expect("the child is saved").id
    }

    #[track_caller]
    pub fn weigh(&mut self, child: RecordId, weight_g: i64) -> Saved {
        let saved =
            self.replica.save(Kind::MEASUREMENT, None, None, measurement_body(child, weight_g));
        saved.expect("the measurement is saved")
    }

    /// Sets one field of a record, and leaves the others.
    #[track_caller]
    pub fn edit(&mut self, kind: Kind, id: RecordId, field: &str, value: &str) -> Saved {
        let body = self.body(kind, id).expect("a record that it holds").with(field, value);
        self.replica.save(kind, Some(id), None, body).expect("the edit is saved")
    }

    /// A record as the worker sees it; none when deleted or not held.
    pub fn body(&self, kind: Kind, id: RecordId) -> Option<Body> {
        self.replica.record(kind, id).expect("its file").and_then(|shown| shown.body().cloned())
    }

    /// A field of a child as the worker sees it.
    pub fn says(&self, child: RecordId, field: &str) -> Option<String> {
        self.body(Kind::CHILD, child)?.text(field).map(str::to_owned)
    }

    /// What became of one of its changes.
    pub fn outcome(&self, seq: u64) -> Option<Outcome> {
        let log = self.replica.log(u32::MAX).expect("its log");
        log.into_iter().find(|entry| entry.seq == seq).expect("that seq").outcome
    }
}
