//! A kabupaten that is made up: 40,000 children with 24 measurements each, merged as any import is.

use anyhow::Context;
use child_growth::{Sex, Table};
use chrono::{Days, Months, NaiveDate};
use server::access::Actor;
use server::admin::reference::import_areas;
use server::platform::{SystemClock, SystemRandom};
use server::refusal::Refusal;
use server::service::Service;
use server::store::StoreError;
use server::sync::office::{Office, new_record_id};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::{Change, Edit};
use sync_protocol::record::{Kind, child, measurement};

const CHILDREN: u64 = 40_000;
const MONTHS: u32 = 24;
/// Children that one write job takes.
const CHILDREN_PER_JOB: u64 = 40;
const ROUNDS: usize = 7;
/// 24 November 2026.
pub(crate) const NOW_MS: i64 = 1_795_486_500_000;

/// The server of a new database in `dir`, with as many children as the command line says.
pub(crate) fn kabupaten(dir: &Path) -> anyhow::Result<Service> {
    let children = match std::env::args().nth(1) {
        Some(count) => count.parse().context("how many children?")?,
        None => CHILDREN,
    };
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let service = Service::open(dir, clock, random)?;
    let areas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/area/lahat.csv");
    import_areas(&service, &std::fs::read(areas)?)?;
    fill(&service, children)?;
    Ok(service)
}

/// The median of some rounds, printed; the first fills the caches.
pub(crate) fn time(
    what: &str,
    mut run: impl FnMut() -> anyhow::Result<String>,
) -> anyhow::Result<Duration> {
    let mut said = run()?;
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        said = run()?;
        rounds.push(start.elapsed());
    }
    rounds.sort_unstable();
    let median = rounds.get(ROUNDS / 2).copied().unwrap_or_default();
    println!("{what}: {:.1} ms ({said})", median.as_secs_f64() * 1_000.0);
    Ok(median)
}

/// Merges the children, and says how long it took: scoring is part of it.
fn fill(service: &Service, children: u64) -> anyhow::Result<()> {
    let villages: Vec<Area> = service.read_as_operator::<_, StoreError>(|tx, _| {
        let areas = tx.areas()?.into_iter().map(|area| area.code);
        Ok(areas.filter(Area::is_village).collect())
    })?;
    let villages = Arc::new(villages);
    let start = Instant::now();
    for first in (0..children).step_by(usize::try_from(CHILDREN_PER_JOB)?) {
        let villages = Arc::clone(&villages);
        service.write_as_operator::<_, Refusal, _>(move |tx, _| {
            let mut office = Office::begin(tx, Actor::office(), NOW_MS)?;
            for number in first..children.min(first + CHILDREN_PER_JOB) {
                add(&mut office, number, &villages)?;
            }
            office.finish()?;
            Ok(())
        })?;
    }
    let changes = children * u64::from(MONTHS + 1);
    let rate = f64::from(u32::try_from(changes)?) / start.elapsed().as_secs_f64();
    println!("{children} children, {changes} changes merged and scored, {rate:.0} a second");
    Ok(())
}

fn add(office: &mut Office<'_>, number: u64, villages: &[Area]) -> Result<(), Refusal> {
    let mut dice = Dice(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let (sex, letter) =
        if number.is_multiple_of(2) { (Sex::Male, "L") } else { (Sex::Female, "P") };
    let newest = NaiveDate::from_ymd_opt(2024, 10, 1).unwrap_or_default();
    let born = newest.checked_sub_days(Days::new(dice.below(1_000))).unwrap_or(newest);
    let id = new_record_id(NOW_MS, &SystemRandom);
    let at = usize::try_from(number).unwrap_or(0) % villages.len().max(1);
    let body = Body::new()
        .with(child::NAME, format!("Anak {number}"))
        .with(child::SEX, letter)
        .with(child::BIRTH_DATE, born.to_string());
    let edit = Edit::Body { body, area: villages.get(at).cloned() };
    office.change(&Change { kind: Kind::CHILD, id, edit }, None)?;

    let (weight_z, height_z) = (dice.z() - 0.7, dice.z() - 1.0);
    let begin = NaiveDate::from_ymd_opt(2024, 11, 5).unwrap_or_default();
    for month in 0..MONTHS {
        let on = begin.checked_add_months(Months::new(month)).unwrap_or(begin);
        let day = u32::try_from((on - born).num_days()).unwrap_or(0);
        let at = |table: Table, z: f64| table.row(sex, day).map_or(1.0, |row| row.at(z));
        let kilograms = at(Table::WeightForAge, weight_z + dice.z() * 0.1);
        let centimetres = at(Table::LengthForAge, height_z);
        let body = Body::new()
            .with(measurement::CHILD_ID, id.to_string())
            .with(measurement::MEASURED_ON, on.to_string())
            .with(measurement::WEIGHT_G, whole(kilograms * 1_000.0))
            .with(measurement::HEIGHT_MM, whole(centimetres * 10.0))
            .with(measurement::POSITION, if day < 731 { "terlentang" } else { "berdiri" });
        let id = new_record_id(NOW_MS, &SystemRandom);
        let edit = Edit::Body { body, area: None };
        office.change(&Change { kind: Kind::MEASUREMENT, id, edit }, None)?;
    }
    Ok(())
}

#[expect(clippy::cast_possible_truncation, reason = "weights and heights of children")]
fn whole(value: f64) -> i64 {
    value.round() as i64
}

/// Made-up numbers, the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Roughly normal: the sum of twelve even numbers of 0 to 1, less six.
    fn z(&mut self) -> f64 {
        let even = |dice: &mut Dice| {
            u32::try_from(dice.below(10_000)).map_or(0.0, |n| f64::from(n) / 10_000.0)
        };
        (0..12).map(|_| even(self)).sum::<f64>() - 6.0
    }
}
