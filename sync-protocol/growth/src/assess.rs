//! One child, six z-scores: WHO's rules of which score is given when.

use crate::age::Age;
use crate::index::{Index, LengthKind};
use crate::input::{Input, Position, Sex};
use crate::lms::Lms;
use crate::position::{LengthTreatment, place};
use crate::reading::Reading;
use crate::score::Score;
use crate::tables::Table;
use crate::units::{Bmi, Length, Weight};

/// The scores of one child at one measurement, `None` where they cannot be given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assessment {
    /// PB/U or TB/U.
    pub length_for_age: Option<Score>,
    /// BB/U; none with oedema.
    pub weight_for_age: Option<Score>,
    /// BB/PB or BB/TB; none with oedema, but given without an age.
    pub weight_for_length: Option<Score>,
    /// IMT/U; none with oedema.
    pub bmi_for_age: Option<Score>,
    /// LK/U.
    pub head_for_age: Option<Score>,
    /// LiLA/U, from 91 days on.
    pub arm_for_age: Option<Score>,
    /// The length after the correction for position, not rounded.
    pub corrected_length: Option<Length>,
    /// From the corrected length, not rounded. Given with oedema too.
    pub bmi: Option<Bmi>,
    /// The position that was believed.
    pub position: Option<Position>,
    /// What was done to the length; `None` without one.
    pub treatment: Option<LengthTreatment>,
    /// WHO's `c9mo_flag`: measured standing below nine months.
    pub standing_under_nine_months: bool,
    /// Whether stature counts as PB or TB, for the labels.
    pub kind: Option<LengthKind>,
}

impl Assessment {
    /// The score of an index.
    #[must_use]
    pub const fn score(&self, index: Index) -> Option<Score> {
        match index {
            Index::WeightForAge => self.weight_for_age,
            Index::LengthForAge => self.length_for_age,
            Index::WeightForLength => self.weight_for_length,
            Index::BmiForAge => self.bmi_for_age,
            Index::HeadForAge => self.head_for_age,
            Index::ArmForAge => self.arm_for_age,
        }
    }
}

/// Scores one child as WHO's R package `anthro` 1.1.0 does.
///
/// Three things differ on purpose, all of them input that cannot be a child: a weight of zero or
/// below gives no weight-for-length (there: -15.4 or so), a length of zero or below gives no BMI
/// (there: infinity, or the square of a negative), and a score that is not finite is missing.
#[must_use]
pub fn assess(input: &Input) -> Assessment {
    let placed = place(input);
    let bmi = bmi(input.weight, placed.length);
    // Oedema is water: it hides the weight that the three weight-based scores would need.
    let dry = !input.oedema.is_present();
    let dry_weight = input.weight.filter(|_| dry).map(Weight::kg);
    let dry_bmi = bmi.filter(|_| dry).map(Bmi::kg_per_m2);

    let age = input.age.filter(|age| age.is_in_standards());
    let day = input.sex.zip(age.map(Age::days));
    let by_day = |table: Table, measure| {
        Reading::new(day.and_then(|(sex, day)| table.row(sex, day)), measure)
    };
    // Without an age there is still a weight for the length; with 60 months there is none.
    let sex = input.sex.filter(|_| age.is_some() || input.age.is_none());
    let [weight_for_age, weight_for_length, bmi_for_age, arm, length_for_age, head] = [
        by_day(Table::WeightForAge, dry_weight),
        Reading::new(by_length(sex, placed.kind, placed.length), dry_weight),
        by_day(Table::BmiForAge, dry_bmi),
        by_day(Table::ArmForAge, input.arm.map(Length::cm)),
        by_day(Table::LengthForAge, placed.length.map(Length::cm)),
        by_day(Table::HeadForAge, input.head.map(Length::cm)),
    ]
    .map(Reading::raise);
    Assessment {
        length_for_age: length_for_age.plain(Index::LengthForAge),
        weight_for_age: weight_for_age.restricted(Index::WeightForAge),
        weight_for_length: weight_for_length.restricted(Index::WeightForLength),
        bmi_for_age: bmi_for_age.restricted(Index::BmiForAge),
        head_for_age: head.plain(Index::HeadForAge),
        arm_for_age: arm.restricted(Index::ArmForAge),
        corrected_length: placed.length,
        bmi,
        position: placed.position,
        treatment: input.length.map(|_| placed.treatment),
        standing_under_nine_months: placed.disbelieved,
        kind: placed.kind,
    }
}

fn bmi(weight: Option<Weight>, length: Option<Length>) -> Option<Bmi> {
    Bmi::of(weight?, length?)
}

/// The row between two rows of a tenth of a centimetre; none outside the table, and no falling
/// back to the other one.
fn by_length(sex: Option<Sex>, kind: Option<LengthKind>, length: Option<Length>) -> Option<Lms> {
    let (sex, cm) = (sex?, length?.cm());
    let (table, range) = match kind? {
        LengthKind::Length => (Table::WeightForLength, 45.0..=110.0),
        LengthKind::Height => (Table::WeightForHeight, 65.0..=120.0),
    };
    if !range.contains(&cm) {
        return None;
    }
    let key = tenths(cm * 10.0);
    let row = table.row(sex, key)?;
    let past = (cm - f64::from(key) / 10.0) / 0.1;
    if past > 0.0 {
        Some(row.towards(table.row(sex, tenths(cm * 10.0 + 1.0))?, past))
    } else {
        Some(row)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 450 and 1201 by the range test of the caller"
)]
const fn tenths(value: f64) -> u32 {
    value as u32
}
