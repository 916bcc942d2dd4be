//! A world whose devices have each written something, and what becomes of it in one order or another.

use rusqlite::Connection;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use server::access::caller_of_token;
use server::check::check;
use server::platform::{Clock, SystemRandom};
use server::refusal::Refusal;
use server::service::Service;
use server::store::{DATABASE_FILE, FeedEntry, ReadTx, StoreError, VersionContent, WriteTx};
use server::sync::push::{Push, Pushed, push};
use server::sync::received::Received;
use server::sync::server_time;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use sync_protocol::area::{Area, Scope};
use sync_protocol::change::Register;
use sync_protocol::digest::AreaDigest;
use sync_protocol::ids::RecordId;
use sync_protocol::stamp::Stamp;
use sync_protocol::time::parse_date;
use sync_protocol::wire::Status;
use sync_tests::{DAY, Device, HOUR, KECAMATAN, MINUTE, World, area};

/// How wrong the devices' clocks are, in turn.
const SKEWS_MS: [i64; 6] = [0, 3 * DAY, 0, -3650 * DAY, MINUTE, 0];

/// What a device does: so many minutes after the beginning, to which record, and what.
pub(super) type Deed = (i64, &'static str, RecordId, Value);

/// A world and the requests of its devices.
pub(super) struct Scene {
    world: World,
    logs: Arc<Vec<Log>>,
    /// What the changes are of.
    ids: Arc<Vec<RecordId>>,
    database: Vec<u8>,
}

/// What a device has to send.
struct Log {
    device: Device,
    changes: Vec<Value>,
}

impl Log {
    /// A request with its changes from `from` to before `to`.
    fn request(&self, from: usize, to: usize, now_ms: i64) -> Push {
        let today = parse_date("2026-11-24").unwrap();
        let raw = self.changes[from..to].iter().map(|change| to_raw_value(change).unwrap());
        Push {
            sent_at: self.device.shows(),
            clock: self.device.clock,
            last_seq: self.device.seq,
            status: Status::default(),
            changes: Received::read(raw.collect(), today).unwrap(),
            cursor: None,
            arrived_ms: now_ms,
        }
    }
}

/// Where records ended: everything a merge decides. A stamp names one version.
pub(super) type End = Vec<(RecordId, Area, Stamp, Stamp, Option<Stamp>)>;

impl Scene {
    /// Everybody is enrolled for the whole kecamatan, what `prepare` does is stored, then each device
    /// does its deeds by a clock of its own.
    ///
    /// All are sent at one moment of server time, by devices whose logs were whole before they first
    /// spoke. The stamp of a change rests on when it was made, what it is based on and which exchanges
    /// its device had before: all that is then the same in every order, and so must be the end.
    /// What may not be the same is who may write where after a hand-over; so everybody may.
    pub(super) fn of(count: usize, prepare: impl FnOnce(&mut [Device]) -> Vec<Vec<Deed>>) -> Self {
        let world = World::default();
        let mut devices: Vec<Device> =
            (0..count).map(|n| world.device(&format!("Petugas {n}"), &[KECAMATAN])).collect();
        let deeds = prepare(&mut devices);
        let deeds_of = deeds.iter().flatten().map(|(_, _, id, _)| *id);
        let ids: BTreeSet<RecordId> = deeds_of.chain(stored(&world)).collect();
        let begun = world.time.now_ms();
        let mut logs = Vec::new();
        for ((mut device, deeds), skew) in
            devices.into_iter().zip(deeds).zip(SKEWS_MS.iter().cycle())
        {
            device.skew_ms = *skew;
            let mut changes = Vec::new();
            for (minutes, kind, id, edit) in deeds {
                world.time.set(begun + minutes * MINUTE);
                changes.push(device.change(kind, id, edit));
            }
            logs.push(Log { device, changes });
        }
        world.time.set(begun + 2 * HOUR);
        let copy = world.data().join("copy.db");
        let db = Connection::open(world.data().join(DATABASE_FILE)).unwrap();
        db.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
        let database = std::fs::read(copy).unwrap();
        Scene { world, logs: Arc::new(logs), ids: Arc::new(ids.into_iter().collect()), database }
    }

    /// Merges the devices' logs in every order, all of them beginning with the same database, and
    /// says how many orders ended how. What orders begin with alike is merged once.
    pub(super) fn imagine_all(&self) -> BTreeMap<End, usize> {
        let (logs, ids) = (Arc::clone(&self.logs), Arc::clone(&self.ids));
        let now_ms = self.world.time.now_ms();
        let played = self.world.service().write_as_operator::<_, StoreError, _>(move |tx, _| {
            let mut ends = BTreeMap::new();
            let whole =
                |log: &Log| (log.device.token.clone(), log.request(0, log.changes.len(), now_ms));
            let requests: Vec<(String, Push)> = logs.iter().map(whole).collect();
            let mut tree = Tree { requests: &requests, ids: &ids, now_ms, ends: &mut ends };
            tree.grow(tx, &mut Vec::new());
            Ok(ends)
        });
        played.unwrap()
    }

    /// Merges requests in an order, one job each, and keeps that: a device and how many of its
    /// changes it sends. Where the records ended, what they say, and the digests; a check finds
    /// nothing wrong.
    pub(super) fn play(
        &self,
        order: &[(usize, usize)],
    ) -> (End, Vec<Value>, BTreeMap<Area, AreaDigest>) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(DATABASE_FILE), &self.database).unwrap();
        let (clock, random) = (Arc::new(self.world.time.clone()), Arc::new(SystemRandom));
        let service = Service::open(dir.path(), clock, random).unwrap();
        let now_ms = self.world.time.now_ms();
        let mut sent = vec![0; self.logs.len()];
        for (n, count) in order.iter().copied() {
            let request = self.logs[n].request(sent[n], sent[n] + count, now_ms);
            sent[n] += count;
            let token = self.logs[n].device.token.clone();
            let written = service
                .write_as_tablet(&token, move |tx, caller, now| push(tx, &caller, &request, now));
            written.unwrap();
        }
        let whole: Vec<usize> = self.logs.iter().map(|log| log.changes.len()).collect();
        assert_eq!(sent, whole, "everything was sent");
        assert_eq!(check(&service).unwrap().faults, Vec::<String>::new());
        let scope = Scope::of([area(KECAMATAN)]);
        let read = service.read_as_operator::<_, StoreError>(|tx, _| {
            Ok((end(tx, &self.ids)?, states(tx, &self.ids)?, tx.digests(&scope)?))
        });
        read.unwrap()
    }
}

/// Every record that the server has.
fn stored(world: &World) -> Vec<RecordId> {
    let page = world.read(|tx| tx.feed_page(&Scope::of([area(KECAMATAN)]), 0, usize::MAX));
    let id = |entry| match entry {
        FeedEntry::Record { id, .. } => Some(id),
        FeedEntry::Departure { .. } => None,
    };
    page.into_iter().filter_map(id).collect()
}

/// Every order of the requests, as a tree of their beginnings.
struct Tree<'a> {
    /// Each with the token of its device.
    requests: &'a [(String, Push)],
    ids: &'a [RecordId],
    now_ms: i64,
    ends: &'a mut BTreeMap<End, usize>,
}

impl Tree<'_> {
    fn take(&self, tx: &WriteTx<'_>, n: usize) -> Result<Pushed, Refusal> {
        let (token, request) = &self.requests[n];
        let caller = caller_of_token(tx, token)?;
        push(tx, &caller, request, server_time::advance(tx, self.now_ms)?)
    }

    fn grow(&mut self, tx: &WriteTx<'_>, sent: &mut Vec<usize>) {
        if sent.len() == self.requests.len() {
            *self.ends.entry(end(tx, self.ids).unwrap()).or_default() += 1;
            return;
        }
        for n in 0..self.requests.len() {
            if sent.contains(&n) {
                continue;
            }
            sent.push(n);
            let grown = tx.imagine(|tx| {
                if let Err(refusal) = self.take(tx, n) {
                    panic!("after {sent:?}: {refusal}");
                }
                self.grow(tx, sent);
            });
            grown.unwrap();
            sent.pop();
        }
    }
}

fn end(tx: &ReadTx<'_>, ids: &[RecordId]) -> Result<End, StoreError> {
    let mut ends = Vec::new();
    for id in ids {
        if let Some(record) = tx.record(*id)? {
            ends.push((*id, record.area.clone(), record.row_stamp(), record.state, record.place));
        }
    }
    Ok(ends)
}

/// What the records say.
fn states(tx: &ReadTx<'_>, ids: &[RecordId]) -> Result<Vec<Value>, StoreError> {
    let mut states = Vec::new();
    for id in ids {
        let Some(record) = tx.record(*id)? else { continue };
        let state = match tx.content(record.state_pos, Register::State)? {
            VersionContent::Body(body) => json!(body),
            VersionContent::Deleted(reason) => json!(reason),
            VersionContent::Place(_) => panic!("a place is no state"),
        };
        states.push(json!({"id": id, "area": record.area, "state": state}));
    }
    Ok(states)
}

/// The digests as a tablet counts them.
pub(super) fn digests_of(end: &End) -> BTreeMap<Area, AreaDigest> {
    let mut digests: BTreeMap<Area, AreaDigest> = BTreeMap::new();
    for (id, area, row_stamp, _, _) in end {
        digests.entry(area.clone()).or_default().add(id, *row_stamp);
    }
    digests
}
