//! The target list (sasaran balita) as e-PPGBM writes it: one row, one child.
//!
//! Columns are found by name in the identity template, in the export "by name by address" and in
//! older sheets. A row becomes a child's body in our own units together with its place and what to
//! match it by, or a fault. What a row does to a child that is already known is not decided here;
//! a blank cell gives no field, so that it can be told from a value.

mod child;
mod columns;

use super::columns::Columns;
use super::fault::{RowFault, RowNote};
use super::match_key::MatchKey;
use super::place::Place;
use super::table::{Rows, Source, Table, TableError};
use sync_protocol::body::Body;
use sync_protocol::time::CivilDate;

/// A child as one row of the file says.
#[derive(Clone, Debug, PartialEq)]
pub struct SasaranRow {
    pub line: u64,
    /// Passes `Kind::CHILD.check`; a blank cell gives no field.
    pub body: Body,
    pub place: Place,
    pub key: MatchKey,
    pub marks: Marks,
    /// What was doubtful: a damaged NIK left out, a word not understood.
    pub notes: Vec<RowNote>,
}

/// The columns by which e-PPGBM takes a child off the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    pub hapus: bool,
    pub pindah: bool,
}

/// The rows of a file, one at a time.
#[derive(Debug)]
pub struct SasaranRows<'a> {
    columns: Columns,
    rows: Rows<'a>,
    today: CivilDate,
}

/// Opens a sasaran file. `today` is the date in the kabupaten's zone.
pub fn read<'a>(
    file: impl Into<Source<'a>>,
    today: CivilDate,
) -> Result<SasaranRows<'a>, TableError> {
    let table = Table::open(file)?;
    let columns = columns::of(&table)?;
    Ok(SasaranRows { columns, rows: table.rows(), today })
}

impl Iterator for SasaranRows<'_> {
    type Item = Result<SasaranRow, RowFault>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?;
        Some(row.and_then(|row| child::read(&row, &self.columns, self.today)))
    }
}

#[cfg(test)]
mod tests;
