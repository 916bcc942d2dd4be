//! Noting conflicts: a change that was made without sight of another device's version.

use crate::store::{LogPos, NewConflict, Record, Stored, VersionContent, WriteTx};
use sync_protocol::change::Register;
use sync_protocol::conflict::{Version, label};
use sync_protocol::ids::DeviceNo;
use sync_protocol::stamp::Stamp;

/// A merged change, as far as conflicts are concerned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Merged<'a> {
    /// The record as it was before.
    pub before: &'a Record,
    pub register: Register,
    pub pos: LogPos,
    pub device: DeviceNo,
    /// None when there is none, or when the server does not have that version.
    pub base: Option<Stamp>,
}

/// Stores a conflict when another device's version of the same register is later than the base.
/// Returns whether there is one.
pub(super) fn note(tx: &WriteTx<'_>, merged: &Merged<'_>, now_ms: i64) -> Stored<bool> {
    let winner = match merged.register {
        Register::State => Some(merged.before.state),
        Register::Place => merged.before.place,
    };
    // Most edits are made in full sight: the base is the winner, and no version is later.
    if winner <= merged.base {
        return Ok(false);
    }
    let record = merged.before.no;
    let Some(other) = tx.latest_by_others(record, merged.register, merged.device, merged.base)?
    else {
        return Ok(false);
    };
    let base = match merged.base {
        Some(base) => tx.version_seen_at(record, merged.register, base)?,
        None => None,
    };
    let base_content = base.map(|pos| tx.content(pos, merged.register)).transpose()?;
    let incoming_content = tx.content(merged.pos, merged.register)?;
    let other_content = tx.content(other, merged.register)?;
    let label = label(
        base_content.as_ref().map(as_version),
        as_version(&incoming_content),
        as_version(&other_content),
    );
    tx.add_conflict(&NewConflict {
        record,
        incoming: merged.pos,
        other,
        base,
        label,
        found_ms: now_ms,
    })?;
    Ok(true)
}

fn as_version(content: &VersionContent) -> Version<'_> {
    match content {
        VersionContent::Body(body) => Version::Body(body),
        VersionContent::Deleted(reason) => Version::Deleted(*reason),
        VersionContent::Place(area) => Version::Place(area),
    }
}
