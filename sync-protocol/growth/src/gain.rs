//! The letters of monthly weighing: N, T, O, B, twice T (2T), and BGM.

use crate::age::Age;
use crate::assess::assess;
use crate::calendar::{CalendarMonth, CompletedMonths};
use crate::date::Date;
use crate::error::InputError;
use crate::input::{Input, Sex};
use crate::kbm::{KBM_BUKU_KIA_2023, KbmTable};
use crate::red_line::RedLine;
use crate::score::Score;
use crate::series::{by_day, by_month};
use crate::units::Weight;

/// One weighing of the series. Birth weight is not one: it would turn the first session from B
/// to O, N or T.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighing {
    /// The day.
    pub date: Date,
    /// The weight.
    pub weight: Weight,
}

/// The data the letters depend on, to be named in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GainRules<'a> {
    /// The least gains.
    pub kbm: KbmTable<'a>,
    /// The red line of BGM.
    pub red_line: RedLine,
}

impl Default for GainRules<'_> {
    fn default() -> Self {
        Self { kbm: KBM_BUKU_KIA_2023, red_line: RedLine::default() }
    }
}

/// The four letters; a child weighed in a month has exactly one of them, so D = N + T + O + B.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GainStatus {
    /// Naik.
    N,
    /// Tidak naik.
    T,
    /// Weighed now, but not last month.
    O,
    /// Baru: weighed for the first time.
    B,
}

impl GainStatus {
    /// "N", "T", "O" or "B".
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::N => "N",
            Self::T => "T",
            Self::O => "O",
            Self::B => "B",
        }
    }
}

/// What an N or T rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GainBasis {
    /// The least gain of the table, in grams.
    Kbm(u32),
    /// The table has no line for the age (below 1 and above 60 completed months): a rise is N,
    /// flat or falling is T.
    Direction,
}

/// The outcome of one month in which the child was weighed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonthlyGain {
    /// The month.
    pub month: CalendarMonth,
    /// The latest weighing of the month, which is the one that counts.
    pub weighing: Weighing,
    /// Age at that weighing.
    pub age: CompletedMonths,
    /// The letter.
    pub status: GainStatus,
    /// Grams gained since last month; `None` for O and B.
    pub gain: Option<i64>,
    /// What N or T rests on; `None` for O and B.
    pub basis: Option<GainBasis>,
    /// 2T: T here and T at the weighing before.
    pub twice_not_gained: bool,
    /// BB/U at that weighing; `None` from 60 months on, and with oedema, which is not known here.
    pub weight_for_age: Option<Score>,
    /// Below the red line; `None` without a BB/U.
    pub below_red_line: Option<bool>,
}

/// One entry for each month with a weighing, by month. The order of the input does not matter;
/// of two rows of one day the later in the slice counts. Give the whole history: whatever is left
/// out makes the next weighing B or O.
///
/// # Errors
/// [`InputError::BeforeBirth`] when a weighing is dated before the birth.
pub fn monthly_gains(
    sex: Sex,
    birth: Date,
    weighings: &[Weighing],
    rules: &GainRules<'_>,
) -> Result<Vec<MonthlyGain>, InputError> {
    let rows = weighings.iter().map(|weighing| (weighing.date, *weighing));
    let mut gains: Vec<MonthlyGain> = Vec::new();
    for (_, weighing) in by_month(by_day(birth, rows)?) {
        let gain = month(sex, birth, weighing, gains.last(), rules)?;
        gains.push(gain);
    }
    Ok(gains)
}

fn month(
    sex: Sex,
    birth: Date,
    weighing: Weighing,
    before: Option<&MonthlyGain>,
    rules: &GainRules<'_>,
) -> Result<MonthlyGain, InputError> {
    let month = CalendarMonth::of(weighing.date);
    let age = CompletedMonths::between(birth, weighing.date)?;
    let last_month = before.filter(|before| before.month.months_until(month) == Some(1));
    let gain = last_month
        .map(|last| i64::from(weighing.weight.grams()) - i64::from(last.weighing.weight.grams()));
    let basis =
        gain.map(|_| rules.kbm.least_gain(sex, age).map_or(GainBasis::Direction, GainBasis::Kbm));
    let status = match (before, gain.zip(basis)) {
        (None, _) => GainStatus::B,
        (Some(_), None) => GainStatus::O,
        (Some(_), Some((gain, basis))) if is_enough(gain, basis) => GainStatus::N,
        (Some(_), Some(_)) => GainStatus::T,
    };
    let input = Input {
        sex: Some(sex),
        age: Some(Age::between(birth, weighing.date)?),
        weight: Some(weighing.weight),
        ..Input::default()
    };
    let weight_for_age = assess(&input).weight_for_age;
    Ok(MonthlyGain {
        month,
        weighing,
        age,
        status,
        gain,
        basis,
        twice_not_gained: status == GainStatus::T
            && before.is_some_and(|before| before.status == GainStatus::T),
        weight_for_age,
        below_red_line: weight_for_age.map(|score| rules.red_line.is_above(score)),
    })
}

fn is_enough(gain: i64, basis: GainBasis) -> bool {
    match basis {
        GainBasis::Kbm(grams) => gain >= i64::from(grams),
        GainBasis::Direction => gain > 0,
    }
}
