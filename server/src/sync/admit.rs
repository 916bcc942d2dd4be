//! One change of a tablet: known already, or stamped, stored and judged.

use super::past::Past;
use super::receipt::receipt_of;
use super::scope::{Standing, standing};
use super::settle::{Settling, known_base, settle};
use super::{merge, park};
use crate::access::Actor;
use crate::refusal::Refusal;
use crate::store::{Device, Entry, LogPos, NewEntry, RecordNo, Stored, Verdict, WriteTx};
use sync_protocol::admission::{Admission, Admitted, admit, keeps_old_stamp};
use sync_protocol::change::{Arrival, Change, Was};
use sync_protocol::ids::RecordId;
use sync_protocol::stamp::{Stamp, Tick};
use sync_protocol::wire::{Outcome, Receipt};

/// What one push job knows while it goes through the changes of its device.
#[derive(Debug)]
pub(super) struct Session<'a> {
    tx: &'a WriteTx<'a>,
    actor: Actor,
    now_ms: i64,
    /// The log is stored without a gap up to here.
    acked: u64,
    /// The device's previous stamp.
    previous: Option<Tick>,
    past: Past,
    /// Whether this device has anything parked that a later change may replace.
    has_parked: bool,
    /// Records whose coming, moving or reviving may release parked changes.
    touched: Vec<RecordId>,
}

/// How far a session has brought its device.
#[derive(Debug)]
pub(super) struct Progress {
    pub acked: u64,
    pub previous: Option<Tick>,
    pub touched: Vec<RecordId>,
}

impl<'a> Session<'a> {
    pub(super) fn begin(
        tx: &'a WriteTx<'a>,
        actor: Actor,
        device: &Device,
        past: Past,
        now_ms: i64,
    ) -> Stored<Self> {
        Ok(Session {
            tx,
            actor,
            now_ms,
            acked: device.acked,
            previous: device.last_tick,
            past,
            has_parked: tx.has_parked_of(device.number)?,
            touched: Vec::new(),
        })
    }

    pub(super) fn acked(&self) -> u64 {
        self.acked
    }

    pub(super) fn end(self) -> Progress {
        Progress { acked: self.acked, previous: self.previous, touched: self.touched }
    }

    /// Takes one change and gives its receipt. The same change again gets its present receipt;
    /// another change under the same seq is a cloned tablet.
    pub(super) fn take(&mut self, arrival: &Arrival) -> Result<Receipt, Refusal> {
        if arrival.seq.get() <= self.acked {
            return self.recognise(arrival);
        }
        let was = self.past.credible(self.tx, arrival.was)?;
        let receipt = match self.known_under_an_earlier_number(arrival, was)? {
            Some(original) => self.repeat(arrival, &original)?,
            None => self.admit(arrival, was)?,
        };
        self.acked = arrival.seq.get();
        Ok(receipt)
    }

    fn recognise(&self, arrival: &Arrival) -> Result<Receipt, Refusal> {
        match self.tx.entry(self.actor.device, arrival.seq)? {
            Some(entry) if entry.hash == arrival.hash => Ok(receipt_of(self.tx, &entry)?),
            Some(_) | None => Err(Refusal::Cloned { seq: arrival.seq }),
        }
    }

    fn known_under_an_earlier_number(
        &self,
        arrival: &Arrival,
        was: Option<Was>,
    ) -> Stored<Option<Entry>> {
        let Some(was) = was else { return Ok(None) };
        let same_under = |device| -> Stored<Option<Entry>> {
            Ok(self.tx.entry(device, was.seq)?.filter(|entry| entry.hash == arrival.hash))
        };
        let known = same_under(was.device)?;
        if known.is_some() {
            return Ok(known);
        }
        // Written under that number, but perhaps first sent under one in between.
        for between in self.tx.devices_of_same_install(self.actor.device)? {
            let known = same_under(between)?;
            if known.is_some() {
                return Ok(known);
            }
        }
        Ok(None)
    }

    /// Stores that a change is the same as an earlier one; the earlier verdict holds for both.
    fn repeat(&mut self, arrival: &Arrival, known: &Entry) -> Result<Receipt, Refusal> {
        let original = match known.same_as {
            Some(original) => self.tx.entry_at(original)?,
            None => known.clone(),
        };
        self.tx.append(&NewEntry {
            device: self.actor.device,
            seq: arrival.seq,
            hash: arrival.hash,
            raw: &arrival.raw,
            edit: None,
            stamp: original.stamp,
            base: original.base,
            made_ms: original.made_ms,
            received_ms: self.now_ms,
            worker: self.actor.worker,
            uncertain: false,
            record: None,
            first_place: None,
            after_move: false,
            verdict: &original.verdict,
            same_as: Some(original.pos),
        })?;
        if original.verdict.outcome == Outcome::Parked {
            self.tx.hand_over_parked(original.pos, self.actor.device)?;
            self.has_parked = true;
        }
        self.previous = self.previous.max(Some(original.stamp.tick));
        let entry = self.tx.entry(self.actor.device, arrival.seq)?;
        match entry {
            Some(entry) => Ok(receipt_of(self.tx, &entry)?),
            None => Err(Refusal::Internal),
        }
    }

    fn admit(&mut self, arrival: &Arrival, was: Option<Was>) -> Result<Receipt, Refusal> {
        let record = match arrival.id {
            Some(id) => self.tx.record(id)?,
            None => None,
        };
        let base = known_base(self.tx, record.as_ref(), arrival.base)?;
        let admitted = self.stamp(arrival, was, base)?;
        self.previous = Some(admitted.stamp.tick);
        let stored = Incoming { arrival, admitted, base };
        let verdict = match &arrival.content {
            Ok(change) => match standing(self.tx, &self.actor, change, record, admitted.made_ms)? {
                Ok(standing) => self.merge(&stored, change, standing)?,
                Err(fault) => self.park(&stored, Verdict::parked(fault))?,
            },
            Err(fault) => self.park(&stored, Verdict::parked(fault.clone()))?,
        };
        let fault = verdict.fault.as_ref();
        Ok(Receipt {
            seq: arrival.seq,
            outcome: verdict.outcome,
            stamp: admitted.stamp,
            code: fault.map(|fault| fault.code),
            field: fault.and_then(|fault| fault.field.clone()),
            message: fault.map(|fault| fault.code.message().to_owned()),
        })
    }

    fn stamp(
        &mut self,
        arrival: &Arrival,
        was: Option<Was>,
        base: Option<Stamp>,
    ) -> Stored<Admitted> {
        let device = self.actor.device;
        let known = Admission {
            device,
            made_at_ms: arrival.made_at.map_or(self.now_ms, |made_at| made_at.unix_ms()),
            skew_ms: self.past.skew(self.tx, arrival.clock, was)?,
            not_before_ms: self.past.not_before(arrival.seq, was),
            server_now_ms: self.now_ms,
            previous: self.previous,
            base,
        };
        let admitted = admit(&if is_unread(arrival) { known.as_early_as_can_be() } else { known });
        let was = was.map(|was| was.device);
        Ok(match arrival.stamp {
            Some(old) if keeps_old_stamp(old, device, was, self.previous, self.now_ms) => {
                Admitted { stamp: old, ..admitted }
            }
            Some(_) | None => admitted,
        })
    }

    fn merge(
        &mut self,
        incoming: &Incoming<'_>,
        change: &Change,
        standing: Standing,
    ) -> Stored<Verdict> {
        let stamp = incoming.admitted.stamp;
        let verdict = Verdict::of(merge::foresee(&standing.target, change, stamp));
        let record = standing.target.record_no(self.tx)?;
        let pos = self.append(incoming, &verdict, Some((&standing, record)))?;
        let settling = Settling {
            change,
            pos,
            record,
            stamp,
            base: incoming.base,
            device: self.actor.device,
            now_ms: self.now_ms,
        };
        settle(self.tx, &settling, standing.target, verdict.outcome)?;
        self.replace_earlier(incoming.arrival, pos)?;
        self.touched.push(change.id);
        Ok(verdict)
    }

    fn park(&mut self, incoming: &Incoming<'_>, verdict: Verdict) -> Stored<Verdict> {
        let pos = self.append(incoming, &verdict, None)?;
        park::keep(self.tx, pos, self.actor.device, incoming.arrival, &verdict)?;
        self.replace_earlier(incoming.arrival, pos)?;
        self.has_parked = true;
        Ok(verdict)
    }

    fn replace_earlier(&self, arrival: &Arrival, pos: LogPos) -> Stored<()> {
        if !self.has_parked {
            return Ok(());
        }
        park::replace_earlier(self.tx, self.actor.device, arrival, pos)
    }

    fn append(
        &self,
        incoming: &Incoming<'_>,
        verdict: &Verdict,
        merged: Option<(&Standing, RecordNo)>,
    ) -> Stored<LogPos> {
        let Incoming { arrival, admitted, .. } = incoming;
        self.tx.append(&NewEntry {
            device: self.actor.device,
            seq: arrival.seq,
            hash: arrival.hash,
            raw: &arrival.raw,
            edit: arrival.content.as_ref().ok().map(|change| &change.edit),
            stamp: admitted.stamp,
            base: arrival.base,
            made_ms: admitted.made_ms,
            received_ms: self.now_ms,
            worker: self.actor.worker,
            uncertain: admitted.time_uncertain,
            record: merged.map(|(_, record)| record),
            first_place: merged.and_then(|(standing, _)| standing.target.first_place()),
            after_move: merged.is_some_and(|(standing, _)| standing.after_move),
            verdict,
            same_as: None,
        })
    }
}

/// Whether nothing of a change can be read but its seq. It merges nothing, so its place in time is
/// right behind what its tablet wrote before it: a later one would only push what came after it.
fn is_unread(arrival: &Arrival) -> bool {
    arrival.made_at.is_none() && arrival.id.is_none()
}

struct Incoming<'a> {
    arrival: &'a Arrival,
    admitted: Admitted,
    /// The base, when the server has it.
    base: Option<Stamp>,
}
