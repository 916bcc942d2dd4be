//! One change of a tablet: known already, or stamped, stored and judged.

use super::receipt::receipt_of;
use super::scope::{Standing, Target, standing};
use super::{conflict, merge, park};
use crate::access::Actor;
use crate::refusal::Refusal;
use crate::store::{Entry, LogPos, NewEntry, Record, RecordNo, Stored, Verdict, WriteTx};
use std::collections::HashMap;
use sync_protocol::admission::{Admission, Admitted, admit, keeps_old_stamp};
use sync_protocol::change::{Arrival, Change};
use sync_protocol::ids::{DeviceNo, RecordId, Seq};
use sync_protocol::problem::ProblemCode;
use sync_protocol::stamp::{Stamp, Tick};
use sync_protocol::wire::{Outcome, Receipt};

/// What one push job knows while it goes through the changes of its device.
#[derive(Debug)]
pub(super) struct Session<'a> {
    pub tx: &'a WriteTx<'a>,
    pub actor: Actor,
    pub now_ms: i64,
    /// The log is stored without a gap up to here.
    pub acked: u64,
    /// The device's previous stamp.
    pub previous: Option<Tick>,
    pub enrolled_ms: i64,
    /// The length of the device's log, and when, at its earlier exchanges.
    pub exchanges: Vec<(u64, i64)>,
    /// The measured skews of the device's clocks, read once each.
    pub skews: HashMap<u32, Option<i64>>,
    /// Whether this device has anything parked that a later change may replace.
    pub has_parked: bool,
    /// Records whose coming, moving or reviving may release parked changes.
    pub touched: Vec<RecordId>,
}

impl Session<'_> {
    /// Takes one change and gives its receipt. The same change again gets its present receipt;
    /// another change under the same seq is a cloned tablet.
    pub(super) fn take(&mut self, arrival: &Arrival) -> Result<Receipt, Refusal> {
        if arrival.seq.get() <= self.acked {
            return self.recognise(arrival);
        }
        let entry = match self.known_under_an_earlier_number(arrival)? {
            Some(original) => self.repeat(arrival, &original)?,
            None => self.admit(arrival)?,
        };
        self.acked = arrival.seq.get();
        Ok(entry)
    }

    fn recognise(&self, arrival: &Arrival) -> Result<Receipt, Refusal> {
        match self.tx.entry(self.actor.device, arrival.seq)? {
            Some(entry) if entry.hash == arrival.hash => Ok(receipt_of(self.tx, &entry)?),
            Some(_) | None => {
                Err(Refusal::with_detail(ProblemCode::DeviceCloned, format!("seq {}", arrival.seq)))
            }
        }
    }

    fn known_under_an_earlier_number(&self, arrival: &Arrival) -> Stored<Option<Entry>> {
        let Some(was) = arrival.was else { return Ok(None) };
        let known = self.same_under(was.device, arrival)?;
        if known.is_some() {
            return Ok(known);
        }
        // Written under that number, but perhaps first sent under one in between.
        for between in self.tx.devices_of_same_install(self.actor.device)? {
            let known = self.same_under(between, arrival)?;
            if known.is_some() {
                return Ok(known);
            }
        }
        Ok(None)
    }

    fn same_under(&self, device: DeviceNo, arrival: &Arrival) -> Stored<Option<Entry>> {
        let seq = arrival.was.map_or(arrival.seq, |was| was.seq);
        Ok(self.tx.entry(device, seq)?.filter(|entry| entry.hash == arrival.hash))
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
            None => Err(Refusal::problem(ProblemCode::Internal)),
        }
    }

    fn admit(&mut self, arrival: &Arrival) -> Result<Receipt, Refusal> {
        let record = match arrival.id {
            Some(id) => self.tx.record(id)?,
            None => None,
        };
        let base = self.known_base(arrival, record.as_ref())?;
        let admitted = self.stamp(arrival, base)?;
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

    /// A base counts only when it names a version of that record which the server has.
    fn known_base(&self, arrival: &Arrival, record: Option<&Record>) -> Stored<Option<Stamp>> {
        let (Some(base), Some(record)) = (arrival.base, record) else { return Ok(None) };
        if base == record.state || Some(base) == record.place {
            return Ok(Some(base));
        }
        Ok(self.tx.version(record.no, base)?.map(|_| base))
    }

    fn stamp(&mut self, arrival: &Arrival, base: Option<Stamp>) -> Stored<Admitted> {
        let device = self.actor.device;
        let admitted = admit(&Admission {
            device,
            made_at_ms: arrival.made_at.map_or(self.now_ms, |made_at| made_at.unix_ms()),
            skew_ms: self.skew(arrival)?,
            not_before_ms: self.not_before(arrival)?,
            server_now_ms: self.now_ms,
            previous: self.previous,
            base,
        });
        let was = arrival.was.map(|was| was.device);
        Ok(match arrival.stamp {
            Some(old) if keeps_old_stamp(old, device, was, self.previous, self.now_ms) => {
                Admitted { stamp: old, ..admitted }
            }
            Some(_) | None => admitted,
        })
    }

    /// The skew of the clock that a change was made by. A re-enrolled tablet kept its clocks: one
    /// that is not measured under the new number was perhaps measured under the old one.
    fn skew(&mut self, arrival: &Arrival) -> Stored<Option<i64>> {
        let device = self.actor.device;
        let skew = match self.skews.get(&arrival.clock) {
            Some(skew) => *skew,
            None => {
                let skew = self.tx.skew_of(device, arrival.clock)?;
                self.skews.insert(arrival.clock, skew);
                skew
            }
        };
        match (skew, arrival.was) {
            (None, Some(was)) => self.tx.skew_of(was.device, arrival.clock),
            (skew, _) => Ok(skew),
        }
    }

    /// Server time of the latest exchange whose log did not reach this change; else of the
    /// enrolment. What was written under an earlier number is older than the new enrolment.
    fn not_before(&self, arrival: &Arrival) -> Stored<i64> {
        let latest_before = |exchanges: &[(u64, i64)], seq: Seq| {
            exchanges
                .iter()
                .filter(|(last_seq, _)| *last_seq < seq.get())
                .map(|(_, at_ms)| *at_ms)
                .max()
        };
        let own = latest_before(&self.exchanges, arrival.seq);
        let Some(was) = arrival.was else { return Ok(own.unwrap_or(self.enrolled_ms)) };
        let Some(earlier) = self.tx.device(was.device)? else {
            return Ok(own.unwrap_or(self.enrolled_ms));
        };
        let under_earlier =
            latest_before(&self.tx.exchanges(was.device)?, was.seq).unwrap_or(earlier.enrolled_ms);
        Ok(own.map_or(under_earlier, |own| own.max(under_earlier)))
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
        settle(self.tx, &settling, standing.target, &verdict)?;
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

struct Incoming<'a> {
    arrival: &'a Arrival,
    admitted: Admitted,
    /// The base, when the server has it.
    base: Option<Stamp>,
}

/// A stored change on its way into its record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settling<'a> {
    pub change: &'a Change,
    pub pos: LogPos,
    pub record: RecordNo,
    pub stamp: Stamp,
    pub base: Option<Stamp>,
    pub device: DeviceNo,
    pub now_ms: i64,
}

/// Carries a stored change into its record and notes a conflict. Used when a change is admitted and
/// when a parked one is released.
pub(super) fn settle(
    tx: &WriteTx<'_>,
    settling: &Settling<'_>,
    target: Target,
    verdict: &Verdict,
) -> Stored<()> {
    match target {
        Target::New { area, child } => merge::create(tx, settling, area, child.as_ref()),
        Target::Existing(before) => {
            if verdict.outcome == Outcome::Applied {
                merge::apply(tx, settling, before.clone())?;
            }
            conflict::note(tx, settling, &before)
        }
    }
}
