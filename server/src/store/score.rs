//! Scores of measurements: z-scores, categories and letters, kept up with the merge.
//!
//! A letter (N, T, O, B) depends on what came before and after, so a child is scored as a whole: a
//! job notes whose series it touched, and each is scored once, at the job's end, inside its
//! savepoint. Only rows that changed are written. A tombstone, and what belongs to one, has no score.

mod latest;
mod row;

pub(super) use latest::COLUMNS as LATEST_COLUMNS;
pub use latest::Latest;
pub use row::{IndexScore, Score};
pub(super) use row::{Z_INDICES, Z_NAMES};

use super::text::{parsed, stamp};
use super::{ReadTx, Record, RecordNo, Stored, WriteTx};
use latest::Judged;
use row::{COLUMNS, columns_of, read_columns, read_score};
use rusqlite::types::Value as SqlValue;
use rusqlite::{OptionalExtension, params_from_iter};
use sync_protocol::counted::{Rank, Recency};
use sync_protocol::growth::{Child, Fields, Measured, Reading, series};
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;
use sync_protocol::time::parse_date;

/// Where the columns of a score begin in a row of [`ReadTx::series_rows`].
const SCORE_FROM: usize = 11;

/// A live measurement of a child, and the columns of the score that is kept of it.
struct SeriesRow {
    no: RecordNo,
    id: RecordId,
    rank: Rank,
    measured: Measured,
    kept: Option<Vec<SqlValue>>,
}

/// The rows that can be judged, with their readings.
fn judged<'r>(rows: &'r [SeriesRow], readings: &'r [Option<Reading>]) -> Vec<Judged<'r>> {
    let each = rows.iter().zip(readings);
    each.filter_map(|(row, reading)| {
        let reading = reading.as_ref()?;
        Some(Judged { rank: row.rank, measured: &row.measured, reading })
    })
    .collect()
}

impl ReadTx<'_> {
    /// The score of a measurement; none of a tombstone or of one dated before the birth.
    pub fn score(&self, measurement: RecordNo) -> Stored<Option<Score>> {
        let sql = format!("SELECT {COLUMNS} FROM measurement_score s WHERE rid = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([measurement.0])?;
        rows.next()?.map(|row| read_score(row, 0)).transpose()
    }

    /// What was measured of a child, in the order of its ranks.
    pub fn measured_of(&self, child: RecordNo) -> Stored<Vec<(RecordId, Measured)>> {
        let rows = self.series_rows(child)?.into_iter();
        Ok(rows.map(|row| (row.id, row.measured)).collect())
    }

    /// How many measurements have another score than the rules give them now.
    pub(super) fn count_wrong_scores(&self) -> Stored<i64> {
        self.count_in_series(|_, rows, readings| {
            let differs = |(row, reading): &(&SeriesRow, &Option<Reading>)| {
                row.kept != reading.as_ref().map(columns_of)
            };
            let wrong = rows.iter().zip(readings).filter(differs).count();
            Ok(i64::try_from(wrong).unwrap_or(i64::MAX))
        })
    }

    /// How many children have other last findings than their measurements give.
    pub(super) fn count_wrong_status(&self) -> Stored<i64> {
        self.count_in_series(|child, rows, readings| {
            Ok(i64::from(self.latest(child)? != Latest::of(&judged(rows, readings))))
        })
    }

    /// Adds up what is counted in the series of each live child.
    fn count_in_series(
        &self,
        count: impl Fn(RecordNo, &[SeriesRow], &[Option<Reading>]) -> Stored<i64>,
    ) -> Stored<i64> {
        let mut statement = self.connection.prepare("SELECT rid FROM child")?;
        let children = statement.query_map([], |row| row.get(0).map(RecordNo))?;
        let mut counted = 0;
        for child in children {
            let child = child?;
            let rows = self.series_rows(child)?;
            counted += count(child, &rows, &self.read_series(child, &rows)?)?;
        }
        Ok(counted)
    }

    /// What growth depends on of a live child; none of a tombstone.
    pub fn growth_child(&self, child: RecordNo) -> Stored<Option<Child>> {
        let found = self
            .connection
            .prepare_cached("SELECT sex, birth_date FROM child WHERE rid = ?1")?
            .query_row([child.0], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
            .optional()?;
        Ok(found.and_then(|(sex, born)| Child::new(&sex, parse_date(&born).ok()?)))
    }

    /// The live measurements of a child in the order of their ranks.
    fn series_rows(&self, child: RecordNo) -> Stored<Vec<SeriesRow>> {
        let sql = format!(
            "SELECT m.rid, m.measured_on, m.weight_g, m.height_mm, m.position, m.muac_mm, m.head_mm,
                m.oedema, r.id, r.state_tick, r.state_device, {COLUMNS}
             FROM record r CROSS JOIN measurement m ON m.rid = r.rid
                LEFT JOIN measurement_score s ON s.rid = m.rid
             WHERE r.child = ?1"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([child.0])?;
        let mut series = Vec::new();
        while let Some(row) = rows.next()? {
            let fields = Fields {
                measured_on: row.get_ref(1)?.as_str().unwrap_or_default(),
                weight_g: row.get(2)?,
                height_mm: row.get(3)?,
                position: row.get_ref(4)?.as_str_or_null().unwrap_or_default(),
                muac_mm: row.get(5)?,
                head_mm: row.get(6)?,
                oedema: row.get(7)?,
            };
            // Every merged measurement has a date that can be read.
            let Some(measured) = Measured::from_fields(&fields) else { continue };
            let rank = Rank {
                on: parsed(fields.measured_on, "date")?,
                recency: Recency::Stamped(stamp(row.get(9)?, row.get(10)?)),
            };
            let kept = read_columns(row, SCORE_FROM)?;
            let (no, id) = (RecordNo(row.get(0)?), RecordId::from_bytes(row.get(8)?));
            series.push(SeriesRow { no, id, rank, measured, kept });
        }
        series.sort_by_key(|row| row.rank);
        Ok(series)
    }

    fn read_series(&self, child: RecordNo, rows: &[SeriesRow]) -> Stored<Vec<Option<Reading>>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let measured: Vec<Measured> = rows.iter().map(|row| row.measured).collect();
        Ok(match self.growth_child(child)? {
            Some(child) => series(&child, &measured),
            None => vec![None; measured.len()],
        })
    }
}

impl WriteTx<'_> {
    /// Notes that what growth depends on changed: a child itself, or a measurement of it.
    pub fn touch_series(&self, record: &Record) -> Stored<()> {
        if record.kind == Kind::MEASUREMENT && record.deleted.is_some() {
            self.drop_score(record.no)?;
        }
        if [Kind::CHILD, Kind::MEASUREMENT].contains(&record.kind) {
            self.tally.touch_series(record.child.unwrap_or(record.no));
        }
        Ok(())
    }

    /// Notes the next `most` children after one. Gives the last of them.
    pub fn touch_series_after(&self, after: RecordNo, most: u32) -> Stored<Option<RecordNo>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT rid FROM child WHERE rid > ?1 ORDER BY rid LIMIT ?2")?;
        let children = statement.query_map((after.0, most), |row| row.get(0).map(RecordNo))?;
        let mut last = None;
        for child in children {
            let child = child?;
            self.tally.touch_series(child);
            last = Some(child);
        }
        Ok(last)
    }

    /// Scores a child anew and writes the rows that changed.
    pub(super) fn score_series(&self, child: RecordNo) -> Stored<()> {
        let rows = self.series_rows(child)?;
        let readings = self.read_series(child, &rows)?;
        for (row, reading) in rows.iter().zip(&readings) {
            let wanted = reading.as_ref().map(columns_of);
            if row.kept == wanted {
                continue;
            }
            match wanted {
                Some(wanted) => self.put_score(row.no, wanted)?,
                None => self.drop_score(row.no)?,
            }
        }
        self.keep_latest(child, Latest::of(&judged(&rows, &readings)).as_ref())
    }

    fn put_score(&self, measurement: RecordNo, columns: Vec<SqlValue>) -> Stored<()> {
        let values = std::iter::once(SqlValue::Integer(measurement.0)).chain(columns);
        self.connection.prepare_cached(row::UPSERT)?.execute(params_from_iter(values))?;
        Ok(())
    }

    fn drop_score(&self, measurement: RecordNo) -> Stored<()> {
        self.connection
            .prepare_cached("DELETE FROM measurement_score WHERE rid = ?1")?
            .execute([measurement.0])?;
        Ok(())
    }

    /// Keeps under which rules the scores were made.
    pub fn keep_growth_version(&self, version: &str) -> Stored<()> {
        self.connection.execute("UPDATE server SET growth = ?1", [version])?;
        Ok(())
    }
}
