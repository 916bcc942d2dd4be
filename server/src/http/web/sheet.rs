//! Entri: a day of a posyandu from the paper register.

mod add_child;
mod drafts;
mod lines;
mod posts;

pub(super) use add_child::{add as add_child, form as add_child_form};
pub(super) use posts::{check, judge_line, keep, save};

use super::form::Form;
use super::local::Local;
use super::visit::Visit;
use crate::access::person::Person;
use crate::http::Response;
use crate::refusal::Refusal;
use crate::store::{ReadTx, RecordNo, SheetOf};
use crate::sync::server_time;
use sync_protocol::area::Area;
use sync_protocol::time::CivilDate;
use views::choice::Choice;
use views::sheet::{self as view, Chooser, Sheet};
use views::shell::Notice;
use views::{html, typed, words};

const HERE: &str = "/entri";
/// As the address names all children of a desa, whatever their posyandu.
const WHOLE: &str = "*";

/// Which part of which sheet.
#[derive(Clone, Debug)]
pub(super) struct Which {
    of: SheetOf,
    after: Option<RecordNo>,
}

impl Which {
    /// What a form of a sheet says of itself.
    fn of_form(form: &Form, person: &Person) -> Result<Self, Refusal> {
        let not_there = || Refusal::NotFound;
        let text = |name| form.text(name);
        let area: Area = text("area").and_then(|area| area.parse().ok()).ok_or_else(not_there)?;
        if !area.is_village() || !person.scope.contains(&area) {
            return Err(not_there());
        }
        let day = text("tanggal").and_then(|day| day.parse().ok()).ok_or_else(not_there)?;
        let posyandu = text("posyandu").filter(|name| *name != WHOLE).map(str::to_owned);
        let after = text("after").and_then(|after| after.parse().ok()).map(RecordNo);
        Ok(Which { of: SheetOf { area, posyandu, day }, after })
    }

    fn address(&self, after: Option<RecordNo>, told: Option<&str>) -> String {
        let mut query = query_of(&self.of);
        query.extend_pairs(after.map(|after| ("after", after.0.to_string())));
        query.extend_pairs(told.map(|told| ("kabar", told)));
        format!("{HERE}?{}", query.finish())
    }
}

fn query_of(of: &SheetOf) -> form_urlencoded::Serializer<'static, String> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("area", of.area.as_str());
    query.append_pair("posyandu", of.posyandu.as_deref().unwrap_or(WHOLE));
    query.append_pair("tanggal", &of.day.to_string());
    query
}

/// What a sheet is called.
fn title_of(local: &Local<'_>, of: &SheetOf) -> String {
    let posyandu = of.posyandu.as_deref().unwrap_or("semua anak");
    format!("{}, {posyandu}, {}", local.area(&of.area), words::date(of.day))
}

pub(super) fn open(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let (chooser, sheet) = visit.call.read(|tx, person, now| {
        let today = server_time::today(tx, now.ms)?;
        let (chooser, which) = choose(tx, visit, &person, today)?;
        let sheet = match which {
            Some(which) => Some(read_sheet(tx, &person, &which)?),
            None => None,
        };
        Ok((chooser, sheet))
    })?;
    let content = html! {
        (view::chooser(&chooser))
        @if let Some(sheet) = &sheet { (view::sheet(&visit.viewer(), sheet)) }
    };
    Ok(visit.page(HERE, "Entri", &content))
}

/// The sheet as it is stored, with what the person has typed before and not saved.
fn read_sheet(tx: &ReadTx<'_>, person: &Person, which: &Which) -> Result<Sheet, Refusal> {
    let mut sheet = lines::read(tx, person, which)?;
    if let Some((texts, saved_ms)) = drafts::read(tx, person, &which.of)? {
        lines::lay_over(&mut sheet, &texts);
        sheet.draft = Some(Local::read(tx)?.moment(saved_ms)?);
    }
    Ok(sheet)
}

/// What is chosen so far, and the sheet when that is enough.
fn choose(
    tx: &ReadTx<'_>,
    visit: &Visit<'_>,
    person: &Person,
    today: CivilDate,
) -> Result<(Chooser, Option<Which>), Refusal> {
    let asked = &visit.call.asked;
    let local = Local::read(tx)?;
    let only = match person.scope.areas() {
        [only] if only.is_village() => Some(only.clone()),
        _ => None,
    };
    let area: Option<Area> = asked.value("area")?.or(only);
    let area = area.filter(|area| !area.is_village() || person.scope.contains(area));
    let (day, wrong_day) = day_of(asked.text("tanggal"), today);
    let village = area.clone().filter(Area::is_village);
    let posyandu = village.as_ref().map(|village| tx.posyandu_of(village)).transpose()?;
    let chosen = posyandu.as_ref().and_then(|known| {
        let asked = asked.text("posyandu")?;
        let found = known.iter().find(|name| name.to_lowercase() == asked.to_lowercase());
        found.map(String::as_str).or((asked == WHOLE).then_some(WHOLE))
    });
    let which = village.zip(chosen).zip(day).map(|((area, chosen), day)| {
        let posyandu = Some(chosen).filter(|name| *name != WHOLE).map(str::to_owned);
        Ok::<_, Refusal>(Which {
            of: SheetOf { area, posyandu, day },
            after: asked.value("after")?.map(RecordNo),
        })
    });
    let choices = posyandu.as_ref().map(|known| {
        let named = known.iter().map(|name| Choice::new(name, name, chosen));
        named.chain([Choice::new(WHOLE, "Semua anak di desa ini", chosen)]).collect()
    });
    let chooser = Chooser {
        areas: local.places.choices(&person.scope, area.as_ref()),
        posyandu: choices,
        day: match (asked.text("tanggal"), day) {
            (Some(typed), None) => typed.to_owned(),
            (_, day) => day.unwrap_or(today).to_string(),
        },
        wrong_day,
        drafts: drafts::list(tx, &local, person)?,
    };
    Ok((chooser, which.transpose()?))
}

fn day_of(typed: Option<&str>, today: CivilDate) -> (Option<CivilDate>, Option<String>) {
    match typed.map(|text| typed::date(text, "Tanggal ukur")) {
        None => (Some(today), None),
        Some(Ok(day)) if day > today => {
            (None, Some(format!("Tanggal ukur {} masih di masa depan.", words::date(day))))
        }
        Some(Ok(day)) => (Some(day), None),
        Some(Err(wrong)) => (None, Some(wrong.sentence)),
    }
}

/// The sheet again, after it was sent.
fn render(
    visit: &Visit<'_>,
    status: u16,
    told: Option<&Notice>,
    title: &str,
    sheet: &Sheet,
) -> Response {
    let content = html! {
        p { strong { (title) } ". " a href=(HERE) { "Lembar lain" } }
        (view::sheet(&visit.viewer(), sheet))
    };
    visit.page_with(status, HERE, "Entri", told, &content)
}

/// A sheet's name, for a page that has no chooser.
fn title(visit: &Visit<'_>, which: &Which) -> Result<String, Refusal> {
    visit.call.read(|tx, _, _| Ok(title_of(&Local::read(tx)?, &which.of)))
}
