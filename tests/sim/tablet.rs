//! One tablet: the real replica on a real file, on a machine with a clock of its own.

use crate::sent::{Deed, Sent};
use crate::time::{Machine, YEAR};
use crate::violation::{Checked, Guarantee, broken};
use std::collections::BTreeSet;
use std::path::PathBuf;
use sync_protocol::body::Body;
use sync_protocol::ids::{RecordId, WorkerId};
use sync_protocol::record::Kind;
use sync_protocol::wire::Outcome;
use sync_replica::{Content, LogEntry, Replica};

/// Entries of the log whose display is looked at after each exchange.
const LOOKED_AT: u32 = 12;

#[derive(Debug)]
pub(crate) struct Tablet {
    pub(crate) name: String,
    pub(crate) worker: WorkerId,
    /// Its number; 0 until it is enrolled.
    pub(crate) device: u32,
    pub(crate) machine: Machine,
    path: PathBuf,
    replica: Option<Replica>,
    /// Entries that were settled when a pull was complete: the mirror speaks for them since.
    closed: BTreeSet<u64>,
}

/// How a tablet came to where it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// After every single exchange since the last look.
    EachExchange,
    /// After many: a pull may have ended, and another begun, in between.
    OnlyTheEnd,
}

impl Tablet {
    pub(crate) fn new(name: String, worker: WorkerId, path: PathBuf, machine: Machine) -> Self {
        let mut tablet = Tablet {
            name,
            worker,
            device: 0,
            machine,
            path,
            replica: None,
            closed: BTreeSet::new(),
        };
        tablet.restart();
        tablet
    }

    /// Ends the app, as a power cut does, and starts it on the same file.
    pub(crate) fn restart(&mut self) {
        self.replica = None;
        self.machine.boot();
        let opened = Replica::open(&self.path, Box::new(self.machine.clone())).unwrap();
        assert!(opened.set_aside.is_none(), "the file of {} was damaged", self.name);
        self.replica = Some(opened.replica);
    }

    pub(crate) fn replica(&self) -> &Replica {
        self.replica.as_ref().unwrap()
    }

    pub(crate) fn replica_mut(&mut self) -> &mut Replica {
        self.replica.as_mut().unwrap()
    }

    /// How wrong its clock is, for the diary.
    pub(crate) fn clock_text(&self) -> String {
        let wrong_ms = self.machine.wrong_by_ms();
        if wrong_ms.abs() >= YEAR {
            format!("{:+} years", wrong_ms / YEAR)
        } else {
            format!("{:+} s", wrong_ms / 1_000)
        }
    }

    /// A newer app writes an entry that this one cannot make. Its text comes from `write`, which
    /// gets the seq.
    pub(crate) fn log_foreign(
        &mut self,
        kind: &str,
        id: RecordId,
        child_id: Option<RecordId>,
        write: impl FnOnce(u64) -> String,
    ) -> u64 {
        self.replica = None;
        let db = rusqlite::Connection::open(&self.path).unwrap();
        let last: Option<i64> =
            db.query_row("SELECT max(seq) FROM change_log", [], |row| row.get(0)).unwrap();
        let seq = last.unwrap_or(0) + 1;
        db.execute(
            "INSERT INTO change_log (seq, device, kind, id, child_id, register, bytes, made_at_ms,
                 clock)
             SELECT ?1, ?2, ?3, ?4, ?5, 'state', ?6, last_wall_ms, clock FROM sync_state",
            (
                seq,
                self.device,
                kind,
                id.to_string(),
                child_id.map(|id| id.to_string()),
                write(seq.unsigned_abs()),
            ),
        )
        .unwrap();
        drop(db);
        self.restart();
        seq.unsigned_abs()
    }

    /// How many entries its log has.
    pub(crate) fn written(&self) -> u64 {
        self.replica().log(1).unwrap().first().map_or(0, |entry| entry.seq)
    }

    /// Another tablet with a copy of this one's file, as a backup program makes it.
    pub(crate) fn copied(&self, name: String, path: PathBuf, machine: Machine) -> Self {
        let db = rusqlite::Connection::open(&self.path).unwrap();
        db.execute("VACUUM INTO ?1", [path.to_str().unwrap()]).unwrap();
        let mut copy = Tablet::new(name, self.worker, path, machine);
        copy.device = self.device;
        copy
    }

    /// Every entry of its log, oldest first.
    pub(crate) fn whole_log(&self) -> Vec<LogEntry> {
        let mut log = self.replica().log(u32::MAX).unwrap();
        log.reverse();
        log
    }

    /// What the worker saved is shown until the server has settled it and the mirror has caught up.
    pub(crate) fn check_display(&mut self, seen: Seen) -> Checked {
        let replica = self.replica();
        let status = replica.status().unwrap();
        if !status.differs.is_empty() {
            return broken(
                Guarantee::NoSkip,
                format!("the mirror of {} differs in {:?}", self.name, status.differs),
            );
        }
        let log = replica.log(LOOKED_AT).unwrap();
        for (newer, entry) in log.iter().enumerate() {
            let sent = Sent::read(&entry.bytes);
            let Some(kind) = Kind::named(&entry.kind).filter(|_| sent.is_of_state()) else {
                continue;
            };
            let is_newest = !log
                .iter()
                .take(newer)
                .any(|later| later.id == entry.id && Sent::read(&later.bytes).is_of_state());
            if is_newest {
                self.check_shown(kind, entry, &sent, seen)?;
            }
        }
        if status.pull_complete {
            let settled =
                |entry: &&LogEntry| entry.outcome.is_some_and(|outcome| outcome != Outcome::Parked);
            self.closed.extend(log.iter().filter(settled).map(|entry| entry.seq));
        }
        Ok(())
    }

    fn check_shown(&self, kind: Kind, entry: &LogEntry, sent: &Sent, seen: Seen) -> Checked {
        let shown = self.replica().record(kind, entry.id).unwrap();
        let content = shown.as_ref().map(|shown| &shown.content);
        if says(content, &sent.deed) {
            return Ok(());
        }
        let fault = |why: &str| {
            let what = format!(
                "{} shows {content:?} in place of its entry {} ({:?}), {why}",
                self.name, entry.seq, sent.deed
            );
            broken(Guarantee::Overlay, what)
        };
        match entry.outcome {
            None => fault("which was not settled"),
            Some(Outcome::Parked) => fault("which is parked"),
            Some(Outcome::Applied) => {
                let mirrored = shown.as_ref().and_then(|shown| shown.stamp);
                let spoken_for = self.closed.contains(&entry.seq)
                    || seen == Seen::OnlyTheEnd
                    || self.replica().status().unwrap().pull_complete;
                let caught_up = mirrored >= entry.stamp;
                // A record whose child left the scope is shown no more.
                let left = shown.as_ref().is_none_or(|shown| shown.gone || shown.stamp.is_none());
                if caught_up || (left && spoken_for) { Ok(()) } else { fault("which was applied") }
            }
            Some(Outcome::Superseded | Outcome::Discarded) => Ok(()),
        }
    }
}

/// Whether what is shown is what a change did.
pub(crate) fn says(content: Option<&Content>, deed: &Deed) -> bool {
    match (content, deed) {
        (Some(Content::Body(shown)), Deed::Body(saved)) => shown.says_the_same(saved),
        (Some(Content::Deleted(shown)), Deed::Deleted(saved)) => shown.as_str() == saved,
        _ => false,
    }
}

/// The body that is shown of a record.
pub(crate) fn body_of(tablet: &Tablet, kind: Kind, id: RecordId) -> Option<Body> {
    tablet.replica().record(kind, id).unwrap()?.body().cloned()
}
