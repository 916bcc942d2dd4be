//! Importing a target list: each row becomes a new child, completes a known one, or changes nothing.

use super::AdminError;
use crate::access::Actor;
use crate::http::Service;
use crate::import::fault::{RowFault, RowNote};
use crate::import::place::{Place, Places};
use crate::import::sasaran::{MatchKey, SasaranRow, name_key, read};
use crate::platform::Random;
use crate::store::{LogPos, Record, StoreError, Stored, VersionContent, WriteTx};
use crate::sync::office::{Office, new_record_id};
use crate::sync::server_time;
use serde_json::Value;
use std::sync::Arc;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::{Change, Edit, Register};
use sync_protocol::record::{Kind, child};
use sync_protocol::wire::Outcome;

/// Rows that one write job takes: long imports must not keep the tablets waiting.
const ROWS_PER_JOB: usize = 200;

/// What holds for rows that do not say it themselves.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    pub area: Option<Area>,
    pub posyandu: Option<String>,
}

/// What an import did, row by row where a person must look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub added: usize,
    pub completed: usize,
    pub unchanged: usize,
    pub faults: Vec<RowFault>,
    pub notes: Vec<RowNote>,
}

/// Imports a file. Good rows are imported although others are bad; a second import of the same file
/// changes nothing. `progress` is told the rows done, and of how many.
pub fn import_sasaran(
    service: &Service,
    file: &[u8],
    defaults: &Defaults,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Report, AdminError> {
    let wall_ms = service.clock().now_ms();
    let (today, areas) = service.store().read::<_, StoreError>(|tx| {
        let now = server_time::glance(tx, wall_ms)?;
        Ok((server_time::today(tx, now.ms)?, tx.areas()?))
    })?;
    let places = Arc::new(Places::of(areas.into_iter().map(|area| (area.code, area.name))));
    let mut report = Report::default();
    let mut rows = Vec::new();
    for row in read(file, today)? {
        match row {
            Ok(row) => rows.push(with_defaults(row, defaults)),
            Err(fault) => report.faults.push(fault),
        }
    }
    let (total, mut done) = (rows.len(), 0);
    while !rows.is_empty() {
        let job: Vec<SasaranRow> = rows.drain(..rows.len().min(ROWS_PER_JOB)).collect();
        done += job.len();
        let (places, clock, random) =
            (Arc::clone(&places), Arc::clone(service.clock()), Arc::clone(service.random()));
        let part = service.store().write::<_, AdminError, _>(move |tx| {
            let now = server_time::advance(tx, clock.now_ms())?;
            import_rows(tx, job, &places, now.ms, &*random)
        })?;
        report.add(part);
        progress(done, total);
    }
    report.faults.sort_by_key(|fault| fault.line);
    report.notes.sort_by_key(|note| note.line);
    Ok(report)
}

impl Report {
    fn add(&mut self, part: Report) {
        self.added += part.added;
        self.completed += part.completed;
        self.unchanged += part.unchanged;
        self.faults.extend(part.faults);
        self.notes.extend(part.notes);
    }
}

fn with_defaults(mut row: SasaranRow, defaults: &Defaults) -> SasaranRow {
    if let (Place::Unstated, Some(area)) = (&row.place, &defaults.area) {
        row.place = Place::Code(area.clone());
    }
    if let (None, Some(posyandu)) = (row.body.get(child::POSYANDU), &defaults.posyandu) {
        row.body.set(child::POSYANDU, posyandu.as_str());
    }
    row
}

fn import_rows(
    tx: &WriteTx<'_>,
    rows: Vec<SasaranRow>,
    places: &Places,
    now_ms: i64,
    random: &dyn Random,
) -> Result<Report, AdminError> {
    let mut report = Report::default();
    let mut office = Office::begin(tx, Actor::office(), now_ms)?;
    for row in rows {
        report.notes.extend(row.notes.iter().cloned());
        let area = match places.resolve(&row.place) {
            Ok(area) => area,
            Err(fault) => {
                report.faults.push(RowFault {
                    line: row.line,
                    column: None,
                    reason: fault.to_string(),
                });
                continue;
            }
        };
        match find_child(tx, &row.key, &area)? {
            Found::Nobody if row.marks.hapus || row.marks.pindah => report.unchanged += 1,
            Found::Nobody => add(&mut office, row, area, now_ms, random, &mut report)?,
            Found::One(record) => complete(tx, &mut office, row, &area, &record, &mut report)?,
            Found::Several => report.faults.push(RowFault {
                line: row.line,
                column: None,
                reason:
                    "Baris ini cocok dengan beberapa anak di daftar. Periksa data ganda lebih dulu."
                        .to_owned(),
            }),
        }
    }
    office.finish()?;
    Ok(report)
}

enum Found {
    Nobody,
    One(Box<Record>),
    Several,
}

/// The same child as before: by valid NIK, else by area, birth date, sex and name.
fn find_child(tx: &WriteTx<'_>, key: &MatchKey, area: &Area) -> Stored<Found> {
    if let Some(nik) = &key.nik {
        let with_nik = tx.children_with_nik(nik)?;
        if let Some(first) = with_nik.first() {
            return if with_nik.len() > 1 { Ok(Found::Several) } else { one(tx, first.id) };
        }
    }
    let born_then = tx.children_born_on(key.birth_date, key.sex.as_str())?;
    let mut same =
        born_then.iter().filter(|known| known.area == *area && name_key(&known.name) == key.name);
    match (same.next(), same.next()) {
        (None, _) => Ok(Found::Nobody),
        (Some(first), None) => one(tx, first.id),
        (Some(_), Some(_)) => Ok(Found::Several),
    }
}

fn one(tx: &WriteTx<'_>, id: sync_protocol::ids::RecordId) -> Stored<Found> {
    let record = tx.record(id)?.ok_or(StoreError::Unreadable("child"))?;
    Ok(Found::One(Box::new(record)))
}

fn add(
    office: &mut Office<'_>,
    row: SasaranRow,
    area: Area,
    now_ms: i64,
    random: &dyn Random,
    report: &mut Report,
) -> Result<(), AdminError> {
    let id = new_record_id(now_ms, random);
    let change =
        Change { kind: Kind::CHILD, id, edit: Edit::Body { body: row.body, area: Some(area) } };
    let receipt = office.change(&change, None)?;
    match receipt.outcome {
        Outcome::Applied => report.added += 1,
        Outcome::Superseded | Outcome::Parked | Outcome::Discarded => {
            report.faults.push(RowFault {
                line: row.line,
                column: receipt.field,
                reason: receipt.message.unwrap_or_default(),
            })
        }
    }
    Ok(())
}

/// Adds what the file knows to a known child. A blank in the file does not overwrite, and neither
/// does a value that the last import brought already: what a worker changed since then stays.
fn complete(
    tx: &WriteTx<'_>,
    office: &mut Office<'_>,
    row: SasaranRow,
    area: &Area,
    record: &Record,
    report: &mut Report,
) -> Result<(), AdminError> {
    for reason in doubts(&row, area, record) {
        report.notes.push(RowNote { line: row.line, column: None, reason });
    }
    let current = body_at(tx, Some(record.state_pos))?;
    let last_import = body_at(tx, tx.latest_imported(record.no)?)?;
    let news = row.body.fields().filter(|(field, value)| {
        last_import.get(field) != Some(*value) && !is_known_parent(&current, field, value)
    });
    let completed =
        news.fold(current.clone(), |body, (field, value)| body.with(field, value.clone()));
    if completed.says_the_same(&current) {
        report.unchanged += 1;
        return Ok(());
    }
    let change = Change {
        kind: Kind::CHILD,
        id: record.id,
        edit: Edit::Body { body: completed, area: None },
    };
    let receipt = office.change(&change, Some(record.row_stamp()))?;
    match receipt.outcome {
        Outcome::Applied => report.completed += 1,
        Outcome::Superseded | Outcome::Parked | Outcome::Discarded => {
            report.faults.push(RowFault {
                line: row.line,
                column: receipt.field,
                reason: receipt.message.unwrap_or_default(),
            })
        }
    }
    Ok(())
}

/// Whether a file's cell for the parents only repeats the mother or guardian that is known: a list
/// that came from here comes back that way.
fn is_known_parent(current: &Body, field: &str, value: &Value) -> bool {
    let known = [child::MOTHER_NAME, child::GUARDIAN_NAME];
    field == child::PARENTS_RAW && known.iter().any(|known| current.get(known) == Some(value))
}

/// What a file says of a known child that a person must decide.
fn doubts(row: &SasaranRow, area: &Area, record: &Record) -> Vec<String> {
    let mut doubts = Vec::new();
    if record.area != *area {
        doubts.push(format!(
            "Anak ini tercatat di wilayah {}, berkas menyebut {area}. Wilayahnya tidak diubah; pindahkan bila benar.",
            record.area
        ));
    }
    if row.marks.hapus {
        doubts.push(
            "Berkas menandai anak ini untuk dihapus. Periksa lalu hapus sendiri bila benar."
                .to_owned(),
        );
    }
    if row.marks.pindah {
        doubts.push(
            "Berkas menandai anak ini pindah. Periksa lalu ubah statusnya bila benar.".to_owned(),
        );
    }
    doubts
}

fn body_at(tx: &WriteTx<'_>, version: Option<LogPos>) -> Stored<Body> {
    match version.map(|pos| tx.content(pos, Register::State)).transpose()? {
        Some(VersionContent::Body(body)) => Ok(body),
        Some(VersionContent::Deleted(_) | VersionContent::Place(_)) | None => Ok(Body::new()),
    }
}
