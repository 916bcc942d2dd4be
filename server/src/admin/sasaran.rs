//! Importing a target list: each row becomes a new child, completes a known one, or changes nothing.

use super::AdminError;
use super::find_child::{Found, SEVERAL, find_child};
use super::row_by_row::{Job, Known, Report, put_rows};
use crate::import::fault::shown;
use crate::import::names::name_key;
use crate::import::place::Place;
use crate::import::sasaran::{SasaranRow, read};
use crate::import::table::Source;
use crate::service::Service;
use crate::store::{ReadTx, Record, Stored};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::{Change, Edit};
use sync_protocol::record::{Kind, child};

/// What holds for rows that do not say it themselves.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    pub area: Option<Area>,
    pub posyandu: Option<String>,
}

/// Imports a file. Good rows are imported although others are bad; a second import of the same file
/// changes nothing. `progress` is told the rows done, and of how many.
pub fn import_sasaran<'a>(
    service: &Service,
    file: impl Into<Source<'a>>,
    defaults: &Defaults,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Report, AdminError> {
    let known = Known::read(service)?;
    let mut report = Report::default();
    let mut rows = Vec::new();
    for row in read(file, known.today)? {
        match row {
            Ok(row) => rows.push(with_defaults(row, defaults)),
            Err(fault) => report.faults.push(fault),
        }
    }
    put_rows(service, &known, rows, report, progress, put)
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

/// The names of the posyandu of each desa, as they are compared; read once in an import.
#[derive(Debug, Default)]
struct KnownPosyandu(Option<BTreeMap<Area, BTreeSet<String>>>);

impl KnownPosyandu {
    /// Whether a desa has posyandu on the list, and this is none of them.
    fn lacks(&mut self, tx: &ReadTx<'_>, area: &Area, name: &str) -> Stored<bool> {
        if self.0.is_none() {
            let mut names: BTreeMap<Area, BTreeSet<String>> = BTreeMap::new();
            for posyandu in tx.posyandu()? {
                names.entry(posyandu.area).or_default().insert(name_key(&posyandu.name));
            }
            self.0 = Some(names);
        }
        let of_desa = self.0.as_ref().and_then(|names| names.get(area));
        Ok(of_desa.is_some_and(|names| !names.contains(&name_key(name))))
    }
}

fn put(job: &mut Job<'_, KnownPosyandu>, mut row: SasaranRow) -> Result<(), AdminError> {
    job.report.notes.append(&mut row.notes);
    let area = match job.places.resolve(&row.place) {
        Ok(area) => area,
        Err(fault) => {
            job.report.refuse(row.line, fault.to_string());
            return Ok(());
        }
    };
    if let Some(name) = row.body.text(child::POSYANDU)
        && job.memory.lacks(job.tx, &area, name)?
    {
        job.report.note(row.line, format!("Posyandu \"{}\" tidak ada dalam daftar posyandu desa {area}. Nama itu tetap dipakai; periksa ejaannya.", shown(name)));
    }
    match find_child(job.tx, &row.key, Some(&area))? {
        Found::Nobody if row.marks.hapus || row.marks.pindah => job.report.unchanged += 1,
        Found::Nobody => add(job, row, area)?,
        Found::One(record) => complete(job, &row, &area, &record)?,
        Found::Several => job.report.refuse(row.line, SEVERAL),
    }
    Ok(())
}

fn add(job: &mut Job<'_, KnownPosyandu>, row: SasaranRow, area: Area) -> Result<(), AdminError> {
    let edit = Edit::Body { body: row.body, area: Some(area) };
    let change = Change { kind: Kind::CHILD, id: job.new_id(), edit };
    if job.change(row.line, &change, None)? {
        job.report.added += 1;
    }
    Ok(())
}

/// Adds what the file knows to a known child. A blank in the file does not overwrite, and neither
/// does a value that the last import brought already: what a worker changed since then stays.
fn complete(
    job: &mut Job<'_, KnownPosyandu>,
    row: &SasaranRow,
    area: &Area,
    record: &Record,
) -> Result<(), AdminError> {
    for doubt in doubts(row, area, record) {
        job.report.note(row.line, doubt);
    }
    let current = job.body_at(Some(record.state_pos))?;
    let last_import = job.body_at(job.tx.latest_imported(record.no)?)?;
    let news = row.body.fields().filter(|(field, value)| {
        last_import.get(field) != Some(*value)
            && !is_known_parent(&current, field, value)
            && !is_known_number(&current, field, value)
    });
    let completed =
        news.fold(current.clone(), |body, (field, value)| body.with(field, value.clone()));
    if completed.says_the_same(&current) {
        job.report.unchanged += 1;
        return Ok(());
    }
    let edit = Edit::Body { body: completed, area: None };
    let change = Change { kind: Kind::CHILD, id: record.id, edit };
    if job.change(row.line, &change, Some(record.row_stamp()))? {
        job.report.completed += 1;
    }
    Ok(())
}

/// Whether a file's cell for the parents only repeats the mother or guardian that is known: a list
/// that came from here comes back that way.
fn is_known_parent(current: &Body, field: &str, value: &Value) -> bool {
    let known = [child::MOTHER_NAME, child::GUARDIAN_NAME];
    field == child::PARENTS_RAW && known.iter().any(|known| current.get(known) == Some(value))
}

/// Whether a file's number is only a mask or a censored form where the number is known: lists show
/// it so, and come back.
fn is_known_number(current: &Body, field: &str, value: &Value) -> bool {
    let numbers = [child::NIK, child::KK, child::GUARDIAN_NIK];
    let is_censored = value.as_str().is_some_and(|number| number.contains('*'));
    numbers.contains(&field) && is_censored && current.get(field).is_some()
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
