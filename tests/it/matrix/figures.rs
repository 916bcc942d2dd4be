//! How many there are: of each place so many that no other place, and no sum with another, comes to
//! the same. Whoever asks gets the sum of what they see of what they ask about.

use super::pages::{self, DESKS, Desk};
use super::place::{Caller, Count, Kabupaten, Target};
use serde_json::Value;
use sync_tests::Paper;

/// What is asked about: everything, or what lies in the area of a target.
type About = Option<Target>;

const ABOUT: [About; 6] = [
    None,
    Some(Target::Own),
    Some(Target::Child),
    Some(Target::Parent),
    Some(Target::Sibling),
    Some(Target::OtherKabupaten),
];

/// The places that somebody sees, of those that lie where they ask.
fn seen(caller: Caller, about: About) -> Vec<Target> {
    let inside = match about {
        None | Some(Target::Parent | Target::Own) => vec![Target::Own, Target::Child],
        Some(target) => vec![target],
    };
    inside.into_iter().filter(|target| caller.sees(*target)).collect()
}

/// Children of places that only the wide callers see.
fn besides(kabupaten: &Kabupaten, caller: Caller, about: About) -> usize {
    let is_everything = matches!(about, None | Some(Target::Parent));
    if caller == Caller::WidePenyelia && is_everything { kabupaten.wide_villages() } else { 0 }
}

fn query(kabupaten: &Kabupaten, about: About, first: char) -> String {
    about.map_or_else(String::new, |target| format!("{first}area={}", kabupaten.place(target).area))
}

struct Expected {
    children: usize,
    count: Count,
}

fn expected(kabupaten: &Kabupaten, caller: Caller, about: About) -> Expected {
    let mut count = Count::default();
    for target in seen(caller, about) {
        let there = kabupaten.place(target).count;
        count.children += there.children;
        count.measured += there.measured;
        count.visits += there.visits;
        count.conflicts += there.conflicts;
        count.parked += there.parked;
    }
    Expected { children: count.children + besides(kabupaten, caller, about), count }
}

#[test]
fn every_figure_and_list_of_the_api_counts_what_the_caller_sees_and_no_more() {
    let kabupaten = Kabupaten::new();
    for caller in [
        Caller::Penyelia,
        Caller::Pengamat,
        Caller::Admin,
        Caller::WidePenyelia,
        Caller::IdlePenyelia,
    ] {
        for about in ABOUT {
            check_api(&kabupaten, caller, about);
        }
    }
}

fn check_api(kabupaten: &Kabupaten, caller: Caller, about: About) {
    let what = format!("{caller:?} about {about:?}");
    let Expected { children, count } = expected(kabupaten, caller, about);
    let area = query(kabupaten, about, '&');
    let get = |address: &str| {
        let call = kabupaten.client.get(address).token(kabupaten.token(caller).unwrap());
        let reply = call.send();
        assert_eq!(reply.status, 200, "{what}, {address}: {}", reply.text());
        reply
    };
    let listed = |list: &str| {
        let reply = get(&format!("/v1/{list}?limit=500{area}")).json();
        reply[list].as_array().unwrap().len()
    };
    assert_eq!(listed("children"), children, "children, {what}");
    assert_eq!(listed("measurements"), count.measured, "measurements, {what}");
    assert_eq!(listed("visits"), count.visits, "visits, {what}");
    let coverage = get(&format!("/v1/reports/coverage?month=2026-11&by=desa{area}")).json();
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let by_desa = |name: &str| -> usize {
        coverage["areas"].as_array().unwrap().iter().map(|area| number(&area[name])).sum()
    };
    for (name, figure) in [("s", children), ("d", count.measured)] {
        assert_eq!(number(&coverage["total"][name]), figure, "{name}, {what}");
        assert_eq!(by_desa(name), figure, "{name} by desa, {what}");
    }
    for (name, figure) in [("conflicts", count.conflicts), ("parked", count.parked)] {
        assert_eq!(number(&coverage["as_of"][name]), figure, "{name}, {what}: {coverage}");
        if caller.kind() == Caller::Penyelia {
            assert_eq!(listed(name), figure, "the list of {name}, {what}");
        }
    }
    let recap = get(&format!("/v1/export/recap.csv?month=2026-11{area}")).text();
    let column = |at: usize| -> usize {
        recap
            .lines()
            .skip(1)
            .map(|line| line.split(',').nth(at).unwrap().parse::<usize>().unwrap())
            .sum()
    };
    assert_eq!((column(4), column(5)), (children, count.measured), "the recap, {what}: {recap}");
    if caller.kind() == Caller::Penyelia {
        let lines =
            |file: &str| get(&format!("/v1/export/{file}?bom=0{area}")).text().lines().count();
        assert_eq!(lines("children.csv"), children + 1, "{what}");
        assert_eq!(lines("measurements.csv"), count.measured + 1, "{what}");
        assert_eq!(lines("visits.csv"), count.visits + 1, "{what}");
    }
}

#[test]
fn every_figure_and_list_of_the_pages_counts_what_the_person_sees_and_no_more() {
    let kabupaten = Kabupaten::new();
    for caller in DESKS {
        let desk = pages::desk(&kabupaten.world, caller);
        for about in ABOUT {
            check_pages(&kabupaten, &desk, about);
        }
    }
}

fn check_pages(kabupaten: &Kabupaten, desk: &Desk, about: About) {
    let what = format!("{:?} about {about:?}", desk.caller);
    let Expected { children, count } = expected(kabupaten, desk.caller, about);
    let get = |address: &str| -> Paper {
        let page = desk.office.get(&format!("{address}{}", query(kabupaten, about, '?')));
        assert_eq!(page.status(), 200, "{what}: {page:?}");
        page
    };
    let first_number = |text: &str| -> usize {
        let digits = text.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty());
        digits.unwrap_or_else(|| panic!("{what}: no number in {text}")).parse().unwrap()
    };
    let overview = get("/");
    let figures = overview.texts("dl.figures dd");
    assert_eq!(first_number(&figures[0]), children, "S, {what}");
    assert_eq!(first_number(&figures[1]), count.measured, "D, {what}");
    let this_month = get("/tren").texts("tbody tr").remove(0);
    let told = format!("November 2026 {children} {} ", count.measured);
    assert!(this_month.starts_with(&told), "the trend, {what}: {this_month} is not {told}");
    let list = get("/balita");
    let listed = list.texts("p.as-of strong").pop();
    assert_eq!(listed.map_or(0, |text| first_number(&text)), children, "the list, {what}");
    if desk.caller.kind() == Caller::Penyelia {
        assert_eq!(get("/tertahan").texts("tbody tr").len(), count.parked, "parked, {what}");
    }
    if desk.caller.kind() == Caller::Penyelia && about.is_none() {
        let page = get("/konflik");
        assert_eq!(page.texts("tbody tr").len(), count.conflicts, "conflicts, {what}");
        let told = page.texts("p.as-of").first().map_or(0, |text| first_number(text));
        assert_eq!(told, count.conflicts, "how many conflicts are told, {what}");
    }
}
