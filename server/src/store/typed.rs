//! Typed columns: one table for each kind, one column for each field, for reports and look-ups.
//!
//! The statements come from the kind's own description, so a new kind needs only its table.

use super::text::{record_id, stamp};
use super::{LogPos, ReadTx, Record, RecordNo, StoreError, Stored, VersionContent, WriteTx};
use rusqlite::params_from_iter;
use rusqlite::types::Value as SqlValue;
use serde_json::Value;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::Register;
use sync_protocol::counted::Recency;
use sync_protocol::ids::RecordId;
use sync_protocol::record::{Field, Kind};
use sync_protocol::time::CivilDate;

/// A child as an import looks it up.
#[derive(Clone, Debug)]
pub struct ChildMatch {
    pub id: RecordId,
    pub area: Area,
    pub name: String,
}

impl WriteTx<'_> {
    /// Puts the typed row of a live record.
    pub fn put_typed(&self, kind: Kind, record: RecordNo, body: &Body) -> Stored<()> {
        let parameters = std::iter::once(SqlValue::Integer(record.0)).chain(row_of(kind, body));
        self.connection.prepare_cached(&upsert_sql(kind))?.execute(params_from_iter(parameters))?;
        Ok(())
    }

    /// Puts the typed rows of all live records anew: a migration may have made a column whose values
    /// are in the bodies already.
    pub(super) fn rebuild_typed(&self) -> Stored<()> {
        self.for_each_body(|kind, record, body| self.put_typed(kind, record, body))
    }

    /// Takes a tombstone's typed row away.
    pub fn drop_typed(&self, kind: Kind, record: RecordNo) -> Stored<()> {
        let sql = format!("DELETE FROM \"{}\" WHERE rid = ?1", kind.name());
        self.connection.prepare_cached(&sql)?.execute([record.0])?;
        Ok(())
    }
}

impl ReadTx<'_> {
    /// Live children with this NIK.
    pub fn children_with_nik(&self, nik: &str) -> Stored<Vec<ChildMatch>> {
        self.find_children("child.nik = ?1 AND ?2 = ?2", nik, "")
    }

    /// Live children of one sex who were born on one day.
    pub fn children_born_on(&self, birth_date: CivilDate, sex: &str) -> Stored<Vec<ChildMatch>> {
        self.find_children("child.birth_date = ?1 AND child.sex = ?2", &birth_date.to_string(), sex)
    }

    /// The measurement of a child on a day that was said last.
    pub fn measurement_on(&self, child: RecordNo, day: CivilDate) -> Stored<Option<Record>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT r.rid, r.state_tick, r.state_device
             FROM record r CROSS JOIN measurement m ON m.rid = r.rid
             WHERE r.child = ?1 AND m.measured_on = ?2",
        )?;
        let mut rows = statement.query((child.0, day.to_string()))?;
        let mut of_day = Vec::new();
        while let Some(row) = rows.next()? {
            let recency = Recency::Stamped(stamp(row.get(1)?, row.get(2)?));
            of_day.push((recency, RecordNo(row.get(0)?)));
        }
        let last = of_day.into_iter().max_by_key(|(recency, _)| *recency);
        last.map(|(_, no)| self.record_at(no)).transpose()
    }

    /// The posyandu of a desa: those of the reference data, and those that its children name.
    pub fn posyandu_of(&self, village: &Area) -> Stored<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT min(name) FROM (SELECT name FROM posyandu WHERE area = ?1
                UNION ALL SELECT c.posyandu FROM record r CROSS JOIN child c ON c.rid = r.rid
                    WHERE r.area = ?1 AND r.kind = 'child' AND c.posyandu <> '')
             GROUP BY name COLLATE NOCASE ORDER BY name COLLATE NOCASE",
        )?;
        let rows = statement.query_map([village.as_str()], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn find_children(&self, condition: &str, one: &str, two: &str) -> Stored<Vec<ChildMatch>> {
        let sql = format!(
            "SELECT record.id, record.area, child.name FROM child JOIN record ON record.rid = child.rid
             WHERE {condition} ORDER BY record.rid"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map((one, two), |row| {
            Ok((record_id(row, "id")?, row.get::<_, String>("area")?, row.get("name")?))
        })?;
        rows.map(|row| {
            let (id, area, name) = row?;
            Ok(ChildMatch { id, area: super::text::parsed(&area, "area code")?, name })
        })
        .collect()
    }

    /// How many live records have no typed row, or another one than their body gives.
    pub(super) fn count_wrong_typed(&self) -> Stored<i64> {
        let mut wrong = 0;
        self.for_each_body(|kind, record, body| {
            let sql =
                format!("SELECT {} FROM \"{}\" WHERE rid = ?1", column_names(kind), kind.name());
            let mut statement = self.connection.prepare_cached(&sql)?;
            let mut rows = statement.query([record.0])?;
            let is_right = match rows.next()? {
                None => false,
                Some(row) => {
                    row_of(kind, body).enumerate().try_fold(true, |same, (at, value)| {
                        Ok::<_, rusqlite::Error>(same && row.get::<_, SqlValue>(at)? == value)
                    })?
                }
            };
            wrong += i64::from(!is_right);
            Ok(())
        })?;
        Ok(wrong)
    }

    /// How many live records belong to another child than their body names.
    pub(super) fn count_wrong_parents(&self) -> Stored<i64> {
        let mut wrong = 0;
        self.for_each_body(|kind, record, body| {
            let Some(field) = kind.parent_field() else { return Ok(()) };
            let child = self.record_at(record)?.child;
            let child = child.map(|child| self.record_at(child)).transpose()?;
            let named = body.text(field).and_then(|id| id.parse::<RecordId>().ok());
            wrong += i64::from(child.map(|child| child.id) != named);
            Ok(())
        })?;
        Ok(wrong)
    }

    fn for_each_body(
        &self,
        mut visit: impl FnMut(Kind, RecordNo, &Body) -> Stored<()>,
    ) -> Stored<()> {
        let mut statement = self
            .connection
            .prepare("SELECT rid, kind, state_pos FROM record WHERE deleted IS NULL")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let kind = Kind::named(&row.get::<_, String>("kind")?);
            let content = self.content(LogPos(row.get("state_pos")?), Register::State)?;
            let (Some(kind), VersionContent::Body(body)) = (kind, content) else {
                return Err(StoreError::Unreadable("live record"));
            };
            visit(kind, RecordNo(row.get("rid")?), &body)?;
        }
        Ok(())
    }

    /// How many live records of a kind there are.
    pub fn count_live(&self, kind: Kind) -> Stored<u64> {
        let sql = format!("SELECT count(*) FROM \"{}\"", kind.name());
        let count: i64 = self.connection.prepare_cached(&sql)?.query_row([], |row| row.get(0))?;
        Ok(count.cast_unsigned())
    }
}

/// The fields that have a column: all but the parent's id, which the record itself has.
pub(super) fn columns(kind: Kind) -> impl Iterator<Item = &'static Field> {
    kind.fields().iter().filter(move |field| Some(field.name) != kind.parent_field())
}

fn row_of(kind: Kind, body: &Body) -> impl Iterator<Item = SqlValue> {
    columns(kind).map(|field| column_value(body.get(field.name)))
}

fn upsert_sql(kind: Kind) -> String {
    let places = ", ?".repeat(columns(kind).count());
    let (table, names) = (kind.name(), column_names(kind));
    format!("INSERT OR REPLACE INTO \"{table}\" (rid, {names}) VALUES (?{places})")
}

/// Quoted: a field may have a name that SQL keeps for itself.
fn column_names(kind: Kind) -> String {
    columns(kind).map(|field| format!("\"{}\"", field.name)).collect::<Vec<_>>().join(", ")
}

/// A JSON value as a column keeps it: lists and objects as their text.
pub(super) fn column_value(value: Option<&Value>) -> SqlValue {
    match value {
        None | Some(Value::Null) => SqlValue::Null,
        Some(Value::Bool(flag)) => SqlValue::Integer(i64::from(*flag)),
        Some(Value::Number(number)) => number.as_i64().map_or(SqlValue::Null, SqlValue::Integer),
        Some(Value::String(text)) => SqlValue::Text(text.clone()),
        Some(list @ (Value::Array(_) | Value::Object(_))) => SqlValue::Text(list.to_string()),
    }
}

#[cfg(test)]
mod tests;
