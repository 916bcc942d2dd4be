//! Marking a child or a measurement as deleted, with a reason. Nothing is lost: the history stays,
//! and a later edit revives it.

use super::child::body_of;
use super::edit::{base_of, make, record_in_scope};
use super::places::Places;
use super::visit::Visit;
use crate::http::Response;
use crate::refusal::Refusal;
use crate::store::{ReadTx, Record, Stored};
use sync_protocol::change::{Change, Edit, Tombstone};
use sync_protocol::record::{Kind, child, measurement};
use views::choice::Choice;
use views::edit_page::{DeletePage, delete_page};
use views::{labels, words};

pub(super) fn child_form(visit: &Visit<'_>) -> Result<Response, Refusal> {
    Ok(answer(visit, 200, &read(visit, Kind::CHILD)?))
}

pub(super) fn measurement_form(visit: &Visit<'_>) -> Result<Response, Refusal> {
    Ok(answer(visit, 200, &read(visit, Kind::MEASUREMENT)?))
}

pub(super) fn delete_child(visit: &Visit<'_>) -> Result<Response, Refusal> {
    delete(visit, Kind::CHILD)
}

pub(super) fn delete_measurement(visit: &Visit<'_>) -> Result<Response, Refusal> {
    delete(visit, Kind::MEASUREMENT)
}

fn delete(visit: &Visit<'_>, kind: Kind) -> Result<Response, Refusal> {
    let mut shown = read(visit, kind)?;
    let reason = visit.form.text("alasan").and_then(|reason| reason.parse::<Tombstone>().ok());
    let Some(reason) = reason else {
        shown.mistake = Some("Pilih alasannya.".to_owned());
        return Ok(answer(visit, 422, &shown));
    };
    let (id, base) = (super::child::id_of(visit)?, base_of(visit)?);
    make(visit, Change { kind, id, edit: Edit::Deleted(reason) }, base)?;
    Ok(Response::redirect(format!("{}?kabar=dihapus", shown.back)))
}

fn answer(visit: &Visit<'_>, status: u16, shown: &DeletePage) -> Response {
    let title = format!("Hapus {}", shown.what);
    visit.page_with(status, "/balita", &title, None, &delete_page(shown, &visit.viewer()))
}

fn read(visit: &Visit<'_>, kind: Kind) -> Result<DeletePage, Refusal> {
    visit.call.read(|tx, person, _| {
        let record = record_in_scope(tx, &person, visit, kind)?;
        if record.deleted.is_some() {
            return Err(Refusal::Stale);
        }
        let owner = match record.child {
            Some(child) => tx.record_at(child)?,
            None => record.clone(),
        };
        let reasons = Tombstone::ALL.map(Tombstone::as_str);
        let reasons = reasons.map(|reason| Choice::new(reason, labels::choice(reason), None));
        Ok(DeletePage {
            action: visit.call.request.path.clone(),
            back: format!("/balita/{}", owner.id),
            base: record.row_stamp().to_string(),
            what: name(tx, &record, &owner)?,
            consequences: consequences(kind),
            reasons: [Choice::new("", "-", None)].into_iter().chain(reasons).collect(),
            mistake: None,
        })
    })
}

fn name(tx: &ReadTx<'_>, record: &Record, owner: &Record) -> Stored<String> {
    let child = body_of(tx, owner)?;
    let child = child.text(child::NAME).unwrap_or("anak tanpa nama");
    if record.kind == Kind::CHILD {
        return Ok(format!("{child}, {}", Places::read(tx)?.name(&owner.area)));
    }
    let day = body_of(tx, record)?.date(measurement::MEASURED_ON).map(words::date);
    Ok(format!("pengukuran {} dari {child}", day.unwrap_or_default()))
}

fn consequences(kind: Kind) -> Vec<&'static str> {
    let both =
        "Hilang dari semua tablet pada sinkronisasi berikut dan tidak dihitung dalam laporan.";
    let history = "Riwayatnya tetap tersimpan dan dapat dipulihkan dengan mengubah datanya.";
    if kind == Kind::CHILD {
        let moved = "Untuk anak yang pindah, meninggal atau lulus: jangan hapus, ubah statusnya.";
        vec![both, history, moved]
    } else {
        vec![both, history]
    }
}
