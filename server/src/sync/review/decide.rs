//! Deciding a conflict. A decision that changes the record is a change of device 0 that names the
//! present winner as its base: made in sight of both versions, it wins and is in no conflict with
//! them.

use super::conflicts::{Sides, winner};
use crate::access::Actor;
use crate::access::mask::unmask;
use crate::access::person::Person;
use crate::refusal::Refusal;
use crate::store::{
    Act, Closing, Conflict, LogPos, ReadTx, Record, StoreError, VersionContent, Who, WriteTx,
};
use crate::sync::office::{Office, refusal_of};
use crate::sync::server_time::FutureDates;
use serde::Serialize;
use serde_json::json;
use sync_protocol::body::Body;
use sync_protocol::change::{Change, Edit, Register};
use sync_protocol::ids::DeviceNo;
use sync_protocol::stamp::Stamp;
use utoipa::ToSchema;

/// What a supervisor decides.
#[derive(Clone, Debug)]
pub enum Decision {
    /// The present winner stays.
    Keep,
    /// What the losing one of the two says holds again.
    Take,
    /// This body holds: a combination, field by field.
    Body(Body),
    /// There is nothing to decide.
    Dismiss,
}

impl Decision {
    fn as_str(&self) -> &'static str {
        match self {
            Decision::Keep => "keep",
            Decision::Take => "take",
            Decision::Body(_) => "body",
            Decision::Dismiss => "dismiss",
        }
    }
}

/// A decision with what the person saw when they took it.
#[derive(Clone, Debug)]
pub struct Ruling {
    pub decision: Decision,
    /// The stamp of the winner that the person saw.
    pub winner: Stamp,
    pub reason: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Decided {
    id: i64,
    decision: &'static str,
    /// The stamp of the change that it became; none when it changed nothing.
    stamp: Option<Stamp>,
}

/// Decides a conflict of the person's scope.
pub fn decide(
    tx: &WriteTx<'_>,
    person: &Person,
    id: i64,
    ruling: &Ruling,
    now_ms: i64,
) -> Result<Decided, Refusal> {
    let not_there = || Refusal::NotFound;
    let conflict = tx.conflict(id)?.ok_or_else(not_there)?;
    let record = tx.record_at(conflict.record)?;
    if !person.scope.contains(&record.area) {
        return Err(not_there());
    }
    let (winner, winner_stamp) = winner(tx, &record, conflict.register)?;
    if conflict.closed_ms.is_some() || winner_stamp != ruling.winner {
        return Err(Refusal::Stale);
    }
    let change = match &ruling.decision {
        Decision::Keep | Decision::Dismiss => None,
        Decision::Take => {
            // Its dates passed when it was merged.
            let edit = edit_of(Sides::read(tx, &conflict)?.loser().content);
            Some(carry_out(tx, person, &record, edit, FutureDates::Accepted, now_ms)?)
        }
        Decision::Body(body) => {
            let body = body_to_store(tx, &conflict, winner, body)?;
            let edit = Edit::Body { body, area: None };
            Some(carry_out(tx, person, &record, edit, FutureDates::Refused, now_ms)?)
        }
    };
    let decision = ruling.decision.as_str();
    tx.close_conflict(
        id,
        &Closing {
            decision,
            by: person.worker.id,
            reason: ruling.reason.as_deref(),
            change: change.map(|(pos, _)| pos),
            at_ms: now_ms,
        },
    )?;
    let stamp = change.map(|(_, stamp)| stamp);
    let subject =
        json!({"conflict": id, "record": record.id, "decision": decision, "stamp": stamp});
    tx.audit(Who::Worker(person.worker.id), Act::ConflictDecided, &subject, now_ms)?;
    Ok(Decided { id, decision, stamp })
}

fn edit_of(content: VersionContent) -> Edit {
    match content {
        VersionContent::Body(body) => Edit::Body { body, area: None },
        VersionContent::Deleted(reason) => Edit::Deleted(reason),
        VersionContent::Place(area) => Edit::Move(area),
    }
}

/// The body that a person put together from what they were shown.
fn body_to_store(
    tx: &ReadTx<'_>,
    conflict: &Conflict,
    winner: LogPos,
    body: &Body,
) -> Result<Body, Refusal> {
    if conflict.register == Register::Place {
        let detail = "where a child lives is decided by keep or take";
        return Err(Refusal::malformed(detail));
    }
    let mut known: Vec<Body> = Sides::read(tx, conflict)?.bodies().cloned().collect();
    if let VersionContent::Body(winner) = tx.content(winner, Register::State)? {
        known.push(winner);
    }
    unmask(body.clone(), &known).map_err(|field| Refusal::Field(field.0.to_owned()))
}

/// Makes the decision's change.
fn carry_out(
    tx: &WriteTx<'_>,
    person: &Person,
    record: &Record,
    edit: Edit,
    future: FutureDates,
    now_ms: i64,
) -> Result<(LogPos, Stamp), Refusal> {
    let mut office = Office::begin(tx, Actor::person(person), now_ms)?;
    let change = Change { kind: record.kind, id: record.id, edit };
    let receipt = office.change_now(&change, Some(record.row_stamp()), future)?;
    let receipt = receipt.map_err(refusal_of)?;
    office.finish()?;
    let entry = tx.entry(DeviceNo::OFFICE, receipt.seq)?;
    let entry = entry.ok_or(StoreError::Unreadable("decision"))?;
    Ok((entry.pos, receipt.stamp))
}
