//! What the monthly reports read: who is on the target list at the end of a month, and what was
//! measured in it. Typed columns only.

use super::feed::NARROW_VILLAGES_MAX;
use super::text::parsed;
use super::{Month, ReadTx, RecordNo, Selection, Stored};
use child_growth::{ArmCategory, GainStatus};
use rusqlite::{Row, Statement};
use sync_protocol::area::Area;
use sync_protocol::growth::words;
use sync_protocol::time::CivilDate;

/// More children than this are looked up by the month and not one by one.
const CHILDREN_ONE_BY_ONE: usize = 1_000;

/// A child on the target list (sasaran).
#[derive(Clone, Debug)]
pub struct Sasaran {
    pub no: RecordNo,
    pub area: Area,
    /// Has a Buku KIA, which holds the growth card.
    pub has_card: bool,
}

/// A measurement of the month.
#[derive(Clone, Copy, Debug, Default)]
pub struct MonthRow {
    pub weighed: bool,
    pub has_height: bool,
    pub has_head: bool,
    pub has_arm: bool,
    pub oedema: bool,
    pub zlen: Option<Z>,
    pub zwei: Option<Z>,
    pub zwfl: Option<Z>,
    pub zbmi: Option<Z>,
    pub zhc: Option<Z>,
    /// By the centimetres of LiLA.
    pub arm: Option<ArmCategory>,
    pub gain: Option<GainStatus>,
    pub twice_not_gained: bool,
}

/// A z-score in hundredths, and whether WHO holds it to be implausible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Z {
    pub hundredths: i32,
    pub flagged: bool,
}

const ARMS: [ArmCategory; 3] = [ArmCategory::Severe, ArmCategory::Moderate, ArmCategory::Normal];
const LETTERS: [GainStatus; 4] = [GainStatus::N, GainStatus::T, GainStatus::O, GainStatus::B];

const SASARAN_COLUMNS: &str = "SELECT r.rid, r.area, coalesce(c.kia_book, 0)";
/// ?1 is the month's last day, ?2 and ?3 bound the birthdays, ?4 is the posyandu. A child that left
/// the list after the month was on it.
const SASARAN_CONDITION: &str =
    "(coalesce(c.status, 'aktif') = 'aktif' OR c.status_on > ?1) AND c.birth_date >= ?2
     AND c.birth_date < ?3 AND (?4 IS NULL OR c.posyandu = ?4 COLLATE NOCASE)";

const MONTH_COLUMNS: &str = "r.child, m.weight_g IS NOT NULL, m.height_mm IS NOT NULL,
    m.head_mm IS NOT NULL, m.muac_mm IS NOT NULL, coalesce(m.oedema, 0) > 0, s.zlen, s.zwei, s.zwfl,
    s.zbmi, s.zhc, s.flags, s.lila, s.gain, s.twice_not_gained";

impl ReadTx<'_> {
    /// The target list at the end of a month: active children who were born within `born`, from the
    /// first of these days on and before the second.
    pub fn sasaran(
        &self,
        selection: &Selection,
        month: Month,
        born: (CivilDate, CivilDate),
    ) -> Stored<Vec<Sasaran>> {
        let days = [month.last(), born.0, born.1].map(|day| day.to_string());
        let [last, from, before] = &days;
        let posyandu = selection.posyandu.as_deref();
        let villages = self.villages_with_rows(&selection.scope)?;
        let mut found = Vec::new();
        if villages.len() <= NARROW_VILLAGES_MAX {
            let mut statement = self.connection.prepare_cached(&format!(
                "{SASARAN_COLUMNS} FROM record r CROSS JOIN child c ON c.rid = r.rid
                 WHERE r.area = ?5 AND {SASARAN_CONDITION}"
            ))?;
            for village in &villages {
                let mut rows = statement.query((last, from, before, posyandu, village.as_str()))?;
                while let Some(row) = rows.next()? {
                    found.push(read_sasaran(row, village.clone())?);
                }
            }
            return Ok(found);
        }
        let mut statement = self.connection.prepare_cached(&format!(
            "{SASARAN_COLUMNS} FROM child c CROSS JOIN record r ON r.rid = c.rid
             WHERE {SASARAN_CONDITION}"
        ))?;
        let mut rows = statement.query((last, from, before, posyandu))?;
        while let Some(row) = rows.next()? {
            let area = parsed(row.get_ref(1)?.as_str().unwrap_or_default(), "area code")?;
            if selection.scope.contains(&area) {
                found.push(read_sasaran(row, area)?);
            }
        }
        Ok(found)
    }

    /// Shows what was measured of children in a month: a child's rows together, by day, of one day
    /// in the order of their ids. Rows dated before the birth have no score and are left out.
    /// Others than `children` may be shown, too.
    pub fn for_each_of_month(
        &self,
        children: &[RecordNo],
        month: Month,
        mut show: impl FnMut(RecordNo, MonthRow),
    ) -> Stored<()> {
        let days = [month.first(), month.next()].map(|day| day.to_string());
        let [first, next] = &days;
        if children.len() <= CHILDREN_ONE_BY_ONE {
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT {MONTH_COLUMNS} FROM record r CROSS JOIN measurement m ON m.rid = r.rid
                    CROSS JOIN measurement_score s ON s.rid = r.rid
                 WHERE r.child = ?3 AND m.measured_on >= ?1 AND m.measured_on < ?2
                 ORDER BY m.measured_on, r.id"
            ))?;
            for child in children {
                show_rows(&mut statement, (first, next, child.0), &mut show)?;
            }
            return Ok(());
        }
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {MONTH_COLUMNS} FROM measurement m CROSS JOIN record r ON r.rid = m.rid
                CROSS JOIN measurement_score s ON s.rid = m.rid
             WHERE m.measured_on >= ?1 AND m.measured_on < ?2
             ORDER BY r.child, m.measured_on, r.id"
        ))?;
        show_rows(&mut statement, (first, next), &mut show)
    }
}

fn show_rows(
    statement: &mut Statement<'_>,
    parameters: impl rusqlite::Params,
    show: &mut impl FnMut(RecordNo, MonthRow),
) -> Stored<()> {
    let mut rows = statement.query(parameters)?;
    while let Some(row) = rows.next()? {
        show(RecordNo(row.get(0)?), read_month_row(row)?);
    }
    Ok(())
}

fn read_sasaran(row: &Row<'_>, area: Area) -> Stored<Sasaran> {
    Ok(Sasaran { no: RecordNo(row.get(0)?), area, has_card: row.get(2)? })
}

fn read_month_row(row: &Row<'_>) -> Stored<MonthRow> {
    let flags = row.get_ref(11)?.as_str_or_null().unwrap_or_default().unwrap_or_default();
    let z = |at: usize, name: &str| -> rusqlite::Result<Option<Z>> {
        let hundredths: Option<i32> = row.get(at)?;
        let flagged = !flags.is_empty() && flags.split(' ').any(|flag| flag == name);
        Ok(hundredths.map(|hundredths| Z { hundredths, flagged }))
    };
    Ok(MonthRow {
        weighed: row.get(1)?,
        has_height: row.get(2)?,
        has_head: row.get(3)?,
        has_arm: row.get(4)?,
        oedema: row.get(5)?,
        zlen: z(6, "zlen")?,
        zwei: z(7, "zwei")?,
        zwfl: z(8, "zwfl")?,
        zbmi: z(9, "zbmi")?,
        zhc: z(10, "zhc")?,
        arm: match row.get_ref(12)?.as_str_or_null().unwrap_or_default() {
            Some(word) => ARMS.into_iter().find(|arm| words::arm(*arm) == word),
            None => None,
        },
        gain: match row.get_ref(13)?.as_str_or_null().unwrap_or_default() {
            Some(letter) => LETTERS.into_iter().find(|gain| gain.letter() == letter),
            None => None,
        },
        twice_not_gained: row.get(14)?,
    })
}
