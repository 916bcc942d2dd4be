//! What happens outside of somebody's scope changes no answer to them, not by a figure and not by a
//! choice in a list box; what happens inside does. Every route and every page is asked, then
//! something is put everywhere else, and all of it is asked again.

use super::aim::{Aim, Asked};
use super::pages::{self, DESKS, Desk};
use super::place::{Caller, Kabupaten, Target};
use super::rules::{RULES, Rule};
use regex_lite::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// Who asks what about which place, and the answer.
type Answers = BTreeMap<(Caller, String, Target), String>;

/// What is asked besides what the rules of the routes and pages ask.
const MORE: &[&str] = &[
    "/v1/children?posyandu=pos%20anak%2016.04.06.2008",
    "/v1/children?puskesmas=PKM-16.04.06.2008",
    "/v1/children?puskesmas=PKM-16.04.07.2001",
    "/v1/reports/coverage?month=2026-11",
    "/v1/reports/coverage?month=2026-11&by=kecamatan",
    "/v1/reports/prevalence?month=2026-11&by=kecamatan",
    "/v1/reports/coverage?month=2026-11&puskesmas=PKM-16.04.07.2001",
    "/v1/export/recap.csv?month=2026-11&by=puskesmas&note=1",
    "/v1/export/children.csv?note=1",
];
const MORE_PAGES: &[&str] = &[
    "/",
    "/?ages=0-23",
    "/?puskesmas=PKM-16.04.07.2001",
    "/tren",
    "/tren.svg",
    "/balita",
    "/balita?cari=ANAK",
    "/balita?cari=160406",
    "/balita?saring=belum_diukur&month=2026-11",
    "/balita?posyandu=pos%20anak%2016.04.06.2008",
    "/?puskesmas=PKM-16.04.06.2008",
    "/entri",
    "/entri?area=16.04",
    "/entri?area=16.04.06.2008&posyandu=*&tanggal=2026-11-24",
    "/entri?area=16.04.07.2001&posyandu=*&tanggal=2026-11-24",
    "/entri/anak?area=16.04.06.2008&tanggal=2026-11-24",
    "/tertahan",
    "/tertahan?code=invalid_field",
];

/// What tells of nothing that happens in the kecamatan: forms, and what is about somewhere else.
const STILL: &[&str] = &[
    "/?puskesmas=PKM-16.04.07.2001",
    "/entri",
    "/entri/anak?area=16.04.06.2008&tanggal=2026-11-24",
    "/entri?area=16.04",
    "/entri?area=16.04.07.2001&posyandu=*&tanggal=2026-11-24",
    "/v1/children?puskesmas=PKM-16.04.07.2001",
    "/v1/reports/coverage?month=2026-11&puskesmas=PKM-16.04.07.2001",
    "GET /entri",
    "GET /entri/anak",
    "GET /petugas",
    "GET /petugas/{id}",
    "GET /sandi",
    "GET /tertahan/{id}",
];

/// What is of the whole server, and changes with every change: how far its history goes.
fn without_feed(text: &str) -> String {
    let feed = Regex::new(r#"("as_of":\{[^{}]*?"feed":|[Pp]osisi feed[,;\s]+)\d+"#).unwrap();
    let cursor = Regex::new(r#"("cursor":"[^"]*\.)\d+""#).unwrap();
    let text = feed.replace_all(text, "${1}N");
    cursor.replace_all(&text, "${1}N\"").into_owned()
}

fn call(kabupaten: &Kabupaten, caller: Caller, aim: Aim, asked: &Asked) -> String {
    let call = kabupaten.client.call(asked.method, &asked.address);
    let call = call.token(kabupaten.token(caller).unwrap());
    let reply = match &asked.body {
        Some(body) => call.json(body),
        None => call,
    }
    .send();
    without_feed(&format!("{} {}", reply.status, aim.shown(&reply)))
}

/// Whether asking changes nothing.
fn is_harmless(rule: &Rule) -> bool {
    let is_look = rule.route.starts_with("GET ") && rule.aim != Aim::FullNik;
    (is_look || rule.aim == Aim::Pull) && !rule.aim.is_about_nobody()
}

fn targets(is_about_a_place: bool) -> Vec<Target> {
    let all = vec![Target::Own, Target::Child, Target::Parent, Target::Sibling];
    if is_about_a_place { all } else { vec![Target::Own] }
}

fn ask_routes(kabupaten: &mut Kabupaten, callers: &[Caller], answers: &mut Answers) {
    for &caller in callers {
        for rule in RULES.iter().filter(|rule| is_harmless(rule) && rule.refusal(caller).is_none())
        {
            let is_about_a_place = !matches!(rule.aim, Aim::All(_) | Aim::Pull);
            for target in targets(is_about_a_place) {
                let asked = rule.aim.ask(kabupaten, rule, caller, target);
                let answer = call(kabupaten, caller, rule.aim, &asked);
                answers.insert((caller, format!("{} {:?}", rule.route, rule.aim), target), answer);
            }
        }
        if caller.kind() == Caller::Penyelia {
            for address in MORE {
                let asked = Asked { method: "GET", address: (*address).to_owned(), body: None };
                let answer = call(kabupaten, caller, Aim::All(""), &asked);
                answers.insert((caller, (*address).to_owned(), Target::Own), answer);
            }
        }
    }
}

fn ask_pages(kabupaten: &Kabupaten, desk: &Desk, answers: &mut Answers) {
    let mut ask = |asked: &str, target: Target, address: &str| {
        let page = desk.office.get(address);
        let answer = format!("{} {}", page.status(), page.reply.text());
        answers.insert((desk.caller, asked.to_owned(), target), answer);
    };
    for rule in pages::RULES.iter().filter(|rule| rule.page.starts_with("GET ")) {
        for target in targets(rule.is_about_a_place()) {
            let (_, address) = rule.address(kabupaten.place(target));
            ask(rule.page, target, &address);
        }
    }
    for target in targets(true) {
        let behind = format!("/balita?sesudah={}", kabupaten.place(target).child);
        ask("GET /balita?sesudah=", target, &behind);
    }
    for address in MORE_PAGES {
        ask(address, Target::Own, address);
    }
}

fn ask_all(kabupaten: &mut Kabupaten, desks: &[Desk], callers: &[Caller]) -> Answers {
    let mut answers = Answers::new();
    ask_routes(kabupaten, callers, &mut answers);
    for desk in desks.iter().filter(|desk| callers.contains(&desk.caller)) {
        ask_pages(kabupaten, desk, &mut answers);
    }
    answers
}

#[test]
fn what_happens_elsewhere_changes_no_answer() {
    let mut kabupaten = Kabupaten::of_the_kecamatan();
    let desks = DESKS.map(|caller| pages::desk(&kabupaten.world, caller));
    let before = ask_all(&mut kabupaten, &desks, &Caller::ALL);
    kabupaten.fill_elsewhere();
    let after = ask_all(&mut kabupaten, &desks, &Caller::ALL);
    assert_eq!(before.len(), after.len());
    for (question, before) in &before {
        assert_eq!(&after[question], before, "{question:?}");
    }

    // The same questions tell of what happens inside, and nobody without a grant hears of it.
    kabupaten.fill(Target::Own);
    let idle = [Caller::IdlePenyelia, Caller::IdleTablet];
    for (question, answer) in ask_all(&mut kabupaten, &desks, &idle) {
        assert_eq!(answer, after[&question], "{question:?}");
    }
    let inside = ask_all(&mut kabupaten, &desks, &[Caller::WidePenyelia]);
    let asked: BTreeSet<&str> = inside.keys().map(|(_, asked, _)| asked.as_str()).collect();
    let changed = inside.iter().filter(|(question, answer)| after[*question] != **answer);
    let changed: BTreeSet<&str> = changed.map(|((_, asked, _), _)| asked.as_str()).collect();
    assert_eq!(&asked - &changed, STILL.iter().copied().collect());
}
