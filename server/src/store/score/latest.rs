//! What is known last of a child: the row of `child_status`, kept up with the scores.

use crate::store::{ReadTx, RecordNo, Stored, WriteTx};
use child_growth::{Index, Weight};
use rusqlite::{OptionalExtension, Row};
use sync_protocol::counted::{Counted, Figure, Measures, Need, Rank, Z};
use sync_protocol::growth::{Measured, Reading};

/// What is known last of a child that was measured. Categories are those that a report would count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latest {
    /// The day of the latest measurement, `YYYY-MM-DD`.
    pub measured_on: String,
    /// The day of the latest one with a weight.
    pub weighed_on: Option<String>,
    pub weight_g: Option<i64>,
    pub height_mm: Option<i64>,
    pub bbu: Option<String>,
    pub tbu: Option<String>,
    pub bbtb: Option<String>,
    /// N, T, O or B of the latest weighing.
    pub gain: Option<String>,
    pub twice_not_gained: bool,
}

/// The columns of [`Latest`], of a table that is called `s`.
pub(in crate::store) const COLUMNS: &str =
    "s.measured_on, s.weighed_on, s.weight_g, s.height_mm, s.bbu, s.tbu, s.bbtb, s.gain,
    s.twice_not_gained";

/// A measurement with what the growth rules say of it among all of its child.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged<'r> {
    pub(super) rank: Rank,
    pub(super) measured: &'r Measured,
    pub(super) reading: &'r Reading,
}

impl Judged<'_> {
    /// The word that it is counted under.
    fn word(&self, index: Index) -> Option<String> {
        let score = self.reading.assessed.scores.score(index).map(Z::from);
        let figure = Figure::of(index, score, self.measured.oedema.is_present());
        figure.word(index).map(str::to_owned)
    }
}

impl Latest {
    /// Of all measurements of a child that can be judged.
    pub(super) fn of(rows: &[Judged<'_>]) -> Option<Self> {
        let mut counted: Counted<Judged<'_>> = Counted::default();
        for row in rows {
            counted.take(row.rank, Measures::of(row.measured), row);
        }
        let weighed = counted.get(Need::Weight);
        let word = |index| counted.get(Need::of(index)).and_then(|row| row.word(index));
        let gain = weighed.and_then(|row| row.reading.gain.as_ref());
        let length = counted.get(Need::Length).and_then(|row| row.measured.length);
        Some(Latest {
            measured_on: rows.iter().map(|row| row.rank.on).max()?.to_string(),
            weighed_on: weighed.map(|row| row.rank.on.to_string()),
            weight_g: weighed.and_then(|row| row.measured.weight).map(Weight::grams).map(i64::from),
            height_mm: length.map(|length| tenths(length.cm())),
            bbu: word(Index::WeightForAge),
            tbu: word(Index::LengthForAge),
            bbtb: word(Index::WeightForLength),
            gain: gain.map(|gain| gain.status.letter().to_owned()),
            twice_not_gained: gain.is_some_and(|gain| gain.twice_not_gained),
        })
    }

    /// Reads a row of [`COLUMNS`] that begins at `from`; none of a child that was never measured.
    pub(in crate::store) fn read(row: &Row<'_>, from: usize) -> rusqlite::Result<Option<Self>> {
        let Some(measured_on) = row.get(from)? else { return Ok(None) };
        Ok(Some(Latest {
            measured_on,
            weighed_on: row.get(from + 1)?,
            weight_g: row.get(from + 2)?,
            height_mm: row.get(from + 3)?,
            bbu: row.get(from + 4)?,
            tbu: row.get(from + 5)?,
            bbtb: row.get(from + 6)?,
            gain: row.get(from + 7)?,
            twice_not_gained: row.get(from + 8)?,
        }))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a length of a child, made from millimetres")]
fn tenths(cm: f64) -> i64 {
    (cm * 10.0).round() as i64
}

impl ReadTx<'_> {
    /// What is known last of a child; none when it was never measured, or is a tombstone.
    pub fn latest(&self, child: RecordNo) -> Stored<Option<Latest>> {
        let sql = format!("SELECT {COLUMNS} FROM child_status s WHERE s.rid = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row([child.0], |row| Latest::read(row, 0)).optional()?.flatten())
    }
}

impl WriteTx<'_> {
    /// Writes it when it is another one than before.
    pub(super) fn keep_latest(&self, child: RecordNo, latest: Option<&Latest>) -> Stored<()> {
        if self.latest(child)?.as_ref() == latest {
            return Ok(());
        }
        let Some(latest) = latest else {
            self.connection
                .prepare_cached("DELETE FROM child_status WHERE rid = ?1")?
                .execute([child.0])?;
            return Ok(());
        };
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO child_status (rid, measured_on, weighed_on, weight_g, height_mm,
                    bbu, tbu, bbtb, gain, twice_not_gained)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute((
                child.0,
                &latest.measured_on,
                &latest.weighed_on,
                latest.weight_g,
                latest.height_mm,
                &latest.bbu,
                &latest.tbu,
                &latest.bbtb,
                &latest.gain,
                latest.twice_not_gained,
            ))?;
        Ok(())
    }
}
