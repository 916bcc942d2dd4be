//! What a sync did, in numbers, and how far it is while it runs.

use crate::movement::Movement;
use sync_protocol::area::Area;
use sync_protocol::wire::Outcome;

/// How far a sync is, after each exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Changes settled so far, and still to send.
    pub sent: u64,
    pub to_send: u64,
    /// Rows received so far.
    pub rows: u64,
    /// Records that are here, and that the server has for this worker where it said so: only while
    /// more is to come.
    pub here: u64,
    pub total: Option<u64>,
    /// More rows wait at the server.
    pub more: bool,
    /// Nothing was pulled by this replica before: everything is to come.
    pub first_sync: bool,
}

/// What the exchanges of one sync brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) sent: u64,
    pub(crate) rows: u64,
    pub(crate) applied: u64,
    pub(crate) superseded: u64,
    pub(crate) parked: u64,
    pub(crate) discarded: u64,
    pub(crate) replaced: u64,
    pub(crate) lost: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, more: &Counts) {
        self.sent += more.sent;
        self.rows += more.rows;
        self.applied += more.applied;
        self.superseded += more.superseded;
        self.parked += more.parked;
        self.discarded += more.discarded;
        self.replaced += more.replaced;
        self.lost += more.lost;
    }

    pub(crate) fn verdict(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Applied => self.applied += 1,
            Outcome::Superseded => self.superseded += 1,
            Outcome::Parked => self.parked += 1,
            Outcome::Discarded => self.discarded += 1,
        }
    }
}

/// What a finished sync did, and what is true after it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct SyncReport {
    pub exchanges: u64,
    /// Changes that went out, and what became of changes (also of ones sent before).
    pub sent: u64,
    pub applied: u64,
    pub superseded: u64,
    pub parked: u64,
    pub discarded: u64,
    /// Rows that came in.
    pub rows: u64,
    /// Values of this tablet that another hand's took the place of.
    pub replaced: u64,
    /// Changes that the server had lost and was sent again.
    pub lost: u64,
    /// Children that moved in, out, or between desa.
    pub movements: Vec<Movement>,
    /// Changes still to send.
    pub pending: u64,
    /// Areas whose digest does not agree.
    pub differs: Vec<Area>,
    /// The server wants a newer app before it gives rows again.
    pub upgrade: bool,
    /// The server ordered this replica to be erased, and it is.
    pub wiped: bool,
    /// "Selesai": nothing pending, nothing more to pull, and the digests agree.
    pub complete: bool,
}

impl SyncReport {
    pub(crate) fn add(&mut self, counts: &Counts) {
        self.sent += counts.sent;
        self.rows += counts.rows;
        self.applied += counts.applied;
        self.superseded += counts.superseded;
        self.parked += counts.parked;
        self.discarded += counts.discarded;
        self.replaced += counts.replaced;
        self.lost += counts.lost;
    }
}
