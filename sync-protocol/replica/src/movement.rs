//! Which children came into the worker's scope, left it, or changed desa inside it, so that he can
//! be told. Only the feed writes here; a first sync moves nobody.

use crate::as_text::{AsText, plain, text};
use crate::mirror::{self, MirrorRow};
use crate::show::{Content, content_of};
use rusqlite::{Connection, Row, named_params};
use std::str::FromStr;
use sync_protocol::area::Area;
use sync_protocol::ids::{BadId, RecordId};
use sync_protocol::record::{Kind, child};

/// Where a child went, seen from the scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// New in the scope: moved in, or entered by another hand.
    In,
    Out,
    /// From one desa of the scope to another.
    Within,
}

impl Direction {
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::In => "in",
            Direction::Out => "out",
            Direction::Within => "within",
        }
    }
}

impl FromStr for Direction {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        [Direction::In, Direction::Out, Direction::Within]
            .into_iter()
            .find(|direction| direction.as_str() == text)
            .ok_or(BadId("direction"))
    }
}

/// One child that moved.
#[derive(Clone, Debug)]
pub struct Movement {
    pub child_id: RecordId,
    pub name: Option<String>,
    pub direction: Direction,
    pub from_area: Option<Area>,
    pub to_area: Option<Area>,
    /// By the server's clock.
    pub at_ms: i64,
}

/// Notes what an arriving row of a child says about its place, before the mirror takes it.
pub(crate) fn note_row(db: &Connection, row: &MirrorRow, at_ms: i64) -> rusqlite::Result<()> {
    if row.kind != Kind::CHILD.name() || row.deleted.is_some() {
        return Ok(());
    }
    let before = mirror::get(db, &row.id)?;
    let direction = match &before {
        Some(before) if before.area == row.area => return Ok(()),
        Some(_) => Direction::Within,
        None if is_own(db, &row.id)? => return Ok(()),
        None => Direction::In,
    };
    note(
        db,
        &Movement {
            child_id: row.id,
            name: name_of(row),
            direction,
            from_area: before.map(|before| before.area),
            to_area: Some(row.area.clone()),
            at_ms,
        },
    )
}

/// Notes that a child is about to leave the mirror.
pub(crate) fn note_out(db: &Connection, id: &RecordId, at_ms: i64) -> rusqlite::Result<()> {
    match mirror::get(db, id)? {
        Some(row) if row.kind == Kind::CHILD.name() && row.deleted.is_none() => note(
            db,
            &Movement {
                child_id: row.id,
                name: name_of(&row),
                direction: Direction::Out,
                from_area: Some(row.area),
                to_area: None,
                at_ms,
            },
        ),
        Some(_) | None => Ok(()),
    }
}

/// The latest movements, newest first.
pub(crate) fn latest(db: &Connection, limit: u32) -> rusqlite::Result<Vec<Movement>> {
    let mut statement =
        db.prepare_cached("SELECT * FROM movement ORDER BY number DESC LIMIT ?1")?;
    statement.query_map([limit], read)?.collect()
}

/// The number of the newest movement; counts what a sync brings.
pub(crate) fn newest(db: &Connection) -> rusqlite::Result<i64> {
    let newest: Option<i64> =
        db.query_row("SELECT max(number) FROM movement", [], |row| row.get(0))?;
    Ok(newest.unwrap_or(0))
}

/// Movements after a number, oldest first.
pub(crate) fn after(db: &Connection, number: i64) -> rusqlite::Result<Vec<Movement>> {
    let mut statement =
        db.prepare_cached("SELECT * FROM movement WHERE number > ?1 ORDER BY number")?;
    statement.query_map([number], read)?.collect()
}

fn note(db: &Connection, movement: &Movement) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO movement (child_id, name, direction, from_area, to_area, at_ms)
         VALUES (:child_id, :name, :direction, :from_area, :to_area, :at_ms)",
    )?
    .execute(named_params! {
        ":child_id": AsText(movement.child_id),
        ":name": movement.name,
        ":direction": movement.direction.as_str(),
        ":from_area": text(movement.from_area.as_ref()),
        ":to_area": text(movement.to_area.as_ref()),
        ":at_ms": movement.at_ms,
    })?;
    Ok(())
}

/// A child that this tablet entered did not move in.
fn is_own(db: &Connection, id: &RecordId) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM change_log WHERE id = ?1)")?
        .query_row([AsText(id)], |row| row.get(0))
}

fn name_of(row: &MirrorRow) -> Option<String> {
    match content_of(row) {
        Some(Content::Body(body)) => body.text(child::NAME).map(str::to_owned),
        Some(Content::Deleted(_)) | None => None,
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Movement> {
    Ok(Movement {
        child_id: row.get::<_, AsText<RecordId>>("child_id")?.0,
        name: row.get("name")?,
        direction: row.get::<_, AsText<Direction>>("direction")?.0,
        from_area: plain(row.get("from_area")?),
        to_area: plain(row.get("to_area")?),
        at_ms: row.get("at_ms")?,
    })
}
