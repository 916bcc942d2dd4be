//! Settling a parked change by a person's decision: it is released, discarded, or mended.

use super::parked::{About, Concerns};
use crate::access::Actor;
use crate::access::mask::unmask;
use crate::access::person::Person;
use crate::refusal::Refusal;
use crate::store::{
    Act, Entry, LogPos, ParkedEntry, ParkedName, ReadTx, Record, Stored, VersionContent, Who,
    WriteTx,
};
use crate::sync::office::{Office, refusal_of};
use crate::sync::park;
use crate::sync::server_time::FutureDates;
use serde::Serialize;
use serde_json::json;
use sync_protocol::body::Body;
use sync_protocol::change::{Change, Edit, Register};
use sync_protocol::ids::RecordId;
use sync_protocol::parked::{Fault, ParkCode};
use sync_protocol::stamp::Stamp;
use sync_protocol::wire::Outcome;
use utoipa::ToSchema;

/// What a supervisor does with a parked change.
#[derive(Clone, Debug)]
pub enum Settlement {
    /// Every check runs again, but that of a date in the future.
    Release,
    /// It is not merged; the worker reads the reason.
    Discard(String),
    /// This body is merged in its place.
    Mend(Body),
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Settled {
    id: i64,
    /// What the tablet's receipt says from now on.
    outcome: Outcome,
    /// The change that was merged in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    mending: Option<Mending>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
struct Mending {
    id: RecordId,
    outcome: Outcome,
    stamp: Stamp,
}

/// Settles a parked change that concerns the person's scope. A refusal must end the job.
pub fn settle(
    tx: &WriteTx<'_>,
    person: &Person,
    pos: LogPos,
    settlement: &Settlement,
    now_ms: i64,
) -> Result<Settled, Refusal> {
    let not_there = || Refusal::NotFound;
    let name = tx.parked_at(pos)?.ok_or_else(not_there)?;
    let entry = tx.entry_at(pos)?;
    let about = About::read(&entry);
    if !Concerns::of(tx, &person.scope).has(&name, &about)? {
        return Err(not_there());
    }
    let (act, outcome, mending) = match settlement {
        Settlement::Release => {
            let parked = ParkedEntry { pos, device: name.device };
            let outcome = park::release(tx, parked, now_ms)?.map_err(Refusal::StillParked)?;
            (Act::ParkedReleased, outcome, None)
        }
        Settlement::Discard(reason) => {
            let reason = format!("Ditolak oleh {}: {}", person.worker.name, reason.trim());
            park::discard(tx, &entry, reason)?;
            (Act::ParkedDiscarded, Outcome::Discarded, None)
        }
        Settlement::Mend(body) => {
            let mending = mend(tx, person, &entry, &about, body.clone(), now_ms)?;
            (Act::ParkedMended, Outcome::Superseded, Some(mending))
        }
    };
    audit(tx, person, act, &name, &about, now_ms)?;
    Ok(Settled { id: pos.0, outcome, mending })
}

fn audit(
    tx: &WriteTx<'_>,
    person: &Person,
    act: Act,
    name: &ParkedName,
    about: &About,
    now_ms: i64,
) -> Stored<()> {
    let subject = json!({"change": name.pos.0, "device": name.device, "seq": name.seq,
        "record": about.id()});
    tx.audit(Who::Worker(person.worker.id), act, &subject, now_ms)
}

/// Merges the person's body in place of the parked one.
fn mend(
    tx: &WriteTx<'_>,
    person: &Person,
    entry: &Entry,
    about: &About,
    body: Body,
    now_ms: i64,
) -> Result<Mending, Refusal> {
    if about.is_move() {
        let detail = "a move has no body to mend: release it or discard it";
        return Err(Refusal::malformed(detail));
    }
    let (Some(id), Some(kind)) = (about.id(), about.kind()) else {
        // Nobody can say what to mend.
        let fault = entry.verdict.fault.clone().unwrap_or_else(|| Fault::invalid("id"));
        return Err(Refusal::StillParked(fault));
    };
    let record = tx.record(id)?;
    let body = body_to_store(tx, about, record.as_ref(), body)?;
    let base = match &record {
        Some(record) => seen_by_maker(tx, entry, record)?,
        None => None,
    };
    let mut office = Office::begin(tx, Actor::person(person), now_ms)?;
    let change = Change { kind, id, edit: Edit::Body { body, area: about.area() } };
    let receipt = office.change_now(&change, base, FutureDates::Refused)?.map_err(|fault| {
        if fault.code == ParkCode::NotInScope {
            Refusal::StillParked(fault)
        } else {
            refusal_of(fault)
        }
    })?;
    // Before the run ends: what waits for the record is released then, and this must not be.
    park::supersede(tx, entry.pos)?;
    office.finish()?;
    Ok(Mending { id, outcome: receipt.outcome, stamp: receipt.stamp })
}

/// The body that a person mended from what they were shown.
fn body_to_store(
    tx: &ReadTx<'_>,
    about: &About,
    record: Option<&Record>,
    body: Body,
) -> Result<Body, Refusal> {
    let mut known: Vec<Body> = about.body().into_iter().collect();
    if let Some(record) = record
        && let VersionContent::Body(present) = tx.content(record.state_pos, Register::State)?
    {
        known.push(present);
    }
    unmask(body, &known).map_err(|field| Refusal::Field(field.0.to_owned()))
}

/// What the maker of a parked change had seen of its record: its base, and what the same device
/// wrote before. A mending has seen no more than that, so that what others changed meanwhile becomes
/// a conflict and is not overwritten unseen.
fn seen_by_maker(tx: &ReadTx<'_>, entry: &Entry, record: &Record) -> Stored<Option<Stamp>> {
    let base = match entry.base {
        Some(base) => tx.version(record.no, base)?.map(|_| base),
        None => None,
    };
    let own = tx.latest_state_by(record.no, entry.device)?;
    let own = own.map(|pos| tx.entry_at(pos)).transpose()?.map(|entry| entry.stamp);
    Ok(base.max(own))
}
