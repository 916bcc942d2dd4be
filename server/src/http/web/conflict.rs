//! One conflict, and deciding it.

use super::conflicts::HERE;
use super::form::Form;
use super::local::Local;
use super::visit::Visit;
use super::wrong;
use crate::http::Response;
use crate::refusal::Refusal;
use crate::store::{ReadTx, Stored};
use crate::sync::review::VersionView;
use crate::sync::review::combine::{Source, combined};
use crate::sync::review::conflicts::ConflictView;
use crate::sync::review::decide::{Decision, Ruling};
use crate::sync::review::stakes::{Weighed, weighed_conflict};
use crate::sync::{review, server_time};
use std::collections::BTreeSet;
use sync_protocol::body::Body;
use sync_protocol::growth::{Assessed, Child, Measured, assess};
use sync_protocol::ids::DeviceNo;
use sync_protocol::record::Kind;
use sync_protocol::stamp::Stamp;
use sync_protocol::time::CivilDate;
use views::conflict::{self as view, Column, Comparison, Maker, Page, Says, field_names};
use views::control::Held;
use views::shell::Notice;
use views::{labels, typed};

pub(super) fn show(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let (page, _) = read_page(visit)?;
    let told = page.decided.then(|| wrong("Konflik ini sudah diputuskan."));
    Ok(render(visit, 200, told.as_ref(), &page))
}

fn render(visit: &Visit<'_>, status: u16, told: Option<&Notice>, page: &Page) -> Response {
    let title = format!("Konflik {}", page.child);
    visit.page_with(status, HERE, &title, told, &view::page(&visit.viewer(), page))
}

/// The page, and the day by which typed dates are read.
fn read_page(visit: &Visit<'_>) -> Result<(Page, CivilDate), Refusal> {
    let id = visit.call.number_at(0)?;
    visit.call.read(|tx, person, now| {
        let page = page_of(tx, &weighed_conflict(tx, &person.scope, id)?)?;
        Ok((page, server_time::today(tx, now.ms)?))
    })
}

/// The version that holds now, and the one of the two that lost.
pub(super) fn present_and_lost(view: &ConflictView) -> (&VersionView, &VersionView) {
    let (won, lost) = won_and_lost(view);
    (view.later.as_ref().unwrap_or(won), lost)
}

fn won_and_lost(view: &ConflictView) -> (&VersionView, &VersionView) {
    let (incoming, other) = (&view.incoming, &view.other);
    if incoming.stamp > other.stamp { (incoming, other) } else { (other, incoming) }
}

pub(super) fn maker(tx: &ReadTx<'_>, local: &Local<'_>, version: &VersionView) -> Stored<Maker> {
    let number = DeviceNo(version.device);
    let tablet = match number {
        DeviceNo::OFFICE => None,
        number => tx.device(number)?.map(|device| device.name),
    };
    Ok(Maker { by: version.by.clone(), tablet, made: local.moment(version.made_at.unix_ms())? })
}

/// What a version says that is no body.
pub(super) fn whole(local: &Local<'_>, version: &VersionView) -> Option<String> {
    if let Some(area) = &version.area {
        return Some(format!("Tinggal di {}", local.area(area)));
    }
    let reason = version.deleted.map(|reason| reason.as_str().replace('_', " "));
    reason.map(|reason| format!("Dihapus: {reason}"))
}

fn page_of(tx: &ReadTx<'_>, weighed: &Weighed) -> Stored<Page> {
    let (view, local) = (&weighed.view, &Local::read(tx)?);
    let kind = Kind::named(view.kind);
    let (won, lost) = won_and_lost(view);
    let present = view.later.as_ref().unwrap_or(won);
    let between = view.later.as_ref().map(|_| won);
    let versions = [
        (view.base.as_ref(), "Sebelum keduanya"),
        (Some(present), "Yang berlaku"),
        (between, "Berlaku sebelumnya"),
        (Some(lost), "Yang lain"),
    ];
    let versions: Vec<(&VersionView, &'static str)> =
        versions.into_iter().filter_map(|(version, title)| Some((version?, title))).collect();
    let mut columns = Vec::new();
    for (version, title) in &versions {
        columns.push(Column {
            choice: version.stamp.to_string(),
            title,
            maker: maker(tx, local, version)?,
            says: whole(local, version).map_or(Says::Fields, Says::Whole),
            assessed: assessed(kind, weighed.child.as_ref(), version.body.as_ref()),
        });
    }
    let fields =
        if present.body.is_some() { comparisons(kind, view, &versions) } else { Vec::new() };
    Ok(Page {
        id: view.id,
        winner: view.winner_stamp.to_string(),
        child: view.child_name.clone().unwrap_or_else(|| "(tanpa nama)".to_owned()),
        child_href: format!("/balita/{}", view.child_id),
        village: local.area(&view.area),
        kind: labels::kind(view.kind),
        gravity: weighed.gravity,
        consequences: view::consequences(&weighed.difference),
        columns,
        fields,
        reason: Held::default(),
        decided: weighed.is_closed,
    })
}

fn assessed(kind: Option<Kind>, child: Option<&Child>, body: Option<&Body>) -> Option<Assessed> {
    kind.filter(|kind| *kind == Kind::MEASUREMENT)?;
    assess(child?, &Measured::of(body?)?)
}

/// The fields in which the versions differ: those that both changed first, then in the order of the
/// form.
fn comparisons(
    kind: Option<Kind>,
    view: &ConflictView,
    versions: &[(&VersionView, &'static str)],
) -> Vec<Comparison> {
    let differing = view.fields.iter().map(|field| field.field.as_str());
    let later = view.later.iter().filter_map(|later| later.body.as_ref()).flat_map(|later| {
        let both = [&view.incoming, &view.other].into_iter().filter_map(|side| side.body.as_ref());
        both.flat_map(move |side| {
            let names = side.fields().chain(later.fields()).map(|(name, _)| name);
            names.filter(move |name| side.get(name) != later.get(name))
        })
    });
    let names: BTreeSet<&str> = differing.chain(later).collect();
    let mut rows: Vec<Comparison> =
        names.into_iter().map(|name| comparison(kind, view, versions, name)).collect();
    let fields = kind.map(Kind::fields).unwrap_or_default();
    let place = |name: &str| fields.iter().position(|field| field.name == name);
    rows.sort_by_key(|row| (!row.overlap, place(&row.name).unwrap_or(usize::MAX)));
    rows
}

fn comparison(
    kind: Option<Kind>,
    view: &ConflictView,
    versions: &[(&VersionView, &'static str)],
    name: &str,
) -> Comparison {
    let of = |version: &VersionView| {
        version.body.as_ref().and_then(|body| body.get(name)).cloned().unwrap_or_default()
    };
    let known = view.fields.iter().find(|field| field.field == name);
    let (present, lost) = present_and_lost(view);
    // Where only the one that lost changed a field, nobody else meant to say anything of it.
    let only_lost_changed = view.later.is_none()
        && known.is_some_and(|field| !field.overlap && field.base == of(present));
    let chosen = if only_lost_changed { lost } else { present };
    Comparison {
        name: name.to_owned(),
        field: kind.and_then(|kind| kind.field(name)),
        values: versions.iter().map(|(version, _)| labels::value(name, &of(version))).collect(),
        overlap: known.is_some_and(|field| field.overlap),
        chosen: chosen.stamp.to_string(),
        typed: Held::default(),
    }
}

/// What was chosen and typed, put on the page again.
fn lay_over(page: &mut Page, form: &Form) {
    for field in &mut page.fields {
        let (choice, typed) = field_names(&field.name);
        if let Some(chosen) = form.text(&choice) {
            chosen.clone_into(&mut field.chosen);
        }
        form.raw(&typed).clone_into(&mut field.typed.text);
    }
    form.raw("alasan").clone_into(&mut page.reason.text);
}

/// Reads where each field is taken from; what cannot be is noted beside it.
fn read_choices(page: &mut Page, today: CivilDate) -> Option<Vec<(String, Source)>> {
    let mut choices = Vec::new();
    for field in &mut page.fields {
        let source = source_of(field, today);
        match source {
            Ok(source) => choices.push((field.name.clone(), source)),
            Err(error) => field.typed.error = Some(error),
        }
    }
    (choices.len() == page.fields.len()).then_some(choices)
}

fn source_of(field: &Comparison, today: CivilDate) -> Result<Source, String> {
    if field.chosen != Comparison::TYPED {
        if !field.typed.text.is_empty() {
            return Err("Pilih \"ketik\", atau kosongkan nilai ini.".to_owned());
        }
        let stamp = field.chosen.parse::<Stamp>();
        return stamp.map(Source::Version).map_err(|_| "Pilih salah satu nilai.".to_owned());
    }
    let known = field.field.ok_or("Isian ini tidak dapat diketik.")?;
    let read = typed::read(known, &field.typed.text, Some(today));
    read.map(Source::Typed).map_err(|wrong| wrong.sentence)
}

/// What the person decided, before it is known whether it holds.
enum Asked {
    Whole(Decision, Option<String>),
    Combined(Vec<(String, Source)>),
}

pub(super) fn decide(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let malformed = || Refusal::Malformed(None);
    let winner: Stamp =
        visit.form.text("pemenang").and_then(|text| text.parse().ok()).ok_or_else(malformed)?;
    let (mut page, today) = read_page(visit)?;
    lay_over(&mut page, &visit.form);
    let asked = match visit.form.text("putusan") {
        Some("pertahankan") => Asked::Whole(Decision::Keep, None),
        Some("pakai") => Asked::Whole(Decision::Take, None),
        Some("abaikan") => match visit.form.text("alasan") {
            Some(reason) => Asked::Whole(Decision::Dismiss, Some(reason.to_owned())),
            None => {
                page.reason.error = Some("Alasan wajib diisi.".to_owned());
                let told = wrong("Isi alasan mengabaikan.");
                return Ok(render(visit, 422, Some(&told), &page));
            }
        },
        Some("gabungkan") => match read_choices(&mut page, today) {
            Some(choices) => Asked::Combined(choices),
            None => {
                let told = wrong("Belum disimpan: periksa isian yang ditandai.");
                return Ok(render(visit, 422, Some(&told), &page));
            }
        },
        _ => return Err(malformed()),
    };
    match carry_out(visit, winner, asked) {
        Ok(()) => Ok(Response::redirect("/konflik?kabar=diputuskan")),
        Err(Refusal::Stale) => overtaken(visit),
        Err(Refusal::Field(field)) => Ok(with_mistake(visit, page, &field)),
        Err(refusal) => Err(refusal),
    }
}

fn carry_out(visit: &Visit<'_>, winner: Stamp, asked: Asked) -> Result<(), Refusal> {
    let id = visit.call.number_at(0)?;
    visit.call.write(move |tx, person, now| {
        let (decision, reason) = match asked {
            Asked::Whole(decision, reason) => (decision, reason),
            Asked::Combined(choices) => {
                (Decision::Body(combined(tx, &person, id, &choices)?), None)
            }
        };
        let ruling = Ruling { decision, winner, reason };
        review::decide::decide(tx, &person, id, &ruling, now.ms)?;
        Ok(())
    })
}

/// The page as it is by now, with what the person chose and typed.
fn overtaken(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let (mut page, _) = read_page(visit)?;
    lay_over(&mut page, &visit.form);
    let told = if page.decided {
        "Konflik ini sudah diputuskan orang lain. Putusan Anda tidak disimpan."
    } else {
        "Data ini berubah sejak halaman dibuka, jadi belum diputuskan. Yang berlaku sekarang ada di bawah; pilihan dan ketikan Anda masih ada. Periksa lalu putuskan lagi."
    };
    Ok(render(visit, 409, Some(&wrong(told)), &page))
}

/// The page again with what the person typed, and the field that cannot be so.
fn with_mistake(visit: &Visit<'_>, mut page: Page, field: &str) -> Response {
    let told = format!("Belum disimpan: {} tidak dapat diterima.", labels::field(field));
    for row in page.fields.iter_mut().filter(|row| row.name == field) {
        row.typed.error = Some("Nilai ini tidak dapat diterima.".to_owned());
    }
    render(visit, 422, Some(&wrong(told)), &page)
}
