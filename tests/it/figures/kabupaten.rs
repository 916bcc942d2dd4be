//! A random kabupaten with its people: several kecamatan, puskesmas, desa and posyandu.

use super::book::{Child, children};
use super::calendar::Month;
use super::life::Life;
use super::rules::is_on_list;
use super::tally::{Tally, marks};
use chrono::NaiveDate;
use server::admin::{people, reference};
use server::store::{GrantOf, Role};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use sync_tests::{Dice, Office, World, area, fixture};

/// Kecamatan that have more than 64 desa together, and another.
pub(super) const WIDE: [&str; 4] = ["16.04.06", "16.04.10", "16.04.12", "16.04.17"];
pub(super) const FAR: &str = "16.04.07";
/// Desa of each of the wide kecamatan in which children live.
const VILLAGES_OF_EACH: usize = 29;

pub(super) struct Kabupaten {
    pub(super) world: World,
    pub(super) seed: u64,
    pub(super) children: Vec<Child>,
    /// Changes that the server keeps and does not merge.
    pub(super) parked: usize,
    pub(super) today: NaiveDate,
    pub(super) names: BTreeMap<String, String>,
    pub(super) puskesmas: BTreeMap<String, (String, Vec<String>)>,
    pub(super) viewers: Vec<Viewer>,
    /// By month and red line, whether they are on its list or not.
    marked: RefCell<BTreeMap<(Month, i32), Rc<Marks>>>,
}

/// What is said of every child.
type Marks = Vec<Vec<String>>;

/// Somebody who looks, at a desk and by a program.
pub(super) struct Viewer {
    pub(super) scope: Vec<&'static str>,
    pub(super) token: String,
    pub(super) office: Office,
}

/// What narrows a question.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Narrow {
    pub(super) area: Option<&'static str>,
    pub(super) puskesmas: Option<&'static str>,
    pub(super) posyandu: Option<&'static str>,
}

pub(super) const NARROWS: [Narrow; 8] = {
    let all = Narrow { area: None, puskesmas: None, posyandu: None };
    [
        all,
        Narrow { area: Some("16.04.06"), ..all },
        Narrow { area: Some("16.04.10"), ..all },
        Narrow { posyandu: Some("melati i"), ..all },
        Narrow { area: Some("16.04.06.2008"), posyandu: Some("Mawar"), ..all },
        Narrow { puskesmas: Some("CONTOH-160406-1"), ..all },
        Narrow { puskesmas: Some("CONTOH-160410-2"), area: Some("16.04.10"), ..all },
        Narrow { puskesmas: Some("TIDAK-ADA"), ..all },
    ]
};

impl Narrow {
    /// As an address says it.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let all = [("area", self.area), ("puskesmas", self.puskesmas), ("posyandu", self.posyandu)];
        all.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned()))).collect()
    }
}

/// Whether an area is another one or lies in it.
pub(super) fn lies_in(village: &str, area: &str) -> bool {
    village == area || village.starts_with(&format!("{area}."))
}

impl Kabupaten {
    pub(super) fn new(seed: u64, children_count: usize) -> Self {
        let dice = Dice::new(seed);
        let seed = dice.seed();
        println!("seed {seed}");
        let world = World::default();
        let read = |name: &str| std::fs::read(fixture(name)).unwrap();
        reference::import_puskesmas(world.service(), &read("area/puskesmas.csv")).unwrap();
        reference::import_posyandu(world.service(), &read("area/posyandu.csv")).unwrap();
        let names: BTreeMap<String, String> =
            rows_of("area/lahat.csv").map(|row| (row[0].clone(), row[2].clone())).collect();
        let (children, parked, today) = {
            let mut life = Life::new(&world, dice, villages(&names));
            live(&mut life, children_count);
            let (merged, parked) = life.merged();
            (children(&merged), parked, life.today)
        };
        let puskesmas = rows_of("area/puskesmas.csv").map(|row| {
            let villages = row[2].split(' ').map(str::to_owned).collect();
            (row[0].clone(), (row[1].clone(), villages))
        });
        let puskesmas = puskesmas.collect();
        let wide: BTreeSet<&str> = children.iter().map(Child::place).filter(is_wide).collect();
        assert!(wide.len() > 64, "seed {seed}: too few desa to be read in one pass");
        let viewers = viewers(&world);
        let marked = RefCell::default();
        Kabupaten { world, seed, children, parked, today, names, puskesmas, viewers, marked }
    }

    /// Whether somebody who narrows like this sees an area.
    pub(super) fn sees(&self, viewer: &Viewer, narrow: &Narrow, village: &str) -> bool {
        let of_puskesmas = |code: &str| {
            let known = self.puskesmas.get(code);
            known.is_some_and(|(_, villages)| villages.iter().any(|area| lies_in(village, area)))
        };
        viewer.scope.iter().any(|granted| lies_in(village, granted))
            && narrow.area.is_none_or(|area| lies_in(village, area))
            && narrow.puskesmas.is_none_or(of_puskesmas)
    }

    /// The desa that somebody sees, with nobody in them, too.
    pub(super) fn villages(&self, viewer: &Viewer, narrow: &Narrow) -> Vec<&str> {
        let villages = self.names.keys().filter(|area| area.split('.').count() == 4);
        villages.map(String::as_str).filter(|area| self.sees(viewer, narrow, area)).collect()
    }

    /// Children of a month's list as somebody sees them, with the place that counts and their marks.
    pub(super) fn on_list(
        &self,
        viewer: &Viewer,
        narrow: &Narrow,
        (month, oldest, red_line): (Month, u32, i32),
    ) -> Vec<(&Child, &str, Vec<String>)> {
        let marked = self.marks_of(month, red_line);
        let each = self.children.iter().zip(marked.iter());
        each.filter(|(child, _)| is_on_list(child, month.last(), oldest))
            .map(|(child, marks)| (child, place_in(child, month), marks.clone()))
            .filter(|(child, place, _)| {
                self.sees(viewer, narrow, place) && is_of_posyandu(child, narrow)
            })
            .collect()
    }

    fn marks_of(&self, month: Month, red_line: i32) -> Rc<Marks> {
        let mut kept = self.marked.borrow_mut();
        let marked = kept.entry((month, red_line)).or_insert_with(|| {
            Rc::new(self.children.iter().map(|child| marks(child, month, red_line)).collect())
        });
        Rc::clone(marked)
    }

    pub(super) fn tally(
        &self,
        viewer: &Viewer,
        narrow: &Narrow,
        question: (Month, u32, i32),
    ) -> Tally {
        let mut tally = Tally::default();
        for (child, _, marks) in self.on_list(viewer, narrow, question) {
            tally.add(child.name(), &marks);
        }
        tally
    }
}

/// The place by which a child counts in a month.
fn place_in(child: &Child, _month: Month) -> &str {
    child.place()
}

pub(super) fn is_of_posyandu(child: &Child, narrow: &Narrow) -> bool {
    let own = child.body["posyandu"].as_str().unwrap_or_default();
    narrow.posyandu.is_none_or(|wanted| own.eq_ignore_ascii_case(wanted))
}

/// Two months, with their ends and beginnings in Jakarta and not in London.
fn live(life: &mut Life<'_>, children: usize) {
    let [november, december] = [11, 12].map(|month| Month::new(2026, month));
    let january = Month::new(2027, 1);
    life.arrive(children);
    life.siti_sends();
    let steps = [
        ((november, 30), (23, 50)),
        ((december, 1), (0, 10)),
        ((december, 31), (23, 50)),
        ((january, 1), (0, 10)),
        ((january, 31), (23, 50)),
    ];
    for (step, (day, time)) in steps.into_iter().enumerate() {
        life.pass_to(day, time);
        life.go_on();
        life.siti_sends();
        // Budi has a signal now and then: what he says late is older than what Siti said meanwhile.
        if step % 2 == 0 {
            life.budi_sends();
        }
    }
    // Today is the last day of a month, or the first of the next where London is a day behind.
    if life.dice.below(2) == 0 {
        life.pass_to((Month::new(2027, 2), 1), (0, 10));
        life.go_on();
        life.siti_sends();
    }
}

fn is_wide(village: &&str) -> bool {
    WIDE.iter().any(|kecamatan| lies_in(village, kecamatan))
}

fn villages(names: &BTreeMap<String, String>) -> Vec<String> {
    let of = |kecamatan: &str, count: usize| -> Vec<String> {
        let inside = names.keys().filter(|area| area.split('.').count() == 4);
        inside.filter(|area| lies_in(area, kecamatan)).take(count).cloned().collect()
    };
    let mut villages = of(WIDE[0], VILLAGES_OF_EACH);
    villages.extend(of(FAR, 3));
    villages.extend(WIDE[1..].iter().flat_map(|kecamatan| of(kecamatan, VILLAGES_OF_EACH)));
    villages
}

fn viewers(world: &World) -> Vec<Viewer> {
    let scopes: [&[&'static str]; 5] =
        [&["16.04"], &WIDE, &["16.04.06"], &["16.04.06.2008"], &["16.04.07.2001", "16.04.10"]];
    let viewers = scopes.into_iter().enumerate().map(|(number, scope)| {
        let grants = || scope.iter().map(|code| GrantOf::Area(area(code))).collect();
        let name = format!("Program {number}");
        let worker = people::add_worker(world.service(), name, Role::Penyelia, grants()).unwrap();
        Viewer {
            scope: scope.to_vec(),
            token: people::make_token(world.service(), worker).unwrap(),
            office: world.office(&format!("Rina {number}"), Role::Penyelia, scope),
        }
    });
    viewers.collect()
}

/// The rows of a fixture, without its header.
fn rows_of(name: &str) -> impl Iterator<Item = Vec<String>> {
    let reader = csv::Reader::from_path(fixture(name)).unwrap();
    reader.into_records().map(|row| row.unwrap().iter().map(str::to_owned).collect())
}
