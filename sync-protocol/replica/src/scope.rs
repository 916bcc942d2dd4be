//! The worker's scope on the tablet: the areas of the last page. What lies outside goes from the
//! mirror at once; what the worker typed there stays in the log.

use crate::as_text::AsText;
use crate::departed;
use crate::mirror::{self, MirrorRow};
use crate::movement;
use crate::show::Touched;
use rusqlite::Connection;
use sync_protocol::area::{Area, Scope};

pub(crate) fn load(db: &Connection) -> rusqlite::Result<Scope> {
    let mut statement = db.prepare_cached("SELECT area FROM scope_area")?;
    let areas: Vec<Area> = statement
        .query_map([], |row| Ok(row.get::<_, AsText<Area>>(0)?.0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Scope::of(areas))
}

/// Takes a new scope and drops what lies outside it.
pub(crate) fn take(
    db: &Connection,
    scope: &Scope,
    now_ms: i64,
    touched: &mut Touched,
) -> rusqlite::Result<()> {
    if load(db)? == *scope {
        return Ok(());
    }
    db.execute("DELETE FROM scope_area", [])?;
    for area in scope.areas() {
        db.execute("INSERT INTO scope_area (area) VALUES (?1)", [area.as_str()])?;
    }
    for area in mirror::areas(db)?.iter().filter(|area| !scope.contains(area)) {
        for row in mirror::in_area(db, area)? {
            drop_row(db, &row, true, now_ms, touched)?;
        }
    }
    Ok(())
}

/// Drops one row from the mirror; with a child goes all that belongs to it. `gone` says that it
/// left the scope, and is not merely missing from a restored server.
pub(crate) fn drop_row(
    db: &Connection,
    row: &MirrorRow,
    gone: bool,
    now_ms: i64,
    touched: &mut Touched,
) -> rusqlite::Result<()> {
    if row.child_id.is_some() {
        mirror::drop_row(db, &row.id)?;
        touched.add(&row.kind, row.id);
        return Ok(());
    }
    if gone {
        movement::note_out(db, &row.id, now_ms)?;
    }
    departed::leave(db, &row.kind, &row.id, gone, touched)
}
