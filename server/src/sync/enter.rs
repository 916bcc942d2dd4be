//! What a person enters or corrects in the office: one change of device 0 that names the person.

use super::office::{Office, refusal_of};
use super::server_time::FutureDates;
use crate::access::Actor;
use crate::access::mask::unmask;
use crate::access::person::Person;
use crate::refusal::Refusal;
use crate::store::{Act, Record, VersionContent, Who, WriteTx};
use serde::Serialize;
use serde_json::json;
use sync_protocol::change::{Change, Edit, Register};
use sync_protocol::ids::RecordId;
use sync_protocol::stamp::Stamp;
use sync_protocol::wire::Outcome;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Entered {
    id: RecordId,
    outcome: Outcome,
    stamp: Stamp,
}

/// Makes a person's change. `base` is the stamp of the record's row that the person saw, none for a
/// new record. A refusal must end the job.
pub fn enter(
    tx: &WriteTx<'_>,
    person: &Person,
    mut change: Change,
    base: Option<Stamp>,
    now_ms: i64,
) -> Result<Entered, Refusal> {
    let record = tx.record(change.id)?;
    check_sight(person, record.as_ref(), base)?;
    if let (Some(record), Edit::Body { body, .. }) = (&record, &mut change.edit)
        && let VersionContent::Body(present) = tx.content(record.state_pos, Register::State)?
    {
        let sent = std::mem::take(body);
        *body = unmask(sent, &[present]).map_err(|field| Refusal::Field(field.0.to_owned()))?;
    }
    let mut office = Office::begin(tx, Actor::person(person), now_ms)?;
    let receipt = office.change_now(&change, base, FutureDates::Refused)?.map_err(refusal_of)?;
    office.finish()?;
    let subject = json!({"record": change.id, "kind": change.kind.name(), "stamp": receipt.stamp});
    tx.audit(Who::Worker(person.worker.id), Act::RecordEntered, &subject, now_ms)?;
    Ok(Entered { id: change.id, outcome: receipt.outcome, stamp: receipt.stamp })
}

/// An edit in the office is made in sight of the present row, or not at all.
fn check_sight(
    person: &Person,
    record: Option<&Record>,
    base: Option<Stamp>,
) -> Result<(), Refusal> {
    match (record.filter(|record| person.scope.contains(&record.area)), base) {
        (Some(record), Some(base)) if base == record.row_stamp() => Ok(()),
        (Some(_), _) => Err(Refusal::Stale),
        (None, Some(_)) => Err(Refusal::NotFound),
        // A new record; one out of scope is refused by the check that all changes go through.
        (None, None) => Ok(()),
    }
}
