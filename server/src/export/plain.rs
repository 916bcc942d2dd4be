//! Records of a kind as a table: where it is, every field under its own name and in its own unit,
//! who changed it last. The columns come from the kind's description.

use super::cell::Cell;
use super::places::Places;
use crate::store::LiveRow;
use serde_json::Value;
use sync_protocol::body::Body;
use sync_protocol::record::{Field, Kind, Shape, child};
use sync_protocol::time::{Moment, parse_date};

const PLACE: [&str; 4] = ["area", "kecamatan", "desa", "puskesmas"];
const CHANGED: [&str; 3] = ["stamp", "changed_at", "changed_by"];
/// What a row of a measurement or visit says of its child.
const OF_CHILD: [&str; 5] =
    [child::NAME, child::SEX, child::BIRTH_DATE, child::NIK, child::POSYANDU];
const OF_CHILD_HEADERS: [&str; 6] =
    ["child_id", "child_name", "child_sex", "child_birth_date", "child_nik", "child_posyandu"];

pub(super) fn headers(kind: Kind) -> Vec<&'static str> {
    let mut headers = vec!["id"];
    if kind.parent_field().is_some() {
        headers.extend(OF_CHILD_HEADERS);
    }
    headers.extend(PLACE);
    headers.extend(own_fields(kind).map(|field| field.name));
    headers.extend(CHANGED);
    headers
}

pub(super) fn cells<'r>(kind: Kind, row: &'r LiveRow, places: &'r Places) -> Vec<Cell<'r>> {
    let mut cells = vec![Cell::text(row.id.to_string())];
    if let Some(of) = &row.child {
        cells.push(Cell::text(of.id.to_string()));
        let fields = OF_CHILD.iter().filter_map(|name| Kind::CHILD.field(name));
        cells.extend(fields.map(|field| field_cell(&of.body, field)));
    }
    let puskesmas = places.puskesmas(&row.area).map_or("", |puskesmas| puskesmas.name.as_str());
    cells.extend([
        Cell::text(row.area.as_str()),
        Cell::text(places.kecamatan(&row.area)),
        Cell::text(places.name(&row.area)),
        Cell::text(puskesmas),
    ]);
    cells.extend(own_fields(kind).map(|field| field_cell(&row.body, field)));
    cells.extend([
        Cell::text(row.stamp.to_string()),
        Cell::text(Moment::utc(row.stamp.tick.unix_ms()).to_string()),
        Cell::text(row.by.as_str()),
    ]);
    cells
}

fn own_fields(kind: Kind) -> impl Iterator<Item = &'static Field> {
    kind.fields().iter().filter(move |field| Some(field.name) != kind.parent_field())
}

fn field_cell<'b>(body: &'b Body, field: &Field) -> Cell<'b> {
    let Some(value) = body.get(field.name) else { return Cell::Blank };
    match (value, field.shape) {
        (Value::String(text), Shape::Date | Shape::PastDate) => {
            parse_date(text).map_or_else(|_| Cell::text(text.as_str()), Cell::Date)
        }
        (Value::String(text), _) => Cell::text(text.as_str()),
        (Value::Bool(flag), _) => Cell::flag(Some(*flag)),
        (Value::Number(number), _) => {
            number.as_i64().map_or_else(|| Cell::text(number.to_string()), Cell::Whole)
        }
        (Value::Array(items), _) => {
            let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            Cell::text(texts.join("; "))
        }
        (Value::Object(_), _) => Cell::text(value.to_string()),
        (Value::Null, _) => Cell::Blank,
    }
}
