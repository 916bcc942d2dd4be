//! One row of a sasaran file, read into a child's body.
//!
//! Required cells and measures that cannot be right refuse the row. What is only beside the point
//! (a NIK, a phone number, whether there is a Buku KIA) is left out with a note.

use super::amounts::{Unreadable, count, grams, is_marked, millimetres, yes_or_no};
use super::columns::{self, Columns};
use super::dates::birth_date;
use super::identity::{Number, doubt, number};
use super::{Marks, MatchKey, SasaranRow};
use crate::export::formula::unguard;
use crate::import::fault::{RowFault, RowNote, shown};
use crate::import::place::Place;
use crate::import::sex::Sex;
use crate::import::table::Row;
use sync_protocol::body::Body;
use sync_protocol::limits::STRING_BYTES_MAX;
use sync_protocol::parked::Fault;
use sync_protocol::record::{Kind, Shape, child as field};
use sync_protocol::time::CivilDate;

type ReadAmount = fn(&str) -> Result<Option<i64>, Unreadable>;

/// Column, field, reading, and how the bounds of the field are told: unit and units in one of it.
const AMOUNTS: [(&str, &str, ReadAmount, &str, i64); 5] = [
    (columns::BIRTH_ORDER, field::BIRTH_ORDER, count, "", 1),
    (columns::GESTATION, field::GESTATION_WEEKS, count, " minggu", 1),
    (columns::BIRTH_WEIGHT, field::BIRTH_WEIGHT_G, grams, " kg", 1000),
    (columns::BIRTH_LENGTH, field::BIRTH_LENGTH_MM, millimetres, " cm", 10),
    (columns::BIRTH_HEAD, field::BIRTH_HEAD_MM, millimetres, " cm", 10),
];

const TEXTS: [(&str, &str); 5] = [
    (columns::POSYANDU, field::POSYANDU),
    (columns::PARENTS, field::PARENTS_RAW),
    (columns::ADDRESS, field::ADDRESS),
    (columns::RT, field::RT),
    (columns::RW, field::RW),
];

const NUMBERS: [(&str, &str); 4] = [
    (columns::NIK, field::NIK),
    (columns::KK, field::KK),
    (columns::PARENT_NIK, field::GUARDIAN_NIK),
    (columns::PHONE, field::PHONE),
];

const FLAGS: [(&str, &str); 3] = [
    (columns::KIA, field::KIA_BOOK),
    (columns::KIA_SMALL_BABY, field::KIA_SMALL_BABY),
    (columns::IMD, field::IMD),
];

const DAMAGED: &str = "Angka ini rusak karena disimpan sebagai bilangan di Excel dan tidak dipakai. Isi ulang sebagai teks.";

/// Reads one row; see the module's own words for what refuses it.
pub(super) fn read(row: &Row, columns: &Columns, today: CivilDate) -> Result<SasaranRow, RowFault> {
    let mut reading = Reading { row, columns, body: Body::new(), notes: Vec::new() };
    let name = reading.name()?;
    let born = reading.birth_date(today)?;
    let sex = reading.sex()?;
    for (column, field) in TEXTS {
        reading.text(column, field)?;
    }
    for (column, field) in NUMBERS {
        reading.number(column, field)?;
    }
    for (column, field, read, unit, scale) in AMOUNTS {
        reading.amount(column, field, read, (unit, scale))?;
    }
    for (column, field) in FLAGS {
        reading.flag(column, field);
    }
    if let Some(why) = reading.body.text(field::NIK).and_then(|nik| doubt(nik, born, sex)) {
        reading.note(columns::NIK, why);
    }
    let place = reading.place()?;
    let mark = |column| is_marked(columns.cell(row, column));
    let marks = Marks { hapus: mark(columns::HAPUS), pindah: mark(columns::PINDAH) };
    let Reading { body, notes, .. } = reading;
    Kind::CHILD.check(&body, today).map_err(|fault| refused(row, &fault))?;
    let key = MatchKey::of(&body).ok_or_else(|| {
        RowFault::of_row(row.line(), format!("Data \"{name}\" tidak dapat dibaca."))
    })?;
    Ok(SasaranRow { line: row.line(), body, place, key, marks, notes })
}

struct Reading<'r> {
    row: &'r Row,
    columns: &'r Columns,
    body: Body,
    notes: Vec<RowNote>,
}

impl<'r> Reading<'r> {
    fn cell(&self, column: &str) -> &'r str {
        self.columns.cell(self.row, column)
    }

    fn fault(&self, column: &str, reason: impl Into<String>) -> RowFault {
        RowFault::at(self.row.line(), self.columns.header(column), reason)
    }

    fn note(&mut self, column: &str, reason: &str) {
        let column = Some(self.columns.header(column).to_owned());
        self.notes.push(RowNote { line: self.row.line(), column, reason: reason.to_owned() });
    }

    fn name(&mut self) -> Result<String, RowFault> {
        let name = plain(&unguard(self.cell(columns::NAME)));
        if !name.chars().any(char::is_alphabetic) {
            let reason =
                "Nama anak kosong. Untuk bayi yang belum bernama tulis BY NY dan nama ibunya.";
            return Err(self.fault(columns::NAME, reason));
        }
        self.put(columns::NAME, field::NAME, name.clone())?;
        Ok(name)
    }

    fn birth_date(&mut self, today: CivilDate) -> Result<CivilDate, RowFault> {
        let cell = self.cell(columns::BIRTH_DATE);
        if cell.is_empty() {
            return Err(self.fault(columns::BIRTH_DATE, "Tanggal lahir kosong."));
        }
        let date = birth_date(cell, today).map_err(|why| self.fault(columns::BIRTH_DATE, why))?;
        self.body.set(field::BIRTH_DATE, date.to_string());
        Ok(date)
    }

    fn sex(&mut self) -> Result<Sex, RowFault> {
        let cell = self.cell(columns::SEX);
        let sex = Sex::read(cell).ok_or_else(|| {
            self.fault(columns::SEX, "Isi jenis kelamin dengan L (laki-laki) atau P (perempuan).")
        })?;
        self.body.set(field::SEX, sex.as_str());
        Ok(sex)
    }

    fn text(&mut self, column: &str, field: &str) -> Result<(), RowFault> {
        let text = plain(&unguard(self.cell(column)));
        if text.is_empty() { Ok(()) } else { self.put(column, field, text) }
    }

    fn number(&mut self, column: &str, field: &str) -> Result<(), RowFault> {
        match number(self.cell(column)) {
            Number::None => Ok(()),
            Number::AsTyped(text) => self.put(column, field, text),
            Number::Damaged => {
                self.note(column, DAMAGED);
                Ok(())
            }
        }
    }

    fn amount(
        &mut self,
        column: &str,
        field: &str,
        read: ReadAmount,
        (unit, scale): (&str, i64),
    ) -> Result<(), RowFault> {
        let cell = self.cell(column);
        let value = read(cell).map_err(|Unreadable| {
            self.fault(column, format!("\"{}\" bukan angka yang dapat dibaca.", shown(cell)))
        })?;
        let Some(value) = value else { return Ok(()) };
        if let Some(Shape::Whole { min, max }) = Kind::CHILD.field(field).map(|field| field.shape)
            && !(min..=max).contains(&value)
        {
            let (least, most) = (decimal(min, scale), decimal(max, scale));
            let reason =
                format!("\"{}\" di luar batas wajar {least} sampai {most}{unit}.", shown(cell));
            return Err(self.fault(column, reason));
        }
        self.body.set(field, value);
        Ok(())
    }

    fn flag(&mut self, column: &str, field: &str) {
        match yes_or_no(self.cell(column)) {
            Ok(None) => {}
            Ok(Some(yes)) => self.body.set(field, yes),
            Err(Unreadable) => {
                self.note(column, "Isian ini bukan ya atau tidak, dan tidak dipakai.");
            }
        }
    }

    fn place(&self) -> Result<Place, RowFault> {
        let code = self.cell(columns::AREA_CODE);
        if !code.is_empty() {
            return code.parse().map(Place::Code).map_err(|_not_a_code| {
                let reason =
                    format!("\"{}\" bukan kode wilayah. Contoh: 16.04.06.2008.", shown(code));
                self.fault(columns::AREA_CODE, reason)
            });
        }
        let kecamatan = plain(self.cell(columns::KECAMATAN));
        let desa = plain(self.cell(columns::DESA));
        if kecamatan.is_empty() && desa.is_empty() {
            return Ok(Place::Unstated);
        }
        Ok(Place::Names { kecamatan, desa })
    }

    fn put(&mut self, column: &str, field: &str, text: String) -> Result<(), RowFault> {
        if text.len() > STRING_BYTES_MAX {
            return Err(self.fault(column, "Isian ini terlalu panjang."));
        }
        self.body.set(field, text);
        Ok(())
    }
}

/// The last word is the contract's own check; the reading above should leave it nothing to refuse.
fn refused(row: &Row, fault: &Fault) -> RowFault {
    RowFault {
        line: row.line(),
        column: fault.field.clone(),
        reason: fault.code.message().to_owned(),
    }
}

/// A cell as one line of text: control characters out, one blank between words.
fn plain(cell: &str) -> String {
    let words = cell.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A bound as it is said: 300 g is 0,3 kg.
fn decimal(value: i64, scale: i64) -> String {
    let (whole, part) = (value / scale, value % scale);
    if part == 0 { whole.to_string() } else { format!("{whole},{}", part * 10 / scale) }
}
