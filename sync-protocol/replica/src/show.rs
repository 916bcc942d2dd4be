//! What the worker sees: overlay over mirror. One function composes a record, and one rebuilds its
//! row in the typed table, in the transaction of whatever changed. Nothing else writes those tables.

use crate::as_text::{AsText, plain};
use crate::change_log::{self, LogEntry};
use crate::changed::Changed;
use crate::columns;
use crate::departed;
use crate::identity::Identity;
use crate::mirror::{self, MirrorRow};
use crate::recency::recency;
use crate::sync_state::SyncState;
use rusqlite::types::Value as Cell;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use std::collections::BTreeSet;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::{Register, Tombstone};
use sync_protocol::counted::Recency;
use sync_protocol::ids::RecordId;
use sync_protocol::record::{self, Kind};
use sync_protocol::stamp::Stamp;
use sync_protocol::wire::Outcome;

/// A record's state.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    Body(Body),
    Deleted(Tombstone),
}

/// A record as the worker sees it.
#[derive(Clone, Debug)]
pub struct Shown {
    pub kind: Kind,
    pub id: RecordId,
    pub content: Content,
    pub area: Option<Area>,
    /// The child it belongs to.
    pub child_id: Option<RecordId>,
    /// Whose change the state is.
    pub by: Option<String>,
    /// The server's stamp of what lies under the overlay; none when the server has not said any.
    pub stamp: Option<Stamp>,
    /// How late its state was said.
    pub recency: Recency,
    /// A change of it was not sent yet.
    pub pending: bool,
    /// Its newest change is tertahan.
    pub parked: bool,
    /// Its child left the scope; it is shown until its changes are settled.
    pub gone: bool,
}

impl Shown {
    pub fn body(&self) -> Option<&Body> {
        match &self.content {
            Content::Body(body) => Some(body),
            Content::Deleted(_) => None,
        }
    }
}

/// Records whose row must be rebuilt before the transaction ends.
#[derive(Debug, Default)]
pub(crate) struct Touched(BTreeSet<(String, RecordId)>);

impl Touched {
    pub(crate) fn add(&mut self, kind: &str, id: RecordId) {
        self.0.insert((kind.to_owned(), id));
    }
}

/// Rebuilds the typed rows of these records. Children come first: what belongs to them shows their
/// area.
pub(crate) fn rebuild(db: &Connection, touched: &Touched) -> rusqlite::Result<Changed> {
    let known = || touched.0.iter().filter_map(|(kind, id)| Some((Kind::named(kind)?, id)));
    let mut changed = Changed::new();
    for (kind, id) in known().filter(|(kind, _)| kind.has_place()) {
        changed.extend(rebuild_one(db, kind, id)?);
    }
    for (kind, id) in known().filter(|(kind, _)| !kind.has_place()) {
        changed.extend(rebuild_one(db, kind, id)?);
    }
    Ok(changed)
}

/// Rebuilds every typed row, after a migration.
pub(crate) fn rebuild_all(db: &Connection) -> rusqlite::Result<()> {
    let mut touched = Touched::default();
    let mut statement = db.prepare(
        "SELECT kind, id FROM mirror UNION SELECT kind, id FROM departed
         UNION SELECT kind, id FROM change_log WHERE open = 1",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        touched.add(&row.get::<_, String>(0)?, row.get::<_, AsText<RecordId>>(1)?.0);
    }
    rebuild(db, &touched).map(drop)
}

/// Says which child it is or belongs to, where that is known.
fn rebuild_one(db: &Connection, kind: Kind, id: &RecordId) -> rusqlite::Result<Option<RecordId>> {
    let shown = compose(db, kind, id)?;
    let mut child = if kind.has_place() { Some(*id) } else { None };
    child = child.or(shown.as_ref().and_then(|shown| shown.child_id));
    match shown.as_ref().and_then(|shown| Some((shown, shown.body()?))) {
        Some((shown, body)) => {
            let common = [
                Cell::Text(shown.id.to_string()),
                shown.area.as_ref().map_or(Cell::Null, |area| Cell::Text(area.to_string())),
                shown.by.clone().map_or(Cell::Null, Cell::Text),
                shown.stamp.map_or(Cell::Null, |stamp| Cell::Text(stamp.to_string())),
                Cell::Integer(i64::from(shown.pending)),
                Cell::Integer(i64::from(shown.parked)),
                Cell::Integer(i64::from(shown.gone)),
            ];
            db.prepare_cached(&columns::upsert_sql(kind))?
                .execute(params_from_iter(common.into_iter().chain(columns::cells(kind, body))))?;
        }
        None => child = child.or(remove(db, kind, id)?),
    }
    if let Some(Shown { area: Some(area), .. }) = shown
        && kind.has_place()
    {
        show_along(db, id, &area)?;
    }
    Ok(child)
}

/// Removes a typed row. Says which child it belonged to.
fn remove(db: &Connection, kind: Kind, id: &RecordId) -> rusqlite::Result<Option<RecordId>> {
    let parent = kind.parent_field().unwrap_or("id");
    // Not by RETURNING, which the browser's SQLite has lost with its triggers.
    let child: Option<Option<AsText<RecordId>>> = db
        .prepare_cached(&format!("SELECT \"{parent}\" FROM \"{kind}\" WHERE id = ?1"))?
        .query_row([AsText(id)], |row| row.get(0))
        .optional()?;
    db.prepare_cached(&format!("DELETE FROM \"{kind}\" WHERE id = ?1"))?.execute([AsText(id)])?;
    Ok(child.and_then(plain))
}

/// What belongs to a child shows the child's area.
fn show_along(db: &Connection, child: &RecordId, area: &Area) -> rusqlite::Result<()> {
    for (kind, parent) in Kind::all().filter_map(|kind| Some((kind, kind.parent_field()?))) {
        let sql =
            format!("UPDATE \"{kind}\" SET area = ?2 WHERE \"{parent}\" = ?1 AND area IS NOT ?2");
        db.prepare_cached(&sql)?.execute((AsText(child), area.as_str()))?;
    }
    Ok(())
}

/// Overlay over mirror, for one record; none when this tablet knows nothing of it.
pub(crate) fn compose(
    db: &Connection,
    kind: Kind,
    id: &RecordId,
) -> rusqlite::Result<Option<Shown>> {
    let mirrored = mirror::get(db, id)?;
    let overlay = Overlay::of(db, id, mirrored.as_ref())?;
    let (under, gone) = match mirrored {
        Some(row) => (Some(row), false),
        None => departed::get(db, id)?
            .map_or((None, false), |departed| (Some(departed.row), departed.gone)),
    };
    let parent = overlay.parent.or_else(|| under.as_ref().and_then(|row| row.child_id));
    let (parent_area, parent_gone) = match parent {
        Some(child) => {
            let gone = departed::get(db, &child)?.is_some_and(|departed| departed.gone);
            (area_of(db, &child)?, gone)
        }
        None => (None, false),
    };
    let by = if overlay.content.is_some() { Identity::load(db)?.worker_name } else { None };
    let stamp = under.as_ref().map(|row| row.stamp);
    let recency = recency(stamp, overlay.state.as_ref());
    let content = overlay.content.or_else(|| under.as_ref().and_then(content_of));
    let under_area = under.as_ref().map(|row| row.area.clone());
    Ok(content.zip(recency).map(|(content, recency)| Shown {
        kind,
        id: *id,
        content,
        area: parent_area.or(overlay.place).or(under_area).or(overlay.first_area),
        child_id: parent,
        by: by.or_else(|| under.as_ref().map(|row| row.by.clone())),
        stamp,
        recency,
        pending: overlay.pending,
        parked: overlay.parked,
        gone: gone || parent_gone,
    }))
}

/// What this tablet saved of a record and the server has not settled.
#[derive(Debug, Default)]
struct Overlay {
    content: Option<Content>,
    /// The entry that it is from.
    state: Option<LogEntry>,
    /// Where a move puts it.
    place: Option<Area>,
    /// Where its body says it lives; counts while the server has not said any place.
    first_area: Option<Area>,
    parent: Option<RecordId>,
    pending: bool,
    parked: bool,
}

impl Overlay {
    fn of(db: &Connection, id: &RecordId, mirrored: Option<&MirrorRow>) -> rusqlite::Result<Self> {
        let mut overlay = Overlay::default();
        let entries = change_log::newest_open_entries(db, id)?;
        if entries.is_empty() {
            return Ok(overlay);
        }
        let receipted_through = SyncState::load(db)?.receipted_through;
        for entry in entries {
            let unsettled = entry.seq > receipted_through;
            if unsettled && is_in_mirror(&entry, mirrored) {
                continue;
            }
            overlay.pending |= unsettled;
            overlay.parked |= !unsettled && entry.outcome == Some(Outcome::Parked);
            overlay.parent = overlay.parent.or(entry.child_id);
            overlay.lay(entry)?;
        }
        Ok(overlay)
    }

    fn lay(&mut self, entry: LogEntry) -> rusqlite::Result<()> {
        let edit = entry.edit()?;
        match entry.register {
            Register::State => {
                self.content = edit.body.map(Content::Body).or(edit.deleted.map(Content::Deleted));
                self.first_area = edit.area;
                self.state = Some(entry);
            }
            Register::Place => self.place = edit.moved,
        }
        Ok(())
    }
}

/// An entry that is sent again after the server lost it, and that the mirror still holds or has
/// seen outdone.
fn is_in_mirror(entry: &LogEntry, mirrored: Option<&MirrorRow>) -> bool {
    match (entry.stamp, mirrored) {
        (Some(stamp), Some(row)) => row.stamp >= stamp,
        (Some(_) | None, _) => false,
    }
}

/// A body that is no object shows nothing; the mirror keeps it.
pub(crate) fn content_of(row: &MirrorRow) -> Option<Content> {
    match (row.deleted, &row.body) {
        (Some(reason), _) => Some(Content::Deleted(reason)),
        (None, Some(body)) => serde_json::from_str(body).ok().map(Content::Body),
        (None, None) => None,
    }
}

/// Where a child lives, as the worker sees it.
pub(crate) fn area_of(db: &Connection, child: &RecordId) -> rusqlite::Result<Option<Area>> {
    let sql = format!("SELECT area FROM \"{}\" WHERE id = ?1", Kind::CHILD);
    let area: Option<Option<AsText<Area>>> =
        db.prepare_cached(&sql)?.query_row([AsText(child)], |row| row.get(0)).optional()?;
    Ok(area.and_then(plain))
}

/// What a child is called, as the worker sees it.
pub(crate) fn name_of_child(db: &Connection, child: &RecordId) -> rusqlite::Result<Option<String>> {
    let sql = format!("SELECT \"{}\" FROM \"{}\" WHERE id = ?1", record::child::NAME, Kind::CHILD);
    let name: Option<Option<String>> =
        db.prepare_cached(&sql)?.query_row([AsText(child)], |row| row.get(0)).optional()?;
    Ok(name.flatten())
}
