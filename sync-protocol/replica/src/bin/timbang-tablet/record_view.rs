//! Records as lines and as JSON.

use crate::failure::Failure;
use serde_json::{Value, json};
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;
use sync_replica::{ChildRow, Replica, Shown};
use views::{labels, words};

/// The end of an id: its random part. What comes before is alike for all records of one tablet.
pub(crate) fn short(id: &RecordId) -> String {
    id.to_string().chars().skip(30).collect()
}

pub(crate) fn area_text(replica: &Replica, area: &Area) -> Result<String, Failure> {
    let named = replica.area_name(area)?;
    Ok(named.name.unwrap_or_else(|| area.to_string()))
}

/// `a1b2c3  Melati Sari  P  1 th 4 bl  Bandar Aji/Mawar  diukur 24-11-2026  [menunggu]`
pub(crate) fn child_line(replica: &Replica, child: &ChildRow) -> Result<String, Failure> {
    let today = replica.today()?;
    let age = child.birth_date.zip(today).map(|(born, today)| words::age(born, today));
    let area = match &child.area {
        Some(area) => area_text(replica, area)?,
        None => "-".to_owned(),
    };
    let measured = match child.last_measured {
        Some(day) => format!("diukur {}", words::date(day)),
        None => "belum diukur".to_owned(),
    };
    let mut parts = vec![
        short(&child.id),
        child.name.clone(),
        child.sex.clone().unwrap_or_default(),
        age.unwrap_or_else(|| "-".to_owned()),
        child.posyandu.as_ref().map_or(area.clone(), |posyandu| format!("{area}/{posyandu}")),
        measured,
    ];
    if let Some(status) = child.status.as_deref().filter(|status| *status != "aktif") {
        parts.push(status.to_owned());
    }
    parts.extend(marks(child.pending, child.parked, child.gone));
    Ok(parts.join("  "))
}

pub(crate) fn marks(pending: bool, parked: bool, gone: bool) -> Vec<String> {
    [(pending, "[menunggu]"), (parked, "[tertahan]"), (gone, "[pindah desa]")]
        .into_iter()
        .filter(|(is_set, _)| *is_set)
        .map(|(_, mark)| mark.to_owned())
        .collect()
}

pub(crate) fn child_json(replica: &Replica, child: &ChildRow) -> Result<Value, Failure> {
    let area_name = match &child.area {
        Some(area) => replica.area_name(area)?.name,
        None => None,
    };
    Ok(json!({
        "id": child.id, "name": child.name, "sex": child.sex, "birth_date": child.birth_date.map(|d| d.to_string()),
        "area": child.area, "area_name": area_name, "posyandu": child.posyandu,
        "mother_name": child.mother_name, "status": child.status.as_deref().unwrap_or("aktif"),
        "last_measured": child.last_measured.map(|d| d.to_string()),
        "pending": child.pending, "parked": child.parked, "gone": child.gone,
    }))
}

pub(crate) fn record_json(record: &Shown) -> Value {
    json!({
        "kind": record.kind.name(), "id": record.id, "child_id": record.child_id,
        "area": record.area, "by": record.by, "stamp": record.stamp, "body": record.body(),
        "pending": record.pending, "parked": record.parked, "gone": record.gone,
    })
}

/// The fields of a body, one a line.
pub(crate) fn field_lines(kind: Kind, body: &Body) -> Vec<String> {
    in_order(kind, body)
        .map(|(name, value)| format!("  {}: {}", labels::field(name), labels::value(name, value)))
        .collect()
}

/// The fields in the order of the form, then those that this app does not know.
fn in_order(kind: Kind, body: &Body) -> impl Iterator<Item = (&str, &Value)> {
    let known = kind.fields().iter().filter_map(|field| Some((field.name, body.get(field.name)?)));
    let unknown = body.fields().filter(move |(name, _)| kind.field(name).is_none());
    known.chain(unknown).filter(move |(name, _)| Some(*name) != kind.parent_field())
}

/// A record of a child in one line: its date first, then what it says.
pub(crate) fn record_line(record: &Shown, date_field: &str) -> String {
    let Some(body) = record.body() else { return short(&record.id) };
    let day = body.date(date_field).map_or_else(|| "-".to_owned(), words::date);
    let said = in_order(record.kind, body)
        .filter(|(name, _)| *name != date_field)
        .map(|(name, value)| format!("{} {}", labels::field(name), labels::value(name, value)));
    let mut parts = vec![short(&record.id), day, said.collect::<Vec<_>>().join(", ")];
    parts.extend(marks(record.pending, record.parked, record.gone));
    parts.join("  ")
}
