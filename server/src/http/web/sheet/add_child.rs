//! Adding a child from a sheet.

use super::{HERE, WHOLE, Which};
use crate::access::person::Person;
use crate::http::Response;
use crate::http::web::local::Local;
use crate::http::web::visit::Visit;
use crate::http::web::wrong;
use crate::refusal::Refusal;
use crate::store::{ReadTx, SheetOf};
use crate::sync::enter::enter;
use crate::sync::office::new_record_id;
use crate::sync::server_time;
use std::sync::Arc;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::{Change, Edit};
use sync_protocol::record::{Kind, child};
use sync_protocol::time::CivilDate;
use views::child_form::with_departure;
use views::form::{Mistakes, Typed};
use views::sheet::{self as view, AddChild, Twin};

pub(crate) fn form(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let asked = &visit.call.asked;
    let posyandu = asked.text("posyandu").filter(|name| *name != WHOLE);
    let text = |name| asked.text(name);
    let which = which_of(text("area"), posyandu, text("tanggal"))?;
    let named = posyandu.map(|name| (child::POSYANDU.to_owned(), name.to_owned()));
    let (page, _) = read_page(visit, &which, Typed::from_texts(named))?;
    let content = view::add_child(&visit.viewer(), &page);
    Ok(visit.page(HERE, "Tambah anak", &content))
}

fn which_of(
    area: Option<&str>,
    posyandu: Option<&str>,
    day: Option<&str>,
) -> Result<Which, Refusal> {
    let not_there = || Refusal::NotFound;
    let area: Area = area.and_then(|area| area.parse().ok()).ok_or_else(not_there)?;
    let day: CivilDate = day.and_then(|day| day.parse().ok()).ok_or_else(not_there)?;
    let posyandu = posyandu.map(str::to_owned);
    Ok(Which { of: SheetOf { area, posyandu, day }, after: None })
}

/// The page, and the day by which typed dates are read.
fn read_page(
    visit: &Visit<'_>,
    which: &Which,
    typed: Typed,
) -> Result<(AddChild, CivilDate), Refusal> {
    let area = &which.of.area;
    visit.call.read(|tx, person, now| {
        if !area.is_village() || !person.scope.contains(area) {
            return Err(Refusal::NotFound);
        }
        let page = AddChild {
            area: area.to_string(),
            village: Local::read(tx)?.area(area),
            sheet: which.of.posyandu.clone().unwrap_or_else(|| WHOLE.to_owned()),
            day: which.of.day.to_string(),
            back: which.address(None, None),
            posyandu: tx.posyandu_of(area)?,
            typed,
            mistakes: Mistakes::default(),
            twins: Vec::new(),
        };
        Ok((page, server_time::today(tx, now.ms)?))
    })
}

pub(crate) fn add(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let form = &visit.form;
    let posyandu = form.text("lembar").filter(|name| *name != WHOLE);
    let which = which_of(form.text("area"), posyandu, form.text("tanggal"))?;
    let (mut page, today) = read_page(visit, &which, form.typed(Kind::CHILD))?;
    let again = |page: &AddChild, told: &str| {
        let content = view::add_child(&visit.viewer(), page);
        visit.page_with(422, HERE, "Tambah anak", Some(&wrong(told)), &content)
    };
    let read = page.typed.read(Kind::CHILD, Body::new(), Some(today));
    let body = match read.and_then(|body| with_departure(body, &Body::new())) {
        Ok(body) => body,
        Err(mistakes) => {
            page.mistakes = mistakes;
            return Ok(again(&page, "Belum tersimpan. Perbaiki isian yang ditandai."));
        }
    };
    page.twins = visit.call.read(|tx, person, _| twins_of(tx, &person, &body))?;
    if form.raw("lain") != page.word() {
        return Ok(again(&page, "Belum tersimpan. Periksa dulu: mungkin anak ini sudah ada."));
    }
    match make(visit, which.of.area.clone(), body) {
        Ok(()) => Ok(Response::redirect(which.address(None, Some("tersimpan")))),
        Err(Refusal::Field(field)) => {
            page.mistakes.add(&field, "Isian ini tidak dapat diterima.");
            Ok(again(&page, "Belum tersimpan. Perbaiki isian yang ditandai."))
        }
        Err(refusal) => Err(refusal),
    }
}

/// The children of the person's scope with this name, sex and birth date.
fn twins_of(tx: &ReadTx<'_>, person: &Person, body: &Body) -> Result<Vec<Twin>, Refusal> {
    let (Some(name), Some(sex), Some(born)) =
        (body.text(child::NAME), body.text(child::SEX), body.date(child::BIRTH_DATE))
    else {
        return Ok(Vec::new());
    };
    let words =
        |name: &str| -> Vec<String> { name.split_whitespace().map(str::to_lowercase).collect() };
    let local = Local::read(tx)?;
    let known = tx.children_born_on(born, sex)?.into_iter();
    let same = known
        .filter(|known| person.scope.contains(&known.area) && words(&known.name) == words(name));
    Ok(same
        .map(|known| Twin {
            href: format!("/balita/{}", known.id),
            village: local.area(&known.area),
            name: known.name,
        })
        .collect())
}

fn make(visit: &Visit<'_>, area: Area, body: Body) -> Result<(), Refusal> {
    let random = Arc::clone(visit.call.random());
    visit.call.write(move |tx, person, now| {
        let id = new_record_id(now.ms, &*random);
        let edit = Edit::Body { body, area: Some(area) };
        enter(tx, &person, Change { kind: Kind::CHILD, id, edit }, None, now.ms)?;
        Ok(())
    })
}
