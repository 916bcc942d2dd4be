//! Balita: the children of the person's scope by name.

use super::places::{Places, puskesmas_choices};
use super::visit::Visit;
use crate::access::person::Right;
use crate::access::selection::Filters;
use crate::http::Response;
use crate::http::about::Param;
use crate::http::params::{AREA, MONTH, POSYANDU, PUSKESMAS};
use crate::refusal::Refusal;
use crate::report::by_name::{Finding, children_with};
use crate::report::prevalence::Low;
use crate::store::{
    ChildQuery, Latest, ListedChild, Narrowed, NikSearch, ReadTx, RecordNo, Selection,
};
use crate::sync::server_time;
use child_growth::Index;
use form_urlencoded::Serializer;
use sync_protocol::area::Scope;
use sync_protocol::ids::RecordId;
use sync_protocol::mask::mask;
use sync_protocol::month::Month;
use sync_protocol::record::child::ACTIVE;
use sync_protocol::sasaran::{Ages, TargetList};
use sync_protocol::schema::named;
use sync_protocol::time::{CivilDate, parse_date};
use utoipa::PartialSchema;
use views::child_list::{Asked, ChildList, Line, child_list as content};
use views::choice::Choice;
use views::growth::{Tone, category_of_word};
use views::tag::Tag;
use views::{labels, words};

/// Children on a page, and on one that is to be printed.
const ROWS: usize = 50;
const LONG_ROWS: usize = 500;
/// Words of a search that count, and characters of each.
const WORDS_MAX: usize = 5;
const WORD_CHARS_MAX: usize = 60;
/// More names than these are no help to choose from.
const POSYANDU_MAX: usize = 200;

const OUTGROWN: &str = "lewat_59";

/// What the list is asked by.
pub(super) static ASKED: [Param; 8] = [
    Param::optional("cari", "Words in the name, the mother's name, the NIK.", String::schema),
    AREA,
    PUSKESMAS,
    POSYANDU,
    Param::optional("saring", "What is found of the children.", String::schema),
    MONTH,
    Param::optional("sesudah", "Begins after this child.", named::<RecordId>),
    Param::optional("cetak", "1: one long page.", String::schema),
];

pub(super) fn child_list(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let filters = visit.call.asked.filters()?;
    let narrowed = Narrowing::read(visit.call.asked.text("saring"))?;
    let long = visit.call.asked.flag("cetak")?;
    let after = visit.call.asked.value::<RecordId>("sesudah")?;
    let shown = visit.call.read(|tx, person, now| {
        let scope = person.scope;
        let now_ms = now.ms;
        let today = server_time::today(tx, now_ms)?;
        let places = Places::read(tx)?;
        let query = query(tx, visit, &filters, narrowed, &scope, today)?;
        let after = after.map(|id| child_in_scope(tx, &scope, id)).transpose()?;
        let rows = if long { LONG_ROWS } else { ROWS };
        let mut found = tx.children_by_name(&query, after, rows + 1)?;
        let has_more = found.len() > rows;
        found.truncate(rows);
        let last = found.last().filter(|_| has_more).map(|child| child.id.to_string());
        let address = |more: &[(&str, &str)]| address(visit, more);
        let title = places.title(tx, &filters, &scope)?;
        Ok(ChildList {
            title: titled(narrowed, filters.month, &title),
            as_of: words::moment(now_ms, server_time::offset_minutes(tx, now_ms)?),
            total: after.is_none().then(|| tx.count_children(&query)).transpose()?,
            next: last.as_deref().map(|last| address(&[("sesudah", last)])),
            first: after.map(|_| address(&[])),
            long: (has_more && !long).then(|| address(&[("cetak", "1")])),
            rows: found.iter().map(|child| line(child, &places, today)).collect(),
            asked: form(tx, visit, &filters, narrowed, (&scope, &places))?,
        })
    })?;
    Ok(visit.page("/balita", "Balita", &content(&shown)))
}

/// What the list is of, in words.
fn titled(narrowed: Narrowing, month: Option<Month>, place: &str) -> String {
    let month = month.map(|month| words::month(month.first()));
    let parts = match narrowed.label() {
        Some(label) => vec![Some(label.to_owned()), Some(place.to_owned()), month],
        None => vec![Some(place.to_owned())],
    };
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// By what the list is narrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Narrowing {
    Nothing,
    Finding(Finding),
    /// Past 59 months, and nobody has said what became of them.
    Outgrown,
}

impl Narrowing {
    fn all() -> impl Iterator<Item = Narrowing> {
        Finding::ALL.into_iter().map(Narrowing::Finding).chain([Narrowing::Outgrown])
    }

    fn read(text: Option<&str>) -> Result<Self, Refusal> {
        match text {
            None => Ok(Narrowing::Nothing),
            Some(text) => Narrowing::all()
                .find(|known| known.as_str() == text)
                .ok_or_else(|| Refusal::malformed("saring is not known")),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Narrowing::Nothing => "",
            Narrowing::Finding(finding) => finding.as_str(),
            Narrowing::Outgrown => OUTGROWN,
        }
    }

    fn label(self) -> Option<&'static str> {
        Some(match self {
            Narrowing::Nothing => return None,
            Narrowing::Outgrown => "Lewat 59 bulan, masih aktif",
            Narrowing::Finding(finding) => match finding {
                Finding::Stunted(Low::All) => "Stunting (pendek dan sangat pendek)",
                Finding::Stunted(Low::Severe) => "Sangat pendek",
                Finding::Underweight(Low::All) => "Berat badan kurang (underweight)",
                Finding::Underweight(Low::Severe) => "Berat badan sangat kurang",
                Finding::Wasted(Low::All) => "Gizi kurang dan gizi buruk (wasting)",
                Finding::Wasted(Low::Severe) => "Gizi buruk",
                Finding::NotGained => "T (berat tidak naik)",
                Finding::TwiceNotGained => "2T (dua kali tidak naik)",
                Finding::NotWeighed => "Belum diukur bulan ini",
            },
        })
    }
}

fn query(
    tx: &ReadTx<'_>,
    visit: &Visit<'_>,
    filters: &Filters,
    narrowing: Narrowing,
    scope: &Scope,
    today: CivilDate,
) -> Result<ChildQuery, Refusal> {
    let selection = filters.select(tx, scope)?;
    let narrowed = match (narrowing, filters.month) {
        (Narrowing::Nothing, _) => Narrowed::Not,
        (Narrowing::Outgrown, _) => Narrowed::Outgrown(TargetList::on(today, Ages::To59)),
        (Narrowing::Finding(finding), Some(month)) => {
            Narrowed::These(children_with(tx, &selection, month, finding)?)
        }
        (Narrowing::Finding(finding), None) => {
            let month = Month::of(today);
            Narrowed::Sasaran(TargetList::of(month), finding.sign(month))
        }
    };
    let text = visit.call.asked.text("cari").unwrap_or_default();
    let word = |word: &str| word.chars().take(WORD_CHARS_MAX).collect();
    let may_see = visit.worker.role.may(Right::SeeNik);
    Ok(ChildQuery {
        selection: Selection { month: None, ..selection },
        words: text.split_whitespace().take(WORDS_MAX).map(word).collect(),
        nik: if may_see { NikSearch::All } else { NikSearch::Shown },
        narrowed,
    })
}

fn child_in_scope(tx: &ReadTx<'_>, scope: &Scope, id: RecordId) -> Result<RecordNo, Refusal> {
    tx.record(id)?
        .filter(|record| scope.contains(&record.area))
        .map(|record| record.no)
        .ok_or(Refusal::NotFound)
}

/// This list's address without its place in it, and with something besides.
fn address(visit: &Visit<'_>, more: &[(&str, &str)]) -> String {
    let kept = ["cari", "area", "puskesmas", "posyandu", "saring", "month"];
    let own = kept.iter().filter_map(|name| Some((*name, visit.call.asked.text(name)?)));
    let query =
        Serializer::new(String::new()).extend_pairs(own.chain(more.iter().copied())).finish();
    if query.is_empty() { "/balita".to_owned() } else { format!("/balita?{query}") }
}

fn form(
    tx: &ReadTx<'_>,
    visit: &Visit<'_>,
    filters: &Filters,
    narrowing: Narrowing,
    (scope, places): (&Scope, &Places),
) -> Result<Asked, Refusal> {
    let seen = filters.select(tx, scope)?.scope;
    let mut known: Vec<String> = tx
        .posyandu()?
        .into_iter()
        .filter(|posyandu| seen.contains(&posyandu.area))
        .map(|posyandu| posyandu.name)
        .collect();
    known.sort();
    known.dedup();
    let chosen = Some(narrowing.as_str());
    let choice =
        |each: Narrowing| Choice::new(each.as_str(), each.label().unwrap_or("Semua"), chosen);
    Ok(Asked {
        search: visit.call.asked.text("cari").unwrap_or_default().to_owned(),
        areas: places.choices(scope, filters.area.as_ref()),
        puskesmas: puskesmas_choices(tx, scope, filters.puskesmas.as_deref())?,
        posyandu: filters.posyandu.clone().unwrap_or_default(),
        known_posyandu: if known.len() > POSYANDU_MAX { Vec::new() } else { known },
        narrowed: [Narrowing::Nothing].into_iter().chain(Narrowing::all()).map(choice).collect(),
        month: filters.month.map(|month| month.to_string()).unwrap_or_default(),
        searches_nik: visit.worker.role.may(Right::SeeNik),
    })
}

fn line(child: &ListedChild, places: &Places, today: CivilDate) -> Line {
    let born = parse_date(&child.birth_date).ok();
    let latest = child.latest.as_ref();
    let day = |text: &str| parse_date(text).map_or_else(|_| text.to_owned(), words::date);
    Line {
        address: format!("/balita/{}", child.id),
        name: child.name.clone(),
        nik: child.nik.as_deref().map(mask),
        age: born.map_or_else(|| "–".to_owned(), |born| words::age(born, today)),
        sex: child.sex.clone(),
        village: places.name(&child.area),
        posyandu: child.posyandu.clone(),
        mother: child.mother_name.clone().or_else(|| child.parents_raw.clone()),
        measured_on: latest.map(|latest| day(&latest.measured_on)),
        weight: latest.and_then(|latest| latest.weight_g).map(words::kilograms),
        height: latest.and_then(|latest| latest.height_mm).map(words::centimetres),
        tags: tags(child, born.is_some_and(|born| is_outgrown(born, today))),
        gain: latest.and_then(gain),
    }
}

pub(super) fn is_outgrown(born: CivilDate, today: CivilDate) -> bool {
    TargetList::on(today, Ages::To59).is_outgrown_by(born)
}

fn tags(child: &ListedChild, is_outgrown: bool) -> Vec<Tag> {
    let status = child.status.as_deref().filter(|status| *status != ACTIVE);
    let mut tags: Vec<Tag> =
        status.into_iter().map(|status| Tag::new(Tone::Warn, labels::choice(status))).collect();
    if is_outgrown && status.is_none() {
        tags.push(Tag::new(Tone::Warn, "Lewat 59 bulan"));
    }
    if let Some(latest) = &child.latest {
        tags.extend(found(latest));
    }
    tags
}

/// What asks for a look; a child of whom nothing does is normal.
pub(super) fn found(latest: &Latest) -> Vec<Tag> {
    let known = [
        (Index::LengthForAge, &latest.tbu),
        (Index::WeightForAge, &latest.bbu),
        (Index::WeightForLength, &latest.bbtb),
    ];
    let known: Vec<_> = known
        .into_iter()
        .filter_map(|(index, word)| category_of_word(index, word.as_deref()?))
        .collect();
    let worrying = known.iter().filter(|(_, tone)| *tone > Tone::Good);
    let tags: Vec<Tag> = worrying.map(|(category, tone)| Tag::new(*tone, category.name)).collect();
    if tags.is_empty() && !known.is_empty() { vec![Tag::new(Tone::Good, "Normal")] } else { tags }
}

fn gain(latest: &Latest) -> Option<Tag> {
    latest.gain.as_deref().map(|letter| Tag::gain(letter, latest.twice_not_gained))
}
