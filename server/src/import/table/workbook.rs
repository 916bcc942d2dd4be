//! The one visible sheet of an .xlsx file, as text.
//!
//! A hidden sheet is never read: one that an export carried along has been seen to put every value
//! of thousands of rows under the wrong header. Numbers and dates come out as a CSV file has them,
//! but a number stays known as one: a NIK that was typed as a number has lost its last digit.

use super::sheet::Sheet;
use super::{TableError, archive};
use crate::export::xlsx::NOTE_SHEET;
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};
use std::borrow::Cow;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads the sheet that was asked for, or the only visible one.
pub(super) fn read(bytes: &[u8], asked: Option<&str>) -> Result<Sheet, TableError> {
    archive::check(bytes)?;
    // The reader of workbooks trusts some numbers of a file (a range that ends before it begins);
    // a panic there is one more way of saying that the file is broken.
    catch_unwind(AssertUnwindSafe(|| read_checked(bytes, asked)))
        .unwrap_or(Err(TableError::BrokenWorkbook))
}

fn read_checked(bytes: &[u8], asked: Option<&str>) -> Result<Sheet, TableError> {
    let broken = |_error| TableError::BrokenWorkbook;
    let mut workbook: Workbook<'_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let name = choose(&workbook, asked)?;
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(broken)?;
    let mut sheet = Sheet::default();
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        if let Some((text, is_number)) = written(cell.get_value()) {
            sheet.put(cell.get_position(), &text, is_number)?;
        }
    }
    Ok(sheet)
}

/// The sheet to read: never guessed when there are several. The one that our own files carry beside
/// their rows is none of them.
fn choose(workbook: &Workbook<'_>, asked: Option<&str>) -> Result<String, TableError> {
    let visible: Vec<&str> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.as_str())
        .collect();
    let found = || visible.join(", ");
    if let Some(asked) = asked {
        let named = visible.iter().find(|name| name.trim() == asked.trim());
        return named
            .map(|name| (*name).to_owned())
            .ok_or_else(|| TableError::NoSuchSheet { asked: asked.to_owned(), found: found() });
    }
    let of_rows: Vec<&str> = visible.iter().copied().filter(|name| *name != NOTE_SHEET).collect();
    match of_rows.as_slice() {
        [only] => Ok((*only).to_owned()),
        [] => Err(TableError::NoVisibleSheet),
        [_, _, ..] => Err(TableError::SeveralSheets { found: found() }),
    }
}

/// A cell as a CSV file would have it, and whether it is a number; none when it is empty.
fn written<'c>(cell: &'c DataRef<'_>) -> Option<(Cow<'c, str>, bool)> {
    let (text, is_number) = match cell {
        DataRef::Empty => return None,
        DataRef::Int(whole) => (Cow::Owned(whole.to_string()), true),
        DataRef::Float(number) => (Cow::Owned(number.to_string()), true),
        DataRef::DateTime(moment) if moment.is_duration() => {
            (Cow::Owned(moment.as_f64().to_string()), true)
        }
        // The time of day is left out, as it is of a serial number.
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            (Cow::Owned(format!("{year:04}-{month:02}-{day:02}")), false)
        }
        DataRef::Bool(true) => (Cow::Borrowed("TRUE"), false),
        DataRef::Bool(false) => (Cow::Borrowed("FALSE"), false),
        DataRef::SharedString(text) => (Cow::Borrowed(*text), false),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            (Cow::Borrowed(text.as_str()), false)
        }
        DataRef::Error(error) => (Cow::Owned(error.to_string()), false),
    };
    Some((text, is_number))
}
