//! A table as CSV: UTF-8, every text guarded against formulas.
//!
//! CSV has no place for remarks, so the as-of position, its time and how complete it is are in the
//! file's name and in the headers of the answer; whoever wants them inside asks for a note, which
//! is one row more at the end.

use super::cell::{Cell, decimal_text};
use super::formula::guard;
use super::{AsOf, ExportError, TableFile};
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};

/// How a CSV file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvOptions {
    /// A byte order mark, by which Excel knows UTF-8.
    pub bom: bool,
    pub separator: Separator,
    /// One row more, which says what the file is a picture of.
    pub note: bool,
}

impl Default for CsvOptions {
    fn default() -> Self {
        CsvOptions { bom: false, separator: Separator::Comma, note: false }
    }
}

/// What stands between two cells. Excel in Indonesian wants a semicolon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    Comma,
    Semicolon,
}

impl Separator {
    pub const ALL: [Separator; 2] = [Separator::Comma, Separator::Semicolon];

    pub fn as_str(self) -> &'static str {
        match self {
            Separator::Comma => ",",
            Separator::Semicolon => ";",
        }
    }

    fn byte(self) -> u8 {
        match self {
            Separator::Comma => b',',
            Separator::Semicolon => b';',
        }
    }
}

impl std::str::FromStr for Separator {
    type Err = sync_protocol::ids::BadId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Separator::ALL
            .into_iter()
            .find(|separator| separator.as_str() == text)
            .ok_or(sync_protocol::ids::BadId("separator (, or ;)"))
    }
}

#[derive(Debug)]
pub(super) struct CsvFile {
    writer: csv::Writer<BufWriter<File>>,
    columns: usize,
    note: bool,
}

impl CsvFile {
    pub(super) fn start(
        file: File,
        options: CsvOptions,
        headers: &[&str],
    ) -> Result<Self, ExportError> {
        let mut file = BufWriter::new(file);
        if options.bom {
            file.write_all("\u{FEFF}".as_bytes())?;
        }
        let mut writer = csv::WriterBuilder::new()
            .delimiter(options.separator.byte())
            .terminator(csv::Terminator::CRLF)
            .from_writer(file);
        writer.write_record(headers)?;
        Ok(CsvFile { writer, columns: headers.len(), note: options.note })
    }
}

impl TableFile for CsvFile {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        for cell in cells {
            self.writer.write_field(text_of(cell).as_bytes())?;
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }

    fn finish(mut self: Box<Self>, as_of: &AsOf) -> Result<(), ExportError> {
        if self.note {
            let mut cells = vec![Cell::Blank; self.columns];
            if let Some(first) = cells.first_mut() {
                *first = Cell::text(as_of.sentence());
            }
            self.row(&cells)?;
        }
        self.writer.flush()?;
        Ok(())
    }
}

fn text_of<'c>(cell: &'c Cell<'_>) -> Cow<'c, str> {
    match cell {
        Cell::Blank => Cow::Borrowed(""),
        Cell::Text(text) => guard(text),
        Cell::Whole(number) => Cow::Owned(number.to_string()),
        Cell::Decimal { value, places } => Cow::Owned(decimal_text(*value, *places)),
        Cell::Date(date) => Cow::Owned(date.to_string()),
    }
}
