//! The server's own changes: device 0, dense seqs too, through the same steps as any tablet's.

use super::admit::Session;
use super::park;
use crate::access::Actor;
use crate::refusal::Refusal;
use crate::store::{StoreError, WriteTx};
use std::collections::HashMap;
use sync_protocol::change::{Change, NewChange, read_change};
use sync_protocol::ids::{DeviceNo, RecordId, Seq, WorkerId};
use sync_protocol::problem::ProblemCode;
use sync_protocol::stamp::Stamp;
use sync_protocol::time::Moment;
use sync_protocol::wire::Receipt;

/// A run of office changes inside one write job.
#[derive(Debug)]
pub struct Office<'a> {
    session: Session<'a>,
}

impl<'a> Office<'a> {
    /// Starts a run, on behalf of `worker` where a person is named.
    pub fn begin(
        tx: &'a WriteTx<'a>,
        worker: Option<WorkerId>,
        now_ms: i64,
    ) -> Result<Self, StoreError> {
        let device = tx.device(DeviceNo::OFFICE)?.ok_or(StoreError::Unreadable("device 0"))?;
        Ok(Office {
            session: Session {
                tx,
                actor: Actor::office(worker),
                now_ms,
                acked: device.acked,
                previous: device.last_tick,
                enrolled_ms: device.enrolled_ms,
                exchanges: Vec::new(),
                // The server's clock is the one that all others are measured against.
                skews: HashMap::from([(0, Some(0))]),
                has_parked: tx.has_parked_of(DeviceNo::OFFICE)?,
                touched: Vec::new(),
            },
        })
    }

    /// Makes one change, based on the version that the person saw.
    pub fn change(&mut self, change: &Change, base: Option<Stamp>) -> Result<Receipt, Refusal> {
        let seq = Seq::new(self.session.acked + 1)
            .ok_or_else(|| Refusal::problem(ProblemCode::Internal))?;
        let made_at = Moment::utc(self.session.now_ms);
        let written = NewChange::new(seq, change, made_at, 0, base);
        let raw = serde_json::to_string(&written)
            .map_err(|error| Refusal::with_detail(ProblemCode::Malformed, error.to_string()))?;
        let today = super::server_time::today(self.session.tx, self.session.now_ms)?;
        let arrival =
            read_change(&raw, today).map_err(|_| Refusal::problem(ProblemCode::Internal))?;
        self.session.take(&arrival)
    }

    /// Ends the run: what waited for its records is released.
    pub fn finish(self) -> Result<(), StoreError> {
        let Session { tx, now_ms, acked, previous, touched, .. } = self.session;
        park::release_for_records(tx, touched, now_ms)?;
        tx.keep_progress(DeviceNo::OFFICE, acked, previous)?;
        match previous {
            Some(previous) => tx.keep_last_tick(previous),
            None => Ok(()),
        }
    }
}

/// An id for a record that is made in the office.
pub fn new_record_id(now_ms: i64, random: &dyn crate::platform::Random) -> RecordId {
    RecordId::made_by(DeviceNo::OFFICE, now_ms, crate::platform::random_bytes(random))
}
