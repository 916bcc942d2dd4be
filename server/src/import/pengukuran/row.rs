//! One row of a pengukuran file, read into a measurement's body and whom it is about.

use super::columns as own;
use super::{Measured, PengukuranRow, Whom};
use crate::import::columns::{Columns, NAME, NIK};
use crate::import::dates::measured_on;
use crate::import::fault::RowFault;
use crate::import::identity::can_match;
use crate::import::match_key::MatchKey;
use crate::import::names::name_key;
use crate::import::nik::is_valid_form;
use crate::import::reading::{Amount, Reading};
use crate::import::table::Row;
use sync_protocol::record::{Kind, measurement as field};
use sync_protocol::time::CivilDate;

const AMOUNTS: [Amount; 4] = [
    Amount::kilograms(own::WEIGHT, field::WEIGHT_G),
    Amount::centimetres(own::HEIGHT, field::HEIGHT_MM),
    Amount::centimetres(own::MUAC, field::MUAC_MM),
    Amount::centimetres(own::HEAD, field::HEAD_MM),
];

const FLAGS: [(&str, &str); 2] = [(own::KELAS_IBU, field::KELAS_IBU), (own::MBG, field::MBG)];

/// How files write what a body says in one word; anything else is noted and left out.
type Words = &'static [(&'static str, &'static str)];

const POSITIONS: Words =
    &[("berdiri", "berdiri"), ("terlentang", "terlentang"), ("telentang", "terlentang")];
const CAPSULES: Words = &[("biru", "biru"), ("merah", "merah"), ("kosong", ""), ("tidak", "")];

const NOT_MEASURED: &str = "Ada tanggal ukur tetapi tidak ada hasil ukur. Baris ini tidak dipakai.";
const UNRECOGNISABLE: &str = "Anak di baris ini tidak dapat dikenali: NIK-nya kosong, tersensor atau tidak sah, dan baris ini tidak menyebut nama, tanggal lahir dan jenis kelamin sekaligus.";

/// Reads one row; see the module's own words for what refuses it.
pub(super) fn read(
    row: &Row,
    columns: &Columns,
    today: CivilDate,
) -> Result<PengukuranRow, RowFault> {
    let mut reading = Reading::new(row, columns, Kind::MEASUREMENT);
    for amount in &AMOUNTS {
        reading.amount(amount)?;
    }
    let has_measure = reading.body.fields().next().is_some();
    let day = match reading.cell(own::MEASURED_ON) {
        "" if !has_measure => return Ok(PengukuranRow::NotMeasured { notes: reading.notes }),
        "" => return Err(reading.fault(own::MEASURED_ON, "Tanggal ukur kosong.")),
        cell => measured_on(cell, today).map_err(|why| reading.fault(own::MEASURED_ON, why))?,
    };
    if !has_measure {
        reading.note(own::MEASURED_ON, NOT_MEASURED);
        return Ok(PengukuranRow::NotMeasured { notes: reading.notes });
    }
    reading.body.set(field::MEASURED_ON, day.to_string());
    oedema(&mut reading);
    word(&mut reading, own::POSITION, field::POSITION, POSITIONS);
    word(&mut reading, own::VITAMIN_A, field::VITAMIN_A, CAPSULES);
    for (column, field) in FLAGS {
        reading.flag(column, field);
    }
    let asi = own::ASI.map(|column| reading.yes_or_no(column));
    let whom = whom(&mut reading, today)?;
    let place = reading.place()?;
    let name = name_key(&reading.name());
    let Reading { body, notes, .. } = reading;
    let line = row.line();
    Ok(PengukuranRow::Measured(Measured { line, day, body, asi, whom, name, place, notes }))
}

/// None, or the degree. That there is some oedema without its degree is not guessed at.
fn oedema(reading: &mut Reading<'_>) {
    let degree = match reading.cell(own::OEDEMA).to_lowercase().as_str() {
        "" => return,
        "tidak" | "tidak ada" | "0" => 0,
        "1" | "+1" => 1,
        "2" | "+2" => 2,
        "3" | "+3" => 3,
        _ => {
            let why = "Isian ini bukan tidak, 1, 2 atau 3, dan tidak dipakai.";
            return reading.note(own::OEDEMA, why);
        }
    };
    reading.body.set(field::OEDEMA, degree);
}

fn word(reading: &mut Reading<'_>, column: &str, field: &str, words: Words) {
    let cell = reading.cell(column).to_lowercase();
    match words.iter().find(|(written, _)| *written == cell) {
        Some((_, "")) => {}
        Some((_, meant)) => reading.body.set(field, *meant),
        None if cell.is_empty() => {}
        None => reading.note(column, "Isian ini tidak dikenal, dan tidak dipakai."),
    }
}

/// Whom the row is about. The template gives a NIK and a name; the export, in which the NIK is
/// censored, everything else.
fn whom(reading: &mut Reading<'_>, today: CivilDate) -> Result<Whom, RowFault> {
    let nik = reading.digits(NIK);
    let name = name_key(&reading.name());
    let born = reading.birth_date(today)?.zip(reading.sex()?);
    let has_name = !name.is_empty();
    match (born, nik) {
        (Some((birth_date, sex)), nik) if has_name => {
            let nik = nik.filter(|nik| can_match(nik, birth_date, sex));
            Ok(Whom::Key(MatchKey { nik, birth_date, sex, name }))
        }
        (_, Some(nik)) if is_valid_form(&nik) => Ok(Whom::Nik(nik)),
        (Some(_), _) => Err(reading.fault(NAME, "Nama anak kosong, dan NIK-nya tidak sah.")),
        (None, _) => Err(reading.fault(NIK, UNRECOGNISABLE)),
    }
}
