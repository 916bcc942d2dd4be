//! One rule, however it is asked: SQL and Rust, few desa and many, one by one and all at once.

use crate::support::{FAR_DESA, OTHER_DESA, Office, SADAN, Tablet};
use chrono::{Days, Months, NaiveDate};
use serde_json::{Value, json};
use server::report::by_name::{Finding, children_with};
use server::report::overview::Overview;
use server::report::{By, Question, RedLineAt, count};
use server::store::{
    ChildQuery, Few, Narrowed, NikSearch, PageBounds, ReadTx, Selection, StoreError, Stored,
};
use std::collections::BTreeSet;
use sync_protocol::area::Scope;
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::mask::shown;
use sync_protocol::month::Month;
use sync_protocol::record::Kind;
use sync_protocol::sasaran::{Ages, Candidate, TargetList, is_active};

/// Printed with whatever fails.
const SEED: u64 = 20_261_128;
const CHILDREN: usize = 160;
const MONTHS: [&str; 4] = ["2026-11", "2026-10", "2026-02", "2025-02"];

/// Throws of a seeded dice.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// A day near a bound of some month's list: 0, 24 or 60 months before its last day.
fn birth_date(dice: &mut Dice) -> NaiveDate {
    let last = dice.of(&MONTHS).parse::<Month>().unwrap().last();
    let months = u32::try_from(dice.of(&[0, 1, 12, 24, 36, 60])).unwrap();
    let about = last.checked_sub_months(Months::new(months)).unwrap() + Days::new(2);
    let born = about - Days::new(dice.below(5));
    // No birth lies after tomorrow.
    born.min("2026-11-24".parse().unwrap())
}

fn child(dice: &mut Dice, n: usize) -> Value {
    let mut body = json!({"name": format!("Anak {n}"), "sex": dice.of(&["L", "P"]),
        "birth_date": birth_date(dice).to_string(), "posyandu": dice.of(&["Melati", "melati", "Mawar"])});
    match dice.below(3) {
        0 => {
            body["nik"] =
                json!(format!("160406{:08}{:02}", dice.below(100_000_000), dice.below(100)))
        }
        1 => body["nik"] = json!(format!("{:08}", dice.below(100_000_000))),
        _ => {}
    }
    if dice.below(3) == 0 {
        body["status"] = json!(dice.of(&["aktif", "pindah", "meninggal", "lulus"]));
    }
    if dice.below(2) == 0 {
        let last = dice.of(&MONTHS).parse::<Month>().unwrap().last();
        body["status_on"] = json!(
            (last + Days::new(1) - Days::new(dice.below(3)))
                .min("2026-11-25".parse::<NaiveDate>().unwrap())
                .to_string()
        );
    }
    body
}

fn measurement(dice: &mut Dice, born: NaiveDate) -> Option<Value> {
    let month: Month = dice.of(&MONTHS).parse().unwrap();
    let on = dice.of(&[month.first(), month.first() + Days::new(9), month.last()]);
    if on < born || on > "2026-11-25".parse().unwrap() {
        return None;
    }
    let mut body = json!({"measured_on": on.to_string()});
    match dice.below(4) {
        0 => body["weight_g"] = json!(3_000 + dice.below(14_000)),
        1 => body["muac_mm"] = json!(100 + dice.below(80)),
        _ => {
            body["weight_g"] = json!(3_000 + dice.below(14_000));
            body["height_mm"] = json!(500 + dice.below(600));
            body["oedema"] = json!(dice.of(&[0, 0, 0, 2]));
        }
    }
    Some(body)
}

/// A made-up kabupaten, with its live children as they were typed.
fn kabupaten(office: &Office) -> Vec<(RecordId, Body)> {
    let mut dice = Dice(SEED);
    let mut tablet = office.tablet("Siti", &["16.04"]);
    let mut children = Vec::new();
    for n in 0..CHILDREN {
        let area = dice.of(&[SADAN, OTHER_DESA, FAR_DESA]);
        let body = child(&mut dice, n);
        let id = tablet.child(area, body.clone());
        let born = body["birth_date"].as_str().unwrap().parse().unwrap();
        measure(&mut tablet, &mut dice, id, born);
        if dice.below(10) == 0 {
            tablet.push(id, "child", json!({"deleted": "ganda"}));
        } else {
            children.push((id, serde_json::from_value(body).unwrap()));
        }
    }
    children
}

fn measure(tablet: &mut Tablet<'_>, dice: &mut Dice, child: RecordId, born: NaiveDate) {
    for _ in 0..dice.below(4) {
        if let Some(body) = measurement(dice, born) {
            let id = tablet.add("measurement", child, body);
            if dice.below(8) == 0 {
                tablet.push(id, "measurement", json!({"deleted": "salah_input"}));
            }
        }
    }
}

fn everywhere() -> Selection {
    Selection::of(Scope::of(["16.04".parse().unwrap()]))
}

fn query(narrowed: Narrowed) -> ChildQuery {
    ChildQuery { selection: everywhere(), words: Vec::new(), nik: NikSearch::Shown, narrowed }
}

fn ids(tx: &ReadTx<'_>, query: &ChildQuery) -> Stored<Vec<RecordId>> {
    let found = tx.children_by_name(query, None, 10_000)?;
    assert_eq!(tx.count_children(query)?, found.len() as u64, "the list and its count: {query:?}");
    Ok(found.into_iter().map(|child| child.id).collect())
}

fn read<T>(office: &Office, job: impl FnOnce(&ReadTx<'_>) -> Stored<T>) -> T {
    office.service.read_as_operator::<_, StoreError>(|tx, _| job(tx)).unwrap()
}

/// All that a database tells of one kind of question.
fn of_rule(children: &[(RecordId, Body)], is_wanted: impl Fn(&Body) -> bool) -> BTreeSet<RecordId> {
    children.iter().filter(|(_, body)| is_wanted(body)).map(|(id, _)| *id).collect()
}

#[test]
fn sql_and_the_rule_put_the_same_children_on_every_list() {
    let office = Office::new();
    let children = kabupaten(&office);
    let mut sizes = Vec::new();
    for month in MONTHS {
        let last = month.parse::<Month>().unwrap().last();
        for (day, ages) in
            [(last, Ages::To59), (last, Ages::To23), (last - Days::new(1), Ages::To59)]
        {
            let list = TargetList::on(day, ages);
            let wanted = of_rule(&children, |body| list.has(&Candidate::of(body)));
            let listed = read(&office, |tx| ids(tx, &query(Narrowed::OnList(list))));
            assert_eq!(
                listed.into_iter().collect::<BTreeSet<_>>(),
                wanted,
                "{day} {ages:?}, seed {SEED}"
            );
            let counted = read(&office, |tx| Ok(tx.sasaran(&everywhere(), &list)?.len()));
            assert_eq!(counted, wanted.len(), "{day} {ages:?}, seed {SEED}");
            sizes.push(wanted.len());
            let outgrown = of_rule(&children, |body| {
                let candidate = Candidate::of(body);
                is_active(candidate.status)
                    && candidate.birth_date.is_some_and(|born| list.is_outgrown_by(born))
            });
            let listed = read(&office, |tx| ids(tx, &query(Narrowed::Outgrown(list))));
            assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), outgrown, "{day}, seed {SEED}");
        }
    }
    assert!(sizes.iter().all(|size| (5..CHILDREN).contains(size)), "{sizes:?}: lists that tell");
}

#[test]
fn a_search_finds_by_what_the_mask_shows_of_a_nik_and_by_nothing_else() {
    let office = Office::new();
    let children = kabupaten(&office);
    let mut found_some = 0;
    for word in ["160406", "16", "60406", "1604060", "01", "001", "4", "00"] {
        let wanted = of_rule(&children, |body| {
            let (nik, name) = (body.text("nik").unwrap_or_default(), body.text("name").unwrap());
            let by_nik = shown(nik)
                .is_some_and(|(first, last)| [first, last].iter().any(|part| part.contains(word)));
            by_nik || name.contains(word)
        });
        let words = vec![word.to_owned()];
        let asked = ChildQuery { words, ..query(Narrowed::Not) };
        let found = read(&office, |tx| ids(tx, &asked));
        found_some += found.len();
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), wanted, "{word}, seed {SEED}");
    }
    assert!(found_some > 0);
}

/// Everything that a question about few or about many gives.
fn all_answers(tx: &ReadTx<'_>) -> Stored<Vec<String>> {
    let mut answers = Vec::new();
    for month in MONTHS.map(|month| month.parse::<Month>().unwrap()) {
        for scope in [vec!["16.04"], vec![SADAN, FAR_DESA]] {
            for posyandu in [None, Some("MELATI".to_owned())] {
                let scope = Scope::of(scope.iter().map(|area| area.parse().unwrap()));
                let selection = Selection { posyandu, ..Selection::of(scope) };
                answers.push(format!("{:?}", figures(tx, &selection, month)?));
                for finding in Finding::ALL {
                    let mut with = children_with(tx, &selection, month, finding)?;
                    with.sort();
                    answers.push(format!("{month} {finding:?} {with:?}"));
                    for narrowed in [
                        Narrowed::Sasaran(TargetList::of(month), finding.sign(month)),
                        Narrowed::OnList(TargetList::of(month)),
                        Narrowed::Not,
                    ] {
                        let asked = ChildQuery { selection: selection.clone(), ..query(narrowed) };
                        answers.push(format!("{month} {finding:?} {:?}", ids(tx, &asked)?));
                    }
                }
                answers.extend(pages(tx, &Selection { month: Some(month), ..selection })?);
            }
        }
    }
    Ok(answers)
}

fn figures(tx: &ReadTx<'_>, selection: &Selection, month: Month) -> Stored<impl std::fmt::Debug> {
    let question = Question {
        selection: selection.clone(),
        month,
        ages: Ages::To59,
        by: Some(By::Desa),
        red_line: RedLineAt::default(),
    };
    count::<Overview>(tx, &question)
}

/// Every page of the month's measurements, a few rows each.
fn pages(tx: &ReadTx<'_>, selection: &Selection) -> Stored<Vec<String>> {
    let (mut pages, mut after) = (Vec::new(), Some(0));
    while let Some(place) = after {
        let bounds = PageBounds { rows: 7, bytes: 1 << 20 };
        let page = tx.live_page(Kind::MEASUREMENT, selection, place, bounds)?;
        let feeds: Vec<i64> = page.rows.iter().map(|row| row.feed).collect();
        pages.push(format!("{feeds:?} then {:?}", page.next));
        after = page.next;
    }
    Ok(pages)
}

#[test]
fn few_and_many_are_answered_alike() {
    let office = Office::new();
    kabupaten(&office);
    let narrow =
        read(&office, |tx| all_answers(&tx.with_few(Few { villages: 64, children: 1_000 })));
    assert!(narrow.iter().any(|answer| answer.contains("TwiceNotGained [")));
    for (villages, children) in [(0, 0), (64, 0), (0, 1_000)] {
        let wide = read(&office, |tx| all_answers(&tx.with_few(Few { villages, children })));
        assert_eq!(narrow.len(), wide.len());
        for (narrow, wide) in narrow.iter().zip(&wide) {
            assert_eq!(narrow, wide, "up to {villages} desa, {children} children; seed {SEED}");
        }
    }
}
