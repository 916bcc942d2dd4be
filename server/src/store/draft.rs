//! Half-filled sheets. A draft is its writer's alone: every verb takes the worker.

use super::text::parsed;
use super::{ReadTx, Stored, WriteTx};
use rusqlite::{OptionalExtension, named_params};
use sync_protocol::area::Area;
use sync_protocol::ids::WorkerId;
use sync_protocol::time::CivilDate;

/// Which sheet: a day of a posyandu, or of a whole desa.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetOf {
    pub area: Area,
    pub posyandu: Option<String>,
    pub day: CivilDate,
}

/// A half-filled sheet without what stands in it.
#[derive(Clone, Debug)]
pub struct DraftHead {
    pub of: SheetOf,
    pub saved_ms: i64,
}

impl SheetOf {
    fn posyandu_text(&self) -> &str {
        self.posyandu.as_deref().unwrap_or_default()
    }
}

impl ReadTx<'_> {
    /// What was typed, and when it was kept.
    pub fn draft(&self, worker: WorkerId, of: &SheetOf) -> Stored<Option<(String, i64)>> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT fields, saved_ms FROM draft
                 WHERE worker = ?1 AND area = ?2 AND posyandu = ?3 AND day = ?4",
            )?
            .query_row(
                (worker.0.as_bytes(), of.area.as_str(), of.posyandu_text(), of.day.to_string()),
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        Ok(found)
    }

    /// A worker's drafts, the latest first.
    pub fn drafts(&self, worker: WorkerId) -> Stored<Vec<DraftHead>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT area, posyandu, day, saved_ms FROM draft WHERE worker = ?1
             ORDER BY saved_ms DESC, area, posyandu, day",
        )?;
        let rows = statement.query_map([worker.0.as_bytes()], |row| {
            let text = |at| row.get::<_, String>(at);
            Ok((text(0)?, text(1)?, text(2)?, row.get(3)?))
        })?;
        rows.map(|row| {
            let (area, posyandu, day, saved_ms) = row?;
            let area = parsed(&area, "area code")?;
            let posyandu = Some(posyandu).filter(|name| !name.is_empty());
            Ok(DraftHead { of: SheetOf { area, posyandu, day: parsed(&day, "day")? }, saved_ms })
        })
        .collect()
    }
}

impl WriteTx<'_> {
    pub fn put_draft(
        &self,
        worker: WorkerId,
        of: &SheetOf,
        fields: &str,
        now_ms: i64,
    ) -> Stored<()> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO draft (worker, area, posyandu, day, fields, saved_ms)
                 VALUES (:worker, :area, :posyandu, :day, :fields, :now)",
            )?
            .execute(named_params! {
                ":worker": worker.0.as_bytes(), ":area": of.area.as_str(),
                ":posyandu": of.posyandu_text(), ":day": of.day.to_string(),
                ":fields": fields, ":now": now_ms,
            })?;
        Ok(())
    }

    pub fn drop_draft(&self, worker: WorkerId, of: &SheetOf) -> Stored<()> {
        self.connection.execute(
            "DELETE FROM draft WHERE worker = ?1 AND area = ?2 AND posyandu = ?3 AND day = ?4",
            (worker.0.as_bytes(), of.area.as_str(), of.posyandu_text(), of.day.to_string()),
        )?;
        Ok(())
    }

    /// Forgets every draft that was kept before a moment, and all but the latest of a worker.
    pub fn forget_drafts(&self, before_ms: i64, worker: WorkerId, most: usize) -> Stored<()> {
        self.connection.execute("DELETE FROM draft WHERE saved_ms < ?1", [before_ms])?;
        self.connection.execute(
            "DELETE FROM draft WHERE worker = ?1 AND rowid NOT IN (SELECT rowid FROM draft
                WHERE worker = ?1 ORDER BY saved_ms DESC LIMIT ?2)",
            (worker.0.as_bytes(), i64::try_from(most).unwrap_or(i64::MAX)),
        )?;
        Ok(())
    }
}
