//! Children that the feed dropped. They go from the mirror with all that belongs to them; while a
//! change of theirs is open, their last state stays readable, as "pindah desa" when they left.

use crate::as_text::{AsText, text};
use crate::change_log;
use crate::mirror::{self, MirrorRow};
use crate::show::Touched;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use sync_protocol::ids::RecordId;

/// A record that the feed dropped.
#[derive(Debug)]
pub(crate) struct Departed {
    pub(crate) row: MirrorRow,
    /// It left the scope. Otherwise a restored server does not have it yet.
    pub(crate) gone: bool,
}

/// Drops a record from the mirror with all that belongs to it.
pub(crate) fn leave(
    db: &Connection,
    kind: &str,
    id: &RecordId,
    gone: bool,
    touched: &mut Touched,
) -> rusqlite::Result<()> {
    for row in mirror::belonging_to(db, id)? {
        mirror::drop_row(db, &row.id)?;
        touched.add(&row.kind, row.id);
    }
    if let Some(row) = mirror::get(db, id)? {
        if change_log::has_open_entries_of(db, id)? {
            remember(db, &row, gone)?;
        }
        mirror::drop_row(db, id)?;
    }
    touch_all(db, kind, id, touched)
}

/// The last state of a record that was dropped.
pub(crate) fn get(db: &Connection, id: &RecordId) -> rusqlite::Result<Option<Departed>> {
    db.prepare_cached("SELECT *, NULL AS child_id FROM departed WHERE id = ?1")?
        .query_row([AsText(id)], read)
        .optional()
}

/// It came back, or all is settled.
pub(crate) fn forget(
    db: &Connection,
    kind: &str,
    id: &RecordId,
    touched: &mut Touched,
) -> rusqlite::Result<()> {
    let known = db.prepare_cached("DELETE FROM departed WHERE id = ?1")?.execute([AsText(id)])? > 0;
    if known { touch_all(db, kind, id, touched) } else { Ok(()) }
}

/// Forgets all whose changes are settled.
pub(crate) fn forget_settled(db: &Connection, touched: &mut Touched) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached("SELECT *, NULL AS child_id FROM departed")?;
    let departed: Vec<Departed> =
        statement.query_map([], read)?.collect::<rusqlite::Result<_>>()?;
    for Departed { row, .. } in departed {
        if !change_log::has_open_entries_of(db, &row.id)? {
            forget(db, &row.kind, &row.id, touched)?;
        }
    }
    Ok(())
}

/// The record, and what this tablet's open entries say belongs to it.
fn touch_all(
    db: &Connection,
    kind: &str,
    id: &RecordId,
    touched: &mut Touched,
) -> rusqlite::Result<()> {
    touched.add(kind, *id);
    for entry in change_log::select(db, "WHERE child_id = ?1 AND open = 1", [AsText(id)])? {
        touched.add(&entry.kind, entry.id);
    }
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Departed> {
    Ok(Departed { row: mirror::read(row)?, gone: row.get("gone")? })
}

fn remember(db: &Connection, row: &MirrorRow, gone: bool) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT OR REPLACE INTO departed (id, gone, kind, area, stamp, \"by\", deleted, body)
         VALUES (:id, :gone, :kind, :area, :stamp, :by, :deleted, :body)",
    )?
    .execute(named_params! {
        ":id": AsText(row.id),
        ":gone": gone,
        ":kind": row.kind,
        ":area": row.area.as_str(),
        ":stamp": AsText(row.stamp),
        ":by": row.by,
        ":deleted": text(row.deleted),
        ":body": row.body,
    })?;
    Ok(())
}
