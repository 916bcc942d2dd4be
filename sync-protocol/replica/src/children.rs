//! The target list: finding a child by a piece of its id or its name, and who was not measured in a
//! month. Reads the typed tables only.

use crate::as_text::{AsText, plain};
use crate::error::StorageError;
use crate::open::Replica;
use rusqlite::Row;
use std::collections::BTreeSet;
use sync_protocol::area::Area;
use sync_protocol::ids::RecordId;
use sync_protocol::month::Month;
use sync_protocol::sasaran::{Candidate, TargetList, is_active};
use sync_protocol::time::CivilDate;

/// A shorter piece of an id names nobody.
const ID_PIECE_MIN: usize = 4;
/// Fewer letters of a name name nobody, even where they are a whole word of it.
const LETTERS_MIN: usize = 3;

const COLUMNS: &str = "SELECT child.id, child.area, child.name, child.sex, child.birth_date,
     child.posyandu, child.mother_name, child.status, child.status_on, child.pending, child.parked, child.gone,
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
    pub status_on: Option<CivilDate>,
    pub last_measured: Option<CivilDate>,
    pub pending: bool,
    pub parked: bool,
    pub gone: bool,
}

impl ChildRow {
    /// Whether it belongs to the work of this tablet: of status aktif, and here.
    pub fn is_active(&self) -> bool {
        !self.gone && is_active(self.status.as_deref())
    }

    /// Whether it stands before another on the list: by name, whatever the case of its letters.
    pub fn is_listed_before(&self, other: &ChildRow) -> bool {
        let letters = |row: &ChildRow| row.name.to_ascii_lowercase();
        letters(self).cmp(&letters(other)).then_with(|| self.id.cmp(&other.id)).is_lt()
    }

    /// Whether it is to be measured in the month of `day`: here, and on the month's target list.
    pub fn is_on_list(&self, day: CivilDate) -> bool {
        let candidate = Candidate {
            birth_date: self.birth_date,
            status: self.status.as_deref(),
            status_on: self.status_on,
        };
        !self.gone && TargetList::of(Month::of(day)).has(&candidate)
    }
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
    /// Say the whole name, a whole word of it, or the id: a piece of a name is too little to write
    /// by, even when only one child has it.
    #[error("that is a piece of the name of {} children", .0.len())]
    Vague(Vec<ChildRow>),
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

    /// One child of the list, by its id.
    pub fn child(&self, id: RecordId) -> Result<Option<ChildRow>, StorageError> {
        Ok(self.query_children("WHERE child.id = ?1", [AsText(id)])?.pop())
    }

    /// The children that were measured in the month of `day`.
    pub fn measured_in_month(&self, day: CivilDate) -> Result<BTreeSet<RecordId>, StorageError> {
        let [first, last] = ends_of_month(day);
        let mut statement = self.db.prepare_cached(
            "SELECT child_id FROM measurement
             WHERE child_id IS NOT NULL AND measured_on BETWEEN ?1 AND ?2",
        )?;
        let mut rows = statement.query([first, last])?;
        let mut measured = BTreeSet::new();
        while let Some(row) = rows.next()? {
            measured.insert(row.get::<_, AsText<RecordId>>(0)?.0);
        }
        Ok(measured)
    }

    /// Whether a child was measured in the month of `day`.
    pub fn is_measured_in_month(
        &self,
        child: RecordId,
        day: CivilDate,
    ) -> Result<bool, StorageError> {
        let [first, last] = ends_of_month(day);
        let mut statement = self.db.prepare_cached(
            "SELECT 1 FROM measurement
             WHERE child_id = ?1 AND measured_on BETWEEN ?2 AND ?3",
        )?;
        Ok(statement.exists((AsText(child), first, last))?)
    }

    /// The one child to look at: named by the beginning or end of its id, by its name, or by pieces
    /// of its name.
    pub fn find_child(&self, text: &str) -> Result<ChildRow, FindError> {
        match self.find_child_to_write(text) {
            Err(FindError::Vague(pieces)) => the_one(pieces),
            other => other,
        }
    }

    /// The one child to write about: named by the beginning or end of its id, by its name, or by
    /// whole words of its name. A name that fits exactly wins over longer ones.
    pub fn find_child_to_write(&self, text: &str) -> Result<ChildRow, FindError> {
        let all = self.children(None)?;
        let choose = |fits: &dyn Fn(&ChildRow) -> bool| -> Vec<ChildRow> {
            all.iter().filter(|child| fits(child)).cloned().collect()
        };
        // "Dede" is a name and might be the end of an id: then both are meant.
        let exact = choose(&|child| is_called(child, text) || has_id(child, text));
        if !exact.is_empty() {
            return the_one(exact);
        }
        let by_words = choose(&|child| has_whole_words(child, text));
        if !by_words.is_empty() {
            return the_one(by_words);
        }
        match choose(&|child| has_words(child, text)) {
            none if none.is_empty() => Err(FindError::None),
            pieces => Err(FindError::Vague(pieces)),
        }
    }

    /// Children of this name, sex and birth date: they may be the one that is about to be added.
    pub fn like(
        &self,
        name: &str,
        sex: &str,
        born: CivilDate,
    ) -> Result<Vec<ChildRow>, StorageError> {
        let mut rows = self.children(Some(name))?;
        rows.retain(|child| {
            is_called(child, name)
                && child.sex.as_deref() == Some(sex)
                && child.birth_date == Some(born)
        });
        Ok(rows)
    }

    /// Children on the target list of the month of `day` that have no measurement in it.
    pub fn due(&self, day: CivilDate) -> Result<Vec<ChildRow>, StorageError> {
        let [first, last] = ends_of_month(day);
        let mut rows = self.query_children(
            "WHERE NOT EXISTS (SELECT 1 FROM measurement WHERE child_id = child.id
                 AND measured_on BETWEEN ?1 AND ?2)
             ORDER BY child.area, child.posyandu, child.name COLLATE NOCASE",
            [first, last],
        )?;
        rows.retain(|child| child.is_on_list(day));
        Ok(rows)
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

/// The first and the last day of the month of a day.
fn ends_of_month(day: CivilDate) -> [String; 2] {
    let month = Month::of(day);
    [month.first(), month.last()].map(|day| day.to_string())
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

fn is_called(child: &ChildRow, text: &str) -> bool {
    words(&child.name).eq(words(text))
}

/// The beginning or the end of an id, long enough to be meant as one.
fn has_id(child: &ChildRow, text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    let id = child.id.to_string();
    text.len() >= ID_PIECE_MIN && (id.starts_with(&text) || id.ends_with(&text))
}

/// Every word of the text is a word of the name, and not an initial alone.
fn has_whole_words(child: &ChildRow, text: &str) -> bool {
    let name: Vec<String> = words(&child.name).collect();
    let is_long = text.chars().filter(|letter| letter.is_alphanumeric()).count() >= LETTERS_MIN;
    is_long && words(text).all(|word| name.contains(&word))
}

fn has_words(child: &ChildRow, text: &str) -> bool {
    let name = child.name.to_lowercase();
    words(text).all(|word| name.contains(&word))
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().map(str::to_lowercase)
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
        status_on: date("status_on")?,
        last_measured: date("last_measured")?,
        pending: row.get("pending")?,
        parked: row.get("parked")?,
        gone: row.get("gone")?,
    })
}
