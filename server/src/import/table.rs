//! A table read by the names in its header and never by position: e-PPGBM files of different years
//! have their columns in different places.
//!
//! Two kinds of file, told by their first bytes, and nobody who reads rows knows which it was:
//! CSV (UTF-8 with or without a byte order mark; comma, semicolon or tab, told from the header line
//! or from Excel's `sep=` line; quoted cells) and .xlsx (one visible sheet). Everything is bounded.

pub mod archive;
mod csv;
mod lines;
mod rows;
pub mod sheet;
mod workbook;

pub use rows::{Row, Rows};

use self::csv::CsvRows;
use lines::{body_of, delimiter_of, header_key};
use rows::Kept;
use sheet::SheetRows;

/// Bytes of a file.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Lines of a file, the header and line breaks inside quotes counted.
pub const LINES_MAX: usize = 200_000;
/// Bytes of one row, and so of one cell.
pub const ROW_BYTES_MAX: usize = 64 * 1024;
/// Columns of a table.
pub const COLUMNS_MAX: usize = 256;
/// Characters of a header that an error repeats, and headers that it lists.
const SHOWN_CHARS: usize = 40;
const SHOWN_COLUMNS: usize = 60;

/// Why a file cannot be read as a table. The texts are for the person who chose the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    #[error("Berkas terlalu besar: {bytes} bita, paling banyak {FILE_BYTES_MAX} bita.")]
    TooLarge { bytes: usize },
    #[error(
        "Berkas terlalu panjang: {lines} baris, paling banyak {LINES_MAX} baris. Bagi menjadi beberapa berkas."
    )]
    TooManyLines { lines: usize },
    #[error(
        "Berkas bukan teks UTF-8 (mulai baris {line}). Buka di Excel lalu simpan sebagai \"CSV UTF-8\"."
    )]
    NotUtf8 { line: usize },
    #[error("Berkas kosong: baris judul kolom tidak ditemukan.")]
    NoHeader,
    #[error(
        "Baris judul kolom tidak dapat dibaca: terlalu panjang atau tanda kutipnya tidak ditutup."
    )]
    BrokenHeader,
    #[error(
        "Berkas Excel lama (.xls) atau yang memakai kata sandi tidak dapat dibaca. Simpan sebagai .xlsx tanpa kata sandi, atau sebagai \"CSV UTF-8\"."
    )]
    OldWorkbook,
    #[error("Berkas Excel ini rusak. Buka di Excel lalu simpan ulang sebagai .xlsx.")]
    BrokenWorkbook,
    #[error(
        "Isi berkas Excel ini terlalu besar. Bagi menjadi beberapa berkas, atau simpan sebagai \"CSV UTF-8\"."
    )]
    UnpacksTooLarge,
    #[error("Berkas Excel ini tidak punya lembar yang terlihat.")]
    NoVisibleSheet,
    #[error(
        "Berkas Excel ini punya beberapa lembar: {found}. Pilih satu dengan --sheet \"NAMA LEMBAR\"."
    )]
    SeveralSheets { found: String },
    #[error("Lembar \"{asked}\" tidak ada atau tersembunyi. Lembar yang terlihat: {found}.")]
    NoSuchSheet { asked: String, found: String },
    #[error("Hanya berkas Excel (.xlsx) yang punya lembar: ulangi tanpa --sheet.")]
    NoSheets,
    #[error("Kolom \"{column}\" tidak ditemukan. Kolom yang ada: {found}.")]
    MissingColumn { column: &'static str, found: String },
    #[error("Kolom \"{column}\" ada lebih dari sekali. Hapus atau ganti nama salah satunya.")]
    TwiceGiven { column: String },
}

/// A file that somebody chose.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub bytes: &'a [u8],
    /// The sheet of a workbook that is meant, where there are several.
    pub sheet: Option<&'a str>,
}

impl<'a> From<&'a [u8]> for Source<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Source { bytes, sheet: None }
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Source<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Source { bytes, sheet: None }
    }
}

impl<'a> From<&'a Vec<u8>> for Source<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Source { bytes, sheet: None }
    }
}

/// Where a column stands, and how its header is written in this file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    index: usize,
    header: String,
}

impl Column {
    pub fn header(&self) -> &str {
        &self.header
    }
}

/// A file whose header has been read.
#[derive(Debug)]
pub struct Table<'a> {
    headers: Vec<String>,
    rows: Rows<'a>,
}

/// How the archive that an .xlsx file is begins, and how an .xls file or one with a password does.
const XLSX_MAGIC: &[u8] = b"PK\x03\x04";
const XLS_MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

impl<'a> Table<'a> {
    /// Reads the header. Whatever is wrong with the file as a whole is told here; after this,
    /// faults are those of single rows.
    pub fn open(source: impl Into<Source<'a>>) -> Result<Table<'a>, TableError> {
        let Source { bytes, sheet } = source.into();
        if bytes.len() > FILE_BYTES_MAX {
            return Err(TableError::TooLarge { bytes: bytes.len() });
        }
        let (headers, rows) = if bytes.starts_with(XLSX_MAGIC) {
            open_workbook(bytes, sheet)?
        } else if bytes.starts_with(XLS_MAGIC) {
            return Err(TableError::OldWorkbook);
        } else if sheet.is_some() {
            return Err(TableError::NoSheets);
        } else {
            open_csv(bytes)?
        };
        if headers.iter().all(String::is_empty) {
            return Err(TableError::NoHeader);
        }
        Ok(Table { headers, rows: Rows(rows) })
    }

    /// The column that has one of these names; the earlier name wins. Letters and digits count,
    /// case, spaces, underscores and other signs do not.
    pub fn column(&self, names: &[&str]) -> Result<Option<Column>, TableError> {
        for name in names {
            let key = header_key(name);
            let mut found = self.headers.iter().enumerate().filter(|(_, h)| header_key(h) == key);
            let Some((index, header)) = found.next() else { continue };
            if found.next().is_some() {
                return Err(TableError::TwiceGiven { column: shown(header) });
            }
            return Ok(Some(Column { index, header: header.clone() }));
        }
        Ok(None)
    }

    /// A column without which the file makes no sense. `names` begins with the name that the error
    /// gives.
    pub fn required(&self, column: &'static str, synonyms: &[&str]) -> Result<Column, TableError> {
        let missing = || TableError::MissingColumn { column, found: self.found() };
        match self.column(&[column])? {
            Some(found) => Ok(found),
            None => self.column(synonyms)?.ok_or_else(missing),
        }
    }

    /// The rows below the header, blank ones left out.
    pub fn rows(self) -> Rows<'a> {
        self.rows
    }

    fn found(&self) -> String {
        let named = self.headers.iter().filter(|header| !header.is_empty());
        named.take(SHOWN_COLUMNS).map(|header| shown(header)).collect::<Vec<_>>().join(", ")
    }
}

fn open_csv(bytes: &[u8]) -> Result<(Vec<String>, Kept<'_>), TableError> {
    let text = body_of(bytes)?;
    let lines = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
    if lines > LINES_MAX {
        return Err(TableError::TooManyLines { lines });
    }
    let (delimiter, skipped) = delimiter_of(text);
    let mut rows = CsvRows::new(text, delimiter, skipped);
    Ok((rows.read_header()?, Kept::Csv(rows)))
}

fn open_workbook<'a>(
    bytes: &[u8],
    sheet: Option<&str>,
) -> Result<(Vec<String>, Kept<'a>), TableError> {
    let mut rows = SheetRows::new(workbook::read(bytes, sheet)?);
    let header = rows.next().ok_or(TableError::NoHeader)?;
    let header = header.map_err(|_too_long| TableError::BrokenHeader)?;
    Ok((header.cells.iter().map(|cell| cell.trim().to_owned()).collect(), Kept::Sheet(rows)))
}

/// What is said of a row whose bytes are more than [`ROW_BYTES_MAX`].
const TOO_LONG: &str = "Baris ini terlalu panjang. Periksa tanda kutip (\") yang tidak ditutup.";

fn shown(header: &str) -> String {
    header.chars().take(SHOWN_CHARS).collect()
}

#[cfg(test)]
mod tests;
