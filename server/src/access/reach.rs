//! How far a person reaches over other people: to those who work nowhere but in their scope.

use super::person::Person;
use super::scope_of;
use crate::store::{ReadTx, Stored};
use sync_protocol::ids::WorkerId;

/// Whether all that a worker may see is inside of a person's scope. Somebody with more could be used
/// to see more; somebody who may see nothing is nobody's.
pub fn is_within_reach(tx: &ReadTx<'_>, person: &Person, worker: WorkerId) -> Stored<bool> {
    let scope = scope_of(tx, worker)?;
    let is_inside = scope.areas().iter().all(|area| person.scope.contains(area));
    Ok(!scope.is_empty() && is_inside)
}
