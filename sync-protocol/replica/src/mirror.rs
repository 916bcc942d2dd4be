//! The mirror: exactly what the feed said, of any kind. Only the feed writes here; a save of this
//! tablet never does.

use crate::as_text::{AsText, plain, text};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use std::collections::BTreeMap;
use sync_protocol::area::Area;
use sync_protocol::change::Tombstone;
use sync_protocol::digest::AreaDigest;
use sync_protocol::ids::RecordId;
use sync_protocol::stamp::Stamp;

/// One record as the feed last said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorRow {
    pub kind: String,
    pub id: RecordId,
    pub child_id: Option<RecordId>,
    pub area: Area,
    pub stamp: Stamp,
    pub by: String,
    pub deleted: Option<Tombstone>,
    /// The body as it arrived; none when deleted.
    pub body: Option<String>,
}

pub(crate) fn put(db: &Connection, row: &MirrorRow, generation: i64) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO mirror (id, kind, child_id, area, stamp, \"by\", deleted, body, generation)
         VALUES (:id, :kind, :child_id, :area, :stamp, :by, :deleted, :body, :generation)
         ON CONFLICT (id) DO UPDATE SET kind = :kind, child_id = :child_id, area = :area,
             stamp = :stamp, \"by\" = :by, deleted = :deleted, body = :body,
             generation = :generation",
    )?
    .execute(named_params! {
        ":id": AsText(row.id),
        ":kind": row.kind,
        ":child_id": text(row.child_id),
        ":area": row.area.as_str(),
        ":stamp": AsText(row.stamp),
        ":by": row.by,
        ":deleted": text(row.deleted),
        ":body": row.body,
        ":generation": generation,
    })?;
    Ok(())
}

pub(crate) fn get(db: &Connection, id: &RecordId) -> rusqlite::Result<Option<MirrorRow>> {
    db.prepare_cached("SELECT * FROM mirror WHERE id = ?1")?
        .query_row([AsText(id)], read)
        .optional()
}

pub(crate) fn drop_row(db: &Connection, id: &RecordId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM mirror WHERE id = ?1")?.execute([AsText(id)])?;
    Ok(())
}

/// What belongs to a child.
pub(crate) fn belonging_to(db: &Connection, child: &RecordId) -> rusqlite::Result<Vec<MirrorRow>> {
    select(db, "WHERE child_id = ?1", [AsText(child)])
}

/// Rows that the present generation did not bring.
pub(crate) fn older_than(db: &Connection, generation: i64) -> rusqlite::Result<Vec<MirrorRow>> {
    select(db, "WHERE generation < ?1", [generation])
}

pub(crate) fn in_area(db: &Connection, area: &Area) -> rusqlite::Result<Vec<MirrorRow>> {
    select(db, "WHERE area = ?1", [area.as_str()])
}

/// Every row, by id.
pub(crate) fn all(db: &Connection) -> rusqlite::Result<Vec<MirrorRow>> {
    select(db, "ORDER BY id", [])
}

pub(crate) fn areas(db: &Connection) -> rusqlite::Result<Vec<Area>> {
    let mut statement = db.prepare_cached("SELECT DISTINCT area FROM mirror")?;
    statement.query_map([], |row| Ok(row.get::<_, AsText<Area>>(0)?.0))?.collect()
}

/// A child's desa changed, and what belongs to it moves along.
pub(crate) fn move_along(db: &Connection, child: &RecordId, area: &Area) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE mirror SET area = ?2 WHERE child_id = ?1 AND area <> ?2")?
        .execute((AsText(child), area.as_str()))?;
    Ok(())
}

/// How many records are here.
pub(crate) fn count(db: &Connection) -> rusqlite::Result<u64> {
    let count: i64 =
        db.prepare_cached("SELECT count(*) FROM mirror")?.query_row([], |row| row.get(0))?;
    Ok(count.cast_unsigned())
}

/// Counted from the rows and not kept beside them: it is to prove what is really stored.
pub(crate) fn digest(db: &Connection) -> rusqlite::Result<BTreeMap<Area, AreaDigest>> {
    let mut statement = db.prepare_cached("SELECT area, id, stamp FROM mirror")?;
    let mut rows = statement.query([])?;
    let mut digests: BTreeMap<Area, AreaDigest> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (AsText(area), AsText(id), AsText(stamp)) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let id: RecordId = id;
        digests.entry(area).or_default().add(&id, stamp);
    }
    Ok(digests)
}

fn select(
    db: &Connection,
    tail: &str,
    params: impl rusqlite::Params,
) -> rusqlite::Result<Vec<MirrorRow>> {
    let mut statement = db.prepare_cached(&format!("SELECT * FROM mirror {tail}"))?;
    statement.query_map(params, read)?.collect()
}

pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<MirrorRow> {
    Ok(MirrorRow {
        kind: row.get("kind")?,
        id: row.get::<_, AsText<RecordId>>("id")?.0,
        child_id: plain(row.get("child_id")?),
        area: row.get::<_, AsText<Area>>("area")?.0,
        stamp: row.get::<_, AsText<Stamp>>("stamp")?.0,
        by: row.get("by")?,
        deleted: plain(row.get("deleted")?),
        body: row.get("body")?,
    })
}
