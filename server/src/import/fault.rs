//! What an import says about a row that it refuses or doubts, in words for the person who typed it.
//!
//! A reason never repeats a NIK or KK: these lists are printed and passed on.

use super::table::TableError;
use std::fmt;

/// A row that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// The line of the file where the row begins, the header counted.
    pub line: u64,
    /// The column as its header is written in the file; none when it is the row as a whole.
    pub column: Option<String>,
    /// One sentence in Bahasa Indonesia.
    pub reason: String,
}

/// Something doubtful in a row that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowNote {
    /// See [`RowFault::line`].
    pub line: u64,
    /// See [`RowFault::column`].
    pub column: Option<String>,
    /// See [`RowFault::reason`].
    pub reason: String,
}

/// A reference file that was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// It cannot be read as a table with the columns it needs.
    #[error(transparent)]
    Table(#[from] TableError),
    /// These of its rows are wrong; nothing of it was taken.
    #[error("{}", listed(.0))]
    Rows(Vec<RowFault>),
}

impl RowFault {
    pub(super) fn of_row(line: u64, reason: impl Into<String>) -> Self {
        RowFault { line, column: None, reason: reason.into() }
    }

    pub(super) fn at(line: u64, column: &str, reason: impl Into<String>) -> Self {
        RowFault { line, column: Some(column.to_owned()), reason: reason.into() }
    }
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_place(f, self.line, self.column.as_deref())?;
        f.write_str(&self.reason)
    }
}

impl fmt::Display for RowNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_place(f, self.line, self.column.as_deref())?;
        f.write_str(&self.reason)
    }
}

/// What a reason repeats of a cell: its beginning, on one line, with the digits of a number as long
/// as a NIK hidden, since in a file with shifted columns any cell may hold one.
pub(crate) fn shown(cell: &str) -> String {
    let hide = cell.chars().filter(char::is_ascii_digit).count() >= LONG_NUMBER_DIGITS;
    let hidden = |c: char| if hide && c.is_ascii_digit() { '*' } else { c };
    let visible = cell.chars().map(|c| if c.is_control() { ' ' } else { hidden(c) });
    visible.take(SHOWN_CHARS).collect()
}

const SHOWN_CHARS: usize = 40;
const LONG_NUMBER_DIGITS: usize = 12;

fn write_place(f: &mut fmt::Formatter<'_>, line: u64, column: Option<&str>) -> fmt::Result {
    match column {
        Some(column) => write!(f, "Baris {line}, kolom {column}: "),
        None => write!(f, "Baris {line}: "),
    }
}

fn listed(faults: &[RowFault]) -> String {
    faults.iter().map(RowFault::to_string).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_repeats_neither_a_nik_nor_a_whole_page() {
        assert_eq!(shown("1604065205239001"), "****************");
        assert_eq!(shown("31-02-2024"), "31-02-2024");
        assert_eq!(shown("a\nb"), "a b");
        assert_eq!(shown(&"x".repeat(9000)).len(), SHOWN_CHARS);
    }
}
