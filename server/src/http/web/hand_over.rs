//! Pindah desa: a child is handed over to another desa, which the person confirms.

use super::child::body_of;
use super::edit::{base_of, make, record_in_scope};
use super::places::Places;
use super::visit::Visit;
use crate::access::selection::everywhere;
use crate::http::Response;
use crate::refusal::Refusal;
use crate::store::ReadTx;
use sync_protocol::area::Area;
use sync_protocol::change::{Change, Edit};
use sync_protocol::record::{Kind, child};
use views::choice::Choice;
use views::edit_page::{Destination, MovePage, move_page};

pub(super) fn form(visit: &Visit<'_>) -> Result<Response, Refusal> {
    Ok(answer(visit, 200, &read(visit, None)?))
}

pub(super) fn submit(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let to = visit.form.text("tujuan").and_then(|code| code.parse::<Area>().ok());
    let mut shown = read(visit, to.as_ref())?;
    let base = base_of(visit)?;
    // Where the row was changed since, it is shown again as it is now, to be confirmed anew.
    let is_stale = shown.base != base.to_string();
    let Some(to) = to.filter(|_| shown.chosen.is_some()) else {
        shown.mistake = Some("Pilih desa tujuan, selain desa sekarang.".to_owned());
        return Ok(answer(visit, 422, &shown));
    };
    if visit.form.text("yakin").is_none() || is_stale {
        return Ok(answer(visit, 200, &shown));
    }
    let leaves = shown.chosen.as_ref().is_some_and(|chosen| chosen.leaves_scope);
    let id = super::child::id_of(visit)?;
    make(visit, Change { kind: Kind::CHILD, id, edit: Edit::Move(to) }, base)?;
    let next = if leaves { "/balita".to_owned() } else { shown.back };
    Ok(Response::redirect(format!("{next}?kabar=dipindahkan")))
}

fn answer(visit: &Visit<'_>, status: u16, shown: &MovePage) -> Response {
    let title = format!("Pindah desa: {}", shown.name);
    visit.page_with(status, "/balita", &title, None, &move_page(shown, &visit.viewer()))
}

fn read(visit: &Visit<'_>, to: Option<&Area>) -> Result<MovePage, Refusal> {
    visit.call.read(|tx, person, _| {
        let record = record_in_scope(tx, &person, visit, Kind::CHILD)?;
        let places = Places::read(tx)?;
        let body = body_of(tx, &record)?;
        let known = everywhere(tx)?;
        let to = to.filter(|to| {
            **to != record.area && places.villages(&known).any(|village| village == *to)
        });
        Ok(MovePage {
            action: visit.call.request.path.clone(),
            back: format!("/balita/{}", record.id),
            base: record.row_stamp().to_string(),
            name: body.text(child::NAME).unwrap_or("Anak tanpa nama").to_owned(),
            from: places.name(&record.area),
            kecamatan: kecamatan(tx, &places, &record.area)?,
            chosen: to.map(|to| Destination {
                code: to.to_string(),
                name: places.name(to),
                leaves_scope: !person.scope.contains(to),
            }),
            mistake: None,
        })
    })
}

/// Every desa but the present one, under its kecamatan.
fn kecamatan(
    tx: &ReadTx<'_>,
    places: &Places,
    present: &Area,
) -> Result<Vec<(String, Vec<Choice>)>, Refusal> {
    let known = everywhere(tx)?;
    let each = places.kecamatan(&known).into_iter().map(|kecamatan| {
        let villages = places.villages(&known);
        let inside = villages.filter(|village| kecamatan.contains(village) && *village != present);
        let choices = inside.map(|area| Choice::new(area.as_str(), places.name(area), None));
        (places.name(&kecamatan), choices.collect())
    });
    Ok(each.collect())
}
