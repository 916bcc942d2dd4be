//! The columns of a file under the names that different files give them.
//!
//! Names are compared by their letters and digits only, so `Tgl Lahir`, `tgl_lahir` and
//! `TGL. LAHIR` are one. The first name found wins. Here are the columns by which a row says whom
//! it is about; each kind of file adds its own.

use super::table::{Column, Row, Table, TableError};
use std::collections::BTreeMap;

pub(super) const NIK: &str = "NIK";
pub(super) const NAME: &str = "nama_anak";
pub(super) const BIRTH_DATE: &str = "tgl_lahir";
pub(super) const SEX: &str = "jenis_kelamin";
pub(super) const AREA_CODE: &str = "kode_wilayah";
pub(super) const KECAMATAN: &str = "kecamatan";
pub(super) const DESA: &str = "desa";

/// A column and the other names that it is found by.
pub(super) type Named = (&'static str, &'static [&'static str]);

/// Whom a row is about.
pub(super) const IDENTITY: [Named; 7] = [
    (NAME, &["nama", "nama balita"]),
    (BIRTH_DATE, &["tanggal lahir"]),
    (SEX, &["jk"]),
    (NIK, &["nik anak", "nik balita"]),
    (AREA_CODE, &["kode desa", "kode kelurahan", "kode desa/kel"]),
    (KECAMATAN, &["kec", "nama kecamatan"]),
    (DESA, &["desa/kel", "desa/kelurahan", "kelurahan", "kel", "nama desa"]),
];

/// The columns that this file has.
#[derive(Debug)]
pub(super) struct Columns(BTreeMap<&'static str, Column>);

impl Columns {
    /// Finds the columns of [`IDENTITY`] and those of this kind of file; without a required one
    /// the file makes no sense.
    pub(super) fn find(
        table: &Table<'_>,
        own: &[Named],
        required: &[&str],
    ) -> Result<Columns, TableError> {
        let mut columns = BTreeMap::new();
        for (name, synonyms) in IDENTITY.iter().chain(own) {
            let found = if required.contains(name) {
                Some(table.required(name, synonyms)?)
            } else {
                match table.column(&[name])? {
                    Some(column) => Some(column),
                    None => table.column(synonyms)?,
                }
            };
            if let Some(column) = found {
                columns.insert(*name, column);
            }
        }
        Ok(Columns(columns))
    }

    /// A cell, blank when the file has no such column or the row does not fill it. A dash is how
    /// e-PPGBM says "none".
    pub(super) fn cell<'r>(&self, row: &'r Row, name: &str) -> &'r str {
        let cell = self.0.get(name).map_or("", |column| row.cell(column));
        if cell.chars().all(|c| matches!(c, '-' | '–' | '—')) { "" } else { cell }
    }

    /// See [`Row::is_number`].
    pub(super) fn is_number(&self, row: &Row, name: &str) -> bool {
        self.0.get(name).is_some_and(|column| row.is_number(column))
    }

    /// The header as this file writes it.
    pub(super) fn header<'c>(&'c self, name: &'c str) -> &'c str {
        self.0.get(name).map_or(name, Column::header)
    }

    #[cfg(test)]
    pub(super) fn headers(&self) -> Vec<&str> {
        self.0.values().map(Column::header).collect()
    }
}
