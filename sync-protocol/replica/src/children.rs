//! The target list: finding a child by a piece of its id or its name, and who was not measured in a
//! month. Reads the typed tables only.

use crate::as_text::{AsText, plain};
use crate::error::StorageError;
use crate::open::Replica;
use chrono::{Datelike, Months};
use rusqlite::Row;
use sync_protocol::area::Area;
use sync_protocol::ids::RecordId;
use sync_protocol::time::CivilDate;

/// Children are on the list until they are this old.
const MONTHS_ON_LIST: u32 = 60;

const COLUMNS: &str = "SELECT child.id, child.area, child.name, child.sex, child.birth_date,
     child.posyandu, child.mother_name, child.status, child.pending, child.parked, child.gone,
     (SELECT max(measured_on) FROM measurement WHERE child_id = child.id) AS last_measured
     FROM child";

/// A child on the list.
#[derive(Clone, Debug)]
pub struct ChildRow {
    pub id: RecordId,
    pub area: Option<Area>,
    pub name: String,
    pub sex: Option<String>,
    pub birth_date: Option<CivilDate>,
    pub posyandu: Option<String>,
    pub mother_name: Option<String>,
    /// Absent is `aktif`.
    pub status: Option<String>,
    pub last_measured: Option<CivilDate>,
    pub pending: bool,
    pub parked: bool,
    pub gone: bool,
}

/// A text did not name one child.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FindError {
    /// Look at the list.
    #[error("no child is called that")]
    None,
    /// Say it more exactly.
    #[error("{} children are called that", .0.len())]
    Many(Vec<ChildRow>),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<rusqlite::Error> for FindError {
    fn from(error: rusqlite::Error) -> Self {
        FindError::Storage(error.into())
    }
}

impl Replica {
    /// The list, by name; with a text only those whose name has every word of it.
    pub fn children(&self, text: Option<&str>) -> Result<Vec<ChildRow>, StorageError> {
        let mut rows = self.query_children("ORDER BY child.name COLLATE NOCASE, child.id", [])?;
        if let Some(text) = text {
            rows.retain(|child| has_words(child, text));
        }
        Ok(rows)
    }

    /// The one child that an id's beginning or end names, or a name. A name that fits exactly wins
    /// over longer ones.
    pub fn find_child(&self, text: &str) -> Result<ChildRow, FindError> {
        let by_id = self.by_id(text.trim())?;
        if !by_id.is_empty() {
            return the_one(by_id);
        }
        let named = self.children(Some(text))?;
        let exact: Vec<ChildRow> = named
            .iter()
            .filter(|child| child.name.to_lowercase() == text.trim().to_lowercase())
            .cloned()
            .collect();
        the_one(if exact.is_empty() { named } else { exact })
    }

    /// Active children under five years that have no measurement in the month of `day`.
    pub fn due(&self, day: CivilDate) -> Result<Vec<ChildRow>, StorageError> {
        let Some(first) = day.with_day(1) else { return Ok(Vec::new()) };
        let next = first.checked_add_months(Months::new(1)).unwrap_or(CivilDate::MAX);
        let oldest =
            first.checked_sub_months(Months::new(MONTHS_ON_LIST)).unwrap_or(CivilDate::MIN);
        self.query_children(
            "WHERE coalesce(child.status, 'aktif') = 'aktif' AND child.gone = 0
                 AND child.birth_date > ?1 AND child.birth_date < ?2
                 AND NOT EXISTS (SELECT 1 FROM measurement WHERE child_id = child.id
                     AND measured_on >= ?3 AND measured_on < ?2)
             ORDER BY child.area, child.posyandu, child.name COLLATE NOCASE",
            [iso(oldest), iso(next), iso(first)],
        )
    }

    fn by_id(&self, text: &str) -> Result<Vec<ChildRow>, StorageError> {
        let is_id = text.len() >= 4 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        if !is_id {
            return Ok(Vec::new());
        }
        let text = text.to_ascii_lowercase();
        self.query_children(
            "WHERE child.id LIKE ?1 OR child.id LIKE ?2",
            [format!("{text}%"), format!("%{text}")],
        )
    }

    fn query_children(
        &self,
        tail: &str,
        params: impl rusqlite::Params,
    ) -> Result<Vec<ChildRow>, StorageError> {
        let mut statement = self.db.prepare_cached(&format!("{COLUMNS} {tail}"))?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn the_one(mut found: Vec<ChildRow>) -> Result<ChildRow, FindError> {
    match (found.pop(), found.is_empty()) {
        (Some(child), true) => Ok(child),
        (Some(child), false) => {
            found.push(child);
            Err(FindError::Many(found))
        }
        (None, _) => Err(FindError::None),
    }
}

fn has_words(child: &ChildRow, text: &str) -> bool {
    let name = child.name.to_lowercase();
    text.to_lowercase().split_whitespace().all(|word| name.contains(word))
}

fn iso(date: CivilDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

fn read(row: &Row<'_>) -> rusqlite::Result<ChildRow> {
    let date = |name: &str| -> rusqlite::Result<Option<CivilDate>> {
        let text: Option<String> = row.get(name)?;
        Ok(text.and_then(|text| sync_protocol::time::parse_date(&text).ok()))
    };
    Ok(ChildRow {
        id: row.get::<_, AsText<RecordId>>("id")?.0,
        area: plain(row.get("area")?),
        name: row.get::<_, Option<String>>("name")?.unwrap_or_default(),
        sex: row.get("sex")?,
        birth_date: date("birth_date")?,
        posyandu: row.get("posyandu")?,
        mother_name: row.get("mother_name")?,
        status: row.get("status")?,
        last_measured: date("last_measured")?,
        pending: row.get("pending")?,
        parked: row.get("parked")?,
        gone: row.get("gone")?,
    })
}
