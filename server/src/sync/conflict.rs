//! Noting conflicts: a change that was made without sight of another device's version.

use super::settle::Settling;
use crate::store::{NewConflict, Record, Stored, VersionContent, WriteTx};
use sync_protocol::change::Register;
use sync_protocol::conflict::{Version, label};

/// Stores a conflict when another device's version of the same register is later than the base of a
/// change that has just been settled. `before` is the record as it was.
pub(super) fn note(tx: &WriteTx<'_>, settling: &Settling<'_>, before: &Record) -> Stored<()> {
    let Settling { pos, record, base, device, now_ms, .. } = *settling;
    let register = settling.change.edit.register();
    let winner = match register {
        Register::State => Some(before.state),
        Register::Place => before.place,
    };
    // Most edits are made in full sight: the base is the winner, and no version is later.
    if winner <= base {
        return Ok(());
    }
    let Some(other) = tx.latest_by_others(record, register, device, base)? else { return Ok(()) };
    let seen = match base {
        Some(base) => tx.version_seen_at(record, register, base)?,
        None => None,
    };
    let base_content = seen.map(|pos| tx.content(pos, register)).transpose()?;
    let incoming_content = tx.content(pos, register)?;
    let other_content = tx.content(other, register)?;
    let label = label(
        base_content.as_ref().map(as_version),
        as_version(&incoming_content),
        as_version(&other_content),
    );
    tx.add_conflict(&NewConflict {
        record,
        incoming: pos,
        other,
        base: seen,
        label,
        found_ms: now_ms,
    })
}

fn as_version(content: &VersionContent) -> Version<'_> {
    match content {
        VersionContent::Body(body) => Version::Body(body),
        VersionContent::Deleted(reason) => Version::Deleted(*reason),
        VersionContent::Place(area) => Version::Place(area),
    }
}
