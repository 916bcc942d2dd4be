//! A CSV table read by the names in its header and never by position: e-PPGBM files of different
//! years have their columns in different places.
//!
//! Accepted: UTF-8 with or without a byte order mark; comma, semicolon or tab, told from the header
//! line or from Excel's `sep=` line; quoted cells. Everything is bounded.

mod lines;
mod rows;

pub use rows::{Row, Rows};

use lines::{body_of, delimiter_of, header_key};

/// Bytes of a file.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Lines of a file, the header and line breaks inside quotes counted.
pub const LINES_MAX: usize = 200_000;
/// Bytes of one row.
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
    #[error("Kolom \"{column}\" tidak ditemukan. Kolom yang ada: {found}.")]
    MissingColumn { column: &'static str, found: String },
    #[error("Kolom \"{column}\" ada lebih dari sekali. Hapus atau ganti nama salah satunya.")]
    TwiceGiven { column: String },
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

impl<'a> Table<'a> {
    /// Reads the header. Whatever is wrong with the file as a whole is told here; after this,
    /// faults are those of single rows.
    pub fn open(bytes: &'a [u8]) -> Result<Table<'a>, TableError> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(TableError::TooLarge { bytes: bytes.len() });
        }
        let text = body_of(bytes)?;
        let lines = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
        if lines > LINES_MAX {
            return Err(TableError::TooManyLines { lines });
        }
        let (delimiter, skipped) = delimiter_of(text);
        let mut rows = Rows::new(text, delimiter, skipped);
        let headers = rows.read_header()?;
        if headers.iter().all(String::is_empty) {
            return Err(TableError::NoHeader);
        }
        Ok(Table { headers, rows })
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

fn shown(header: &str) -> String {
    header.chars().take(SHOWN_CHARS).collect()
}

#[cfg(test)]
mod tests;
