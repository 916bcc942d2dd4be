//! Tertahan: the parked changes, and settling one.

use super::local::Local;
use super::visit::Visit;
use super::wrong;
use crate::access::selection::Filters;
use crate::http::Response;
use crate::refusal::Refusal;
use crate::store::{LogPos, ReadTx, Stored};
use crate::sync::review::Part;
use crate::sync::review::parked::{ParkedView, body_to_mend, parked_change, parked_changes};
use crate::sync::review::settle::{self, Settlement};
use crate::sync::server_time;
use serde_json::{Map, Value};
use sync_protocol::body::Body;
use sync_protocol::parked::{Fault, ParkCode};
use sync_protocol::record::Kind;
use sync_protocol::time::{CivilDate, DAY_MS};
use views::control::Held;
use views::form::{Mistakes, Typed};
use views::labels;
use views::parked::{self as view, Filter, List, Mending, Page, Row};
use views::shell::Notice;

const HERE: &str = "/tertahan";
/// Parked changes on one page.
const ROWS: usize = 50;
/// Fields of one that a list has room for.
const FIELDS_SHOWN: usize = 3;

pub(super) fn list(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let asked = &visit.call.asked;
    let filters = asked.filters()?;
    let code: Option<ParkCode> = asked.value("code")?;
    let part = Part {
        after: asked.value("after")?,
        limit: Some(ROWS),
        bytes: visit.call.thresholds().review_bytes,
    };
    let list = visit.call.read(|tx, person, now| {
        let scope = filters.select(tx, &person.scope)?.scope;
        let found = parked_changes(tx, &scope, code, part)?;
        let local = Local::read(tx)?;
        let rows = found.items.iter().map(|parked| row(&local, parked, now.ms));
        let rows = rows.collect::<Stored<Vec<_>>>()?;
        let areas = local.places.choices(&person.scope, filters.area.as_ref());
        let filter = Filter { areas, code };
        Ok(List { rows, next: found.after.map(|after| address(&filters, code, after)), filter })
    })?;
    Ok(visit.page(HERE, "Tertahan", &view::list(&list)))
}

fn address(filters: &Filters, code: Option<ParkCode>, after: i64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(filters.area.iter().map(|area| ("area", area.as_str())));
    query.extend_pairs(code.iter().map(|code| ("code", code.as_str())));
    query.append_pair("after", &after.to_string());
    format!("{HERE}?{}", query.finish())
}

fn row(local: &Local<'_>, parked: &ParkedView, now_ms: i64) -> Stored<Row> {
    let kind = parked.kind.as_deref().map_or("data", labels::kind);
    let what = match edit_of(parked) {
        Some("move") => format!("pindah desa, {kind}"),
        Some("deleted") => format!("hapus {kind}"),
        Some(_) | None => kind.to_owned(),
    };
    let body = body_of(parked);
    let told = body.into_iter().flatten().filter(|(name, _)| is_told(parked, name));
    let fields = told.map(|(name, value)| said(name, value)).take(FIELDS_SHOWN).collect();
    Ok(Row {
        id: parked.id,
        child: parked.child_name.clone(),
        what,
        fields,
        code: parked.code,
        field: parked.field.clone(),
        worker: parked.worker.clone(),
        tablet: parked.device_name.clone(),
        made: local.moment(parked.made_at.unix_ms())?,
        received: local.moment(parked.received_at.unix_ms())?,
        days: (now_ms - parked.received_at.unix_ms()) / DAY_MS,
    })
}

/// Which of the three a change does.
fn edit_of(parked: &ParkedView) -> Option<&'static str> {
    let members = parked.change.as_ref()?;
    ["body", "move", "deleted"]
        .into_iter()
        .find(|member| members.get(member).is_some_and(|value| !value.is_null()))
}

fn body_of(parked: &ParkedView) -> Option<&Map<String, Value>> {
    parked.change.as_ref()?.get("body")?.as_object()
}

fn kind_of(parked: &ParkedView) -> Option<Kind> {
    parked.kind.as_deref().and_then(Kind::named)
}

/// Whether a field says anything to a person: an id does not, and the name is said already.
fn is_told(parked: &ParkedView, name: &str) -> bool {
    let parent = kind_of(parked).and_then(Kind::parent_field);
    Some(name) != parent && name != sync_protocol::record::child::NAME
}

fn said(name: &str, value: &Value) -> String {
    format!("{}: {}", labels::field(name), labels::value(name, value))
}

pub(super) fn show(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let (page, _) = read_page(visit)?;
    Ok(render(visit, 200, None, &page))
}

fn render(visit: &Visit<'_>, status: u16, told: Option<&Notice>, page: &Page) -> Response {
    let title = format!("Tertahan: {}", page.row.child.as_deref().unwrap_or("(tanpa nama)"));
    visit.page_with(status, HERE, &title, told, &view::page(&visit.viewer(), page))
}

/// The page, and the day by which typed dates are read.
fn read_page(visit: &Visit<'_>) -> Result<(Page, CivilDate), Refusal> {
    let pos = LogPos(visit.call.number_at(0)?);
    visit.call.read(|tx, person, now| {
        let parked = parked_change(tx, &person.scope, pos)?;
        Ok((page_of(tx, &parked, now.ms)?, server_time::today(tx, now.ms)?))
    })
}

fn page_of(tx: &ReadTx<'_>, parked: &ParkedView, now_ms: i64) -> Stored<Page> {
    let local = Local::read(tx)?;
    let mut facts = Vec::new();
    for member in ["area", "move"] {
        let text = parked.change.as_ref().and_then(|change| change.get(member)?.as_str());
        if let Some(text) = text {
            let area = text.parse().ok().map(|area| local.area(&area));
            let label = if member == "move" { "Pindah ke" } else { labels::field(member) };
            facts.push((label.to_owned(), area.unwrap_or_else(|| text.to_owned())));
        }
    }
    let mending = mending_of(parked);
    let shown = |name: &str| {
        let field = mending.as_ref().and_then(|mending| mending.kind.field(name));
        field.is_some_and(view::can_be_mended)
    };
    for (name, value) in body_of(parked).into_iter().flatten() {
        if !shown(name) {
            facts.push((labels::field(name).to_owned(), labels::value(name, value)));
        }
    }
    let row = row(&local, parked, now_ms)?;
    Ok(Page { row, facts, mending, raw: parked.raw.clone(), discard: Held::default() })
}

/// Every field that can be typed, as it was typed, the refused one marked. A move, a deletion and what
/// names no record have nothing to mend.
fn mending_of(parked: &ParkedView) -> Option<Mending> {
    let (kind, _, body) = (kind_of(parked)?, parked.record?, body_of(parked)?);
    let typed = Typed::of_body(kind, &Body::from(body.clone()));
    let mut mistakes = Mistakes::default();
    if let Some(refused) = parked.field.as_deref().and_then(|field| kind.field(field)) {
        mistakes.add(refused.name, view::reason(parked.code, Some(refused.name)));
    }
    Some(Mending { kind, typed, mistakes })
}

pub(super) fn settle(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let form = &visit.form;
    let (mut page, today) = match read_page(visit) {
        Err(Refusal::NotFound) => return Ok(gone(visit)),
        read => read?,
    };
    let (asked, done) = match form.text("putusan") {
        Some("lepas") => (Asked::Release, "dilepas"),
        Some("buang") => match (form.text("alasan"), form.text("yakin")) {
            (Some(reason), Some(_)) => (Asked::Discard(reason.to_owned()), "dibuang"),
            (reason, _) => {
                page.discard.text = reason.unwrap_or_default().to_owned();
                let error = if reason.is_none() {
                    "Alasan wajib diisi."
                } else {
                    "Centang bahwa data ini tidak dipakai."
                };
                page.discard.error = Some(error.to_owned());
                return Ok(render(visit, 422, Some(&wrong(error)), &page));
            }
        },
        Some("perbaiki") => match (kind_to_mend(&page), read_mending(&mut page, visit, today)) {
            (Some(kind), Some(body)) => (Asked::Mend(kind, body), "dilepas"),
            _ => {
                let told = wrong("Belum dilepas: periksa isian yang ditandai.");
                return Ok(render(visit, 422, Some(&told), &page));
            }
        },
        _ => return Err(Refusal::Malformed(None)),
    };
    let told = match carry_out(visit, asked) {
        Ok(()) => return Ok(Response::redirect(format!("{HERE}?kabar={done}"))),
        Err(Refusal::NotFound) => return Ok(gone(visit)),
        Err(Refusal::StillParked(Fault { code, field })) => {
            format!("Masih tertahan. {}", view::reason(Some(code), field.as_deref()))
        }
        Err(Refusal::Field(field)) => {
            if let Some(mending) = &mut page.mending {
                mending.mistakes.add(&field, "Nilai ini tidak dapat diterima.");
            }
            format!("Belum dilepas: {} tidak dapat diterima.", labels::field(&field))
        }
        Err(refusal) => return Err(refusal),
    };
    Ok(render(visit, 422, Some(&wrong(told)), &page))
}

fn kind_to_mend(page: &Page) -> Option<Kind> {
    page.mending.as_ref().map(|mending| mending.kind)
}

enum Asked {
    Release,
    Discard(String),
    /// What was typed of a record of this kind; what cannot be typed stays as it is.
    Mend(Kind, Body),
}

/// Reads what was typed over the page; what cannot be is noted beside it.
fn read_mending(page: &mut Page, visit: &Visit<'_>, today: CivilDate) -> Option<Body> {
    let mending = page.mending.as_mut()?;
    let fields = mending.kind.fields().iter().filter(|field| view::can_be_mended(field));
    let texts = fields.map(|field| (field.name.to_owned(), visit.form.raw(field.name).to_owned()));
    mending.typed = Typed::from_texts(texts);
    mending.mistakes = Mistakes::default();
    match mending.typed.read(mending.kind, Body::new(), Some(today)) {
        Ok(body) => Some(body),
        Err(mistakes) => {
            mending.mistakes = mistakes;
            None
        }
    }
}

fn carry_out(visit: &Visit<'_>, asked: Asked) -> Result<(), Refusal> {
    let pos = LogPos(visit.call.number_at(0)?);
    visit.call.write(move |tx, person, now| {
        let settlement = match asked {
            Asked::Release => Settlement::Release,
            Asked::Discard(reason) => Settlement::Discard(reason),
            Asked::Mend(kind, typed) => {
                let mut body = body_to_mend(tx, pos)?.unwrap_or_default();
                for field in kind.fields().iter().filter(|field| view::can_be_mended(field)) {
                    body.set(field.name, typed.get(field.name).cloned().unwrap_or_default());
                }
                Settlement::Mend(body)
            }
        };
        settle::settle(tx, &person, pos, &settlement, now.ms)?;
        Ok(())
    })
}

/// It is no longer parked, or never was for this person: what they typed is shown to them.
fn gone(visit: &Visit<'_>) -> Response {
    let asked = Kind::all().flat_map(Kind::fields).map(|field| field.name).chain(["alasan"]);
    let mut typed: Vec<(String, String)> = Vec::new();
    for name in asked {
        if let Some(text) = visit.form.text(name)
            && !typed.iter().any(|(known, _)| known == name)
        {
            typed.push((name.to_owned(), text.to_owned()));
        }
    }
    visit.page_with(404, HERE, "Tidak tertahan", None, &view::settled_meanwhile(&typed))
}
