//! Carrying a stored change into its record: when it is admitted, and when a parked one is released.

use super::scope::Target;
use super::{conflict, merge};
use crate::store::{LogPos, ReadTx, Record, RecordNo, Stored, WriteTx};
use sync_protocol::change::Change;
use sync_protocol::ids::DeviceNo;
use sync_protocol::stamp::Stamp;
use sync_protocol::wire::Outcome;

/// A stored change on its way into its record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settling<'a> {
    pub change: &'a Change,
    pub pos: LogPos,
    pub record: RecordNo,
    pub stamp: Stamp,
    /// The base, when the server has it.
    pub base: Option<Stamp>,
    pub device: DeviceNo,
    pub now_ms: i64,
}

/// Merges a change whose outcome was foreseen, and notes a conflict.
pub(super) fn settle(
    tx: &WriteTx<'_>,
    settling: &Settling<'_>,
    target: Target,
    outcome: Outcome,
) -> Stored<()> {
    match target {
        Target::New { area, child } => merge::create(tx, settling, area, child.as_ref()),
        Target::Existing(before) => {
            if outcome == Outcome::Applied {
                merge::apply(tx, settling, before.clone())?;
            }
            conflict::note(tx, settling, &before)
        }
    }
}

/// A base counts only when it names a version of that record which the server has.
pub(super) fn known_base(
    tx: &ReadTx<'_>,
    record: Option<&Record>,
    base: Option<Stamp>,
) -> Stored<Option<Stamp>> {
    let (Some(base), Some(record)) = (base, record) else { return Ok(None) };
    if base == record.state || Some(base) == record.place {
        return Ok(Some(base));
    }
    Ok(tx.version(record.no, base)?.map(|_| base))
}
