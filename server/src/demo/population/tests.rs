use super::*;
use crate::import::areas;
use crate::import::nik::{agrees_with, is_valid_form};
use crate::import::place::Places;
use crate::import::posyandu;
use crate::import::sasaran;
use crate::import::sex::Sex;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use sync_protocol::record::{Kind, child as of_child, measurement as of_measurement};
use sync_protocol::time::parse_date;

const SEED: u64 = 160_406;
/// What fixtures/sasaran/jarai-small.csv was made with.
const FIXTURE_CHILDREN: usize = 40;

fn today() -> CivilDate {
    parse_date("2026-11-24").unwrap()
}

fn lahat() -> Vec<(Area, String)> {
    let rows = areas::read(include_bytes!("../../../../fixtures/area/lahat.csv")).unwrap();
    rows.into_iter().map(|row| (row.area, row.name)).collect()
}

fn jarai() -> Vec<(Area, String)> {
    let kecamatan: Area = "16.04.06".parse().unwrap();
    lahat().into_iter().filter(|(area, _)| kecamatan.contains(area)).collect()
}

fn large() -> Population {
    Population::of(SEED, &jarai(), today(), 1_600)
}

/// The large population, made once for all tests.
fn population() -> &'static Population {
    static LARGE: LazyLock<Population> = LazyLock::new(large);
    &LARGE
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let again = large();
    assert_eq!(*population(), again);
    assert_eq!(population().sasaran_csv(), again.sasaran_csv());
    assert_ne!(
        Population::of(SEED + 1, &jarai(), today(), 40).sasaran_csv(),
        small().sasaran_csv()
    );
}

fn small() -> Population {
    Population::of(SEED, &jarai(), today(), FIXTURE_CHILDREN)
}

#[test]
fn the_committed_fixture_is_what_the_seed_gives() {
    let fixture = include_str!("../../../../fixtures/sasaran/jarai-small.csv");
    assert_eq!(small().sasaran_csv(), fixture);
}

#[test]
fn the_posyandu_of_the_fixtures_are_those_of_the_same_seed() {
    let fixture = posyandu::read(include_bytes!("../../../../fixtures/area/posyandu.csv")).unwrap();
    let fixture: Vec<(Area, String)> =
        fixture.into_iter().map(|row| (row.area, row.name)).collect();
    assert_eq!(Population::of(SEED, &lahat(), today(), 0).posyandu, fixture);
    assert!(population().posyandu.iter().all(|posyandu| fixture.contains(posyandu)));
}

#[test]
fn a_larger_population_begins_with_the_children_of_a_smaller_one() {
    assert_eq!(population().children[..FIXTURE_CHILDREN], small().children);
}

#[test]
fn the_importer_reads_the_sheet_without_a_fault_and_gives_the_same_children() {
    let population = population();
    let places = Places::of(lahat());
    let sheet = population.sasaran_csv();
    let rows: Vec<_> = sasaran::read(sheet.as_bytes(), today()).unwrap().collect();
    assert_eq!(rows.len(), population.children.len());
    for (row, child) in rows.into_iter().zip(&population.children) {
        let row = row.unwrap();
        assert_eq!(row.body, child.body, "line {}", row.line);
        assert_eq!(row.notes, []);
        assert_eq!(places.resolve(&row.place), Ok(child.area.clone()));
        assert_eq!(row.key.nik.as_deref(), child.body.text("nik"));
    }
}

#[test]
fn every_body_passes_the_contracts_own_check() {
    for child in &population().children {
        assert_eq!(Kind::CHILD.check(&child.body, today()), Ok(()));
        for measurement in child.measurements.clone() {
            assert_eq!(measurement.get(of_measurement::CHILD_ID), None);
            let body =
                measurement.with(of_measurement::CHILD_ID, "acd0f1a7-0193-85b2-84d1-ffffffffffff");
            assert_eq!(Kind::MEASUREMENT.check(&body, today()), Ok(()), "{body:?}");
        }
    }
}

#[test]
fn children_are_of_0_to_59_months_and_live_in_every_village() {
    let population = population();
    assert_eq!(population.children.len(), 1_600);
    let oldest = parse_date("2021-11-24").unwrap();
    for child in &population.children {
        let born = child.body.date(of_child::BIRTH_DATE).unwrap();
        assert!(born > oldest && born <= today(), "{born}");
    }
    let lived_in: BTreeSet<&Area> = population.children.iter().map(|child| &child.area).collect();
    let villages: BTreeSet<Area> =
        jarai().into_iter().map(|(area, _)| area).filter(Area::is_village).collect();
    assert_eq!(villages.len(), 21);
    assert_eq!(lived_in, villages.iter().collect());
}

#[test]
fn every_village_has_one_or_two_posyandu_and_children_belong_to_one_of_them() {
    let population = population();
    for (area, _) in jarai().iter().filter(|(area, _)| area.is_village()) {
        let names: BTreeSet<&str> = population
            .posyandu
            .iter()
            .filter(|(of, _)| of == area)
            .map(|(_, name)| name.as_str())
            .collect();
        let given = population.posyandu.iter().filter(|(of, _)| of == area).count();
        assert!((1..=2).contains(&given) && names.len() == given, "{area} {names:?}");
        assert!(names.iter().all(|name| name.starts_with("CONTOH ")));
        let mut living = population.children.iter().filter(|child| child.area == *area);
        assert!(living.all(|child| names.contains(child.body.text("posyandu").unwrap())));
    }
}

#[test]
fn a_nik_says_jarai_the_birth_and_a_serial_that_no_office_gives_and_is_nobody_elses() {
    let population = population();
    let mut seen = BTreeSet::new();
    for child in &population.children {
        let Some(nik) = child.body.text(of_child::NIK) else { continue };
        let born = child.body.date(of_child::BIRTH_DATE).unwrap();
        let sex = child.body.text(of_child::SEX).and_then(Sex::read).unwrap();
        assert!(nik.starts_with("160406") && is_valid_form(nik) && agrees_with(nik, born, sex));
        assert!(nik.get(12..).unwrap() > "9000");
        assert!(seen.insert(nik.to_owned()), "twice");
    }
    check_share("with a NIK", seen.len(), population.children.len(), 65..=74);
}

#[test]
fn a_year_of_measurements_ends_today_and_misses_a_fifth() {
    let population = population();
    let a_year_ago = parse_date("2025-11-24").unwrap();
    let older = population
        .children
        .iter()
        .filter(|child| child.body.date(of_child::BIRTH_DATE).unwrap() <= a_year_ago);
    let (mut months, mut measured) = (0, 0);
    for child in older {
        let dates: Vec<CivilDate> = dates(child);
        assert!(dates.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(dates.iter().all(|date| *date > a_year_ago && *date <= today()));
        months += 12;
        measured += dates.len();
    }
    check_share("measured", measured, months, 77..=83);
    for child in &population.children {
        let born = child.body.date(of_child::BIRTH_DATE).unwrap();
        assert!(dates(child).iter().all(|date| *date >= born));
    }
}

fn dates(child: &DemoChild) -> Vec<CivilDate> {
    let of = |body: &Body| body.date(of_measurement::MEASURED_ON).unwrap();
    child.measurements.iter().map(of).collect()
}

#[test]
fn children_lie_down_below_24_months_and_arms_and_capsules_begin_at_6() {
    for child in &population().children {
        let born = child.body.date(of_child::BIRTH_DATE).unwrap();
        for body in &child.measurements {
            let on = body.date(of_measurement::MEASURED_ON).unwrap();
            let reached = |months| born.checked_add_months(Months::new(months)).unwrap() <= on;
            if let Some(position) = body.text(of_measurement::POSITION) {
                assert_eq!(position == "berdiri", reached(24), "{born} {on}");
            }
            assert_eq!(body.get(of_measurement::MUAC_MM).is_some(), reached(6), "{born} {on}");
            assert_eq!(body.get(of_measurement::ASI).is_some(), !reached(6), "{born} {on}");
            if let Some(capsule) = body.text(of_measurement::VITAMIN_A) {
                assert!(reached(6) && (capsule == "merah") == reached(12), "{born} {on}");
                assert!(matches!(on.to_string().get(5..7), Some("02" | "08")), "{on}");
            }
        }
    }
}

#[test]
fn weights_have_one_decimal_and_people_like_halves() {
    let population = population();
    let readings = |field: &'static str| -> Vec<i64> {
        let bodies = population.children.iter().flat_map(|child| &child.measurements);
        bodies.filter_map(|body| body.whole(field)).collect()
    };
    let weights = readings(of_measurement::WEIGHT_G);
    assert!(weights.iter().all(|grams| grams % 100 == 0));
    let halves = weights.iter().filter(|grams| *grams % 500 == 0).count();
    check_share("half kilograms", halves, weights.len(), 25..=35);
    let heights = readings(of_measurement::HEIGHT_MM);
    let halves = heights.iter().filter(|mm| *mm % 5 == 0).count();
    check_share("half centimetres", halves, heights.len(), 43..=53);
}

/// Minus two standard deviations of the WHO standards, written down here apart from the curves of
/// the generator: months, height in mm of boys and girls; then height in cm, weight in grams.
const STUNTED_BELOW: [(i64, i64, i64); 4] =
    [(24, 810, 793), (36, 887, 874), (48, 949, 941), (60, 1007, 999)];
const WASTED_BELOW: [(i64, i64, i64); 4] =
    [(80, 9000, 8610), (90, 11_030, 10_640), (100, 13_090, 12_770), (110, 15_610, 15_510)];

fn line_at(table: &[(i64, i64, i64)], x: i64, is_boy: bool) -> Option<i64> {
    let pair = table.windows(2).find(|pair| (pair[0].0..pair[1].0).contains(&x))?;
    let y = |knot: (i64, i64, i64)| if is_boy { knot.1 } else { knot.2 };
    let (x0, x1) = (pair[0].0, pair[1].0);
    Some(y(pair[0]) + (y(pair[1]) - y(pair[0])) * (x - x0) / (x1 - x0))
}

#[test]
fn about_a_fifth_is_stunted_and_a_fourteenth_wasted() {
    let (mut tall, mut stunted, mut heavy, mut wasted) = (0, 0, 0, 0);
    for child in &population().children {
        let is_boy = child.body.text(of_child::SEX) == Some("L");
        let Some(last) = child.measurements.last() else { continue };
        let Some(height) = last.whole(of_measurement::HEIGHT_MM) else { continue };
        let born = child.body.date(of_child::BIRTH_DATE).unwrap();
        let on = last.date(of_measurement::MEASURED_ON).unwrap();
        let months = (on - born).num_days() * 12 / 365;
        if let Some(line) = line_at(&STUNTED_BELOW, months, is_boy) {
            tall += 1;
            stunted += usize::from(height < line);
            if let Some(line) = line_at(&WASTED_BELOW, height / 10, is_boy) {
                heavy += 1;
                wasted += usize::from(last.whole(of_measurement::WEIGHT_G).unwrap() < line);
            }
        }
    }
    check_share("stunted", stunted, tall, 18..=32);
    check_share("wasted", wasted, heavy, 4..=10);
}

#[test]
fn no_village_means_no_children_and_no_panic() {
    let population = Population::of(SEED, &[], today(), 10);
    assert_eq!(population.children, []);
    assert_eq!(population.sasaran_csv().lines().count(), 1);
}

#[track_caller]
fn check_share(what: &str, part: usize, whole: usize, percent: std::ops::RangeInclusive<usize>) {
    let share = part * 100 / whole;
    assert!(percent.contains(&share), "{what}: {part} of {whole} is {share} %");
}
