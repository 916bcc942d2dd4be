//! The list of puskesmas: a code, a name and the desa that each serves.
//!
//! Two forms are read: one row per puskesmas with the codes of its desa in one cell (separated by
//! blanks, `|`, or a quoted comma), and one row per puskesmas and desa. A desa belongs to one
//! puskesmas: the list decides who may see its children.

use super::areas::village;
use super::fault::{ReferenceError, RowFault, shown};
use super::table::{Column, Row, Source, Table, TableError};
use std::collections::BTreeMap;
use sync_protocol::area::Area;

/// One puskesmas with all its desa, whichever form the file has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PuskesmasRow {
    /// The line where it is first named.
    pub line: u64,
    pub code: String,
    pub name: String,
    /// In the order of their codes.
    pub desa: Vec<Area>,
}

/// Reads the list, in the order in which the puskesmas are first named.
pub fn read<'a>(file: impl Into<Source<'a>>) -> Result<Vec<PuskesmasRow>, ReferenceError> {
    let table = Table::open(file)?;
    let columns = Columns::of(&table)?;
    let mut list = List::default();
    let mut faults = Vec::new();
    for row in table.rows() {
        if let Err(fault) = row.and_then(|row| list.add(&row, &columns)) {
            faults.push(fault);
        }
    }
    if faults.is_empty() { Ok(list.rows) } else { Err(ReferenceError::Rows(faults)) }
}

struct Columns {
    code: Column,
    name: Column,
    desa: Column,
}

impl Columns {
    fn of(table: &Table<'_>) -> Result<Columns, TableError> {
        Ok(Columns {
            code: table.required("code", &["kode", "kode puskesmas"])?,
            name: table.required("name", &["nama", "nama puskesmas", "puskesmas", "pukesmas"])?,
            desa: table.required("desa", &["kode desa", "kode wilayah"])?,
        })
    }
}

#[derive(Default)]
struct List {
    rows: Vec<PuskesmasRow>,
    /// Which line first named a desa.
    desa_lines: BTreeMap<Area, u64>,
}

impl List {
    fn add(&mut self, row: &Row, columns: &Columns) -> Result<(), RowFault> {
        let line = row.line();
        let code = row.cell(&columns.code);
        if code.is_empty() {
            return Err(RowFault::at(line, columns.code.header(), "Kode puskesmas kosong."));
        }
        let name = row.cell(&columns.name).split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err(RowFault::at(line, columns.name.header(), "Nama puskesmas kosong."));
        }
        let mut desa = self.read_desa(row, &columns.desa)?;
        match self.rows.iter_mut().find(|known| known.code == code) {
            Some(known) if known.name != name => {
                let reason =
                    format!("Kode {code} di baris {} bernama \"{}\".", known.line, known.name);
                return Err(RowFault::at(line, columns.name.header(), reason));
            }
            Some(known) => {
                known.desa.append(&mut desa);
                known.desa.sort();
            }
            None => {
                desa.sort();
                self.rows.push(PuskesmasRow { line, code: code.to_owned(), name, desa });
            }
        }
        Ok(())
    }

    fn read_desa(&mut self, row: &Row, column: &Column) -> Result<Vec<Area>, RowFault> {
        let fault = |reason: String| RowFault::at(row.line(), column.header(), reason);
        let separator = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|');
        let mut desa = Vec::new();
        for code in row.cell(column).split(separator).filter(|code| !code.is_empty()) {
            let Some(area) = village(code) else {
                let code = shown(code);
                return Err(fault(format!("\"{code}\" bukan kode desa. Contoh: 16.04.06.2008.")));
            };
            if let Some(first) = self.desa_lines.insert(area.clone(), row.line()) {
                return Err(fault(format!("Desa {area} sudah ada di baris {first}.")));
            }
            desa.push(area);
        }
        if desa.is_empty() {
            return Err(fault("Puskesmas ini belum punya desa.".to_owned()));
        }
        Ok(desa)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str) {
        let rows = read(text.as_bytes()).unwrap();
        let seen: Vec<(&str, &str, Vec<&str>)> = rows
            .iter()
            .map(|row| {
                (row.code.as_str(), row.name.as_str(), row.desa.iter().map(Area::as_str).collect())
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("P1", "Contoh Satu", vec!["16.04.06.2008", "16.04.06.2009"]),
                ("P2", "Contoh Dua", vec!["16.04.06.2010"]),
            ]
        );
    }

    #[test]
    fn desa_codes_in_one_cell_or_one_row_each_read_the_same() {
        check(
            "code,name,desa\nP1,Contoh Satu,16.04.06.2008 16.04.06.2009\nP2,Contoh Dua,16.04.06.2010\n",
        );
        check(
            "code,name,desa\nP1,Contoh Satu,\"16.04.06.2009, 16.04.06.2008\"\nP2,Contoh Dua,16.04.06.2010\n",
        );
        check(
            "code;name;desa\nP1;Contoh Satu;16.04.06.2008|16.04.06.2009\nP2;Contoh Dua;16.04.06.2010\n",
        );
        check(
            "Kode,Puskesmas,Kode Desa\nP1,Contoh Satu,16.04.06.2009\nP2,Contoh Dua,16.04.06.2010\nP1,Contoh Satu,16.04.06.2008\n",
        );
    }

    #[test]
    fn the_made_up_puskesmas_of_lahat_serve_every_village_once() {
        let rows = read(include_bytes!("../../../fixtures/area/puskesmas.csv")).unwrap();
        assert_eq!(rows.len(), 35);
        assert_eq!(rows.iter().map(|row| row.desa.len()).sum::<usize>(), 378);
    }

    #[test]
    fn wrong_rows_are_told_with_their_lines() {
        let text = "code,name,desa\n,A,16.04.06.2008\nP1,,16.04.06.2008\nP1,A,16.04.06\nP1,A,\n\
                    P1,A,16.04.06.2008\nP2,B,16.04.06.2008\nP1,C,16.04.06.2009\n";
        assert_eq!(
            read(text.as_bytes()).unwrap_err().to_string(),
            "Baris 2, kolom code: Kode puskesmas kosong.\n\
             Baris 3, kolom name: Nama puskesmas kosong.\n\
             Baris 4, kolom desa: \"16.04.06\" bukan kode desa. Contoh: 16.04.06.2008.\n\
             Baris 5, kolom desa: Puskesmas ini belum punya desa.\n\
             Baris 7, kolom desa: Desa 16.04.06.2008 sudah ada di baris 6.\n\
             Baris 8, kolom name: Kode P1 di baris 6 bernama \"A\"."
        );
    }
}
