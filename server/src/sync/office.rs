//! The server's own changes: device 0, dense seqs too, through the same steps as any tablet's.

use super::admit::{Progress, Session};
use super::park;
use super::past::Past;
use super::server_time::{FutureDates, check_day};
use crate::access::Actor;
use crate::refusal::Refusal;
use crate::store::{StoreError, WriteTx};
use sync_protocol::change::{Arrival, Change, NewChange, read_change};
use sync_protocol::ids::{DeviceNo, RecordId, Seq};
use sync_protocol::parked::{Fault, ParkCode};
use sync_protocol::stamp::Stamp;
use sync_protocol::time::Moment;
use sync_protocol::wire::Receipt;

/// A run of office changes inside one write job.
#[derive(Debug)]
pub struct Office<'a> {
    tx: &'a WriteTx<'a>,
    now_ms: i64,
    session: Session<'a>,
}

impl<'a> Office<'a> {
    /// Starts a run on behalf of an import or a person.
    pub fn begin(tx: &'a WriteTx<'a>, actor: Actor, now_ms: i64) -> Result<Self, StoreError> {
        let device = tx.device(DeviceNo::OFFICE)?.ok_or(StoreError::Unreadable("device 0"))?;
        let session = Session::begin(tx, actor, &device, Past::of_office(&device), now_ms)?;
        Ok(Office { tx, now_ms, session })
    }

    /// Makes one change, based on the version that the maker saw. What cannot be merged is parked,
    /// as a tablet's would be.
    pub fn change(&mut self, change: &Change, base: Option<Stamp>) -> Result<Receipt, Refusal> {
        self.take(change, base, FutureDates::Refused, None)
    }

    /// Makes a change again that a restore lost. It keeps the stamp that it had, where the office
    /// has made nothing later.
    pub fn change_again(
        &mut self,
        change: &Change,
        base: Option<Stamp>,
        had: Stamp,
    ) -> Result<Receipt, Refusal> {
        self.take(change, base, FutureDates::Accepted, Some(had))
    }

    /// Makes one change of a person who waits for the answer and mends a mistake at once. The inner
    /// result says why it would be parked: the job must then be refused, so that nothing is kept.
    pub(super) fn change_now(
        &mut self,
        change: &Change,
        base: Option<Stamp>,
        future: FutureDates,
    ) -> Result<Result<Receipt, Fault>, Refusal> {
        let receipt = self.take(change, base, future, None)?;
        Ok(match receipt.code {
            None => Ok(receipt),
            Some(code) => Err(Fault { code, field: receipt.field }),
        })
    }

    fn take(
        &mut self,
        change: &Change,
        base: Option<Stamp>,
        future: FutureDates,
        had: Option<Stamp>,
    ) -> Result<Receipt, Refusal> {
        let seq = Seq::new(self.session.acked() + 1).ok_or(Refusal::Internal)?;
        let made_at = Moment::utc(self.now_ms);
        let written = NewChange::new(seq, change, made_at, 0, base);
        let raw = serde_json::to_string(&written)
            .map_err(|error| Refusal::malformed(error.to_string()))?;
        let day = check_day(self.tx, self.now_ms, future)?;
        let arrival = read_change(&raw, day).map_err(|_| Refusal::Internal)?;
        self.session.take(&Arrival { stamp: had, ..arrival })
    }

    /// Ends the run: what waited for its records is released.
    pub fn finish(self) -> Result<(), StoreError> {
        let Office { tx, now_ms, session } = self;
        let Progress { acked, previous, touched } = session.end();
        park::release_for_records(tx, touched, now_ms)?;
        tx.keep_progress(DeviceNo::OFFICE, acked, previous)?;
        match previous {
            Some(previous) => tx.keep_last_tick(previous),
            None => Ok(()),
        }
    }
}

/// What a person is told whose change would be parked.
pub(super) fn refusal_of(fault: Fault) -> Refusal {
    match fault.code {
        // What is missing and what is out of scope look alike.
        ParkCode::NotInScope => Refusal::NotFound,
        ParkCode::InvalidField
        | ParkCode::DateInFuture
        | ParkCode::UnknownKind
        | ParkCode::TooLarge => {
            let field = fault.field.unwrap_or_else(|| fault.code.to_string());
            Refusal::Field(field)
        }
    }
}

/// An id for a record that is made in the office.
pub fn new_record_id(now_ms: i64, random: &dyn crate::platform::Random) -> RecordId {
    RecordId::made_by(DeviceNo::OFFICE, now_ms, crate::platform::random_bytes(random))
}
