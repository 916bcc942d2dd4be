//! Twelve months at the posyandu: one weighing a month, some missed, read off a scale by a person.

use super::child::{Identity, nearest};
use super::growth::{STANDING_LESS_MM, Traits};
use super::random::Random;
use chrono::{Datelike, Months, NaiveDate};
use sync_protocol::body::Body;
use sync_protocol::record::measurement as field;
use sync_protocol::time::CivilDate;

const MISSED_PERCENT: i64 = 20;
/// People like .0 and .5: of a hundred readings, how many are rounded to them.
const ROUND_WEIGHT_PERCENT: i64 = 12;
const ROUND_HEIGHT_PERCENT: i64 = 35;
const NO_HEIGHT_PERCENT: i64 = 4;
const CAPSULE_PERCENT: i64 = 88;
/// Completed months from which arms are measured and capsules are given, and red ones.
const ARM_FROM_MONTHS: u32 = 6;
const RED_FROM_MONTHS: u32 = 12;
/// Completed months from which a child stands to be measured.
const STANDS_FROM_MONTHS: u32 = 24;
/// Months of the vitamin A campaign.
const CAPSULE_MONTHS: [u32; 2] = [2, 8];

/// The measurements of the year that ends today, oldest first.
pub(super) fn year_of(random: &mut Random, traits: &Traits, child: &Identity<'_>) -> Vec<Body> {
    let day = posyandu_day(child);
    let a_year_ago = child.today.checked_sub_months(Months::new(12)).unwrap_or(child.today);
    let days = (0..=12).rev().filter_map(|months| {
        let month = child.today.with_day(1)?.checked_sub_months(Months::new(months))?;
        NaiveDate::from_ymd_opt(month.year(), month.month(), day)
    });
    days.filter(|date| *date > a_year_ago && *date <= child.today && *date >= child.born)
        .filter_map(|date| {
            // Drawn before it is known whether the child came, so that every month draws alike.
            let body = measurement(random, traits, child, date);
            (!random.chance(MISSED_PERCENT)).then_some(body)
        })
        .collect()
}

/// Every posyandu has its own day of the month, between the 5th and the 24th.
fn posyandu_day(child: &Identity<'_>) -> u32 {
    let name = format!("{}{}", child.area, child.posyandu);
    5 + name.bytes().map(u32::from).sum::<u32>() % 20
}

fn measurement(
    random: &mut Random,
    traits: &Traits,
    child: &Identity<'_>,
    date: CivilDate,
) -> Body {
    let age_days = child.age_days_on(date);
    let age_months = completed_months(child.born, date);
    let before_today = (child.today - date).num_days();
    let true_length = traits.length_mm(age_days);
    let stands = age_months >= STANDS_FROM_MONTHS;
    let length = true_length + random.normal() * 3 / 1000;
    let height = length - if stands { STANDING_LESS_MM } else { 0 };
    let weight = traits.weight_g(true_length, before_today) + random.normal() * 60 / 1000;

    let height_step = if random.chance(ROUND_HEIGHT_PERCENT) { 5 } else { 1 };
    let weight_step = if random.chance(ROUND_WEIGHT_PERCENT) { 500 } else { 100 };
    let mut body = Body::new()
        .with(field::MEASURED_ON, date.to_string())
        .with(field::WEIGHT_G, nearest(weight, weight_step).max(1_000))
        .with(field::MEASURED_BY, format!("KADER {}", child.posyandu));
    if !random.chance(NO_HEIGHT_PERCENT) {
        body.set(field::HEIGHT_MM, nearest(height, height_step).max(350));
        body.set(field::POSITION, if stands { "berdiri" } else { "terlentang" });
    }
    let arm = traits.arm_mm(age_days, before_today) + random.normal() * 3 / 1000;
    if age_months >= ARM_FROM_MONTHS {
        body.set(field::MUAC_MM, arm.clamp(90, 220));
    }
    let takes_capsule = random.chance(CAPSULE_PERCENT);
    if takes_capsule && age_months >= ARM_FROM_MONTHS && CAPSULE_MONTHS.contains(&date.month()) {
        body.set(field::VITAMIN_A, if age_months < RED_FROM_MONTHS { "biru" } else { "merah" });
    }
    let breastfed_only = random.chance(65);
    if age_months < ARM_FROM_MONTHS {
        body.set(field::ASI, breastfed_only);
    }
    body.set(field::KELAS_IBU, random.chance(25));
    body
}

/// Months completed by the calendar: 2 months 29 days is 2.
fn completed_months(born: CivilDate, date: CivilDate) -> u32 {
    let months = (date.year() - born.year()) * 12 + i32::try_from(date.month()).unwrap_or(0)
        - i32::try_from(born.month()).unwrap_or(0)
        - i32::from(date.day() < born.day());
    u32::try_from(months).unwrap_or(0)
}
