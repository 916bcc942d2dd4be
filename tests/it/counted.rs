//! Tablet and server say the same of the same records: who is to be measured in a month, and which of
//! two measurements of a day counts, whoever wrote them and in whatever order they came.

use serde_json::json;
use server::store::{ChildQuery, Narrowed, NikSearch, Selection};
use std::collections::{BTreeMap, BTreeSet};
use sync_protocol::area::Scope;
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::month::Month;
use sync_protocol::record::Kind;
use sync_protocol::sasaran::TargetList;
use sync_protocol::time::CivilDate;
use sync_tests::{Dice, SADAN, Tablet, World, area};

/// Printed with what fails; `TIMBANG_SEED` plays another.
const SEED: u64 = 1_604;
const CHILDREN: usize = 24;
const DAYS: [&str; 5] = ["2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01", "2026-11-24"];

fn child(dice: &mut Dice, n: usize) -> Body {
    let births = [
        "2021-10-31",
        "2021-11-15",
        "2021-11-30",
        "2021-12-01",
        "2024-02-29",
        "2026-11-01",
        "2025-05-01",
    ];
    let departures = [None, None, Some("2026-10-31"), Some("2026-11-24")];
    let left = dice.pick(&departures);
    Body::new()
        .with("name", format!("Anak {n}"))
        .with("sex", dice.pick(&["L", "P"]))
        .with("birth_date", dice.pick(&births))
        .with("status", left.map(|_| "pindah"))
        .with("status_on", left)
}

fn measurement(dice: &mut Dice, child: RecordId) -> Body {
    let body =
        Body::new().with("child_id", child.to_string()).with("measured_on", dice.pick(&DAYS));
    match dice.below(3) {
        0 => body.with("weight_g", 4_000 + dice.below(9_000)),
        1 => body.with("height_mm", 600 + dice.below(400)),
        _ => body
            .with("weight_g", 4_000 + dice.below(9_000))
            .with("height_mm", 600 + dice.below(400)),
    }
}

/// One of the two writes something: a new measurement, or over one that it sees.
fn write(tablet: &mut Tablet, dice: &mut Dice) {
    let children: Vec<RecordId> =
        tablet.replica.list(Kind::CHILD).unwrap().iter().map(|child| child.id).collect();
    let child = dice.pick(&children);
    let known = tablet.replica.list_of(Kind::MEASUREMENT, child).unwrap();
    let known: Vec<RecordId> = known.iter().map(|record| record.id).collect();
    let id = (!known.is_empty() && dice.below(3) == 0).then(|| dice.pick(&known));
    let body = match id.and_then(|id| tablet.body(Kind::MEASUREMENT, id)) {
        // A correction stays on its day, so that there are days with several.
        Some(before) => before.with("weight_g", 4_000 + dice.below(9_000)),
        None => measurement(dice, child),
    };
    tablet.replica.save(Kind::MEASUREMENT, id, None, body).unwrap();
}

/// The letter of each measurement, and whether it is the second T.
type Letters = BTreeMap<RecordId, Option<(String, bool)>>;

fn letters_of(tablet: &Tablet) -> Letters {
    let children = tablet.replica.list(Kind::CHILD).unwrap();
    let rows = children.iter().flat_map(|child| tablet.replica.growth(child.id).unwrap());
    rows.filter_map(|row| {
        let gain = row.reading?.gain;
        let letter = gain.map(|gain| (gain.status.letter().to_owned(), gain.twice_not_gained));
        Some((row.record.id, letter))
    })
    .collect()
}

fn letters_at_the_server(world: &World, ids: impl Iterator<Item = RecordId>) -> Letters {
    world.read(|tx| {
        ids.map(|id| {
            let record = tx.record(id)?.unwrap();
            let score = tx.score(record.no)?.unwrap();
            Ok((id, score.gain.map(|letter| (letter, score.twice_not_gained))))
        })
        .collect()
    })
}

fn on_list(world: &World, day: CivilDate) -> BTreeSet<RecordId> {
    let query = ChildQuery {
        selection: Selection::of(Scope::of([area(SADAN)])),
        words: Vec::new(),
        nik: NikSearch::Shown,
        narrowed: Narrowed::OnList(TargetList::of(Month::of(day))),
    };
    world.read(|tx| {
        let found = tx.children_by_name(&query, None, 1_000)?;
        Ok(found.into_iter().map(|child| child.id).collect())
    })
}

fn to_be_measured(tablet: &Tablet, day: CivilDate) -> BTreeSet<RecordId> {
    let due = tablet.replica.due(day).unwrap().into_iter().map(|child| child.id);
    let measured = tablet.replica.measured_in_month(day).unwrap();
    let children = tablet.replica.children(None).unwrap().into_iter();
    let done = children.filter(|child| measured.contains(&child.id) && child.is_on_list(day));
    due.chain(done.map(|child| child.id)).collect()
}

#[test]
fn tablets_and_server_put_the_same_children_on_the_list_and_count_the_same_measurements() {
    let mut dice = Dice::new(SEED);
    let world = World::default();
    let mut tablets = ["Siti", "Wati"].map(|name| world.tablet(name, &[SADAN]));
    for n in 0..CHILDREN {
        let body = child(&mut dice, n);
        tablets[0].replica.save(Kind::CHILD, None, Some(area(SADAN)), body).unwrap();
    }
    tablets[0].sync();
    tablets[1].sync();
    for _ in 0..6 {
        for _ in 0..40 {
            let one = usize::try_from(dice.below(2)).unwrap();
            write(&mut tablets[one], &mut dice);
        }
        // Whoever is first with the signal is stamped first, whoever wrote first.
        let first = usize::try_from(dice.below(2)).unwrap();
        tablets[first].sync();
        tablets[1 - first].sync();
        tablets[first].sync();
        let seed = dice.seed();
        for tablet in &tablets {
            let letters = letters_of(tablet);
            assert!(letters.len() > 20, "measurements that tell");
            let at_the_server = letters_at_the_server(&world, letters.keys().copied());
            assert_eq!(letters, at_the_server, "seed {seed}");
            for day in DAYS.map(|day| day.parse().unwrap()) {
                assert_eq!(to_be_measured(tablet, day), on_list(&world, day), "{day}, seed {seed}");
            }
        }
    }
}

#[test]
fn a_tablet_counts_what_it_has_not_sent_and_bows_to_the_stamps_when_it_has() {
    let world = World::default();
    let mut siti = world.tablet("Siti", &[SADAN]);
    let mut wati = world.tablet("Wati", &[SADAN]);
    let child = siti.save_child("Ani", &area(SADAN));
    siti.sync();
    wati.sync();
    let body = |grams: i64| {
        let day = json!({"child_id": child, "measured_on": "2026-11-20", "weight_g": grams});
        serde_json::from_value::<Body>(day).unwrap()
    };
    let counted = |tablet: &Tablet| {
        let rows = tablet.replica.growth(child).unwrap();
        let has_letter = |row: &&sync_replica::GrowthRow| {
            row.reading.as_ref().is_some_and(|reading| reading.gain.is_some())
        };
        let row = rows.iter().find(has_letter).unwrap();
        row.record.body().unwrap().whole("weight_g").unwrap()
    };
    wati.replica.save(Kind::MEASUREMENT, None, None, body(9_100)).unwrap();
    siti.replica.save(Kind::MEASUREMENT, None, None, body(9_000)).unwrap();
    siti.sync();
    world.time.pass(60_000);
    assert_eq!((counted(&siti), counted(&wati)), (9_000, 9_100), "each its own");
    wati.sync();
    siti.sync();
    assert_eq!(counted(&siti), counted(&wati));
    let row = wati.replica.growth(child).unwrap().pop().unwrap().record;
    assert_eq!(row.body().unwrap().whole("weight_g"), Some(counted(&siti)), "the later stamp");
}
