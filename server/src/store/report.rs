//! What the monthly reports read: who is on the target list at the end of a month, and what was
//! measured in it. Typed columns only.

use super::score::{Z_INDICES, Z_NAMES};
use super::target_list::{bounds, is_on_list};
use super::text::{parsed, stamp};
use super::{ReadTx, RecordNo, Selection, Stored};
use child_growth::{ArmCategory, GainStatus, Hundredths, Index};
use rusqlite::{Row, Statement};
use sync_protocol::area::Area;
use sync_protocol::counted::{Measures, Rank, Recency, Z};
use sync_protocol::growth::words;
use sync_protocol::month::Month;
use sync_protocol::sasaran::TargetList;

/// A child on the target list (sasaran).
#[derive(Clone, Debug)]
pub struct Sasaran {
    pub no: RecordNo,
    pub area: Area,
    /// Has a Buku KIA, which holds the growth card.
    pub has_card: bool,
}

/// A measurement of the month, as far as figures ask for it.
#[derive(Clone, Copy, Debug)]
pub struct MonthRow {
    pub measures: Measures,
    pub has_oedema: bool,
    /// In the order of [`Z_NAMES`].
    z: [Option<Z>; 6],
    /// By the centimetres of LiLA.
    pub arm: Option<ArmCategory>,
    pub gain: Option<GainStatus>,
    pub twice_not_gained: bool,
}

impl MonthRow {
    pub fn z(&self, index: Index) -> Option<Z> {
        let at = Z_INDICES.iter().position(|known| *known == index)?;
        self.z.get(at).copied().flatten()
    }
}

const ARMS: [ArmCategory; 3] = [ArmCategory::Severe, ArmCategory::Moderate, ArmCategory::Normal];
const LETTERS: [GainStatus; 4] = [GainStatus::N, GainStatus::T, GainStatus::O, GainStatus::B];

const SASARAN_COLUMNS: &str = "SELECT r.rid, r.area, coalesce(c.kia_book, 0)";

/// Where the z-scores begin in [`MONTH_COLUMNS`].
const Z_FROM: usize = 9;
const MONTH_COLUMNS: &str = "r.child, m.measured_on, r.state_tick, r.state_device,
    m.weight_g IS NOT NULL, m.height_mm IS NOT NULL, m.head_mm IS NOT NULL, m.muac_mm IS NOT NULL,
    coalesce(m.oedema, 0) > 0, s.zlen, s.zwei, s.zwfl, s.zbmi, s.zhc, s.zac, s.flags, s.lila, s.gain,
    s.twice_not_gained";

impl ReadTx<'_> {
    /// The children of a selection who are on a target list.
    pub fn sasaran(&self, selection: &Selection, list: &TargetList) -> Stored<Vec<Sasaran>> {
        let condition =
            format!("{} AND (?4 IS NULL OR c.posyandu = ?4 COLLATE NOCASE)", is_on_list(1));
        let [oldest, youngest, day] = &bounds(list);
        let posyandu = selection.posyandu.as_deref();
        let villages = self.villages_with_rows(&selection.scope)?;
        let mut found = Vec::new();
        if villages.len() <= self.few.villages {
            let mut statement = self.connection.prepare_cached(&format!(
                "{SASARAN_COLUMNS} FROM record r CROSS JOIN child c ON c.rid = r.rid
                 WHERE r.area = ?5 AND {condition}"
            ))?;
            for village in &villages {
                let mut rows =
                    statement.query((oldest, youngest, day, posyandu, village.as_str()))?;
                while let Some(row) = rows.next()? {
                    found.push(read_sasaran(row, village.clone())?);
                }
            }
            return Ok(found);
        }
        let mut statement = self.connection.prepare_cached(&format!(
            "{SASARAN_COLUMNS} FROM child c CROSS JOIN record r ON r.rid = c.rid
             WHERE {condition}"
        ))?;
        let mut rows = statement.query((oldest, youngest, day, posyandu))?;
        while let Some(row) = rows.next()? {
            let area = parsed(row.get_ref(1)?.as_str().unwrap_or_default(), "area code")?;
            if selection.scope.contains(&area) {
                found.push(read_sasaran(row, area)?);
            }
        }
        Ok(found)
    }

    /// Shows what was measured of children in a month, in no order. Rows dated before the birth have
    /// no score and are left out. Others than `children` may be shown, too.
    pub fn for_each_of_month(
        &self,
        children: &[RecordNo],
        month: Month,
        mut show: impl FnMut(RecordNo, Rank, MonthRow),
    ) -> Stored<()> {
        let days = [month.first(), month.last()].map(|day| day.to_string());
        let [first, last] = &days;
        if children.len() <= self.few.children {
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT {MONTH_COLUMNS} FROM record r CROSS JOIN measurement m ON m.rid = r.rid
                    CROSS JOIN measurement_score s ON s.rid = r.rid
                 WHERE r.child = ?3 AND m.measured_on BETWEEN ?1 AND ?2"
            ))?;
            for child in children {
                show_rows(&mut statement, (first, last, child.0), &mut show)?;
            }
            return Ok(());
        }
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {MONTH_COLUMNS} FROM measurement m CROSS JOIN record r ON r.rid = m.rid
                CROSS JOIN measurement_score s ON s.rid = m.rid
             WHERE m.measured_on BETWEEN ?1 AND ?2"
        ))?;
        show_rows(&mut statement, (first, last), &mut show)
    }
}

fn show_rows(
    statement: &mut Statement<'_>,
    parameters: impl rusqlite::Params,
    show: &mut impl FnMut(RecordNo, Rank, MonthRow),
) -> Stored<()> {
    let mut rows = statement.query(parameters)?;
    while let Some(row) = rows.next()? {
        show(RecordNo(row.get(0)?), read_rank(row)?, read_month_row(row)?);
    }
    Ok(())
}

fn read_sasaran(row: &Row<'_>, area: Area) -> Stored<Sasaran> {
    Ok(Sasaran { no: RecordNo(row.get(0)?), area, has_card: row.get(2)? })
}

/// The rank of a row of [`MONTH_COLUMNS`].
fn read_rank(row: &Row<'_>) -> Stored<Rank> {
    Ok(Rank {
        on: parsed(row.get_ref(1)?.as_str().unwrap_or_default(), "date")?,
        recency: Recency::Stamped(stamp(row.get(2)?, row.get(3)?)),
    })
}

fn read_month_row(row: &Row<'_>) -> Stored<MonthRow> {
    let text = |at: usize| -> rusqlite::Result<&str> {
        Ok(row.get_ref(at)?.as_str_or_null().unwrap_or_default().unwrap_or_default())
    };
    let flags = text(Z_FROM + Z_NAMES.len())?;
    let mut z = [None; Z_NAMES.len()];
    for ((at, name), z) in (Z_FROM..).zip(Z_NAMES).zip(&mut z) {
        let hundredths: Option<i32> = row.get(at)?;
        let flagged = !flags.is_empty() && flags.split(' ').any(|flag| flag == name);
        *z = hundredths.map(|z| Z { hundredths: Hundredths::new(z), flagged });
    }
    let (arm, letter) = (text(16)?, text(17)?);
    Ok(MonthRow {
        measures: Measures {
            weight: row.get(4)?,
            length: row.get(5)?,
            head: row.get(6)?,
            arm: row.get(7)?,
        },
        has_oedema: row.get(8)?,
        z,
        arm: ARMS.into_iter().find(|known| words::arm(*known) == arm),
        gain: LETTERS.into_iter().find(|known| known.letter() == letter),
        twice_not_gained: row.get(18)?,
    })
}
