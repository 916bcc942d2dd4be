//! A live record as its typed columns give it. The statements come from the kind's own
//! description, so a new kind needs nothing here.

use crate::store::record::RecordNo;
use crate::store::text::{parsed, record_id, stamp};
use crate::store::typed::columns;
use crate::store::{StoreError, Stored};
use rusqlite::Row;
use rusqlite::types::ValueRef;
use serde_json::Value;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::record::{Field, Kind, Shape};
use sync_protocol::stamp::Stamp;

/// Bytes of a row beside its texts, roughly.
const FRAME_BYTES: usize = 512;

/// A live record with its typed fields.
#[derive(Clone, Debug)]
pub struct LiveRow {
    /// Its place in the feed.
    pub feed: i64,
    pub no: RecordNo,
    pub id: RecordId,
    pub area: Area,
    pub stamp: Stamp,
    /// Whose change its state is.
    pub by: String,
    /// The fields that this program knows.
    pub body: Body,
    /// The child it belongs to; none for a child.
    pub child: Option<LiveChild>,
}

#[derive(Clone, Debug)]
pub struct LiveChild {
    pub id: RecordId,
    pub body: Body,
}

impl LiveRow {
    /// The bytes of its texts, roughly.
    pub(super) fn weight(&self) -> usize {
        let of_body = |body: &Body| {
            body.fields().map(|(field, value)| field.len() + text_len(value)).sum::<usize>()
        };
        FRAME_BYTES
            + of_body(&self.body)
            + self.child.as_ref().map_or(0, |child| of_body(&child.body))
    }
}

fn text_len(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(_) | Value::Object(_) => value.to_string().len(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
    }
}

/// The alias of the table that has the child's columns.
pub(super) fn child_alias(kind: Kind) -> &'static str {
    if kind.parent_field().is_some() { "c" } else { "t" }
}

/// The day on which a record of this kind happened: of a measurement, a visit.
pub fn day_field(kind: Kind) -> Option<&'static str> {
    kind.parent_field()?;
    let is_day = |field: &&Field| field.required && field.shape == Shape::PastDate;
    kind.fields().iter().find(is_day).map(|field| field.name)
}

/// The condition that a selection adds, without its scope. ?1 is the posyandu, ?2 and ?3 the first
/// days of a month and of the next; null does not narrow.
pub(super) fn narrowing(kind: Kind) -> String {
    let posyandu = format!("(?1 IS NULL OR {}.posyandu = ?1 COLLATE NOCASE)", child_alias(kind));
    match day_field(kind) {
        Some(day) => format!("{posyandu} AND (?2 IS NULL OR (t.{day} >= ?2 AND t.{day} < ?3))"),
        None => format!("{posyandu} AND (?2 IS NULL OR ?2 < ?3)"),
    }
}

/// Columns of every kind before its own fields.
const FIXED_COLUMNS: usize = 9;

/// Selects live records of a kind. `CROSS JOIN` keeps SQLite to the order that is written here: the
/// index on `record` first.
pub(super) fn live_sql(kind: Kind) -> String {
    let list = |alias: &str, kind| {
        columns(kind).map(|field| format!(", {alias}.{}", field.name)).collect::<String>()
    };
    let mut selected = list("t", kind);
    let mut joins = format!("CROSS JOIN {} t ON t.rid = r.rid", kind.name());
    if kind.parent_field().is_some() {
        selected += &list("c", Kind::CHILD);
        selected += ", p.id AS child_id";
        joins += " CROSS JOIN child c ON c.rid = r.child CROSS JOIN record p ON p.rid = r.child";
    }
    format!(
        "SELECT r.feed, r.rid, r.id, r.area, r.state_tick, r.state_device, r.place_tick,
            r.place_device, coalesce(w.name, 'Kantor') {selected}
         FROM record r {joins} JOIN log l ON l.pos = r.state_pos LEFT JOIN worker w ON w.id = l.worker"
    )
}

/// The area of a row of [`live_sql`].
pub(super) fn read_area(row: &Row<'_>) -> Stored<Area> {
    parsed(row.get_ref(3)?.as_str().unwrap_or_default(), "area code")
}

/// Reads a row of [`live_sql`].
pub(super) fn read_live(kind: Kind, row: &Row<'_>) -> Stored<LiveRow> {
    let state = stamp(row.get(4)?, row.get(5)?);
    let place = row.get::<_, Option<i64>>(6)?.zip(row.get::<_, Option<u32>>(7)?);
    let child = match kind.parent_field() {
        Some(_) => Some(LiveChild {
            id: record_id(row, "child_id")?,
            body: read_body(Kind::CHILD, row, FIXED_COLUMNS + columns(kind).count())?,
        }),
        None => None,
    };
    Ok(LiveRow {
        feed: row.get(0)?,
        no: RecordNo(row.get(1)?),
        id: RecordId::from_bytes(row.get(2)?),
        area: read_area(row)?,
        stamp: place.map_or(state, |(tick, device)| stamp(tick, device).max(state)),
        by: row.get(8)?,
        body: read_body(kind, row, FIXED_COLUMNS)?,
        child,
    })
}

/// The fields of a kind from the columns that begin at `from`.
fn read_body(kind: Kind, row: &Row<'_>, from: usize) -> Stored<Body> {
    let mut body = Body::new();
    for (field, at) in columns(kind).zip(from..) {
        if let Some(value) = read_value(field.shape, row.get_ref(at)?)? {
            body.set(field.name, value);
        }
    }
    Ok(body)
}

/// A column as the field that it keeps: the reverse of what is written there.
fn read_value(shape: Shape, column: ValueRef<'_>) -> Stored<Option<Value>> {
    let unreadable = || StoreError::Unreadable("typed column");
    match column {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(number) if shape == Shape::Flag => Ok(Some(Value::Bool(number != 0))),
        ValueRef::Integer(number) => Ok(Some(number.into())),
        ValueRef::Text(text) if matches!(shape, Shape::Texts | Shape::Object) => {
            serde_json::from_slice(text).map(Some).map_err(|_| unreadable())
        }
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).map_err(|_| unreadable())?;
            Ok(Some(text.into()))
        }
        ValueRef::Real(_) | ValueRef::Blob(_) => Err(unreadable()),
    }
}
