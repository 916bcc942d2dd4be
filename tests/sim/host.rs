//! The server under test: the real one, on a real file, opened and reopened.

use crate::random::Dice;
use crate::time::{ServerClock, ServerRandom, TrueTime};
use server::http::{Gateway, Request, Response, Settings};
use server::platform::{Clock, Random};
use server::service::Service;
use server::store::{FeedEntry, StoreError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use sync_protocol::area::{Area, Scope};
use sync_protocol::digest::AreaDigest;
use sync_protocol::ids::RecordId;
use sync_protocol::limits::ENROL_TRIES_PER_MINUTE;

/// Virtual time passes faster than the limiter's real clock, so it must never bind.
const SETTINGS: Settings = Settings {
    requests_per_minute: 6_000_000,
    requests_burst: 1_000_000,
    enrolments_per_minute: ENROL_TRIES_PER_MINUTE,
};

/// More entries than a history has.
const EVERYTHING: usize = 1_000_000;

/// The server's process.
#[derive(Debug)]
pub(crate) struct Host {
    dir: PathBuf,
    pub(crate) clock: Arc<ServerClock>,
    random: Arc<ServerRandom>,
    running: Option<Running>,
}

/// A server that runs.
#[derive(Debug)]
struct Running {
    service: Arc<Service>,
    gateway: Gateway,
}

/// A record as it came to a new place in the feed.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) id: RecordId,
    pub(crate) child_id: Option<RecordId>,
    pub(crate) area: Area,
}

impl Host {
    pub(crate) fn start(dir: &Path, time: &TrueTime, dice: Dice) -> Self {
        let mut host = Host {
            dir: dir.to_owned(),
            clock: Arc::new(ServerClock::beside(time)),
            random: Arc::new(ServerRandom(Mutex::new(dice))),
            running: None,
        };
        host.restart();
        host
    }

    /// Stops the server, when it runs, and starts it on the same files.
    pub(crate) fn restart(&mut self) {
        self.running = None;
        let (clock, random) = (Arc::clone(&self.clock), Arc::clone(&self.random));
        let service = Arc::new(Service::open(&self.dir, clock, random).unwrap());
        let gateway = Gateway::new(Arc::clone(&service), SETTINGS);
        self.running = Some(Running { service, gateway });
    }

    /// Makes a backup beside the running server.
    pub(crate) fn back_up(&self, file: &Path) {
        server::backup::make(&self.dir, file).unwrap();
    }

    /// Puts a backup in the place of the database. The server stands still meanwhile.
    pub(crate) fn restore(&mut self, file: &Path) {
        self.running = None;
        let clock: Arc<dyn Clock> = Arc::<ServerClock>::clone(&self.clock);
        let random: Arc<dyn Random> = Arc::<ServerRandom>::clone(&self.random);
        server::restore::restore(&self.dir, file, true, &clock, &random).unwrap();
        self.restart();
    }

    pub(crate) fn service(&self) -> &Service {
        &self.running.as_ref().unwrap().service
    }

    pub(crate) fn answer(&self, request: &Request) -> Response {
        self.running.as_ref().unwrap().gateway.answer(request)
    }

    /// The last place of the feed that was given out.
    pub(crate) fn feed(&self) -> i64 {
        self.service().read_as_operator::<_, StoreError>(|tx, _| Ok(tx.server()?.feed)).unwrap()
    }

    /// What the server adds to its wall clock.
    pub(crate) fn lag_ms(&self) -> i64 {
        self.service().read_as_operator::<_, StoreError>(|tx, _| Ok(tx.server()?.lag_ms)).unwrap()
    }

    /// What came to a new place in the feed after an earlier one, and the last place now.
    pub(crate) fn placed_after(&self, feed: i64, everywhere: &Area) -> (Vec<Placed>, i64) {
        let scope = Scope::of([everywhere.clone()]);
        let read = self.service().read_as_operator::<_, StoreError>(|tx, _| {
            let now = tx.server()?.feed;
            if now == feed {
                return Ok((Vec::new(), now));
            }
            Ok((tx.feed_page(&scope, feed, EVERYTHING)?, now))
        });
        let (entries, now) = read.unwrap();
        let placed = entries.into_iter().filter_map(|entry| match entry {
            FeedEntry::Record { id, child_id, area, .. } => Some(Placed { id, child_id, area }),
            FeedEntry::Departure { .. } => None,
        });
        (placed.collect(), now)
    }

    /// The server's own digest of each of these areas that has rows.
    pub(crate) fn digests(&self, areas: Vec<Area>) -> BTreeMap<Area, AreaDigest> {
        let scope = Scope::of(areas);
        self.service().read_as_operator::<_, StoreError>(|tx, _| tx.digests(&scope)).unwrap()
    }
}
