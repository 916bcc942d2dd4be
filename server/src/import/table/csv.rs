//! The rows of a CSV file, one at a time, each with the line of the file where it begins.

use super::{COLUMNS_MAX, ROW_BYTES_MAX, Row, TOO_LONG, TableError};
use crate::import::fault::RowFault;
use csv::StringRecord;

/// Iterates over the rows. One row is in memory at a time.
#[derive(Debug)]
pub(super) struct CsvRows<'a> {
    text: &'a [u8],
    reader: csv::Reader<&'a [u8]>,
    /// Bytes before the reader's first one.
    skipped: usize,
    /// Bytes whose line breaks are counted in `line`.
    counted: usize,
    line: u64,
    columns: usize,
}

impl<'a> CsvRows<'a> {
    pub(super) fn new(text: &'a str, delimiter: u8, skipped: usize) -> Self {
        let text = text.as_bytes();
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            // A short row is one whose last cells were left out, which Excel does.
            .flexible(true)
            .from_reader(text.get(skipped..).unwrap_or_default());
        CsvRows { text, reader, skipped, counted: 0, line: 1, columns: 0 }
    }

    pub(super) fn read_header(&mut self) -> Result<Vec<String>, TableError> {
        match self.read() {
            None => Err(TableError::NoHeader),
            Some(Ok(row)) if row.cells.len() <= COLUMNS_MAX => {
                self.columns = row.cells.len();
                Ok(row.cells.iter().map(|cell| cell.trim().to_owned()).collect())
            }
            Some(Ok(_) | Err(_)) => Err(TableError::BrokenHeader),
        }
    }

    fn read(&mut self) -> Option<Result<Row, RowFault>> {
        let mut cells = StringRecord::new();
        let read = self.reader.read_record(&mut cells);
        let line = self.line_of(&cells);
        match read {
            Ok(false) => None,
            Ok(true) if cells.as_slice().len() > ROW_BYTES_MAX => {
                Some(Err(RowFault::of_row(line, TOO_LONG)))
            }
            Ok(true) if self.ends_inside_quotes() => {
                Some(Err(RowFault::of_row(line, QUOTE_NOT_CLOSED)))
            }
            Ok(true) => Some(Ok(Row { line, cells, numbers: Vec::new() })),
            Err(_) => Some(Err(RowFault::of_row(line, UNREADABLE))),
        }
    }

    /// The line where a record begins. Counted here because the reader's own count is that of the
    /// blank lines before it.
    fn line_of(&mut self, cells: &StringRecord) -> u64 {
        let from = cells.position().map_or(0, csv::Position::byte);
        let from = usize::try_from(from).unwrap_or(usize::MAX).saturating_add(self.skipped);
        let blanks = self.text.get(from..).unwrap_or_default();
        let blanks = blanks.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let begins = from.saturating_add(blanks).min(self.text.len());
        for byte in self.text.get(self.counted..begins).unwrap_or_default() {
            self.line += u64::from(*byte == b'\n');
        }
        self.counted = begins.max(self.counted);
        self.line
    }

    /// Whether the record just read swallowed the end of the file because a quote was not closed:
    /// it goes over several lines, to the end, and its quotes do not come in pairs.
    fn ends_inside_quotes(&self) -> bool {
        let record = self.text.get(self.counted..).unwrap_or_default();
        usize::try_from(self.reader.position().byte())
            .is_ok_and(|at| at + self.skipped >= self.text.len())
            && record.trim_ascii_end().contains(&b'\n')
            && record.iter().filter(|byte| **byte == b'"').count() % 2 == 1
    }
}

impl Iterator for CsvRows<'_> {
    type Item = Result<Row, RowFault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let row = match self.read()? {
                Ok(row) => row,
                Err(fault) => return Some(Err(fault)),
            };
            if row.cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            // A comma typed into an unquoted address moves every later cell by one: such a row
            // must not be read, for its cells are no longer under their headers. The cell too many
            // is often blank, as the template ends in two columns that are empty normally.
            if row.cells.len() > self.columns {
                return Some(Err(RowFault::of_row(row.line, TOO_MANY_CELLS)));
            }
            return Some(Ok(row));
        }
    }
}

pub(super) const QUOTE_NOT_CLOSED: &str =
    "Tanda kutip (\") di baris ini tidak ditutup, sehingga baris-baris sesudahnya ikut terbaca.";
const UNREADABLE: &str = "Baris ini tidak dapat dibaca.";
pub(super) const TOO_MANY_CELLS: &str = "Isian baris ini lebih banyak daripada judul kolom. Periksa tanda pemisah di dalam alamat atau nama.";
