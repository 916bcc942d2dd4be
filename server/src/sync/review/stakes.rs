//! What a conflict means for its child, and the open conflicts in that order.
//!
//! The order is made when somebody looks, of the newest conflicts: it depends on the child's birth
//! date and sex and on the growth rules, all of which change after a conflict was found, so that a
//! stored one would have to be kept up by every merge for the sake of a list that is short.

use super::conflicts::{ConflictView, show};
use crate::refusal::Refusal;
use crate::store::{Conflict, ReadTx, RecordNo, Stored};
use sync_protocol::area::Scope;
use sync_protocol::body::Body;
use sync_protocol::conflict::{Gravity, Label};
use sync_protocol::growth::{Child, Difference, Measured, difference};
use sync_protocol::record::Kind;

/// Bytes of the versions of the conflicts that are put in order.
const ORDERED_BYTES_MAX: usize = 2 * 1024 * 1024;

/// A conflict with what depends on it.
#[derive(Clone, Debug)]
pub struct Weighed {
    pub view: ConflictView,
    /// What growth depends on of the child as it is now.
    pub child: Option<Child>,
    pub difference: Difference,
    pub gravity: Gravity,
    /// Whether somebody decided it already.
    pub is_closed: bool,
}

/// The newest open conflicts, worst for the child first.
#[derive(Clone, Debug)]
pub struct Ordered {
    pub conflicts: Vec<Weighed>,
    /// How many are open in the whole scope.
    pub open: u64,
    /// Where older ones begin that are not among these.
    pub older: Option<i64>,
}

/// Puts the newest open conflicts of a scope in order, `most` of them, or those before one of them.
pub fn ordered_conflicts(
    tx: &ReadTx<'_>,
    scope: &Scope,
    before: Option<i64>,
    most: usize,
) -> Stored<Ordered> {
    let (mut conflicts, mut bytes, mut older) = (Vec::new(), 0, None);
    for conflict in tx.newest_conflicts_in(scope, before, most + 1)? {
        if conflicts.len() == most || bytes >= ORDERED_BYTES_MAX {
            older = conflicts.last().map(|last: &Weighed| last.view.id);
            break;
        }
        let (weighed, length) = weigh(tx, &conflict)?;
        bytes += length;
        conflicts.push(weighed);
    }
    // The sort is stable: among equals the newest stays first.
    conflicts.sort_by_key(|weighed| weighed.gravity);
    Ok(Ordered { conflicts, open: count_open(tx, scope)?, older })
}

/// How many open conflicts there are in a scope.
pub fn count_open(tx: &ReadTx<'_>, scope: &Scope) -> Stored<u64> {
    let by_area = tx.open_conflicts_by_area()?.into_iter();
    Ok(by_area.filter(|(area, _)| scope.contains(area)).map(|(_, open)| open).sum())
}

/// One conflict of a scope, open or decided.
pub fn weighed_conflict(tx: &ReadTx<'_>, scope: &Scope, id: i64) -> Result<Weighed, Refusal> {
    let not_there = || Refusal::NotFound;
    let conflict = tx.conflict(id)?.ok_or_else(not_there)?;
    if !scope.contains(&tx.record_at(conflict.record)?.area) {
        return Err(not_there());
    }
    Ok(weigh(tx, &conflict)?.0)
}

fn weigh(tx: &ReadTx<'_>, conflict: &Conflict) -> Stored<(Weighed, usize)> {
    let (view, bytes) = show(tx, conflict)?;
    let record = tx.record_at(conflict.record)?;
    let no = record.child.unwrap_or(record.no);
    let child = tx.growth_child(no)?;
    let difference = match (&view.incoming.body, &view.other.body) {
        (Some(one), Some(other)) if record.kind == Kind::MEASUREMENT => {
            of_measurements(child.as_ref(), one, other)
        }
        (Some(one), Some(other)) if record.kind == Kind::CHILD => of_children(tx, no, one, other)?,
        _ => Difference::default(),
    };
    let gravity = Gravity::of(&difference, conflict.label == Label::Overlap.as_str());
    let is_closed = conflict.closed_ms.is_some();
    Ok((Weighed { view, child, difference, gravity, is_closed }, bytes))
}

fn of_measurements(child: Option<&Child>, one: &Body, other: &Body) -> Difference {
    match (child, Measured::of(one), Measured::of(other)) {
        (Some(child), Some(one), Some(other)) => difference((child, &one), (child, &other)),
        _ => Difference::default(),
    }
}

/// Birth date and sex decide what the child's latest measurement says.
fn of_children(tx: &ReadTx<'_>, no: RecordNo, one: &Body, other: &Body) -> Stored<Difference> {
    let (Some(one), Some(other)) = (Child::of(one), Child::of(other)) else {
        return Ok(Difference::default());
    };
    if one == other {
        return Ok(Difference::default());
    }
    let latest = tx.measured_of(no)?.into_iter().map(|(_, row)| row).max_by_key(|row| row.on);
    Ok(latest.map_or_else(Difference::default, |row| difference((&one, &row), (&other, &row))))
}
