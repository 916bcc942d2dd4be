//! The target list (sasaran balita) as e-PPGBM writes it: one row, one child.
//!
//! Columns are found by name in the identity template, in the export "by name by address" and in
//! older sheets. A row becomes a child's body in our own units together with its place and what to
//! match it by, or a fault. What a row does to a child that is already known is not decided here;
//! a blank cell gives no field, so that it can be told from a value.

mod amounts;
mod child;
mod columns;
mod dates;
mod identity;
mod names;

pub use names::name_key;

use super::fault::{RowFault, RowNote};
use super::place::Place;
use super::sex::Sex;
use super::table::{Rows, Table, TableError};
use columns::Columns;
use sync_protocol::body::Body;
use sync_protocol::record::child as field;
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

/// What a child is recognised by in another list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MatchKey {
    /// Only a NIK of valid form that says this birth date and this sex: a mother's NIK typed for
    /// two of her children must not make them one child.
    pub nik: Option<String>,
    pub birth_date: CivilDate,
    pub sex: Sex,
    /// See [`name_key`].
    pub name: String,
}

/// The columns by which e-PPGBM takes a child off the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    pub hapus: bool,
    pub pindah: bool,
}

impl MatchKey {
    /// The key of a child that is already known, made as the import makes it. None when the body
    /// lacks what a child must have.
    pub fn of(body: &Body) -> Option<MatchKey> {
        let birth_date = body.date(field::BIRTH_DATE)?;
        let sex = body.text(field::SEX).and_then(Sex::read)?;
        let nik = body.text(field::NIK);
        Some(MatchKey {
            nik: nik.filter(|nik| identity::can_match(nik, birth_date, sex)).map(str::to_owned),
            birth_date,
            sex,
            name: name_key(body.text(field::NAME)?),
        })
    }
}

/// The rows of a file, one at a time.
#[derive(Debug)]
pub struct SasaranRows<'a> {
    columns: Columns,
    rows: Rows<'a>,
    today: CivilDate,
}

/// Opens a sasaran file. `today` is the date in the kabupaten's zone.
pub fn read(bytes: &[u8], today: CivilDate) -> Result<SasaranRows<'_>, TableError> {
    let table = Table::open(bytes)?;
    let columns = Columns::of(&table)?;
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
