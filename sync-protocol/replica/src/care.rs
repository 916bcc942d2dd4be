//! What asks for attention in a child, by its measurements and visits. Reads the typed tables, all
//! children at once or one.

use crate::as_text::{AsText, plain};
use crate::change_log::LogEntry;
use crate::error::StorageError;
use crate::open::Replica;
use crate::recency::{open_state, open_states, recency};
use child_growth::{AcuteClass, MonthlyGain};
use rusqlite::{Row, ToSql};
use sync_protocol::counted::Recency;
use sync_protocol::growth::{Child, Fields, Measured, series};
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;
use sync_protocol::time::{CivilDate, parse_date};

/// What asks for attention in a child.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Care {
    /// By its last measurement that can tell: gizi buruk or gizi kurang.
    pub acute: Option<AcuteClass>,
    /// It did not gain at its last two weighings (2T).
    pub twice_not_gained: bool,
    /// The next visit that was agreed on at the last one.
    pub next_visit_on: Option<CivilDate>,
}

/// What asks for attention in children, by their id. In order, and no map: a map of its own type would
/// be more to download.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CareList(Vec<(RecordId, Care)>);

impl CareList {
    /// A child's; of one without measurements and visits nothing does.
    pub fn of(&self, child: &RecordId) -> Care {
        let at = self.place_of(child).ok();
        at.and_then(|at| self.0.get(at)).map(|(_, care)| *care).unwrap_or_default()
    }

    fn entry(&mut self, child: RecordId) -> Option<&mut Care> {
        let at = self.place_of(&child).unwrap_or_else(|at| {
            self.0.insert(at, (child, Care::default()));
            at
        });
        self.0.get_mut(at).map(|(_, care)| care)
    }

    fn place_of(&self, child: &RecordId) -> Result<usize, usize> {
        self.0.binary_search_by(|(id, _)| id.cmp(child))
    }
}

const MEASUREMENTS: &str = "SELECT measurement.child_id, child.sex, child.birth_date, measured_on,
     weight_g, height_mm, position, muac_mm, head_mm, oedema, measurement.id, measurement.stamp
     FROM measurement JOIN child ON child.id = measurement.child_id";
const LAST_VISITS: &str = "SELECT child_id, next_visit_on, max(visited_on) FROM visit";

impl Replica {
    /// Every child that has a measurement or a visit.
    pub fn care(&self) -> Result<CareList, StorageError> {
        self.read_care("", &[])
    }

    /// One child.
    pub fn care_of(&self, child: RecordId) -> Result<Care, StorageError> {
        Ok(self.read_care("WHERE child_id = ?1", &[&AsText(child)])?.of(&child))
    }

    fn read_care(&self, which: &str, params: &[&dyn ToSql]) -> Result<CareList, StorageError> {
        let mut found = CareList::default();
        let open = open_states(&self.db, Kind::MEASUREMENT.name())?;
        let sql = format!("{MEASUREMENTS} {which} ORDER BY measurement.child_id, measured_on");
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut rows = statement.query(params)?;
        let mut one: Option<(RecordId, Child)> = None;
        let mut measured: Vec<(Option<Recency>, Measured)> = Vec::new();
        while let Some(row) = rows.next()? {
            let id = row.get::<_, AsText<RecordId>>(0)?.0;
            if one.is_some_and(|(child, _)| child != id) {
                close(&mut one, &mut measured, &mut found);
            }
            if one.is_none() {
                one = child_of(row)?.map(|child| (id, child));
            }
            if let Some(next) = measured_of(row)? {
                let next = (recency_of(row, &open)?, next);
                // They come by day: each has its place found near the end.
                let rank =
                    |(recency, measured): &(Option<Recency>, Measured)| (measured.on, *recency);
                let place = measured.partition_point(|known| rank(known) <= rank(&next));
                measured.insert(place, next);
            }
        }
        close(&mut one, &mut measured, &mut found);
        let sql = format!("{LAST_VISITS} {which} GROUP BY child_id");
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            if let Some(id) = row.get::<_, Option<AsText<RecordId>>>(0)?
                && let Some(care) = found.entry(id.0)
            {
                care.next_visit_on = date(row, 1)?;
            }
        }
        Ok(found)
    }
}

/// Judges the child whose rows were read.
fn close(
    one: &mut Option<(RecordId, Child)>,
    measured: &mut Vec<(Option<Recency>, Measured)>,
    found: &mut CareList,
) {
    if let Some((id, child)) = one.take()
        && let Some(care) = found.entry(id)
    {
        let measured: Vec<Measured> = measured.iter().map(|(_, measured)| *measured).collect();
        *care = judged(&child, &measured);
    }
    measured.clear();
}

fn judged(child: &Child, measured: &[Measured]) -> Care {
    let readings = series(child, measured);
    let latest = || readings.iter().rev().flatten();
    let gain: Option<&MonthlyGain> = latest().find_map(|said| said.gain.as_ref());
    Care {
        acute: latest().find_map(|said| said.assessed.acute.class),
        twice_not_gained: gain.is_some_and(|gain| gain.twice_not_gained),
        next_visit_on: None,
    }
}

fn child_of(row: &Row<'_>) -> rusqlite::Result<Option<Child>> {
    let sex: Option<String> = row.get(1)?;
    Ok(sex.zip(date(row, 2)?).and_then(|(sex, born)| Child::new(&sex, born)))
}

fn measured_of(row: &Row<'_>) -> rusqlite::Result<Option<Measured>> {
    let (on, position): (Option<String>, Option<String>) = (row.get(3)?, row.get(6)?);
    Ok(Measured::from_fields(&Fields {
        measured_on: on.as_deref().unwrap_or_default(),
        weight_g: row.get(4)?,
        height_mm: row.get(5)?,
        position: position.as_deref(),
        muac_mm: row.get(7)?,
        head_mm: row.get(8)?,
        oedema: row.get(9)?,
    }))
}

fn recency_of(row: &Row<'_>, open: &[LogEntry]) -> rusqlite::Result<Option<Recency>> {
    let id = row.get::<_, AsText<RecordId>>(10)?.0;
    Ok(recency(plain(row.get(11)?), open_state(open, &id)))
}

fn date(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<CivilDate>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.and_then(|text| parse_date(&text).ok()))
}
