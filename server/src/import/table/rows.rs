//! The rows of a table, whichever kind of file it was.

use super::Column;
use super::csv::CsvRows;
use super::sheet::SheetRows;
use crate::import::fault::RowFault;
use csv::StringRecord;

/// One row; cells that are not there are blank.
#[derive(Debug)]
pub struct Row {
    pub(super) line: u64,
    pub(super) cells: StringRecord,
    /// The columns whose cells a spreadsheet keeps as numbers.
    pub(super) numbers: Vec<usize>,
}

impl Row {
    /// The line of the file where the row begins, counted from 1; in a sheet, its row.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// A cell without the blanks around it.
    pub fn cell(&self, column: &Column) -> &str {
        self.cells.get(column.index).unwrap_or_default().trim()
    }

    /// Whether a spreadsheet keeps this cell as a number. A CSV file does not say.
    pub fn is_number(&self, column: &Column) -> bool {
        self.numbers.contains(&column.index)
    }
}

/// Iterates over the rows below the header, blank ones left out.
#[derive(Debug)]
pub struct Rows<'a>(pub(super) Kept<'a>);

#[derive(Debug)]
pub(super) enum Kept<'a> {
    Csv(CsvRows<'a>),
    Sheet(SheetRows),
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, RowFault>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Kept::Csv(rows) => rows.next(),
            Kept::Sheet(rows) => rows.next(),
        }
    }
}
