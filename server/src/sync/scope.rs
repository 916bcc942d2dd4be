//! Whether a change's maker may make it, and what it is aimed at.

use crate::access::{Actor, Reach, areas_of_grant};
use crate::store::{Grant, ReadTx, Record, RecordNo, Stored, WriteTx};
use sync_protocol::area::{Area, Scope};
use sync_protocol::change::{Change, Edit};
use sync_protocol::ids::DeviceNo;
use sync_protocol::limits::AFTER_MOVE_DAYS;
use sync_protocol::parked::{Fault, ParkCode};
use sync_protocol::time::DAY_MS;

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
    // A person in the office sees what is so now.
    let may_be_late = is_body && actor.device != DeviceNo::OFFICE;
    if may_be_late && could_not_know(tx, actor, record, made_ms)? {
        Ok(Reached::AfterMove)
    } else {
        Ok(Reached::No)
    }
}

/// Whether the record had left the maker's scope when the edit was made, but the tablet had not
/// been told yet. At most 90 days after it left. What was never in the scope did not leave it.
fn could_not_know(tx: &ReadTx<'_>, actor: &Actor, record: &Record, made_ms: i64) -> Stored<bool> {
    let (Reach::Scope(_), Some(worker)) = (&actor.reach, actor.worker) else {
        return Ok(false);
    };
    let stays = stays_of(tx, record)?;
    for grant in tx.grants(worker)?.iter().filter(|grant| !grant.for_cause) {
        let areas = Scope::of(areas_of_grant(tx, grant)?);
        for stay in stays.iter().filter(|stay| areas.contains(&stay.area)) {
            if left_unnoticed(tx, actor.device, grant, stay, made_ms)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// A time that a child spent in one area.
struct Stay {
    area: Area,
    arrived_ms: i64,
    /// When it left, and the place of that in the feed; none of where it is now.
    left: Option<(i64, i64)>,
}

/// The stays of a record's child: the latest in each area.
fn stays_of(tx: &ReadTx<'_>, record: &Record) -> Stored<Vec<Stay>> {
    let child = match record.child {
        Some(child) => tx.record_at(child)?,
        None => record.clone(),
    };
    let departures = tx.departures_of(child.no)?;
    let mut stays: Vec<Stay> = departures
        .into_iter()
        .map(|departure| Stay {
            area: departure.area,
            arrived_ms: departure.arrived_ms,
            left: Some((departure.at_ms, departure.feed)),
        })
        .collect();
    stays.push(Stay { area: child.area, arrived_ms: child.arrived_ms, left: None });
    Ok(stays)
}

/// Whether a child was in scope by this grant during this stay, until either ended, and the edit
/// was made before the tablet was told of that.
fn left_unnoticed(
    tx: &ReadTx<'_>,
    device: DeviceNo,
    grant: &Grant,
    stay: &Stay,
    made_ms: i64,
) -> Stored<bool> {
    let ends = [grant.ended_ms, stay.left.map(|(left_ms, _)| left_ms)];
    let Some(ended_ms) = ends.into_iter().flatten().min() else { return Ok(false) };
    if ended_ms < grant.given_ms.max(stay.arrived_ms) {
        return Ok(false);
    }
    let told_of_end = match grant.ended_ms {
        Some(_) => tx.told_of_grant_end(device, grant.id)?,
        None => None,
    };
    let told_of_departure = match stay.left {
        Some((_, feed)) => tx.told_of_departure(device, feed)?,
        None => None,
    };
    let told_ms = [told_of_end, told_of_departure].into_iter().flatten().min();
    Ok(was_unaware(made_ms, ended_ms, told_ms))
}

fn was_unaware(made_ms: i64, left_ms: i64, told_ms: Option<i64>) -> bool {
    told_ms.is_none_or(|told_ms| made_ms < told_ms) && made_ms <= left_ms + AFTER_MOVE_DAYS * DAY_MS
}
