//! A body's fields as values of a typed table's columns. The table is a view: what does not fit a
//! column is left out here and stays whole in the mirror.

use rusqlite::types::Value as Cell;
use serde_json::Value;
use sync_protocol::body::Body;
use sync_protocol::json;
use sync_protocol::record::{Field, Kind, Shape};

/// The columns that every kind's table has beside its fields.
pub(crate) const COMMON: [&str; 7] = ["id", "area", "by", "stamp", "pending", "parked", "gone"];

/// `INSERT … ON CONFLICT … DO UPDATE` for a kind's table, its common columns first.
pub(crate) fn upsert_sql(kind: Kind) -> String {
    let fields = kind.fields().iter().map(|field| field.name);
    let names: Vec<String> =
        COMMON.into_iter().chain(fields).map(|name| format!("\"{name}\"")).collect();
    let places: Vec<String> = (1..=names.len()).map(|n| format!("?{n}")).collect();
    let updates: Vec<String> =
        names.iter().skip(1).map(|name| format!("{name} = excluded.{name}")).collect();
    format!(
        "INSERT INTO \"{kind}\" ({}) VALUES ({}) ON CONFLICT (id) DO UPDATE SET {}",
        names.join(", "),
        places.join(", "),
        updates.join(", ")
    )
}

/// The cells of a body in the order of its kind's fields.
pub(crate) fn cells(kind: Kind, body: &Body) -> impl Iterator<Item = Cell> {
    kind.fields().iter().map(|field| body.get(field.name).map_or(Cell::Null, |v| cell(field, v)))
}

fn cell(field: &Field, value: &Value) -> Cell {
    match field.shape {
        Shape::Text | Shape::Choice(_) | Shape::PastDate | Shape::Date | Shape::Id => {
            value.as_str().map_or(Cell::Null, |text| Cell::Text(text.to_owned()))
        }
        Shape::Whole { .. } => value.as_i64().map_or(Cell::Null, Cell::Integer),
        Shape::Flag => value.as_bool().map_or(Cell::Null, |flag| Cell::Integer(i64::from(flag))),
        Shape::Texts | Shape::Object => Cell::Text(json::text(value)),
    }
}
