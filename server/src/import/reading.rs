//! One row of a file on its way to a body: cells are read, what is beside the point is noted, and
//! what cannot be right refuses the row at its column.

use super::amounts::{Unreadable, grams, millimetres, yes_or_no};
use super::columns::{AREA_CODE, BIRTH_DATE, Columns, DESA, KECAMATAN, NAME, SEX};
use super::dates::birth_date;
use super::fault::{RowFault, RowNote, shown};
use super::identity::{Number, number};
use super::place::Place;
use super::sex::Sex;
use super::table::Row;
use crate::export::formula::unguard;
use sync_protocol::body::Body;
use sync_protocol::limits::STRING_BYTES_MAX;
use sync_protocol::parked::Fault;
use sync_protocol::record::{Kind, Shape};
use sync_protocol::time::CivilDate;

/// A column that holds an amount, its field, and how the field's bounds are told.
pub(super) struct Amount {
    pub(super) column: &'static str,
    pub(super) field: &'static str,
    pub(super) read: fn(&str) -> Result<Option<i64>, Unreadable>,
    pub(super) unit: &'static str,
    /// How many of the field's own units make one of `unit`.
    pub(super) scale: i64,
}

impl Amount {
    pub(super) const fn kilograms(column: &'static str, field: &'static str) -> Self {
        Amount { column, field, read: grams, unit: " kg", scale: 1000 }
    }

    pub(super) const fn centimetres(column: &'static str, field: &'static str) -> Self {
        Amount { column, field, read: millimetres, unit: " cm", scale: 10 }
    }
}

pub(super) const SEX_UNREADABLE: &str =
    "Isi jenis kelamin dengan L (laki-laki) atau P (perempuan).";
const DAMAGED: &str = "Angka ini rusak karena disimpan sebagai bilangan di Excel dan tidak dipakai. Isi ulang sebagai teks.";
const FORMULA_ERROR: &str =
    "Sel ini berisi galat rumus Excel dan tidak dipakai. Isi dengan nilai aslinya.";

#[derive(Debug)]
pub(super) struct Reading<'r> {
    row: &'r Row,
    columns: &'r Columns,
    kind: Kind,
    pub(super) body: Body,
    pub(super) notes: Vec<RowNote>,
}

impl<'r> Reading<'r> {
    pub(super) fn new(row: &'r Row, columns: &'r Columns, kind: Kind) -> Self {
        Reading { row, columns, kind, body: Body::new(), notes: Vec::new() }
    }

    pub(super) fn cell(&self, column: &str) -> &'r str {
        self.columns.cell(self.row, column)
    }

    pub(super) fn fault(&self, column: &str, reason: impl Into<String>) -> RowFault {
        RowFault::at(self.row.line(), self.columns.header(column), reason)
    }

    pub(super) fn note(&mut self, column: &str, reason: &str) {
        let column = Some(self.columns.header(column).to_owned());
        self.notes.push(RowNote { line: self.row.line(), column, reason: reason.to_owned() });
    }

    /// The child's name; blank when there is none.
    pub(super) fn name(&self) -> String {
        let cell = self.cell(NAME);
        let name = if is_formula_error(cell) { String::new() } else { plain(&unguard(cell)) };
        if name.chars().any(char::is_alphabetic) { name } else { String::new() }
    }

    pub(super) fn birth_date(&self, today: CivilDate) -> Result<Option<CivilDate>, RowFault> {
        match self.cell(BIRTH_DATE) {
            "" => Ok(None),
            cell => birth_date(cell, today).map(Some).map_err(|why| self.fault(BIRTH_DATE, why)),
        }
    }

    pub(super) fn sex(&self) -> Result<Option<Sex>, RowFault> {
        match self.cell(SEX) {
            "" => Ok(None),
            cell => Sex::read(cell).map(Some).ok_or_else(|| self.fault(SEX, SEX_UNREADABLE)),
        }
    }

    pub(super) fn text(&mut self, column: &str, field: &str) -> Result<(), RowFault> {
        let cell = self.cell(column);
        if is_formula_error(cell) {
            self.note(column, FORMULA_ERROR);
            return Ok(());
        }
        let text = plain(&unguard(cell));
        if text.is_empty() { Ok(()) } else { self.put(column, field, text) }
    }

    /// A NIK, KK or phone number as it was typed; a damaged one is noted, and none.
    pub(super) fn digits(&mut self, column: &str) -> Option<String> {
        match number(self.cell(column), self.columns.is_number(self.row, column)) {
            Number::None => None,
            Number::AsTyped(text) => Some(text),
            Number::Damaged => {
                self.note(column, DAMAGED);
                None
            }
        }
    }

    pub(super) fn number(&mut self, column: &str, field: &str) -> Result<(), RowFault> {
        match self.digits(column) {
            Some(text) => self.put(column, field, text),
            None => Ok(()),
        }
    }

    pub(super) fn amount(&mut self, amount: &Amount) -> Result<(), RowFault> {
        let cell = self.cell(amount.column);
        let value = (amount.read)(cell).map_err(|Unreadable| {
            let reason = format!("\"{}\" bukan angka yang dapat dibaca.", shown(cell));
            self.fault(amount.column, reason)
        })?;
        let Some(value) = value else { return Ok(()) };
        if let Some(Shape::Whole { min, max }) =
            self.kind.field(amount.field).map(|field| field.shape)
            && !(min..=max).contains(&value)
        {
            let (least, most) = (decimal(min, amount.scale), decimal(max, amount.scale));
            let (cell, unit) = (shown(cell), amount.unit);
            let reason = format!("\"{cell}\" di luar batas wajar {least} sampai {most}{unit}.");
            return Err(self.fault(amount.column, reason));
        }
        self.body.set(amount.field, value);
        Ok(())
    }

    /// Yes or no; what is neither is noted, and none.
    pub(super) fn yes_or_no(&mut self, column: &str) -> Option<bool> {
        yes_or_no(self.cell(column)).unwrap_or_else(|Unreadable| {
            self.note(column, "Isian ini bukan ya atau tidak, dan tidak dipakai.");
            None
        })
    }

    pub(super) fn flag(&mut self, column: &str, field: &str) {
        if let Some(yes) = self.yes_or_no(column) {
            self.body.set(field, yes);
        }
    }

    pub(super) fn place(&self) -> Result<Place, RowFault> {
        let code = self.cell(AREA_CODE);
        if !code.is_empty() {
            return code.parse().map(Place::Code).map_err(|_not_a_code| {
                let reason =
                    format!("\"{}\" bukan kode wilayah. Contoh: 16.04.06.2008.", shown(code));
                self.fault(AREA_CODE, reason)
            });
        }
        let (kecamatan, desa) = (plain(self.cell(KECAMATAN)), plain(self.cell(DESA)));
        if kecamatan.is_empty() && desa.is_empty() {
            return Ok(Place::Unstated);
        }
        // Some lists write the code where others write the name.
        match desa.parse() {
            Ok(code) => Ok(Place::Code(code)),
            Err(_a_name) => Ok(Place::Names { kecamatan, desa }),
        }
    }

    pub(super) fn put(&mut self, column: &str, field: &str, text: String) -> Result<(), RowFault> {
        if text.len() > STRING_BYTES_MAX {
            return Err(self.fault(column, "Isian ini terlalu panjang."));
        }
        self.body.set(field, text);
        Ok(())
    }
}

/// The last word is the contract's own check; the reading above should leave it nothing to refuse.
pub(crate) fn refused(line: u64, fault: &Fault) -> RowFault {
    RowFault { line, column: fault.field.clone(), reason: fault.code.message().to_owned() }
}

/// `#N/A`, `#DIV/0!`, `#NAME?`: what a spreadsheet shows and exports for a formula that failed.
fn is_formula_error(cell: &str) -> bool {
    let name = cell.strip_prefix('#').unwrap_or_default();
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_uppercase() || matches!(b, b'/' | b'0' | b'!' | b'?'))
}

/// A cell as one line of text: control characters out, one blank between words.
fn plain(cell: &str) -> String {
    let words = cell.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// An amount as it is said: 300 g is 0,3 kg.
pub(crate) fn decimal(value: i64, scale: i64) -> String {
    let (whole, part) = (value / scale, value % scale);
    if part == 0 {
        return whole.to_string();
    }
    let digits = scale.ilog10() as usize;
    let part = format!("{part:0digits$}");
    format!("{whole},{}", part.trim_end_matches('0'))
}
