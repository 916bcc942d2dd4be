//! The reports over HTTP.

use super::calendar::Month;
use super::kabupaten::{Kabupaten, NARROWS, Narrow, Viewer};
use super::tally::Tally;
use form_urlencoded::Serializer;
use serde_json::{Value, json};
use server::access::selection::Filters;
use server::report::overview::Overview;
use server::report::{Question, RedLineAt, answer};
use server::store::Few;
use std::collections::BTreeMap;
use sync_protocol::area::Scope;
use sync_protocol::sasaran::Ages;
use sync_tests::{NOW, area};

/// Months that are asked for: what is past, the kabupaten's two months, and what is to come.
pub(super) fn months() -> Vec<Month> {
    let of = |year, months: &[u32]| months.iter().map(|month| Month::new(year, *month)).collect();
    let of = |year, months: &[u32]| -> Vec<Month> { of(year, months) };
    [of(2025, &[2]), of(2026, &[2, 10, 11, 12]), of(2027, &[1, 2])].concat()
}

type Figures = fn(&Tally) -> Value;
/// Each report with the figures that it shows.
pub(super) const REPORTS: [(&str, Figures); 2] =
    [("coverage", Tally::coverage), ("prevalence", Tally::prevalence)];

/// How a report is counted.
#[derive(Clone, Copy, Debug)]
struct Way {
    oldest: u32,
    by: Option<&'static str>,
    red_line: i32,
}

const WAYS: [Way; 4] = [
    Way { oldest: 59, by: Some("desa"), red_line: -200 },
    Way { oldest: 23, by: Some("kecamatan"), red_line: -200 },
    Way { oldest: 59, by: None, red_line: -300 },
    Way { oldest: 59, by: Some("kecamatan"), red_line: -150 },
];

impl Way {
    fn pairs(self, month: Month) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("month", month.to_string())];
        pairs.extend((self.oldest == 23).then(|| ("ages", "0-23".to_owned())));
        pairs.extend(self.by.map(|by| ("by", by.to_owned())));
        let line = format!("{}", f64::from(self.red_line) / 100.0);
        pairs.extend((self.red_line != -200).then_some(("red_line", line)));
        pairs
    }
}

pub(super) fn query(pairs: impl IntoIterator<Item = (&'static str, String)>) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Every report of every viewer agrees with the figures counted a second time.
pub(super) fn check(kabupaten: &Kabupaten) {
    let mut way = WAYS.into_iter().cycle();
    for viewer in &kabupaten.viewers {
        for narrow in NARROWS {
            for month in months() {
                check_one(kabupaten, viewer, narrow, (month, way.next().unwrap()));
            }
        }
    }
}

/// Few desa and few children are looked up one by one, many in one pass: the figures are the same.
pub(super) fn check_either_way(kabupaten: &Kabupaten) {
    for viewer in &kabupaten.viewers {
        for (at, narrow) in NARROWS.into_iter().enumerate() {
            let month = months().into_iter().cycle().nth(at).unwrap();
            let tally = kabupaten.tally(viewer, &narrow, (month, 59, -200));
            for (villages, children) in [(0, 0), (0, 10_000), (10_000, 0), (10_000, 10_000)] {
                let few = Few { villages, children };
                let said = overview(kabupaten, viewer, narrow, (month, few));
                let told = format!("seed {}, {few:?}, {narrow:?}, {month}", kabupaten.seed);
                agree(&json!(said.coverage), &tally.coverage(), &told, &tally);
                agree(&json!(said.prevalence), &tally.prevalence(), &told, &tally);
            }
        }
    }
}

fn overview(
    kabupaten: &Kabupaten,
    viewer: &Viewer,
    narrow: Narrow,
    (month, few): (Month, Few),
) -> Overview {
    let month = month.to_string().parse().unwrap();
    let filters = Filters {
        area: narrow.area.map(area),
        puskesmas: narrow.puskesmas.map(str::to_owned),
        posyandu: narrow.posyandu.map(str::to_owned),
        month: Some(month),
    };
    let scope = Scope::of(viewer.scope.iter().map(|code| area(code)));
    kabupaten.world.read(|tx| {
        let question = Question {
            selection: filters.select(tx, &scope)?,
            month,
            ages: Ages::To59,
            by: None,
            red_line: RedLineAt::default(),
        };
        Ok(answer::<Overview>(&tx.with_few(few), &question, NOW)?.total)
    })
}

fn check_one(kabupaten: &Kabupaten, viewer: &Viewer, narrow: Narrow, (month, way): (Month, Way)) {
    let question = (month, way.oldest, way.red_line);
    let tally = kabupaten.tally(viewer, &narrow, question);
    let areas = way.by.map(|by| by_area(kabupaten, viewer, narrow, (question, by)));
    for (report, figures) in REPORTS {
        let query = query(narrow.pairs().into_iter().chain(way.pairs(month)));
        let address = format!("/v1/reports/{report}?{query}");
        let said = get(kabupaten, viewer, &address);
        let told = |place: &str| {
            format!("seed {}, {:?}, {address}, {place}", kabupaten.seed, viewer.scope)
        };
        assert_eq!(said["month"], month.to_string(), "{}", told("month"));
        assert_eq!(said["ages"], format!("0-{}", way.oldest), "{}", told("ages"));
        // Both tablets work in the whole kabupaten, and were heard today.
        let of = |name: &str| said["as_of"][name].as_u64();
        let parked = u64::try_from(kabupaten.parked).unwrap();
        let complete =
            if kabupaten.villages(viewer, &narrow).is_empty() { [0, 0, 0] } else { [2, 0, parked] };
        assert_eq!(
            ["devices", "silent", "parked"].map(of),
            complete.map(Some),
            "{}",
            told("as of")
        );
        agree(&said["total"], &figures(&tally), &told("total"), &tally);
        let Some(areas) = &areas else {
            assert!(said.get("areas").is_none(), "{}", told("areas"));
            continue;
        };
        let said = said["areas"].as_array().unwrap();
        let codes: Vec<&str> = said.iter().map(|row| row["area"].as_str().unwrap()).collect();
        assert_eq!(codes, areas.keys().collect::<Vec<_>>(), "{}", told("areas"));
        for (row, (area, tally)) in said.iter().zip(areas) {
            let mut expected = figures(tally);
            expected["area"] = json!(area);
            expected["name"] = json!(kabupaten.names[area]);
            agree(row, &expected, &told(area), tally);
        }
    }
}

/// The figures of each area that is seen, also where nobody lives.
fn by_area(
    kabupaten: &Kabupaten,
    viewer: &Viewer,
    narrow: Narrow,
    (question, by): ((Month, u32, i32), &str),
) -> BTreeMap<String, Tally> {
    let of = |village: &str| {
        let kecamatan = village.rsplit_once('.').unwrap().0;
        if by == "desa" { village.to_owned() } else { kecamatan.to_owned() }
    };
    let villages = kabupaten.villages(viewer, &narrow).into_iter();
    let mut areas: BTreeMap<String, Tally> =
        villages.map(|village| (of(village), Tally::default())).collect();
    for (child, place, marks) in kabupaten.on_list(viewer, &narrow, question) {
        areas.get_mut(&of(place)).unwrap().add(child.name(), &marks);
    }
    areas
}

pub(super) fn get(kabupaten: &Kabupaten, viewer: &Viewer, address: &str) -> Value {
    let client = kabupaten.world.server.client();
    let reply = client.get(address).token(&viewer.token).send();
    assert_eq!(reply.status, 200, "{address}: {}", reply.text());
    reply.json()
}

/// Figure by figure; one that is wrong is told with the children that it should count.
#[track_caller]
pub(super) fn agree(said: &Value, expected: &Value, told: &str, tally: &Tally) {
    if said == expected {
        return;
    }
    let (mut faults, mut queue) = (Vec::new(), vec![(String::new(), said, expected)]);
    while let Some((at, said, expected)) = queue.pop() {
        match (said, expected) {
            _ if said == expected => {}
            (Value::Object(_), Value::Object(members)) => {
                queue.extend(
                    members
                        .iter()
                        .map(|(name, member)| (format!("{at}.{name}"), &said[name], member)),
                );
            }
            (Value::Array(some), Value::Array(others)) if some.len() == others.len() => {
                let pairs = some.iter().zip(others).enumerate();
                queue.extend(pairs.map(|(n, (one, other))| (format!("{at}.{n}"), one, other)));
            }
            _ => {
                let names = tally.names(&figure_at(&at));
                faults.push(format!("{at} is {said} and not {expected}, of {names:?}"));
            }
        }
    }
    panic!("{told}\n{}", faults.join("\n"));
}

/// The figure that stands at a place of a report.
fn figure_at(at: &str) -> String {
    let at = at.trim_start_matches('.').trim_start_matches("indices.");
    at.replace("categories.", "").trim_end_matches(".count").trim_end_matches(".percent").to_owned()
}
