//! Warnings from the series of one child: what a careful officer would see in the register.

use crate::age::Age;
use crate::calendar::{CalendarMonth, CompletedMonths};
use crate::date::Date;
use crate::error::InputError;
use crate::input::{Input, Position};
use crate::position::place;
use crate::series::{by_day, by_month, place_of};
use crate::units::{Length, Weight};
use crate::warning::{Warning, WarningKind};

/// One row of the register.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    /// The day.
    pub date: Date,
    /// The weight, if taken.
    pub weight: Option<Weight>,
    /// The length or height as read, if taken.
    pub length: Option<Length>,
    /// How it was taken, if recorded.
    pub position: Option<Position>,
}

/// The tolerances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WarningRules {
    /// A drop in height of more than this is warned of, in millimetres; 10 unless told.
    pub height_drop_mm: u16,
    /// A change of weight within a month of more than this is warned of, in per cent; 15 unless
    /// told.
    pub weight_change_percent: u16,
    /// Below this many completed months no **rise** is warned of; 0 unless told. The KBM itself
    /// asks for about 15 % a month up to month 3, so 4 spares healthy infants the warning.
    pub weight_rise_from_month: u32,
}

impl Default for WarningRules {
    fn default() -> Self {
        Self { height_drop_mm: 10, weight_change_percent: 15, weight_rise_from_month: 0 }
    }
}

/// All warnings of a child's visits, by day. The order of the input does not matter.
///
/// Heights are compared as if all were taken alike: going from lying to standing costs 0.7 cm and
/// is no loss. "Before" is the measurement before, not the highest so far, so that one slip of
/// the pen warns once. Weights are compared with the weighing before, if that was in the same
/// month or the one before. Of two rows of one day the later in the slice counts.
///
/// # Errors
/// [`InputError::BeforeBirth`] when a visit is dated before the birth.
pub fn check_visits(
    birth: Date,
    visits: &[Visit],
    rules: &WarningRules,
) -> Result<Vec<Warning>, InputError> {
    let lengths = by_day(birth, visits.iter().filter_map(|visit| measured(birth, visit)))?;
    let weights = by_day(birth, visits.iter().filter_map(|v| Some((v.date, v.weight?))))?;
    let both = visits.iter().filter_map(|v| Some((v.date, (v.weight?, v.length?))));
    let both = by_month(by_day(birth, both)?);

    let taken = lengths.iter().filter_map(|(date, length)| {
        let kind = against_age(length)?;
        Some(Warning { date: *date, kind })
    });
    let drops = neighbours(&lengths).filter_map(|(before, now)| dropped(before, now, rules));
    let jumps = neighbours(&weights).filter_map(|(before, now)| jumped(birth, before, now, rules));
    let copies = neighbours(&both).filter_map(|(before, now)| same(before, now));
    let mut warnings: Vec<Warning> = Vec::new();
    for warning in taken.chain(drops).chain(jumps).chain(copies) {
        let place = place_of(&warnings, warning.date, |warning| warning.date);
        warnings.insert(place, warning);
    }
    Ok(warnings)
}

/// A length as read, what it would be lying, and how it was taken.
#[derive(Clone, Copy)]
struct Stature {
    read: Length,
    lying_um: i64,
    position: Option<Position>,
    has_height: bool,
}

const LYING_MINUS_STANDING_UM: i64 = 7_000;

fn measured(birth: Date, visit: &Visit) -> Option<(Date, Stature)> {
    let read = visit.length?;
    // A visit before the birth is refused by `by_day`; any age lets it get there.
    let age = Age::between(birth, visit.date).unwrap_or(Age::from_days(0));
    let input = Input { age: Some(age), position: visit.position, ..Input::default() };
    let standing = match place(&input).position {
        Some(position) => position == Position::Standing,
        None => age.has_height(),
    };
    let lying_um =
        read.micrometres().saturating_add(if standing { LYING_MINUS_STANDING_UM } else { 0 });
    let stature =
        Stature { read, lying_um, position: visit.position, has_height: age.has_height() };
    Some((visit.date, stature))
}

fn against_age(stature: &Stature) -> Option<WarningKind> {
    match (stature.position?, stature.has_height) {
        (Position::Standing, false) => Some(WarningKind::StandingTooYoung),
        (Position::Lying, true) => Some(WarningKind::LyingTooOld),
        (Position::Standing, true) | (Position::Lying, false) => None,
    }
}

type Row<T> = (Date, T);

fn neighbours<T>(rows: &[Row<T>]) -> impl Iterator<Item = (&Row<T>, &Row<T>)> {
    rows.iter().zip(rows.iter().skip(1))
}

fn dropped(before: &Row<Stature>, now: &Row<Stature>, rules: &WarningRules) -> Option<Warning> {
    let drop = before.1.lying_um.saturating_sub(now.1.lying_um);
    (drop > i64::from(rules.height_drop_mm) * 1000).then_some(Warning {
        date: now.0,
        kind: WarningKind::HeightDropped { before: before.1.read, now: now.1.read },
    })
}

fn jumped(
    birth: Date,
    before: &Row<Weight>,
    now: &Row<Weight>,
    rules: &WarningRules,
) -> Option<Warning> {
    let months = CalendarMonth::of(before.0).months_until(CalendarMonth::of(now.0))?;
    let age = CompletedMonths::between(birth, now.0).ok()?;
    let (old, new) = (u64::from(before.1.grams()), u64::from(now.1.grams()));
    let spared = new > old && age.get() < rules.weight_rise_from_month;
    let large = old.abs_diff(new) * 100 > old * u64::from(rules.weight_change_percent);
    (months <= 1 && large && !spared).then_some(Warning {
        date: now.0,
        kind: WarningKind::WeightJumped { before: before.1, now: now.1 },
    })
}

fn same(before: &Row<(Weight, Length)>, now: &Row<(Weight, Length)>) -> Option<Warning> {
    let (weight, length) = now.1;
    let months = CalendarMonth::of(before.0).months_until(CalendarMonth::of(now.0))?;
    let equal =
        before.1.0.grams() == weight.grams() && before.1.1.micrometres() == length.micrometres();
    (months == 1 && equal)
        .then_some(Warning { date: now.0, kind: WarningKind::SameAsLastMonth { weight, length } })
}
