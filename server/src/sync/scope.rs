//! Whether a change's maker may make it, and what it is aimed at.

use crate::access::{Actor, Reach, areas_of_grant};
use crate::store::{ReadTx, Record, RecordNo, Stored, WriteTx};
use sync_protocol::area::{Area, Scope};
use sync_protocol::change::{Change, Edit};
use sync_protocol::limits::AFTER_MOVE_DAYS;
use sync_protocol::parked::{Fault, ParkCode};

const DAY_MS: i64 = 86_400_000;

/// What an allowed change is aimed at.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// A record that the server does not have yet: where it will live, and the child it belongs to.
    New {
        area: Area,
        child: Option<Record>,
    },
    Existing(Record),
}

impl Target {
    /// The number of the record; a new record gets its number here.
    pub(super) fn record_no(&self, tx: &WriteTx<'_>) -> Stored<RecordNo> {
        match self {
            Target::New { .. } => tx.next_record_no(),
            Target::Existing(record) => Ok(record.no),
        }
    }

    /// Where a new child lives: its first body is a version of its place, too.
    pub(super) fn first_place(&self) -> Option<&Area> {
        match self {
            Target::New { area, child: None } => Some(area),
            Target::New { child: Some(_), .. } | Target::Existing(_) => None,
        }
    }
}

/// An allowed change.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub target: Target,
    /// The record had left the maker's scope, but the maker could not know.
    pub after_move: bool,
}

/// Judges a change against what its maker is granted. `record` is the record as stored. The outer
/// result is storage's, the inner one says why the change must be parked.
pub(super) fn standing(
    tx: &ReadTx<'_>,
    actor: &Actor,
    change: &Change,
    record: Option<Record>,
    made_ms: i64,
) -> Stored<Result<Standing, Fault>> {
    let outside = Ok(Err(Fault::of(ParkCode::NotInScope)));
    let allowed = |target| Ok(Ok(Standing { target, after_move: false }));
    match record {
        Some(record) => {
            let after_move = match reach(tx, actor, &record, &change.edit, made_ms)? {
                Reached::No => return outside,
                Reached::Yes => false,
                Reached::AfterMove => true,
            };
            if let Some(fault) = disagreement(tx, change, &record)? {
                return Ok(Err(fault));
            }
            if let Edit::Move(area) = &change.edit
                && !is_known_village(tx, area)?
            {
                return outside;
            }
            Ok(Ok(Standing { target: Target::Existing(record), after_move }))
        }
        None => match (&change.edit, change.kind.has_place()) {
            (Edit::Body { area: Some(area), .. }, true)
                if actor.reaches(area) && is_known_village(tx, area)? =>
            {
                allowed(Target::New { area: area.clone(), child: None })
            }
            (Edit::Body { body, .. }, false) => {
                let Some(parent) = change.kind.parent_of(body) else { return outside };
                let Some(child) = tx.record(parent)?.filter(|parent| parent.kind.has_place())
                else {
                    return outside;
                };
                let after_move = match reach(tx, actor, &child, &change.edit, made_ms)? {
                    Reached::No => return outside,
                    Reached::Yes => false,
                    Reached::AfterMove => true,
                };
                let target = Target::New { area: child.area.clone(), child: Some(child) };
                Ok(Ok(Standing { target, after_move }))
            }
            _ => outside,
        },
    }
}

/// Kind and child of a record never change.
fn disagreement(tx: &ReadTx<'_>, change: &Change, record: &Record) -> Stored<Option<Fault>> {
    if change.kind != record.kind {
        return Ok(Some(Fault::invalid("kind")));
    }
    let (Edit::Body { body, .. }, Some(child)) = (&change.edit, record.child) else {
        return Ok(None);
    };
    let named = change.kind.parent_of(body);
    let same = named == Some(tx.record_at(child)?.id);
    let field = change.kind.parent_field().unwrap_or_default();
    Ok((!same).then(|| Fault::invalid(field)))
}

fn is_known_village(tx: &ReadTx<'_>, area: &Area) -> Stored<bool> {
    Ok(area.is_village() && tx.area_name(area)?.is_some())
}

enum Reached {
    Yes,
    AfterMove,
    No,
}

fn reach(
    tx: &ReadTx<'_>,
    actor: &Actor,
    record: &Record,
    edit: &Edit,
    made_ms: i64,
) -> Stored<Reached> {
    if actor.reaches(&record.area) {
        return Ok(Reached::Yes);
    }
    let is_body = matches!(edit, Edit::Body { .. });
    if is_body && could_not_know(tx, actor, record, made_ms)? {
        Ok(Reached::AfterMove)
    } else {
        Ok(Reached::No)
    }
}

/// Whether the record had left the maker's scope when the edit was made, but the tablet had not
/// been told yet. At most 90 days after it left.
fn could_not_know(tx: &ReadTx<'_>, actor: &Actor, record: &Record, made_ms: i64) -> Stored<bool> {
    let (Reach::Scope(scope), Some(worker)) = (&actor.reach, actor.worker) else {
        return Ok(false);
    };
    let mut believed = scope.areas().to_vec();
    for grant in tx.grants(worker)? {
        let Some(ended_ms) = grant.ended_ms.filter(|_| !grant.for_cause) else { continue };
        let told_ms = tx.told_of_grant_end(actor.device, grant.id)?;
        if was_unaware(made_ms, ended_ms, told_ms) {
            believed.extend(areas_of_grant(tx, &grant)?);
        }
    }
    let believed = Scope::of(believed);
    if believed.contains(&record.area) {
        return Ok(true);
    }
    for departure in tx.departures_of(record.child.unwrap_or(record.no))? {
        let told_ms = tx.told_of_departure(actor.device, departure.feed)?;
        if believed.contains(&departure.area) && was_unaware(made_ms, departure.at_ms, told_ms) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn was_unaware(made_ms: i64, left_ms: i64, told_ms: Option<i64>) -> bool {
    told_ms.is_none_or(|told_ms| made_ms < told_ms) && made_ms <= left_ms + AFTER_MOVE_DAYS * DAY_MS
}
