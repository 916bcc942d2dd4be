//! Hari ini: who is to be seen, by what this tablet knows.

use super::list::{ChildList, Listed};
use super::{Answer, App, Question, Stumble, route};
use child_growth::AcuteClass;
use std::collections::BTreeSet;
use sync_protocol::record::child::ACTIVE;
use sync_protocol::time::CivilDate;
use views::app::frame::Here;
use views::app::marks::Marks;
use views::app::today::{Group, Item, Today, content, results};
use views::choice::Choice;
use views::growth::Tone;
use views::tag::Tag;
use views::words;

/// Children listed in one group: what a thumb scrolls through. The rest is a search away.
const LISTED: usize = 60;

impl App {
    pub(super) fn today(&mut self, question: &Question) -> Result<Answer, Stumble> {
        if let Some(place) = question.field("tempat") {
            self.place = place.to_owned();
        }
        let search = question.field("cari").unwrap_or_default().trim().to_owned();
        let today = self.replica.today()?;
        let place = self.place.clone();
        let list = self.list()?;
        let here = |child: &&Listed| place.is_empty() || is_at(child, &place);
        let groups = if search.is_empty() {
            groups(&list.all().filter(here).collect::<Vec<_>>(), list, today)
        } else {
            vec![group("Ditemukan", list.search(&search).filter(here), list, today)]
        };
        let count = |is_counted: fn(&Listed) -> bool| {
            let counted =
                list.all().filter(here).filter(|child| child.is_monthly && is_counted(child));
            u64::try_from(counted.count()).unwrap_or(u64::MAX)
        };
        let on_list = count(|_| true);
        let measured = count(|child| !child.is_due);
        let places = places(list, &place);
        let shown = Today { search, places, groups, on_list, measured };
        if question.live {
            return Ok(Answer { part: Some(results(&shown).into_string()), ..Answer::default() });
        }
        self.screen(Here::Today, "Hari ini", &content(&shown))
    }
}

fn groups(children: &[&Listed], list: &ChildList, today: Option<CivilDate>) -> Vec<Group> {
    let work = || children.iter().copied().filter(|child| child.row.is_active());
    let visit = |child: &&Listed| is_visit_due(child, today);
    let care = URGENCIES
        .into_iter()
        .flat_map(|most| work().filter(move |child| urgency(child) == Some(most)));
    vec![
        group("Perlu perhatian", care, list, today),
        group("Kunjungan berikut", work().filter(visit), list, today),
        group("Belum diukur bulan ini", work().filter(|child| child.is_due), list, today),
    ]
}

fn group<'a>(
    title: &'static str,
    children: impl Iterator<Item = &'a Listed>,
    list: &ChildList,
    today: Option<CivilDate>,
) -> Group {
    let mut count = 0;
    let mut items = Vec::new();
    for child in children {
        count += 1;
        if items.len() < LISTED {
            items.push(item(child, list, today));
        }
    }
    Group { title, count, items }
}

pub(super) fn item(child: &Listed, list: &ChildList, today: Option<CivilDate>) -> Item {
    let row = &child.row;
    let age = row.birth_date.zip(today).map(|(born, today)| words::age(born, today));
    let mother = row.mother_name.as_ref().map(|mother| format!("ibu {mother}"));
    let area = row.area.as_ref().and_then(|area| list.area_names.get(area)).cloned();
    let about: Vec<String> = [row.sex.clone(), age, mother, row.posyandu.clone().or(area)]
        .into_iter()
        .flatten()
        .collect();
    Item {
        href: route::child(&row.id),
        name: row.name.clone(),
        about: about.join(" · "),
        tags: tags(child, today),
        marks: Marks { pending: row.pending, parked: row.parked, gone: row.gone },
    }
}

fn tags(child: &Listed, today: Option<CivilDate>) -> Vec<Tag> {
    let care = child.care;
    let acute = care.acute.and_then(|class| match class {
        AcuteClass::Severe => Some(Tag::new(Tone::Bad, class.name().to_lowercase())),
        AcuteClass::Moderate => Some(Tag::new(Tone::Warn, class.name().to_lowercase())),
        AcuteClass::NotAcute => None,
    });
    let visit = care
        .next_visit_on
        .filter(|_| is_visit_due(child, today))
        .map(|day| Tag::new(Tone::Warn, format!("kunjungan {}", words::date(day))));
    let status = child.row.status.as_deref().filter(|status| *status != ACTIVE);
    [
        acute,
        care.twice_not_gained.then(|| Tag::new(Tone::Warn, "2T")),
        visit,
        child.is_due.then(|| Tag::plain("belum diukur")),
        status.map(Tag::plain),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Why a child needs care.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Urgency {
    /// Gizi buruk.
    Severe,
    /// Gizi kurang.
    Moderate,
    /// It only does not gain.
    TwiceNotGained,
}

/// The most urgent first.
const URGENCIES: [Urgency; 3] = [Urgency::Severe, Urgency::Moderate, Urgency::TwiceNotGained];

fn urgency(child: &Listed) -> Option<Urgency> {
    match child.care.acute {
        Some(AcuteClass::Severe) => Some(Urgency::Severe),
        Some(AcuteClass::Moderate) => Some(Urgency::Moderate),
        Some(AcuteClass::NotAcute) | None => {
            child.care.twice_not_gained.then_some(Urgency::TwiceNotGained)
        }
    }
}

fn is_visit_due(child: &Listed, today: Option<CivilDate>) -> bool {
    child.care.next_visit_on.zip(today).is_some_and(|(day, today)| day <= today)
}

fn is_at(child: &Listed, place: &str) -> bool {
    child.row.posyandu.as_deref() == Some(place)
        || child.row.area.as_ref().is_some_and(|area| area.as_str() == place)
}

/// Desa and posyandu of the list, when there is more than one.
fn places(list: &ChildList, chosen: &str) -> Vec<Choice> {
    let mut posyandu = BTreeSet::new();
    posyandu.extend(list.all().filter_map(|child| child.row.posyandu.as_deref()));
    let chosen = Some(chosen);
    let mut places = vec![Choice::new("", "Semua desa dan posyandu", chosen)];
    if list.area_names.len() > 1 {
        places.extend(
            list.area_names
                .iter()
                .map(|(area, name)| Choice::new(area.as_str(), format!("Desa {name}"), chosen)),
        );
    }
    places.extend(posyandu.iter().map(|name| Choice::new(*name, *name, chosen)));
    if places.len() > 2 { places } else { Vec::new() }
}
