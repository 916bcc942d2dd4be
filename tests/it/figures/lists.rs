//! Balita: the list of children with every finding, of a month and as it is known last.

use super::book::{Child, Row};
use super::calendar::{Month, completed_months};
use super::kabupaten::{Kabupaten, NARROWS, Narrow, Viewer, is_of_posyandu};
use super::reports::{months, query};
use super::rules::{BBTB, BBU, Found, Index, TBU, counting, is_2t, is_on_list, letter};
use std::collections::BTreeSet;
use sync_tests::Paper;

/// What can be asked for, each with the figures of a month that count its children.
pub(super) const FINDINGS: [(&str, &[&str]); 9] = [
    ("stunting", &["tbu.0", "tbu.1"]),
    ("sangat_pendek", &["tbu.0"]),
    ("underweight", &["bbu.0", "bbu.1"]),
    ("sangat_kurang", &["bbu.0"]),
    ("wasting", &["bbtb.0", "bbtb.1"]),
    ("gizi_buruk", &["bbtb.0"]),
    ("t", &["t"]),
    ("2t", &["two_t"]),
    ("belum_diukur", &[]),
];

/// A name, a mother, digits of a NIK, and what nobody is called.
const SEARCHES: [&str; 5] = ["aNI", "ibu 1", "CIC 0", "641", "an_"];

/// Each word stands in the name, the mother's name or the NIK.
fn has(child: &Child, words: &str) -> bool {
    let field = |field: &str| child.body[field].as_str().unwrap_or_default().to_lowercase();
    let fields = ["name", "mother_name", "nik"].map(field);
    words.split(' ').all(|word| fields.iter().any(|field| field.contains(&word.to_lowercase())))
}

pub(super) fn check(kabupaten: &Kabupaten) {
    check_of_now(kabupaten);
    check_of_months(kabupaten);
    check_lines(kabupaten);
}

/// The list of a month names the children whom its figures count.
fn check_of_months(kabupaten: &Kabupaten) {
    let mut narrow = NARROWS.into_iter().cycle();
    for viewer in &kabupaten.viewers[..3] {
        for month in months() {
            for (finding, figures) in FINDINGS {
                let narrow = narrow.next().unwrap();
                let on_list = kabupaten.on_list(viewer, &narrow, (month, 59, -200));
                let is_found = |marks: &[String]| match finding {
                    "belum_diukur" => !marks.iter().any(|mark| mark == "d"),
                    _ => marks.iter().any(|mark| figures.contains(&mark.as_str())),
                };
                let expected = on_list
                    .iter()
                    .filter(|(_, _, marks)| is_found(marks))
                    .map(|(child, ..)| child.name());
                let asked = [("saring", finding.to_owned()), ("month", month.to_string())];
                check_names(kabupaten, viewer, (narrow, &asked), expected.collect());
            }
        }
    }
}

/// The list without a month goes by what is known last of the children who are on the list now.
fn check_of_now(kabupaten: &Kabupaten) {
    let this = Month::of(kabupaten.today);
    for viewer in &kabupaten.viewers {
        for narrow in NARROWS {
            let seen: Vec<&Child> = kabupaten
                .children
                .iter()
                .filter(|child| kabupaten.sees(viewer, &narrow, child.place()))
                .filter(|child| is_of_posyandu(child, &narrow))
                .collect();
            let names = |is_wanted: &dyn Fn(&Child) -> bool| -> Vec<&str> {
                seen.iter().filter(|child| is_wanted(child)).map(|child| child.name()).collect()
            };
            check_names(kabupaten, viewer, (narrow, &[]), names(&|_| true));
            for words in SEARCHES {
                let asked = [("cari", words.to_owned())];
                check_names(kabupaten, viewer, (narrow, &asked), names(&|child| has(child, words)));
            }
            let outgrown = [("saring", "lewat_59".to_owned())];
            let is_outgrown = |child: &Child| is_outgrown(child, kabupaten);
            check_names(kabupaten, viewer, (narrow, &outgrown), names(&is_outgrown));
            for (finding, _) in FINDINGS {
                let is_wanted = |child: &Child| {
                    is_on_list(child, this.last(), 59) && is_found_last(child, finding, this)
                };
                let asked = [("saring", finding.to_owned())];
                check_names(kabupaten, viewer, (narrow, &asked), names(&is_wanted));
            }
        }
    }
}

/// Every child's line says what is known last of it.
fn check_lines(kabupaten: &Kabupaten) {
    let page = kabupaten.viewers[0].office.get("/balita?cetak=1");
    let column = |at: usize| page.texts(&format!("tbody tr > :nth-child({at})"));
    let names = page.texts("tbody th a");
    assert!(!names.is_empty(), "nobody is shown");
    let columns: Vec<Vec<String>> = (6..=10).map(column).collect();
    for (at, name) in names.iter().enumerate() {
        let child = kabupaten.children.iter().find(|child| child.name() == name).unwrap();
        let said: Vec<&str> = columns.iter().map(|column| column[at].as_str()).collect();
        assert_eq!(said, line(child, kabupaten), "seed {}, the line of {name}", kabupaten.seed);
    }
}

fn is_outgrown(child: &Child, kabupaten: &Kabupaten) -> bool {
    let is_active = matches!(child.body["status"].as_str(), None | Some("aktif"));
    is_active && completed_months(child.born(), kabupaten.today) >= Some(60)
}

fn last_row<'c>(child: &'c Child, needs: &[&str]) -> Option<&'c Row> {
    counting(child, |_| true, needs)
}

/// The place of a category, as it is known last: none of a score that is flagged.
fn last_category(child: &Child, index: &Index) -> Option<usize> {
    match index.found(child, last_row(child, index.needs)?) {
        Found::Category(at) => Some(at),
        Found::Oedema => Some(0),
        Found::Flagged | Found::Unscored => None,
    }
}

fn is_found_last(child: &Child, finding: &str, this: Month) -> bool {
    let weighed = last_row(child, &["weight_g"]).map(Row::day);
    let lowest = |index, most| last_category(child, &index).is_some_and(|at| at <= most);
    match finding {
        "stunting" => lowest(TBU, 1),
        "sangat_pendek" => lowest(TBU, 0),
        "underweight" => lowest(BBU, 1),
        "sangat_kurang" => lowest(BBU, 0),
        "wasting" => lowest(BBTB, 1),
        "gizi_buruk" => lowest(BBTB, 0),
        "t" => weighed.is_some_and(|day| letter(child, Month::of(day)) == Some('T')),
        "2t" => weighed.is_some_and(|day| is_2t(child, Month::of(day))),
        _ => weighed.is_none_or(|day| day < this.first()),
    }
}

/// The last measuring, weight, height, tags and letter.
fn line(child: &Child, kabupaten: &Kabupaten) -> [String; 5] {
    let dash = || "–".to_owned();
    let weighing = last_row(child, &["weight_g"]);
    let measure = |field: &str, unit: &str, of_one: f64| {
        let value = last_row(child, &[field])?.number(field)?;
        let value = f64::from(i32::try_from(value).unwrap()) / of_one;
        Some(format!("{value:?} {unit}").replace('.', ","))
    };
    let letter = weighing.map(|row| {
        let month = Month::of(row.day());
        let letter = letter(child, month).unwrap();
        if is_2t(child, month) { "2T".to_owned() } else { letter.to_string() }
    });
    let day = last_row(child, &[]).map(|row| row.day().format("%d-%m-%Y").to_string());
    [
        day.unwrap_or_else(dash),
        measure("weight_g", "kg", 1_000.0).unwrap_or_else(dash),
        measure("height_mm", "cm", 10.0).unwrap_or_else(dash),
        tags(child, kabupaten).join(" "),
        letter.unwrap_or_else(dash),
    ]
}

fn tags(child: &Child, kabupaten: &Kabupaten) -> Vec<&'static str> {
    let mut tags = Vec::new();
    match child.body["status"].as_str() {
        Some("pindah") => tags.push("Pindah dari wilayah ini"),
        Some("meninggal") => tags.push("Meninggal"),
        Some("lulus") => tags.push("Lulus (lewat 59 bulan)"),
        _ => {}
    }
    if is_outgrown(child, kabupaten) {
        tags.push("Lewat 59 bulan");
    }
    let indices = [TBU, BBU, BBTB];
    let known: Vec<(&Index, usize)> =
        indices.iter().filter_map(|index| Some((index, last_category(child, index)?))).collect();
    let worrying: Vec<&str> = known
        .iter()
        // A tall child is no worry, nor is a risk of overweight.
        .filter(|(_, at)| *at < 2 || *at > 3)
        .map(|(index, at)| index.categories[*at].1)
        .collect();
    if worrying.is_empty() && !known.is_empty() {
        tags.push("Normal");
    }
    tags.extend(worrying);
    tags
}

fn check_names(
    kabupaten: &Kabupaten,
    viewer: &Viewer,
    (narrow, asked): (Narrow, &[(&'static str, String)]),
    expected: Vec<&str>,
) {
    let query = query(narrow.pairs().into_iter().chain(asked.iter().cloned()));
    // A long page where that is enough, and short ones.
    let long = if expected.len().is_multiple_of(2) { "&cetak=1" } else { "" };
    let address = format!("/balita?{query}{long}");
    let told = format!("seed {}, {:?}, {address}", kabupaten.seed, viewer.scope);
    let (count, names) = listed(viewer, &address);
    let of = |names: &[String]| -> BTreeSet<String> { names.iter().cloned().collect() };
    let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
    let [missing, more] = [(&expected, &names), (&names, &expected)]
        .map(|(some, others)| of(some).difference(&of(others)).cloned().collect::<Vec<_>>());
    assert!(
        missing.is_empty() && more.is_empty(),
        "{told}: {missing:?} are missing, {more:?} do not belong there"
    );
    assert_eq!(names.len(), expected.len(), "{told}: somebody is listed twice");
    assert_eq!(count.replace('.', ""), format!("{} anak", expected.len()), "{told}");
    let mut sorted = names.clone();
    sorted.sort_by_key(|name| name.to_lowercase());
    assert_eq!(names, sorted, "{told}: not in the order of the names");
}

/// The count that the first page tells, and the names on all pages.
fn listed(viewer: &Viewer, address: &str) -> (String, Vec<String>) {
    let names = |page: &Paper| {
        assert_eq!(page.status(), 200, "{page:?}");
        page.texts("tbody th a")
    };
    let mut page = viewer.office.get(address);
    let count = page.texts("p.as-of strong").remove(0);
    let mut all = names(&page);
    while let Some(next) = page.attributes("a[rel=next]", "href").first() {
        page = viewer.office.get(next);
        all.extend(names(&page));
    }
    (count, all)
}
