//! What measurements say of a child: z-scores, categories, monthly gain, warnings.
//!
//! The rules are those of the package `child-growth`; this module is the one place that turns bodies
//! into its inputs, so that tablet and server say the same of the same records. A row that no rule
//! can judge (dated before the birth) is left out and never stops the others.

mod difference;
mod doubt;
pub mod words;

pub use difference::{CategoryChange, Difference, difference};
pub use doubt::{Doubt, confirm, doubts, doubts_to_ask, forget_confirmed, nik_doubts, word_for};

use crate::body::Body;
use crate::counted::{Figure, Z};
use crate::record::{child, measurement};
use crate::time::{CivilDate, parse_date};
use child_growth::{
    AcuteFinding, AcuteSigns, Age, ArmCategory, Assessment, CompletedMonths, Date, GainRules,
    Index, Input, Length, MonthlyGain, Oedema, Position, RedLine, Sex, Visit, Warning, WarningKind,
    WarningRules, Weighing, Weight, acute_malnutrition, check_visits, monthly_gains,
};
use chrono::Datelike;

/// Names the tables and rules behind every score. What is stored under another name is computed
/// anew; the last number is raised when this module changes what it says.
pub const VERSION: &str = "who2006 permenkes-2-2020 buku-kia-2023 3";

/// The tolerances of the warnings. Healthy infants gain more than 15 % a month until they are 4
/// months old (the KBM itself asks for it), so no rise is warned of before.
pub const WARNING_RULES: WarningRules =
    WarningRules { height_drop_mm: 10, weight_change_percent: 15, weight_rise_from_month: 4 };

/// What growth depends on of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Child {
    pub sex: Sex,
    pub born: Date,
}

impl Child {
    pub fn of(body: &Body) -> Option<Self> {
        Child::new(body.text(child::SEX)?, body.date(child::BIRTH_DATE)?)
    }

    /// `sex` as records have it: `L` or `P`.
    pub fn new(sex: &str, born: CivilDate) -> Option<Self> {
        let sex = match sex {
            "L" => Sex::Male,
            "P" => Sex::Female,
            _ => return None,
        };
        Some(Child { sex, born: day(born)? })
    }

    /// Completed months on a day; none before the birth.
    pub fn months_on(&self, on: CivilDate) -> Option<u32> {
        CompletedMonths::between(self.born, day(on)?).ok().map(CompletedMonths::get)
    }
}

/// What growth depends on of a measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    pub on: Date,
    pub weight: Option<Weight>,
    pub length: Option<Length>,
    pub position: Option<Position>,
    pub arm: Option<Length>,
    pub head: Option<Length>,
    pub oedema: Oedema,
}

/// The fields of a measurement that growth depends on.
pub const JUDGED: [&str; 7] = [
    measurement::MEASURED_ON,
    measurement::WEIGHT_G,
    measurement::HEIGHT_MM,
    measurement::POSITION,
    measurement::MUAC_MM,
    measurement::HEAD_MM,
    measurement::OEDEMA,
];

/// The fields of a measurement as records and typed columns have them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fields<'a> {
    pub measured_on: &'a str,
    pub weight_g: Option<i64>,
    pub height_mm: Option<i64>,
    pub position: Option<&'a str>,
    pub muac_mm: Option<i64>,
    pub head_mm: Option<i64>,
    pub oedema: Option<i64>,
}

impl Measured {
    pub fn of(body: &Body) -> Option<Self> {
        Measured::from_fields(&Fields {
            measured_on: body.text(measurement::MEASURED_ON)?,
            weight_g: body.whole(measurement::WEIGHT_G),
            height_mm: body.whole(measurement::HEIGHT_MM),
            position: body.text(measurement::POSITION),
            muac_mm: body.whole(measurement::MUAC_MM),
            head_mm: body.whole(measurement::HEAD_MM),
            oedema: body.whole(measurement::OEDEMA),
        })
    }

    /// None when it has no date that can be read. A measure that cannot be one is missing.
    pub fn from_fields(fields: &Fields<'_>) -> Option<Self> {
        let millimetres = |mm: Option<i64>| Length::from_mm(u32::try_from(mm?).ok()?).ok();
        Some(Measured {
            on: day(parse_date(fields.measured_on).ok()?)?,
            weight: fields
                .weight_g
                .and_then(|grams| Weight::from_grams(u32::try_from(grams).ok()?).ok()),
            length: millimetres(fields.height_mm),
            position: match fields.position {
                Some("terlentang") => Some(Position::Lying),
                Some("berdiri") => Some(Position::Standing),
                _ => None,
            },
            arm: millimetres(fields.muac_mm),
            head: millimetres(fields.head_mm),
            oedema: match fields.oedema {
                Some(1) => Oedema::Grade1,
                Some(2) => Oedema::Grade2,
                Some(3) => Oedema::Grade3,
                _ => Oedema::Absent,
            },
        })
    }
}

/// One measurement, judged by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assessed {
    pub months: CompletedMonths,
    pub scores: Assessment,
    /// By the centimetres of LiLA, at 6 to 59 months.
    pub arm: Option<ArmCategory>,
    pub acute: AcuteFinding,
}

/// Judges one measurement by itself; none when it is dated before the birth.
pub fn assess(child: &Child, measured: &Measured) -> Option<Assessed> {
    let months = CompletedMonths::between(child.born, measured.on).ok()?;
    let scores = child_growth::assess(&Input {
        sex: Some(child.sex),
        age: Some(Age::between(child.born, measured.on).ok()?),
        weight: measured.weight,
        length: measured.length,
        position: measured.position,
        head: measured.head,
        arm: measured.arm,
        oedema: measured.oedema,
    });
    let signs = AcuteSigns {
        weight_for_length: scores.weight_for_length,
        arm: measured.arm,
        oedema: measured.oedema,
        weight: measured.weight,
        age: Some(months),
        complications: false,
    };
    Some(Assessed {
        months,
        scores,
        arm: measured.arm.and_then(|arm| ArmCategory::of(arm, months)),
        acute: acute_malnutrition(&signs),
    })
}

/// One measurement among all of its child.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub assessed: Assessed,
    /// N, T, O or B; only at the weighing of a month that counts, its latest.
    pub gain: Option<MonthlyGain>,
    pub warnings: Vec<Warning>,
}

/// Judges all measurements of a child. Give every one there is, those of one day in the order of
/// their [`Recency`](crate::counted::Recency): of two rows of one day the later counts. The readings
/// come in the order of the rows; a row dated before the birth has none.
pub fn series(child: &Child, rows: &[Measured]) -> Vec<Option<Reading>> {
    let mut readings: Vec<Option<Reading>> = rows
        .iter()
        .map(|row| {
            let assessed = assess(child, row)?;
            Some(Reading { assessed, gain: None, warnings: Vec::new() })
        })
        .collect();
    let known = || rows.iter().filter(|row| row.on >= child.born);
    let weighings: Vec<Weighing> =
        known().filter_map(|row| Some(Weighing { date: row.on, weight: row.weight? })).collect();
    let gains = monthly_gains(child.sex, child.born, &weighings, &GainRules::default());
    for gain in gains.unwrap_or_default() {
        let weighed = |row: &Measured| row.on == gain.weighing.date && row.weight.is_some();
        let Some(at) = rows.iter().rposition(weighed) else { continue };
        let has_oedema = rows.get(at).is_some_and(|row| row.oedema.is_present());
        let score = gain.weight_for_age.map(Z::from);
        let figure = Figure::of(Index::WeightForAge, score, has_oedema);
        let below_red_line = figure.is_below(RedLine::default());
        if let Some(Some(reading)) = readings.get_mut(at) {
            reading.gain = Some(MonthlyGain { below_red_line, ..gain });
        }
    }
    let visits: Vec<Visit> = known()
        .map(|row| Visit {
            date: row.on,
            weight: row.weight,
            length: row.length,
            position: row.position,
        })
        .collect();
    for warning in check_visits(child.born, &visits, &WARNING_RULES).unwrap_or_default() {
        let is_source = |row: &Measured| row.on == warning.date && has_measure(row, &warning.kind);
        let Some(at) = rows.iter().rposition(is_source) else { continue };
        if let Some(Some(reading)) = readings.get_mut(at) {
            reading.warnings.push(warning);
        }
    }
    readings
}

/// Whether a row has what a warning is about: of two rows of a day, one may hold the weight and the
/// other the height, and nobody is asked about what they did not measure.
fn has_measure(row: &Measured, about: &WarningKind) -> bool {
    match about {
        WarningKind::HeightDropped { .. }
        | WarningKind::StandingTooYoung
        | WarningKind::LyingTooOld => row.length.is_some(),
        WarningKind::WeightJumped { .. } => row.weight.is_some(),
        WarningKind::SameAsLastMonth { .. } => row.weight.is_some() && row.length.is_some(),
        WarningKind::NikBirthDate | WarningKind::NikSex => true,
    }
}

/// A date of the protocol as the growth rules count it.
pub fn day(date: CivilDate) -> Option<Date> {
    let year = u16::try_from(date.year()).ok()?;
    Date::new(year, u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?).ok()
}

#[cfg(test)]
mod tests;
