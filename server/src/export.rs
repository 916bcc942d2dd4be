//! Files out: records, the layouts of e-PPGBM and the recap, from one snapshot of the database.
//!
//! A file is written whole before anybody gets a byte of it, row by row and never built in memory,
//! so that neither memory nor a snapshot is held by a slow network. Every file says the position in
//! the feed that it shows, the time, and how complete it is: [`csv`] says where in a CSV file.

pub(crate) mod age;
pub mod cell;
pub mod csv;
pub mod formula;
pub mod ndjson;
pub mod recap;

mod completeness;
mod day;
mod eppgbm;
mod places;
mod plain;
mod scores;
pub(crate) mod xlsx;

pub use completeness::{AsOf, Completeness, SILENT_AFTER_DAYS};

use crate::access::mask::mask_body;
use crate::store::{LiveRow, ReadTx, Selection, StoreError};
use crate::sync::server_time;
use cell::Cell;
use csv::{CsvFile, CsvOptions};
use day::LatestDay;
use ndjson::{NdjsonFile, RecordRow};
use places::Places;
use recap::RecapBy;
use serde_json::{Value, json};
use std::fs::File;
use std::path::Path;
use sync_protocol::ids::BadId;
use sync_protocol::month::Month;
use sync_protocol::record::Kind;
use sync_protocol::sasaran::TargetList;
use xlsx::XlsxFile;

/// What a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Children,
    Measurements,
    Visits,
    EppgbmIdentitas,
    EppgbmPengukuran,
    EppgbmBnba,
    Recap,
}

impl What {
    pub const ALL: [What; 7] = [
        What::Children,
        What::Measurements,
        What::Visits,
        What::EppgbmIdentitas,
        What::EppgbmPengukuran,
        What::EppgbmBnba,
        What::Recap,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            What::Children => "children",
            What::Measurements => "measurements",
            What::Visits => "visits",
            What::EppgbmIdentitas => "eppgbm-identitas",
            What::EppgbmPengukuran => "eppgbm-pengukuran",
            What::EppgbmBnba => "eppgbm-bnba",
            What::Recap => "recap",
        }
    }

    /// The kind of record that its rows are.
    pub fn kind(self) -> Kind {
        match self {
            What::Children | What::EppgbmIdentitas => Kind::CHILD,
            What::Visits => Kind::VISIT,
            What::Measurements | What::EppgbmPengukuran | What::EppgbmBnba | What::Recap => {
                Kind::MEASUREMENT
            }
        }
    }

    /// Whether its rows have a day, by which a month can narrow them.
    pub fn has_month(self) -> bool {
        self.kind().parent_field().is_some()
    }

    /// The formats that it is written in.
    pub fn formats(self) -> &'static [Format] {
        match self {
            What::Children | What::Measurements | What::Visits => {
                &[Format::Csv, Format::Ndjson, Format::Xlsx]
            }
            What::EppgbmIdentitas | What::EppgbmPengukuran | What::EppgbmBnba | What::Recap => {
                &[Format::Csv, Format::Xlsx]
            }
        }
    }
}

impl std::str::FromStr for What {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        What::ALL.into_iter().find(|what| what.as_str() == text).ok_or(BadId("name of an export"))
    }
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Ndjson,
    Xlsx,
}

impl Format {
    pub const ALL: [Format; 3] = [Format::Csv, Format::Ndjson, Format::Xlsx];

    /// The ending of its files' names.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
            Format::Xlsx => "xlsx",
        }
    }

    pub const fn content_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Ndjson => "application/x-ndjson",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl std::str::FromStr for Format {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        Format::ALL
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or(BadId("format (csv, ndjson or xlsx)"))
    }
}

/// A file that is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub what: What,
    pub format: Format,
    pub selection: Selection,
    pub csv: CsvOptions,
    pub recap_by: RecapBy,
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the file cannot be written")]
    File(#[from] std::io::Error),
    #[error("the CSV file cannot be written")]
    Csv(#[from] ::csv::Error),
    #[error("the workbook cannot be written")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    #[error("there are more rows than a worksheet holds: take one month, one area, or a CSV file")]
    TooManyRows,
    #[error("a recap is of one month")]
    NoMonth,
    #[error("there is no such export in that format")]
    NoSuchFormat,
}

/// What the audit log says of a file: codes and counts, and nobody's name.
pub fn subject(wanted: &Wanted, as_of: &AsOf, rows: u64) -> Value {
    let selection = &wanted.selection;
    json!({
        "what": wanted.what.as_str(), "format": wanted.format.as_str(),
        "areas": selection.scope.areas(), "posyandu": selection.posyandu,
        "month": selection.month.map(|month| month.to_string()),
        "rows": rows, "feed": as_of.feed,
    })
}

/// A name that says what the file is a picture of:
/// `children_16.04.06_feed-1234_20261124T021500Z.csv`.
pub fn file_name(wanted: &Wanted, as_of: &AsOf) -> String {
    let areas = wanted.selection.scope.areas();
    let mut name = wanted.what.as_str().to_owned();
    let mut add = |part: &str| {
        name.push('_');
        name.push_str(part);
    };
    match areas {
        [] => add("kosong"),
        [area] => add(area.as_str()),
        [first, ..] => add(&format!("{first}-dll")),
    }
    if let Some(month) = wanted.selection.month {
        add(&month.to_string());
    }
    add(&format!("feed-{}", as_of.feed));
    let time = as_of.time().to_string();
    let compact: String = time.chars().filter(|c| c.is_ascii_digit() || *c == 'T').collect();
    let to_seconds: String = compact.chars().take("20261124T021500".len()).collect();
    add(&format!("{to_seconds}Z"));
    format!("{name}.{}", wanted.format.as_str())
}

/// A table that is being written.
trait TableFile {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError>;
    fn finish(self: Box<Self>, as_of: &AsOf) -> Result<(), ExportError>;
}

/// Writes a file and returns how many rows it has. `scratch` is a directory for what is put
/// together in pieces.
pub fn write(
    tx: &ReadTx<'_>,
    wanted: &Wanted,
    as_of: &AsOf,
    file: File,
    scratch: &Path,
) -> Result<u64, ExportError> {
    let headers = headers(wanted);
    let mut table: Box<dyn TableFile> = match wanted.format {
        Format::Ndjson => return write_ndjson(tx, wanted, as_of, file),
        Format::Csv => Box::new(CsvFile::start(file, wanted.csv, &headers)?),
        Format::Xlsx => Box::new(XlsxFile::start(file, scratch, wanted.what.as_str(), &headers)?),
    };
    let rows = write_rows(tx, wanted, as_of, table.as_mut())?;
    table.finish(as_of)?;
    Ok(rows)
}

fn headers(wanted: &Wanted) -> Vec<&'static str> {
    match wanted.what {
        What::Children | What::Visits => plain::headers(wanted.what.kind()),
        What::Measurements => [&plain::headers(Kind::MEASUREMENT)[..], &scores::COLUMNS].concat(),
        What::EppgbmIdentitas => eppgbm::IDENTITAS.to_vec(),
        What::EppgbmPengukuran => eppgbm::PENGUKURAN.to_vec(),
        What::EppgbmBnba => eppgbm::BNBA.to_vec(),
        What::Recap => recap::headers(wanted.recap_by),
    }
}

fn write_rows(
    tx: &ReadTx<'_>,
    wanted: &Wanted,
    as_of: &AsOf,
    table: &mut dyn TableFile,
) -> Result<u64, ExportError> {
    let (kind, selection) = (wanted.what.kind(), &wanted.selection);
    let mut rows: i64 = 0;
    match wanted.what {
        What::Recap => {
            let month = selection.month.ok_or(ExportError::NoMonth)?;
            return recap::write(tx, selection, (month, wanted.recap_by), table);
        }
        What::EppgbmBnba => return write_bnba(tx, selection, table),
        What::Children | What::Measurements | What::Visits => {
            let places = Places::read(tx)?;
            tx.for_each_live::<ExportError>(kind, selection, |row| {
                rows += 1;
                let row = masked(row);
                let mut cells = plain::cells(kind, &row, &places);
                if kind == Kind::MEASUREMENT {
                    cells.extend(scores::columns_of(tx, &row)?);
                }
                table.row(&cells)
            })?;
        }
        What::EppgbmIdentitas => {
            let list = TargetList::of(Month::of(server_time::today(tx, as_of.time_ms)?));
            tx.for_each_live::<ExportError>(kind, selection, |row| {
                if !eppgbm::is_listed(&row.body, &list) {
                    return Ok(());
                }
                rows += 1;
                table.row(&eppgbm::identitas(rows, &row.body))
            })?;
        }
        What::EppgbmPengukuran => tx.for_each_live::<ExportError>(kind, selection, |row| {
            rows += 1;
            table.row(&eppgbm::pengukuran(rows, &row))
        })?,
    }
    Ok(rows.cast_unsigned())
}

/// A row as a file of records gives it. Whole numbers are for the layouts of e-PPGBM alone, which
/// cannot do without them.
fn masked(mut row: LiveRow) -> LiveRow {
    row.body = mask_body(&row.body);
    if let Some(child) = &mut row.child {
        child.body = mask_body(&child.body);
    }
    row
}

/// One row a child, whose measurements come together: its latest day in the selection.
fn write_bnba(
    tx: &ReadTx<'_>,
    selection: &Selection,
    table: &mut dyn TableFile,
) -> Result<u64, ExportError> {
    let places = Places::read(tx)?;
    let mut rows: i64 = 0;
    let mut put = |day: &LatestDay| -> Result<(), ExportError> {
        rows += 1;
        table.row(&eppgbm::bnba(rows, day, &places))
    };
    let mut present: Option<LatestDay> = None;
    tx.for_each_live::<ExportError>(Kind::MEASUREMENT, selection, |row| {
        let Some(next) = LatestDay::read(tx, row)? else { return Ok(()) };
        let Some(day) = &mut present else {
            present = Some(next);
            return Ok(());
        };
        match day.join(next) {
            Some(of_another) => put(&std::mem::replace(day, of_another)),
            None => Ok(()),
        }
    })?;
    if let Some(day) = &present {
        put(day)?;
    }
    Ok(rows.cast_unsigned())
}

fn write_ndjson(
    tx: &ReadTx<'_>,
    wanted: &Wanted,
    as_of: &AsOf,
    file: File,
) -> Result<u64, ExportError> {
    if !wanted.what.formats().contains(&Format::Ndjson) {
        return Err(ExportError::NoSuchFormat);
    }
    let mut lines = NdjsonFile::start(file);
    let mut rows = 0;
    let kind = wanted.what.kind();
    tx.for_each_live::<ExportError>(kind, &wanted.selection, |row| {
        rows += 1;
        lines.record(&RecordRow::read(tx, kind, masked(row))?)
    })?;
    lines.finish(as_of, rows)?;
    Ok(rows)
}
