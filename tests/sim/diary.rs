//! What happened in a history: the last events for whoever must understand a failure, the counts
//! for the summary, and a hash of every byte the server said.

use crate::time::BEGIN;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;

/// Counts of one history, or of many.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) histories: u64,
    pub(crate) changes: u64,
    pub(crate) exchanges: u64,
    pub(crate) faults: u64,
    pub(crate) parked: u64,
    pub(crate) released: u64,
    pub(crate) superseded: u64,
    pub(crate) conflicts: u64,
    /// Bases that never were, against what others had merged.
    pub(crate) contested: u64,
    pub(crate) probes: u64,
    /// Of tablets and of the server.
    pub(crate) crashes: u64,
    pub(crate) reinstalls: u64,
    pub(crate) wipes: u64,
    pub(crate) clones: u64,
    pub(crate) restores: u64,
    /// Files carried by hand.
    pub(crate) outboxes: u64,
    /// Tablets.
    pub(crate) tablets: u64,
    pub(crate) tablet_ms: i64,
    pub(crate) virtual_ms: i64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Tally) {
        self.histories += other.histories;
        self.changes += other.changes;
        self.exchanges += other.exchanges;
        self.faults += other.faults;
        self.parked += other.parked;
        self.released += other.released;
        self.superseded += other.superseded;
        self.conflicts += other.conflicts;
        self.contested += other.contested;
        self.probes += other.probes;
        self.crashes += other.crashes;
        self.reinstalls += other.reinstalls;
        self.wipes += other.wipes;
        self.clones += other.clones;
        self.restores += other.restores;
        self.outboxes += other.outboxes;
        self.tablets += other.tablets;
        self.tablet_ms += other.tablet_ms;
        self.virtual_ms += other.virtual_ms;
    }
}

#[derive(Debug)]
pub(crate) struct Diary {
    events: VecDeque<String>,
    /// How many events are kept.
    kept: usize,
    pub(crate) tally: Tally,
    said: Sha256,
}

impl Diary {
    pub(crate) fn keeping(events: usize) -> Self {
        Diary {
            events: VecDeque::new(),
            kept: events,
            tally: Tally::default(),
            said: Sha256::new(),
        }
    }

    pub(crate) fn note(&mut self, true_ms: i64, event: impl AsRef<str>) {
        if self.events.len() >= self.kept {
            self.events.pop_front();
        }
        let seconds = (true_ms - BEGIN) / 1_000;
        let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
        let (minutes, seconds) = (seconds / 60 % 60, seconds % 60);
        let event = event.as_ref();
        self.events.push_back(format!("day {days} {hours:02}:{minutes:02}:{seconds:02}  {event}"));
    }

    pub(crate) fn events(&self) -> Vec<String> {
        self.events.iter().cloned().collect()
    }

    /// Takes in what the server said.
    pub(crate) fn hear(&mut self, status: u16, bytes: &[u8]) {
        self.said.update(status.to_be_bytes());
        self.said.update((bytes.len() as u64).to_be_bytes());
        self.said.update(bytes);
    }

    /// The hash of all that was heard.
    pub(crate) fn trace(&self) -> String {
        let hash = self.said.clone().finalize();
        hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}
