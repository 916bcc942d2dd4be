//! A table as an Excel workbook: real numbers and dates, NIK as text, the header row frozen, and a
//! second sheet that says what the file is a picture of.
//!
//! Texts are string cells and marked as such (`quotePrefix`), so that they stay text when somebody
//! edits them; they say exactly what was typed, without an apostrophe. Rows go to a temporary file
//! as they come: the memory needed does not grow with the table.

use super::cell::Cell;
use super::{AsOf, ExportError, TableFile};
use chrono::Datelike;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use sync_protocol::time::CivilDate;

/// Rows of a worksheet, the header counted.
const ROWS_MAX: u32 = 1_048_576;
/// Characters that a cell can hold, as Excel counts them.
const CELL_UNITS_MAX: usize = 32_767;
const CUT: &str = " [dipotong]";
const COLUMN_WIDTH: f64 = 16.0;
/// The sheet that says what the file is a picture of; an import reads past it.
pub(crate) const NOTE_SHEET: &str = "keterangan";

pub(super) struct XlsxFile {
    file: File,
    workbook: Workbook,
    formats: Formats,
    next_row: u32,
}

/// Formats are registered once and reused.
struct Formats {
    text: Format,
    date: Format,
    header: Format,
    /// By decimal places, from none to three.
    numbers: [Format; 4],
}

impl Formats {
    fn new() -> Self {
        let number = |shown| Format::new().set_num_format(shown);
        Formats {
            text: Format::new().set_num_format("@").set_quote_prefix(),
            date: number("yyyy-mm-dd"),
            header: Format::new().set_bold(),
            numbers: [number("0"), number("0.0"), number("0.00"), number("0.000")],
        }
    }
}

impl XlsxFile {
    /// `scratch` is where the rows wait until the workbook is put together.
    pub(super) fn start(
        file: File,
        scratch: &Path,
        sheet: &str,
        headers: &[&str],
    ) -> Result<Self, ExportError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(scratch)?;
        let formats = Formats::new();
        let worksheet = workbook.add_worksheet_with_constant_memory()?;
        worksheet.set_name(sheet)?;
        worksheet.set_freeze_panes(1, 0)?;
        for (header, column) in headers.iter().zip(0..) {
            worksheet.set_column_width(column, COLUMN_WIDTH)?;
            worksheet.write_string_with_format(0, column, *header, &formats.header)?;
        }
        Ok(XlsxFile { file, workbook, formats, next_row: 1 })
    }
}

impl TableFile for XlsxFile {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        if self.next_row >= ROWS_MAX {
            return Err(ExportError::TooManyRows);
        }
        let worksheet = self.workbook.worksheet_from_index(0)?;
        for (cell, column) in cells.iter().zip(0..) {
            put(worksheet, &self.formats, (self.next_row, column), cell)?;
        }
        self.next_row += 1;
        Ok(())
    }

    fn finish(mut self: Box<Self>, as_of: &AsOf) -> Result<(), ExportError> {
        let worksheet = self.workbook.add_worksheet_with_constant_memory()?;
        worksheet.set_name(NOTE_SHEET)?;
        worksheet.set_column_width(0, 48)?;
        worksheet.set_column_width(1, 32)?;
        for ((name, value), row) in as_of.lines().into_iter().zip(0..) {
            worksheet.write_string_with_format(row, 0, name, &self.formats.header)?;
            put(worksheet, &self.formats, (row, 1), &value)?;
        }
        if let Ok(made) = ExcelDateTime::from_timestamp(as_of.time_ms.div_euclid(1000)) {
            self.workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        }
        let mut file = BufWriter::new(self.file);
        self.workbook.save_to_writer(&mut file)?;
        file.flush()?;
        Ok(())
    }
}

fn put(
    sheet: &mut Worksheet,
    formats: &Formats,
    (row, column): (u32, u16),
    cell: &Cell<'_>,
) -> Result<(), ExportError> {
    match cell {
        Cell::Blank => {}
        Cell::Text(text) => {
            sheet.write_string_with_format(row, column, fitting(text), &formats.text)?;
        }
        Cell::Whole(number) => {
            let [whole, ..] = &formats.numbers;
            sheet.write_number_with_format(row, column, float(*number), whole)?;
        }
        Cell::Decimal { value, places } => {
            let [whole, ..] = &formats.numbers;
            let shown = usize::try_from(*places).ok().and_then(|at| formats.numbers.get(at));
            let number = float(*value) / f64::from(10_u32.pow(*places));
            sheet.write_number_with_format(row, column, number, shown.unwrap_or(whole))?;
        }
        Cell::Date(date) => match excel_date(*date) {
            Some(day) => {
                sheet.write_datetime_with_format(row, column, &day, &formats.date)?;
            }
            None => {
                sheet.write_string_with_format(row, column, date.to_string(), &formats.text)?;
            }
        },
    }
    Ok(())
}

/// Numbers here are measures and counts: far below what a float holds exactly.
fn float(number: i64) -> f64 {
    let [high, low] = [number >> 32, number & 0xFFFF_FFFF];
    let part = |part: i64| f64::from(u32::try_from(part).unwrap_or(u32::MAX));
    let high = f64::from(i32::try_from(high).unwrap_or(i32::MAX));
    high * 4_294_967_296.0 + part(low)
}

fn excel_date(date: CivilDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(date.year()).ok()?;
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}

/// A text that fits into a cell; what is cut says so.
fn fitting(text: &str) -> String {
    let units = |text: &str| text.chars().map(char::len_utf16).sum::<usize>();
    if units(text) <= CELL_UNITS_MAX {
        return text.to_owned();
    }
    let mut left = CELL_UNITS_MAX - units(CUT);
    let kept = text.chars().take_while(|c| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        fits
    });
    kept.chain(CUT.chars()).collect()
}

impl std::fmt::Debug for XlsxFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XlsxFile").field("next_row", &self.next_row).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_too_long_for_a_cell_is_cut_and_says_so() {
        let long = "é".repeat(40_000);
        let cut = fitting(&long);
        assert_eq!(cut.chars().count(), CELL_UNITS_MAX);
        assert!(cut.ends_with(CUT));
        let fits = "x".repeat(CELL_UNITS_MAX);
        assert_eq!(fitting(&fits), fits);
        assert!(fitting(&"😀".repeat(20_000)).encode_utf16().count() <= CELL_UNITS_MAX);
    }

    #[test]
    fn whole_numbers_are_floats_exactly() {
        for (number, expected) in
            [(0, 0.0), (8150, 8150.0), (-231, -231.0), (1 << 40, 1_099_511_627_776.0)]
        {
            assert!((float(number) - expected).abs() < f64::EPSILON, "{number}");
        }
    }
}
