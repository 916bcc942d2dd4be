//! The cells of one sheet in little memory, and its rows.

use super::{COLUMNS_MAX, FILE_BYTES_MAX, LINES_MAX, ROW_BYTES_MAX, Row, TOO_LONG, TableError};
use crate::import::fault::RowFault;
use csv::StringRecord;

/// Cells of a sheet that are not blank: every line with 50 columns.
pub const CELLS_MAX: usize = 10_000_000;

/// What is not blank, in reading order. Columns beyond [`COLUMNS_MAX`] are read past: nothing there
/// can stand under a header.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    text: String,
    cells: Vec<Placed>,
}

#[derive(Clone, Copy, Debug)]
struct Placed {
    row: u32,
    column: u16,
    is_number: bool,
    /// Where its text ends in that of the sheet; it begins where the one before ends.
    end: u32,
}

impl Sheet {
    /// Adds a cell at its row and column, both counted from 0.
    pub(super) fn put(
        &mut self,
        (row, column): (u32, u32),
        text: &str,
        is_number: bool,
    ) -> Result<(), TableError> {
        let at_column = u16::try_from(column).unwrap_or(u16::MAX);
        if text.trim().is_empty() || usize::from(at_column) >= COLUMNS_MAX {
            return Ok(());
        }
        if row as usize >= LINES_MAX {
            return Err(TableError::TooManyLines { lines: row as usize + 1 });
        }
        let is_behind =
            self.cells.last().is_none_or(|last| (last.row, last.column) < (row, at_column));
        if !is_behind {
            return Err(TableError::BrokenWorkbook);
        }
        let bytes = self.text.len() + text.len();
        if bytes > FILE_BYTES_MAX || self.cells.len() >= CELLS_MAX {
            return Err(TableError::TooLarge { bytes });
        }
        self.text.push_str(text);
        let end = u32::try_from(bytes).map_err(|_| TableError::TooLarge { bytes })?;
        self.cells.push(Placed { row, column: at_column, is_number, end });
        Ok(())
    }
}

/// Iterates over the rows that have any cell.
#[derive(Debug)]
pub(super) struct SheetRows {
    sheet: Sheet,
    /// How many cells are behind, and where their text ended.
    at: usize,
    text_at: usize,
}

impl SheetRows {
    pub(super) fn new(sheet: Sheet) -> Self {
        SheetRows { sheet, at: 0, text_at: 0 }
    }
}

impl Iterator for SheetRows {
    type Item = Result<Row, RowFault>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.sheet.cells.get(self.at..)?;
        let row = rest.first()?.row;
        let line = u64::from(row) + 1;
        let (mut cells, mut numbers) = (StringRecord::new(), Vec::new());
        let begins = self.text_at;
        for cell in rest.iter().take_while(|cell| cell.row == row) {
            let column = usize::from(cell.column);
            while cells.len() < column {
                cells.push_field("");
            }
            let end = cell.end as usize;
            cells.push_field(self.sheet.text.get(self.text_at..end).unwrap_or_default());
            if cell.is_number {
                numbers.push(column);
            }
            self.text_at = end;
            self.at += 1;
        }
        if self.text_at - begins > ROW_BYTES_MAX {
            return Some(Err(RowFault::of_row(line, TOO_LONG)));
        }
        Some(Ok(Row { line, cells, numbers }))
    }
}
