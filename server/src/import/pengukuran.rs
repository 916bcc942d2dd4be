//! Measurements as e-PPGBM writes them: one row, one weighing or measuring of one child.
//!
//! Two layouts, told by the names of their columns and never by position: the import template
//! "pengukuran" and the export "by name by address", of which every year has its own. A row becomes
//! a measurement's body in our own units and says whom it is about, or a fault. Whether that child
//! is known, and what the row does to a measurement of the same day, is not decided here; a blank
//! cell gives no field, so that it can be told from a value.

mod columns;
mod row;

use super::columns::Columns;
use super::fault::{RowFault, RowNote};
use super::match_key::MatchKey;
use super::place::Place;
use super::table::{Rows, Source, Table, TableError};
use sync_protocol::body::Body;
use sync_protocol::time::CivilDate;

/// What one row of the file says.
#[derive(Clone, Debug, PartialEq)]
pub enum PengukuranRow {
    Measured(Measured),
    /// The export lists every child, measured or not; the template is handed out with the names
    /// filled in.
    NotMeasured {
        notes: Vec<RowNote>,
    },
}

/// A measurement as one row says.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    pub line: u64,
    pub day: CivilDate,
    /// All but the child's id; a blank cell gives no field.
    pub body: Body,
    /// ASI in each completed month of age, of which the one at the day of the measurement counts.
    pub asi: [Option<bool>; 7],
    pub whom: Whom,
    /// The name in the row, as [`name_key`](super::names::name_key) has it; may be blank.
    pub name: String,
    pub place: Place,
    /// What was doubtful: a damaged NIK left out, a word not understood.
    pub notes: Vec<RowNote>,
}

/// How a row says whom it is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Whom {
    /// By all that a target list has.
    Key(MatchKey),
    /// By a NIK of valid form alone; whether it is the child's own, only the child can tell.
    Nik(String),
}

/// The rows of a file, one at a time.
#[derive(Debug)]
pub struct PengukuranRows<'a> {
    columns: Columns,
    rows: Rows<'a>,
    today: CivilDate,
}

/// Opens a pengukuran file. `today` is the date in the kabupaten's zone.
pub fn read<'a>(
    file: impl Into<Source<'a>>,
    today: CivilDate,
) -> Result<PengukuranRows<'a>, TableError> {
    let table = Table::open(file)?;
    let columns = columns::of(&table)?;
    Ok(PengukuranRows { columns, rows: table.rows(), today })
}

impl Iterator for PengukuranRows<'_> {
    type Item = Result<PengukuranRow, RowFault>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?;
        Some(row.and_then(|row| row::read(&row, &self.columns, self.today)))
    }
}
