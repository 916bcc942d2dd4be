//! One child: who it is, how it grows, who visited it, and what became of every field.

mod facts;
mod grown;
mod past;

use super::places::Places;
use super::visit::Visit;
use crate::access::person::{Person, Right};
use crate::http::Response;
use crate::http::children::{child_in_scope, note_look, view, views_of};
use crate::http::history::timeline;
use crate::refusal::Refusal;
use crate::store::{ReadTx, Record, Stored, VersionContent};
use crate::sync::server_time;
use crate::thresholds::ChildBounds;
use facts::{facts, line, tags};
use grown::Grown;
use past::Told;
use sync_protocol::body::Body;
use sync_protocol::change::Register;
use sync_protocol::growth::nik_doubts;
use sync_protocol::ids::RecordId;
use sync_protocol::record::{Kind, child};
use sync_protocol::time::CivilDate;
use views::child_page::{ChildPage, May, child_page};
use views::labels;

/// `GET /balita/{id}`
pub(super) fn show(visit: &Visit<'_>) -> Result<Response, Refusal> {
    page(visit, false)
}

/// `POST /balita/{id}/nik`: the same with the numbers in full. The look is in the audit log before
/// the answer goes out.
pub(super) fn show_nik(visit: &Visit<'_>) -> Result<Response, Refusal> {
    note_look(&visit.call, id_of(visit)?)?;
    page(visit, true)
}

/// The record that the address names.
pub(super) fn id_of(visit: &Visit<'_>) -> Result<RecordId, Refusal> {
    let id = visit.call.parameters.first().and_then(|id| id.parse().ok());
    id.ok_or(Refusal::NotFound)
}

/// What a record says, or said before it was deleted.
pub(super) fn body_of(tx: &ReadTx<'_>, record: &Record) -> Stored<Body> {
    let latest = match record.deleted {
        None => Some(record.state_pos),
        Some(_) => tx.latest_body(record.no)?,
    };
    Ok(match latest.map(|pos| tx.content(pos, Register::State)).transpose()? {
        Some(VersionContent::Body(body)) => body,
        Some(VersionContent::Deleted(_) | VersionContent::Place(_)) | None => Body::new(),
    })
}

fn page(visit: &Visit<'_>, in_full: bool) -> Result<Response, Refusal> {
    let id = id_of(visit)?;
    let (name, shown) = visit.call.read(|tx, person, now| {
        let record = child_in_scope(tx, &person, id)?;
        let now_ms = now.ms;
        let today = server_time::today(tx, now_ms)?;
        let body = body_of(tx, &record)?;
        let name = body.text(child::NAME).unwrap_or("Anak tanpa nama").to_owned();
        let showing = Showing { today, in_full, bounds: visit.call.thresholds().child };
        Ok((name, read(tx, &person, &record, &body, showing)?))
    })?;
    Ok(visit.page("/balita", &name, &child_page(&shown, &visit.viewer())))
}

/// How the page of a child is shown.
#[derive(Clone, Copy)]
struct Showing {
    today: CivilDate,
    /// With the numbers of persons in full.
    in_full: bool,
    bounds: ChildBounds,
}

fn read(
    tx: &ReadTx<'_>,
    person: &Person,
    record: &Record,
    body: &Body,
    Showing { today, in_full, bounds }: Showing,
) -> Result<ChildPage, Refusal> {
    let places = Places::read(tx)?;
    let role = person.worker.role;
    let may_edit = role.may(Right::Enter);
    let belonging = tx.records_of_child(record.no)?;
    let of_kind = |kind| belonging.iter().filter(move |r| r.kind == kind && r.deleted.is_none());
    let (_, measured, more) = views_of(tx, of_kind(Kind::MEASUREMENT), in_full, bounds)?;
    let (_, visits, still_more) = views_of(tx, of_kind(Kind::VISIT), in_full, bounds)?;
    let all: Vec<Record> = std::iter::once(record).chain(&belonging).cloned().collect();
    // Numbers are masked in the history even where they are looked at: a look is at the present.
    let timeline = timeline(tx, &all, false, bounds)?;
    let grown = Grown::read(body, &measured);
    let told = Told::new(tx, &all, &places)?;
    let left_out = timeline.left_out + more + still_more;
    let seen = view(tx, record, in_full)?.body;
    let facts = match &seen {
        Some(shown) => facts(shown, &record.area, &places),
        None => facts(&crate::access::mask::mask_body(body), &record.area, &places),
    };
    Ok(ChildPage {
        address: format!("/balita/{}", record.id),
        line: line(body, &record.area, &places, today),
        tags: tags(body, tx.latest(record.no)?.as_ref(), today),
        deleted: record.deleted.map(|why| labels::choice(why.as_str()).to_lowercase()),
        facts,
        doubts: nik_doubts(body).into_iter().map(|doubt| doubt.sentence).collect(),
        charts: grown.charts(),
        measurements: grown.measurements(may_edit && record.deleted.is_none()),
        visits: facts::visits(&visits),
        history: told.versions(&timeline.versions),
        left_out,
        may: May {
            edit: may_edit,
            see_nik: !in_full && role.may(Right::SeeNik) && facts::has_number(body),
        },
    })
}
