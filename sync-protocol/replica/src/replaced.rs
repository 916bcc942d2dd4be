//! Which of this tablet's values a later version by another hand took the place of. The tablet does
//! not decide that: it compares what it saved with what the feed says now, so that the worker reads
//! both.

use crate::as_text::AsText;
use crate::change_log::{self, LogEntry};
use crate::mirror::{self, MirrorRow};
use crate::sync_state::SyncState;
use rusqlite::{Connection, named_params};
use serde_json::json;
use sync_protocol::body::Body;
use sync_protocol::change::Register;
use sync_protocol::ids::RecordId;

/// Marks this tablet's values that an arriving row says otherwise. Says how many.
pub(crate) fn note_row(
    db: &Connection,
    row: &MirrorRow,
    state: &SyncState,
) -> rusqlite::Result<u64> {
    let mut marked = 0;
    for register in [Register::State, Register::Place] {
        let Some(entry) = newest_applied(db, &row.id, register)? else { continue };
        let later = entry.stamp.is_some_and(|stamp| row.stamp > stamp);
        if later && !says(&entry, row)? && !is_unreceipted_own(db, row, register, state)? {
            mark(db, &entry, row)?;
            marked += 1;
        }
    }
    Ok(marked)
}

/// Marks an entry that lost, when the winner is not a later entry of this tablet.
pub(crate) fn note_superseded(db: &Connection, entry: &LogEntry) -> rusqlite::Result<bool> {
    let later_own = !change_log::select(
        db,
        "WHERE id = ?1 AND register = ?2 AND seq > ?3 LIMIT 1",
        (AsText(entry.id), change_log::register_name(entry.register), entry.seq.cast_signed()),
    )?
    .is_empty();
    if later_own || entry.replaced_stamp.is_some() {
        return Ok(false);
    }
    match mirror::get(db, &entry.id)? {
        Some(row) if !says(entry, &row)? => mark(db, entry, &row).map(|()| true),
        Some(_) | None => Ok(false),
    }
}

/// The newest entry of a register when it is applied and not marked yet.
fn newest_applied(
    db: &Connection,
    id: &RecordId,
    register: Register,
) -> rusqlite::Result<Option<LogEntry>> {
    let newest = change_log::select(
        db,
        "WHERE id = ?1 AND register = ?2 AND outcome = 'applied' ORDER BY seq DESC LIMIT 1",
        (AsText(id), change_log::register_name(register)),
    )?;
    Ok(newest.into_iter().next().filter(|entry| entry.replaced_stamp.is_none()))
}

/// The row may be our own later change, whose receipt was lost on the way.
fn is_unreceipted_own(
    db: &Connection,
    row: &MirrorRow,
    register: Register,
    state: &SyncState,
) -> rusqlite::Result<bool> {
    let unreceipted = change_log::select(
        db,
        "WHERE id = ?1 AND register = ?2 AND seq > ?3",
        (
            AsText(row.id),
            change_log::register_name(register),
            state.receipted_through.cast_signed(),
        ),
    )?;
    for entry in unreceipted {
        if says(&entry, row)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a row holds what an entry put there.
fn says(entry: &LogEntry, row: &MirrorRow) -> rusqlite::Result<bool> {
    let edit = entry.edit()?;
    Ok(match entry.register {
        Register::Place => edit.moved.as_ref() == Some(&row.area),
        Register::State => match (&edit.body, &row.body) {
            (Some(saved), Some(text)) => {
                serde_json::from_str::<Body>(text).is_ok_and(|body| body.says_the_same(saved))
            }
            (None, None) => edit.deleted == row.deleted,
            (Some(_), None) | (None, Some(_)) => false,
        },
    })
}

fn mark(db: &Connection, entry: &LogEntry, row: &MirrorRow) -> rusqlite::Result<()> {
    let content = match (entry.register, &row.body) {
        (Register::Place, _) => json!({ "move": row.area }).to_string(),
        (Register::State, Some(body)) => format!(r#"{{"body":{body}}}"#),
        (Register::State, None) => json!({ "deleted": row.deleted }).to_string(),
    };
    db.prepare_cached(
        "UPDATE change_log SET replaced_by = :by, replaced_stamp = :stamp,
             replaced_content = :content
         WHERE seq = :seq",
    )?
    .execute(named_params! {
        ":by": row.by,
        ":stamp": AsText(row.stamp),
        ":content": content,
        ":seq": entry.seq.cast_signed(),
    })?;
    Ok(())
}
