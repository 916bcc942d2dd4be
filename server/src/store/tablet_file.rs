//! A tablet's file, as far as the office may want something of it: its mirror, and the mirrors of
//! server histories that a restore replaced. Only read.

use super::open::open_for_reading;
use super::text::parsed;
use super::{StoreError, Stored};
use rusqlite::{Connection, Row};
use std::path::Path;
use sync_protocol::area::Area;
use sync_protocol::change::Tombstone;
use sync_protocol::ids::RecordId;
use sync_protocol::stamp::Stamp;

/// "Tmbg": marks a tablet's file.
const APPLICATION_ID: i64 = 0x546d_6267;

const ROWS: &str = "SELECT id, kind, area, stamp, deleted, body FROM mirror_aside
    UNION ALL SELECT id, kind, area, stamp, deleted, body FROM mirror";

/// A record as a feed once said it.
#[derive(Clone, Debug)]
pub struct MirrorRow {
    pub id: RecordId,
    pub kind: String,
    pub area: Area,
    pub stamp: Stamp,
    pub deleted: Option<Tombstone>,
    /// As JSON text; none when deleted.
    pub body: Option<String>,
}

/// Every row of a tablet's mirrors, by stamp.
pub fn mirror_rows(path: &Path) -> Stored<Vec<MirrorRow>> {
    let connection: Connection = open_for_reading(path)?;
    let id: i64 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if id != APPLICATION_ID {
        return Err(StoreError::Unreadable("file of a tablet"));
    }
    let mut statement = connection.prepare(ROWS)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    found.sort_by_key(|row| row.stamp);
    Ok(found)
}

fn read(row: &Row<'_>) -> Stored<MirrorRow> {
    let deleted: Option<String> = row.get("deleted")?;
    Ok(MirrorRow {
        id: parsed(&row.get::<_, String>("id")?, "record id")?,
        kind: row.get("kind")?,
        area: parsed(&row.get::<_, String>("area")?, "area code")?,
        stamp: parsed(&row.get::<_, String>("stamp")?, "stamp")?,
        deleted: deleted.map(|reason| parsed(&reason, "reason of deletion")).transpose()?,
        body: row.get("body")?,
    })
}
