//! Parked changes: kept, never blocking, released when their cause goes.

use super::merge;
use super::scope::standing;
use super::server_time::{FutureDates, check_day};
use super::settle::{Settling, known_base, settle};
use crate::access::Actor;
use crate::store::{Entry, LogPos, ParkedEntry, ParkedWait, Stored, Verdict, WriteTx};
use sync_protocol::change::{Arrival, Change, read_change};
use sync_protocol::ids::{DeviceNo, RecordId, WorkerId};
use sync_protocol::parked::Fault;
use sync_protocol::wire::Outcome;

/// Keeps a stored change among the parked ones, findable by what it waits for.
pub(super) fn keep(
    tx: &WriteTx<'_>,
    pos: LogPos,
    device: DeviceNo,
    arrival: &Arrival,
    verdict: &Verdict,
) -> Stored<()> {
    let Some(fault) = &verdict.fault else { return Ok(()) };
    tx.add_parked(
        pos,
        &ParkedWait {
            device,
            record: arrival.id,
            parent: parent_of(tx, arrival)?,
            register: arrival.register,
            code: fault.code,
        },
    )
}

/// The record that a change belongs to: of a stored record its child, also where the change does
/// not name it, as a deletion does not.
fn parent_of(tx: &WriteTx<'_>, arrival: &Arrival) -> Stored<Option<RecordId>> {
    let Some(id) = arrival.id else { return Ok(arrival.parent) };
    match tx.record(id)?.and_then(|record| record.child) {
        Some(child) => Ok(Some(tx.record_at(child)?.id)),
        None => Ok(arrival.parent),
    }
}

/// A later change of the same register by the same device, merged or parked itself, replaces an
/// earlier parked one: what the worker mended is not merged beside its mending.
pub(super) fn replace_earlier(
    tx: &WriteTx<'_>,
    device: DeviceNo,
    arrival: &Arrival,
    pos: LogPos,
) -> Stored<()> {
    let Some(record) = arrival.id else { return Ok(()) };
    for earlier in tx.parked_of_record(device, record, arrival.register)? {
        if earlier.pos < pos {
            supersede(tx, earlier.pos)?;
        }
    }
    Ok(())
}

/// Ends the waiting of a change in whose place another one was merged.
pub(super) fn supersede(tx: &WriteTx<'_>, pos: LogPos) -> Stored<()> {
    tx.judge(pos, &Verdict::of(Outcome::Superseded))?;
    tx.drop_parked(pos)
}

/// Ends the waiting of a change that a person does not want merged. The worker reads the reason.
pub(super) fn discard(tx: &WriteTx<'_>, entry: &Entry, reason: String) -> Stored<()> {
    let verdict =
        Verdict { outcome: Outcome::Discarded, reason: Some(reason), ..entry.verdict.clone() };
    tx.judge(entry.pos, &verdict)?;
    tx.drop_parked(entry.pos)
}

/// Releases one change by a person's decision, and what waits for it: a date in the future passes,
/// every other check runs again. The inner result says what still parks it.
pub(super) fn release(
    tx: &WriteTx<'_>,
    parked: ParkedEntry,
    now_ms: i64,
) -> Stored<Result<Outcome, Fault>> {
    let entry = tx.entry_at(parked.pos)?;
    let released = recheck_one(tx, parked, &entry, FutureDates::Accepted, now_ms)?;
    if let Ok(released) = &released {
        release_for_records(tx, vec![released.record], now_ms)?;
    }
    Ok(released.map(|released| released.outcome))
}

/// Releases what waited for records that came, moved or changed, and what waits for those in turn.
pub(super) fn release_for_records(
    tx: &WriteTx<'_>,
    mut touched: Vec<RecordId>,
    now_ms: i64,
) -> Stored<()> {
    while let Some(record) = touched.pop() {
        touched.extend(recheck(tx, tx.parked_for_record(record)?, now_ms)?);
    }
    Ok(())
}

/// Releases what a worker's tablets sent before they were granted the area.
pub fn release_for_worker(tx: &WriteTx<'_>, worker: WorkerId, now_ms: i64) -> Stored<()> {
    for device in tx.devices_of(worker)? {
        let touched = recheck(tx, tx.parked_for_scope(device)?, now_ms)?;
        release_for_records(tx, touched, now_ms)?;
    }
    Ok(())
}

/// Checks every parked change again but those that only a person releases: the server was upgraded,
/// or it knows new areas.
pub fn release_for_upgrade(tx: &WriteTx<'_>, now_ms: i64) -> Stored<()> {
    let touched = recheck(tx, tx.parked_for_upgrade()?, now_ms)?;
    release_for_records(tx, touched, now_ms)
}

/// Runs every check again, in log order. Returns the records that were merged.
fn recheck(tx: &WriteTx<'_>, parked: Vec<ParkedEntry>, now_ms: i64) -> Stored<Vec<RecordId>> {
    let mut merged = Vec::new();
    for parked in parked {
        let entry = tx.entry_at(parked.pos)?;
        // One before it may have released it.
        if entry.verdict.outcome == Outcome::Parked {
            let released = recheck_one(tx, parked, &entry, FutureDates::Refused, now_ms)?;
            merged.extend(released.ok().map(|released| released.record));
        }
    }
    Ok(merged)
}

/// A change that is no longer parked.
struct Released {
    record: RecordId,
    outcome: Outcome,
}

fn recheck_one(
    tx: &WriteTx<'_>,
    parked: ParkedEntry,
    entry: &Entry,
    future: FutureDates,
    now_ms: i64,
) -> Stored<Result<Released, Fault>> {
    let Ok(arrival) = read_change(&entry.raw, check_day(tx, now_ms, future)?) else {
        return Ok(Err(Fault::invalid("seq")));
    };
    let released = match &arrival.content {
        Ok(change) => merge_if_allowed(tx, parked, entry, change, now_ms)?,
        Err(fault) => Err(fault.clone()),
    };
    if let Err(fault) = &released {
        let verdict = Verdict::parked(fault.clone());
        tx.judge(parked.pos, &verdict)?;
        keep(tx, parked.pos, parked.device, &arrival, &verdict)?;
    }
    Ok(released)
}

fn merge_if_allowed(
    tx: &WriteTx<'_>,
    parked: ParkedEntry,
    entry: &Entry,
    change: &Change,
    now_ms: i64,
) -> Stored<Result<Released, Fault>> {
    let actor = Actor::of_device(tx, parked.device)?;
    let record = tx.record(change.id)?;
    let base = known_base(tx, record.as_ref(), entry.base)?;
    let standing = match standing(tx, &actor, change, record, entry.made_ms)? {
        Ok(standing) => standing,
        Err(fault) => return Ok(Err(fault)),
    };
    let verdict = Verdict::of(merge::foresee(&standing.target, change, entry.stamp));
    let record = standing.target.record_no(tx)?;
    tx.set_edit(parked.pos, &entry.raw, &change.edit)?;
    tx.link(parked.pos, record, standing.target.first_place(), standing.after_move)?;
    tx.judge(parked.pos, &verdict)?;
    tx.drop_parked(parked.pos)?;
    let settling = Settling {
        change,
        pos: parked.pos,
        record,
        stamp: entry.stamp,
        base,
        device: entry.device,
        now_ms,
    };
    let outcome = verdict.outcome;
    settle(tx, &settling, standing.target, outcome)?;
    Ok(Ok(Released { record: change.id, outcome }))
}
