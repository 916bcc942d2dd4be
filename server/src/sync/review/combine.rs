//! Combining the versions of a conflict, field by field.

use super::conflicts::{Sides, winner};
use crate::access::person::Person;
use crate::refusal::Refusal;
use crate::store::{ReadTx, VersionContent};
use serde_json::Value;
use sync_protocol::body::Body;
use sync_protocol::stamp::Stamp;

/// Where a combined body takes a field from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// One of the versions that the conflict shows.
    Version(Stamp),
    /// What the person typed.
    Typed(Value),
}

/// The present body with fields of the others. Numbers of persons are the real ones: what was shown
/// masked is chosen here and not sent back.
pub fn combined(
    tx: &ReadTx<'_>,
    person: &Person,
    id: i64,
    choices: &[(String, Source)],
) -> Result<Body, Refusal> {
    let not_there = || Refusal::NotFound;
    let conflict = tx.conflict(id)?.ok_or_else(not_there)?;
    let record = tx.record_at(conflict.record)?;
    if !person.scope.contains(&record.area) {
        return Err(not_there());
    }
    let sides = Sides::read(tx, &conflict)?;
    let (present_pos, present_stamp) = winner(tx, &record, conflict.register)?;
    let VersionContent::Body(present) = tx.content(present_pos, conflict.register)? else {
        let detail = "what is deleted, and a place, are decided by keep or take";
        return Err(Refusal::malformed(detail));
    };
    let mut body = present.clone();
    for (field, source) in choices {
        let value = match source {
            Source::Typed(value) => Some(value),
            Source::Version(stamp) if *stamp == present_stamp => continue,
            Source::Version(stamp) => sides.at(*stamp).ok_or(Refusal::Stale)?.get(field),
        };
        body.set(field, value.cloned().unwrap_or_default());
    }
    Ok(body)
}
