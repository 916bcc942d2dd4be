//! The list of areas: columns code, level, name, parent, as Kemendagri's codes are published.

use super::fault::{ReferenceError, RowFault, shown};
use super::table::{Column, Row, Source, Table, TableError};
use std::collections::BTreeMap;
use std::fmt;
use sync_protocol::area::Area;

/// What an area is. Desa and kelurahan are both villages: the last segment of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Provinsi,
    /// A kabupaten or a kota.
    Kabupaten,
    Kecamatan,
    Desa,
    Kelurahan,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaRow {
    pub line: u64,
    pub area: Area,
    pub level: Level,
    pub name: String,
}

/// Reads the list. Parents need not be in the same file, but must be what the code says.
pub fn read<'a>(file: impl Into<Source<'a>>) -> Result<Vec<AreaRow>, ReferenceError> {
    let table = Table::open(file)?;
    let columns = Columns::of(&table)?;
    let (mut areas, mut faults) = (Vec::new(), Vec::new());
    let mut first_lines = BTreeMap::new();
    for row in table.rows() {
        match row.and_then(|row| columns.read(&row)) {
            Ok(area) => {
                if let Some(first) = first_lines.insert(area.area.clone(), area.line) {
                    let reason = format!("Kode {} sudah ada di baris {first}.", area.area);
                    faults.push(RowFault::at(area.line, columns.code.header(), reason));
                }
                areas.push(area);
            }
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(areas) } else { Err(ReferenceError::Rows(faults)) }
}

struct Columns {
    code: Column,
    level: Column,
    name: Column,
    parent: Column,
}

impl Columns {
    fn of(table: &Table<'_>) -> Result<Columns, TableError> {
        Ok(Columns {
            code: table.required("code", &["kode", "kode wilayah"])?,
            level: table.required("level", &["tingkat"])?,
            name: table.required("name", &["nama", "nama wilayah"])?,
            parent: table.required("parent", &["induk"])?,
        })
    }

    fn read(&self, row: &Row) -> Result<AreaRow, RowFault> {
        let line = row.line();
        let area = read_code(row, &self.code)?;
        let Some(level) = Level::named(row.cell(&self.level)) else {
            let reason = "Isi dengan provinsi, kabupaten, kota, kecamatan, desa atau kelurahan.";
            return Err(RowFault::at(line, self.level.header(), reason));
        };
        if level.segments() != area.segments() {
            let reason = format!("Kode {area} bukan kode {level}.");
            return Err(RowFault::at(line, self.level.header(), reason));
        }
        let name = row.cell(&self.name).split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err(RowFault::at(line, self.name.header(), "Nama wilayah kosong."));
        }
        let parent = area.parent();
        if row.cell(&self.parent) != parent.as_ref().map_or("", Area::as_str) {
            let reason = match parent {
                Some(parent) => format!("Induk dari {area} seharusnya {parent}."),
                None => "Provinsi tidak punya induk.".to_owned(),
            };
            return Err(RowFault::at(line, self.parent.header(), reason));
        }
        Ok(AreaRow { line, area, level, name })
    }
}

/// An area code in a cell.
pub(super) fn read_code(row: &Row, column: &Column) -> Result<Area, RowFault> {
    let cell = row.cell(column);
    cell.parse().map_err(|_not_a_code| {
        let reason = format!("\"{}\" bukan kode wilayah. Contoh: 16.04.06.2008.", shown(cell));
        RowFault::at(row.line(), column.header(), reason)
    })
}

/// The code of a desa or kelurahan in a cell.
pub(super) fn village(text: &str) -> Option<Area> {
    text.parse::<Area>().ok().filter(Area::is_village)
}

impl Level {
    fn named(cell: &str) -> Option<Level> {
        match cell.to_lowercase().as_str() {
            "provinsi" => Some(Level::Provinsi),
            "kabupaten" | "kota" => Some(Level::Kabupaten),
            "kecamatan" => Some(Level::Kecamatan),
            "desa" => Some(Level::Desa),
            "kelurahan" => Some(Level::Kelurahan),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Level::Provinsi => "provinsi",
            Level::Kabupaten => "kabupaten",
            Level::Kecamatan => "kecamatan",
            Level::Desa => "desa",
            Level::Kelurahan => "kelurahan",
        }
    }

    fn segments(self) -> usize {
        match self {
            Level::Provinsi => 1,
            Level::Kabupaten => 2,
            Level::Kecamatan => 3,
            Level::Desa | Level::Kelurahan => 4,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAHAT: &[u8] = include_bytes!("../../../fixtures/area/lahat.csv");

    #[track_caller]
    fn check_refused(text: &str, expected: &[&str]) {
        match read(text.as_bytes()).unwrap_err() {
            ReferenceError::Rows(faults) => {
                let told: Vec<String> = faults.iter().map(RowFault::to_string).collect();
                assert_eq!(told, expected);
            }
            ReferenceError::Table(error) => assert_eq!([error.to_string().as_str()], expected),
        }
    }

    #[test]
    fn lahat_has_24_kecamatan_360_desa_and_18_kelurahan() {
        let areas = read(LAHAT).unwrap();
        let count = |level| areas.iter().filter(|area| area.level == level).count();
        assert_eq!(
            [Level::Kabupaten, Level::Kecamatan, Level::Desa, Level::Kelurahan].map(count),
            [1, 24, 360, 18]
        );
        assert_eq!(areas.len(), 404);
        let sadan = areas.iter().find(|area| area.area.as_str() == "16.04.06.2008").unwrap();
        assert_eq!((sadan.level, sadan.name.as_str()), (Level::Desa, "Sadan"));
    }

    #[test]
    fn every_wrong_line_is_told_at_once() {
        check_refused(
            "code,level,name,parent\n16.4,kabupaten,A,16\n16.04,kecamatan,A,16\n16.04.06,kecamatan,,16.04\n\
             16.04.06,distrik,A,16.04\n16.04.06,kecamatan,A,16.05\n16,provinsi,A,1\n",
            &[
                "Baris 2, kolom code: \"16.4\" bukan kode wilayah. Contoh: 16.04.06.2008.",
                "Baris 3, kolom level: Kode 16.04 bukan kode kecamatan.",
                "Baris 4, kolom name: Nama wilayah kosong.",
                "Baris 5, kolom level: Isi dengan provinsi, kabupaten, kota, kecamatan, desa atau kelurahan.",
                "Baris 6, kolom parent: Induk dari 16.04.06 seharusnya 16.04.",
                "Baris 7, kolom parent: Provinsi tidak punya induk.",
            ],
        );
    }

    #[test]
    fn a_code_given_twice_is_told_with_its_first_line() {
        check_refused(
            "code,level,name,parent\n16,provinsi,A,\n16,provinsi,A,\n",
            &["Baris 3, kolom code: Kode 16 sudah ada di baris 2."],
        );
    }

    #[test]
    fn a_missing_column_is_named() {
        check_refused(
            "code,name,parent\n",
            &["Kolom \"level\" tidak ditemukan. Kolom yang ada: code, name, parent."],
        );
    }
}
