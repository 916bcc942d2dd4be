//! The history of a child: every version of its state and place, and of what belongs to it, in the
//! order of the stamps; who made it, when, on which device, and what it changed field by field.
//!
//! `old` is what the version before it in that order says, so the list reads as what became of the
//! record. A body is complete, so an edit that was made without sight of another puts the other's
//! fields back: there `saw` says what its maker had before them when it differs from `old`.

use super::listing::shown;
use crate::store::{LogPos, ReadTx, Record, Stored, VersionContent, VersionHead};
use crate::thresholds::ChildBounds;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use sync_protocol::body::Body;
use sync_protocol::change::{Register, Tombstone};
use sync_protocol::ids::{DeviceNo, RecordId, WorkerId};
use sync_protocol::schema::kind;
use sync_protocol::stamp::Stamp;
use sync_protocol::time::Moment;
use sync_protocol::wire::Outcome;
use utoipa::ToSchema;

/// What a child's place is called among the fields.
const AREA: &str = "area";

#[derive(Debug)]
pub(super) struct Timeline {
    pub(super) versions: Vec<Version>,
    /// Older ones that are not shown.
    pub(super) left_out: usize,
}

/// One version of a record.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Version {
    #[schema(schema_with = kind)]
    pub(super) kind: &'static str,
    pub(super) id: RecordId,
    pub(super) stamp: Stamp,
    /// The time of its stamp.
    pub(super) at: Moment,
    /// The tablet's clock, repaired.
    pub(super) made_at: Moment,
    pub(super) received_at: Moment,
    pub(super) device: DeviceNo,
    pub(super) device_name: String,
    pub(super) worker: Option<WorkerId>,
    pub(super) by: String,
    pub(super) outcome: Outcome,
    /// Made by a clock that was never measured.
    pub(super) time_uncertain: bool,
    /// Made while its maker could not know that the child had left the scope.
    pub(super) after_move: bool,
    /// The version that its maker held.
    pub(super) base: Option<Stamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deleted: Option<Tombstone>,
    pub(super) changes: Vec<FieldChange>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FieldChange {
    pub(super) field: String,
    pub(super) old: Value,
    pub(super) new: Value,
    /// What its maker had before them, when it is not `old`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) saw: Option<Value>,
}

/// The versions of one record, in the order of their stamps.
struct Versions<'r> {
    record: &'r Record,
    heads: Vec<VersionHead>,
}

pub(super) fn timeline(
    tx: &ReadTx<'_>,
    records: &[Record],
    in_full: bool,
    bounds: ChildBounds,
) -> Stored<Timeline> {
    let mut all = Vec::new();
    let mut places = Vec::new();
    let mut left_out = 0;
    for record in records {
        // One more than is shown: what the first one changed is said against it.
        let (heads, older) = tx.latest_versions(record.no, bounds.versions + 1)?;
        left_out += older;
        places.extend(heads.iter().enumerate().map(|(at, head)| (head.stamp, all.len(), at)));
        all.push(Versions { record, heads });
    }
    places.sort_unstable();
    let mut versions = Vec::new();
    let mut bytes = 0;
    for (_, record, at) in places.into_iter().rev() {
        if versions.len() >= bounds.versions || bytes >= bounds.version_bytes {
            left_out += 1;
            continue;
        }
        let Some(of_record) = all.get(record) else { continue };
        if let Some(version) = of_record.version(tx, at, in_full)? {
            bytes += version.changes.iter().map(FieldChange::weight).sum::<usize>();
            versions.push(version);
        }
    }
    versions.reverse();
    Ok(Timeline { versions, left_out })
}

impl Versions<'_> {
    fn version(&self, tx: &ReadTx<'_>, at: usize, in_full: bool) -> Stored<Option<Version>> {
        let Some(head) = self.heads.get(at) else { return Ok(None) };
        let mut changes = Vec::new();
        let mut deleted = None;
        if head.is_state {
            let new = match tx.content(head.pos, Register::State)? {
                VersionContent::Body(body) => Some(body),
                VersionContent::Deleted(reason) => {
                    deleted = Some(reason);
                    None
                }
                VersionContent::Place(_) => None,
            };
            if let Some(new) = new {
                let old = body_at(tx, self.before(at, Register::State))?;
                let saw = body_at(tx, self.seen_by(at, Register::State))?;
                changes = changes_of(&old, &saw, &new, in_full);
            }
        }
        if head.is_place {
            let new = area_at(tx, Some(head.pos))?;
            let old = area_at(tx, self.before(at, Register::Place))?;
            let saw = area_at(tx, self.seen_by(at, Register::Place))?;
            if new != old {
                let saw = (saw != old).then_some(saw);
                changes.push(FieldChange { field: AREA.to_owned(), old, new, saw });
            }
        }
        Ok(Some(Version {
            kind: self.record.kind.name(),
            id: self.record.id,
            stamp: head.stamp,
            at: Moment::utc(head.stamp.tick.unix_ms()),
            made_at: Moment::utc(head.made_ms),
            received_at: Moment::utc(head.received_ms),
            device: head.device,
            device_name: head.device_name.clone(),
            worker: head.worker,
            by: head.by.clone(),
            outcome: head.outcome,
            time_uncertain: head.uncertain,
            after_move: head.after_move,
            base: head.base,
            deleted,
            changes,
        }))
    }

    /// The version of a register just before this one.
    fn before(&self, at: usize, register: Register) -> Option<LogPos> {
        self.latest(at, register, None)
    }

    /// The version of a register that the maker of this one held.
    fn seen_by(&self, at: usize, register: Register) -> Option<LogPos> {
        let base = self.heads.get(at)?.base?;
        self.latest(at, register, Some(base))
    }

    fn latest(&self, before: usize, register: Register, until: Option<Stamp>) -> Option<LogPos> {
        let is_of = |head: &&VersionHead| match register {
            Register::State => head.is_state,
            Register::Place => head.is_place,
        };
        let is_early = |head: &&VersionHead| until.is_none_or(|until| head.stamp <= until);
        let earlier = self.heads.get(..before)?.iter().rev();
        earlier.filter(is_of).find(is_early).map(|head| head.pos)
    }
}

fn body_at(tx: &ReadTx<'_>, version: Option<LogPos>) -> Stored<Body> {
    match version.map(|pos| tx.content(pos, Register::State)).transpose()? {
        Some(VersionContent::Body(body)) => Ok(body),
        Some(VersionContent::Deleted(_) | VersionContent::Place(_)) | None => Ok(Body::new()),
    }
}

fn area_at(tx: &ReadTx<'_>, version: Option<LogPos>) -> Stored<Value> {
    match version.map(|pos| tx.content(pos, Register::Place)).transpose()? {
        Some(VersionContent::Place(area)) => Ok(Value::from(area.as_str())),
        Some(VersionContent::Deleted(_) | VersionContent::Body(_)) | None => Ok(Value::Null),
    }
}

fn changes_of(old: &Body, saw: &Body, new: &Body, in_full: bool) -> Vec<FieldChange> {
    let fields: BTreeSet<&str> = old.fields().chain(new.fields()).map(|(field, _)| field).collect();
    let value = |body: &Body, field: &str| body.get(field).cloned().unwrap_or_default();
    fields
        .into_iter()
        .filter(|field| old.get(field) != new.get(field))
        .map(|field| {
            let saw = (saw.get(field) != old.get(field)).then(|| value(saw, field));
            FieldChange {
                field: field.to_owned(),
                old: shown(field, value(old, field), in_full),
                new: shown(field, value(new, field), in_full),
                saw: saw.map(|saw| shown(field, saw, in_full)),
            }
        })
        .collect()
}

impl FieldChange {
    fn weight(&self) -> usize {
        let text = |value: &Value| value.to_string().len();
        self.field.len() + text(&self.old) + text(&self.new) + self.saw.as_ref().map_or(0, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_says_what_was_put_back_without_having_been_seen() {
        let body = |phone: &str, rt: &str| Body::new().with("phone", phone).with("rt", rt);
        // Another tablet had put the phone to 2; this one saw 1, and changed the RT only.
        let changes = changes_of(&body("2", "1"), &body("1", "1"), &body("1", "7"), true);
        assert_eq!(
            serde_json::to_value(&changes).unwrap(),
            serde_json::json!([
                {"field": "phone", "old": "2", "new": "1", "saw": "1"},
                {"field": "rt", "old": "1", "new": "7"},
            ])
        );
    }

    #[test]
    fn numbers_of_persons_are_masked_in_changes_too() {
        let nik = |nik: &str| Body::new().with("nik", nik);
        let (old, new) = (nik("1604064105250001"), nik("1604064105250002"));
        let changes = changes_of(&old, &old, &new, false);
        assert_eq!(changes[0].old, "160406********01");
        assert_eq!(changes[0].new, "160406********02");
        assert_eq!(changes_of(&old, &old, &new, true)[0].new, "1604064105250002");
    }
}
