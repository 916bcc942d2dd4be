//! One row of a sasaran file, read into a child's body.
//!
//! Required cells and measures that cannot be right refuse the row. What is only beside the point
//! (a NIK, a phone number, whether there is a Buku KIA) is left out with a note.

use super::columns as own;
use super::{Marks, SasaranRow};
use crate::import::amounts::{count, is_marked};
use crate::import::columns::{BIRTH_DATE, Columns, NAME, NIK, SEX};
use crate::import::fault::RowFault;
use crate::import::identity::doubt;
use crate::import::match_key::MatchKey;
use crate::import::reading::{Amount, Reading, SEX_UNREADABLE, refused};
use crate::import::sex::Sex;
use crate::import::table::Row;
use sync_protocol::record::{Kind, child as field};
use sync_protocol::time::CivilDate;

const AMOUNTS: [Amount; 5] = [
    Amount { column: own::BIRTH_ORDER, field: field::BIRTH_ORDER, read: count, unit: "", scale: 1 },
    Amount {
        column: own::GESTATION,
        field: field::GESTATION_WEEKS,
        read: count,
        unit: " minggu",
        scale: 1,
    },
    Amount::kilograms(own::BIRTH_WEIGHT, field::BIRTH_WEIGHT_G),
    Amount::centimetres(own::BIRTH_LENGTH, field::BIRTH_LENGTH_MM),
    Amount::centimetres(own::BIRTH_HEAD, field::BIRTH_HEAD_MM),
];

const TEXTS: [(&str, &str); 5] = [
    (own::POSYANDU, field::POSYANDU),
    (own::PARENTS, field::PARENTS_RAW),
    (own::ADDRESS, field::ADDRESS),
    (own::RT, field::RT),
    (own::RW, field::RW),
];

const NUMBERS: [(&str, &str); 4] = [
    (NIK, field::NIK),
    (own::KK, field::KK),
    (own::PARENT_NIK, field::GUARDIAN_NIK),
    (own::PHONE, field::PHONE),
];

const FLAGS: [(&str, &str); 3] = [
    (own::KIA, field::KIA_BOOK),
    (own::KIA_SMALL_BABY, field::KIA_SMALL_BABY),
    (own::IMD, field::IMD),
];

/// Reads one row; see the module's own words for what refuses it.
pub(super) fn read(row: &Row, columns: &Columns, today: CivilDate) -> Result<SasaranRow, RowFault> {
    let mut reading = Reading::new(row, columns, Kind::CHILD);
    name(&mut reading)?;
    let born = born(&mut reading, today)?;
    let sex = sex(&mut reading)?;
    for (column, field) in TEXTS {
        reading.text(column, field)?;
    }
    for (column, field) in NUMBERS {
        reading.number(column, field)?;
    }
    for amount in &AMOUNTS {
        reading.amount(amount)?;
    }
    for (column, field) in FLAGS {
        reading.flag(column, field);
    }
    if let Some(why) = reading.body.text(field::NIK).and_then(|nik| doubt(nik, born, sex)) {
        reading.note(NIK, why);
    }
    let place = reading.place()?;
    let mark = |column| is_marked(columns.cell(row, column));
    let marks = Marks { hapus: mark(own::HAPUS), pindah: mark(own::PINDAH) };
    let Reading { body, notes, .. } = reading;
    Kind::CHILD.check(&body, today).map_err(|fault| refused(row.line(), &fault))?;
    let key = MatchKey::of(&body)
        .ok_or_else(|| RowFault::of_row(row.line(), "Data anak ini tidak dapat dibaca."))?;
    Ok(SasaranRow { line: row.line(), body, place, key, marks, notes })
}

/// Of a cell that must be filled.
fn name(reading: &mut Reading<'_>) -> Result<(), RowFault> {
    let name = reading.name();
    if name.is_empty() {
        let reason = "Nama anak kosong. Untuk bayi yang belum bernama tulis BY NY dan nama ibunya.";
        return Err(reading.fault(NAME, reason));
    }
    reading.put(NAME, field::NAME, name)
}

fn born(reading: &mut Reading<'_>, today: CivilDate) -> Result<CivilDate, RowFault> {
    let born = reading.birth_date(today)?;
    let born = born.ok_or_else(|| reading.fault(BIRTH_DATE, "Tanggal lahir kosong."))?;
    reading.body.set(field::BIRTH_DATE, born.to_string());
    Ok(born)
}

fn sex(reading: &mut Reading<'_>) -> Result<Sex, RowFault> {
    let sex = reading.sex()?.ok_or_else(|| reading.fault(SEX, SEX_UNREADABLE))?;
    reading.body.set(field::SEX, sex.as_str());
    Ok(sex)
}
