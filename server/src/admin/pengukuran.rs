//! Importing measurements: each row becomes a new measurement, completes or corrects the one of its
//! day, or changes nothing.

mod same_day;
mod words;

use super::AdminError;
use super::find_child::{Found, SEVERAL, find_by_nik, find_child};
use super::row_by_row::{Job, Known, Report, put_rows};
use crate::export::age::Age;
use crate::import::names::name_key;
use crate::import::pengukuran::{Measured, PengukuranRow, Whom, read};
use crate::import::place::Place;
use crate::import::reading::refused;
use crate::import::table::Source;
use crate::service::Service;
use crate::store::{Record, Stored};
use same_day::{Correction, News, Past, news};
use std::collections::HashMap;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::{Change, Edit};
use sync_protocol::ids::RecordId;
use sync_protocol::record::{Kind, child, measurement};
use sync_protocol::time::CivilDate;

/// Which row first spoke of a child's day.
type FirstLines = HashMap<(RecordId, CivilDate), u64>;

/// Imports a file. Good rows are imported although others are bad; a second import of the same file
/// changes nothing. `area` is the desa of rows that do not say theirs; `progress` is told the rows
/// done, and of how many.
pub fn import_pengukuran<'a>(
    service: &Service,
    file: impl Into<Source<'a>>,
    area: Option<&Area>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Report, AdminError> {
    let known = Known::read(service)?;
    let mut report = Report::default();
    let mut rows = Vec::new();
    for row in read(file, known.today)? {
        match row {
            Ok(PengukuranRow::Measured(row)) => rows.push(with_area(row, area)),
            Ok(PengukuranRow::NotMeasured { notes }) => {
                report.unchanged += 1;
                report.notes.extend(notes);
            }
            Err(fault) => report.faults.push(fault),
        }
    }
    put_rows(service, &known, rows, report, progress, put)
}

fn with_area(mut row: Measured, area: Option<&Area>) -> Measured {
    if let (Place::Unstated, Some(area)) = (&row.place, area) {
        row.place = Place::Code(area.clone());
    }
    row
}

fn put(job: &mut Job<'_, FirstLines>, mut row: Measured) -> Result<(), AdminError> {
    job.report.notes.append(&mut row.notes);
    let child = match find(job, &row)? {
        Ok(child) => child,
        Err(reason) => {
            job.report.refuse(row.line, reason);
            return Ok(());
        }
    };
    let about = job.body_at(Some(child.state_pos))?;
    if about.date(child::BIRTH_DATE).is_some_and(|born| row.day < born) {
        job.report.refuse(row.line, format!("Tanggal ukur {} sebelum anak ini lahir.", row.day));
        return Ok(());
    }
    if about.text(child::NAME).is_some_and(|name| is_another_name(&row, name)) {
        job.report.note(row.line, ANOTHER_NAME);
    }
    let body = body_of(&row, &child, &about);
    if let Err(fault) = Kind::MEASUREMENT.check(&body, job.today) {
        job.report.faults.push(refused(row.line, &fault));
        return Ok(());
    }
    merge(job, &row, &child, body)
}

const UNKNOWN_CHILD: &str = "Anak ini tidak ditemukan di daftar sasaran. Impor atau catat anaknya lebih dulu, atau periksa NIK, nama, tanggal lahir, jenis kelamin dan desanya.";
const ANOTHER_NAME: &str = "Nama di berkas berbeda dari nama anak yang punya NIK ini. Hasil ukur tetap dipakai; periksa namanya.";
const NO_NEWS: &str =
    "Hasil ukur ini sudah pernah tercatat, lalu diganti atau dihapus. Tidak ada yang diubah.";
const SEVERAL_ON_DAY: &str = "Anak ini punya beberapa hasil ukur pada tanggal ini, dan tidak satu pun sama dengan baris ini. Betulkan langsung di datanya.";

/// The child that a row is about, or why it is nobody.
fn find(job: &Job<'_, FirstLines>, row: &Measured) -> Stored<Result<Box<Record>, String>> {
    let area = job.places.resolve(&row.place);
    let found = match &row.whom {
        Whom::Key(key) => find_child(job.tx, key, area.as_ref().ok())?,
        Whom::Nik(nik) => find_by_nik(job.tx, nik)?,
    };
    Ok(match (found, &row.whom, area) {
        (Found::One(child), ..) => Ok(child),
        (Found::Several, ..) => Err(SEVERAL.to_owned()),
        (Found::Nobody, Whom::Key(_), Err(fault)) => Err(fault.to_string()),
        (Found::Nobody, ..) => Err(UNKNOWN_CHILD.to_owned()),
    })
}

/// Whether a row that was placed by its NIK has the name of somebody else.
fn is_another_name(row: &Measured, name: &str) -> bool {
    !row.name.is_empty() && name_key(name) != row.name
}

fn body_of(row: &Measured, child: &Record, about: &Body) -> Body {
    let mut body = row.body.clone().with(measurement::CHILD_ID, child.id.to_string());
    let age = about.date(child::BIRTH_DATE).and_then(|born| Age::at(row.day, born));
    let month = age.and_then(|age| usize::try_from(age.months).ok());
    if let Some(Some(asi)) = month.and_then(|month| row.asi.get(month)) {
        body.set(measurement::ASI, *asi);
    }
    body
}

/// Puts what a row says beside what was ever said of the same child.
fn merge(
    job: &mut Job<'_, FirstLines>,
    row: &Measured,
    child: &Record,
    body: Body,
) -> Result<(), AdminError> {
    let past = Past {
        records: job.tx.records_of_child(child.no)?,
        said: job.tx.said_of_child(child.no, Kind::MEASUREMENT)?,
    };
    let first = *job.memory.entry((child.id, row.day)).or_insert(row.line);
    match news(&past, row.day, &body) {
        News::Nothing => job.report.unchanged += 1,
        News::Past => {
            job.report.unchanged += 1;
            job.report.note(row.line, NO_NEWS);
        }
        News::Several => job.report.refuse(row.line, SEVERAL_ON_DAY),
        News::New | News::Correction(_) if first != row.line => {
            let reason = format!(
                "Baris {first} menyebut hasil ukur lain dari anak ini pada tanggal yang sama. Pilih yang benar, lalu impor lagi."
            );
            job.report.refuse(row.line, reason);
        }
        News::New => {
            let change = Change {
                kind: Kind::MEASUREMENT,
                id: job.new_id(),
                edit: Edit::Body { body, area: None },
            };
            if job.change(row.line, &change, None)? {
                job.report.added += 1;
            }
        }
        News::Correction(correction) => correct(job, row.line, correction)?,
    }
    Ok(())
}

/// Corrects the measurement of the day, and says which values were another.
fn correct(
    job: &mut Job<'_, FirstLines>,
    line: u64,
    correction: Correction<'_>,
) -> Result<(), AdminError> {
    let Correction { record, body, replaced, kept } = correction;
    for told in kept {
        job.report.note(line, told);
    }
    let Some(body) = body else {
        job.report.unchanged += 1;
        return Ok(());
    };
    let (id, base) = (record.id, record.row_stamp());
    let change = Change { kind: Kind::MEASUREMENT, id, edit: Edit::Body { body, area: None } };
    if job.change(line, &change, Some(base))? {
        job.report.completed += 1;
        for told in replaced {
            job.report.note(line, told);
        }
    }
    Ok(())
}
