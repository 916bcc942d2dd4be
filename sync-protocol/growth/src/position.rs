//! The nine-month rule and the 0.7 cm between a length and a height, in WHO's order.

use crate::age::Age;
use crate::index::LengthKind;
use crate::input::{Input, Position};
use crate::units::Length;

/// The difference between a child lying and standing, WHO's constant.
const LYING_MINUS_STANDING_CM: f64 = 0.7;
/// With neither age nor position known, a shorter child is taken to be lying.
const STANDING_FROM_CM: f64 = 87.0;

/// What was done to the measured length before scoring, so that an assumption can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LengthTreatment {
    /// The position fitted the age: used as read.
    AsMeasured,
    /// Standing below 24 months: 0.7 cm added.
    Added,
    /// Lying from 24 months on: 0.7 cm taken off.
    TakenOff,
    /// No position recorded: taken to fit the age, used as read.
    AssumedFromAge,
    /// Standing below 9 months: the position is not believed, used as read.
    PositionDisbelieved,
    /// No age: no correction is possible, used as read.
    AgeUnknown,
}

/// The length after the correction, and what decides the table.
pub(crate) struct Placed {
    pub(crate) position: Option<Position>,
    pub(crate) disbelieved: bool,
    pub(crate) treatment: LengthTreatment,
    pub(crate) length: Option<Length>,
    pub(crate) kind: Option<LengthKind>,
}

pub(crate) fn place(input: &Input) -> Placed {
    let young = input.age.is_some_and(Age::is_under_nine_months);
    let disbelieved = young && input.position == Some(Position::Standing);
    let position = if disbelieved { None } else { input.position };
    let treatment = treatment(input.age, position, disbelieved);
    // A correction that reaches zero leaves nothing to measure: missing, as zero is at the input.
    let length = input.length.and_then(|length| match treatment {
        LengthTreatment::Added => Length::from_cm(length.cm() + LYING_MINUS_STANDING_CM).ok(),
        LengthTreatment::TakenOff => Length::from_cm(length.cm() - LYING_MINUS_STANDING_CM).ok(),
        LengthTreatment::AsMeasured
        | LengthTreatment::AssumedFromAge
        | LengthTreatment::PositionDisbelieved
        | LengthTreatment::AgeUnknown => Some(length),
    });
    Placed { position, disbelieved, treatment, length, kind: kind(input.age, position, length) }
}

fn treatment(age: Option<Age>, position: Option<Position>, disbelieved: bool) -> LengthTreatment {
    match (age, position) {
        (None, _) => LengthTreatment::AgeUnknown,
        (Some(_), None) if disbelieved => LengthTreatment::PositionDisbelieved,
        (Some(_), None) => LengthTreatment::AssumedFromAge,
        (Some(age), Some(Position::Standing)) if !age.has_height() => LengthTreatment::Added,
        (Some(age), Some(Position::Lying)) if age.has_height() => LengthTreatment::TakenOff,
        (Some(_), Some(_)) => LengthTreatment::AsMeasured,
    }
}

/// The age decides; without it the position; without that the 87 cm.
fn kind(
    age: Option<Age>,
    position: Option<Position>,
    length: Option<Length>,
) -> Option<LengthKind> {
    let standing = match (age, position, length) {
        (Some(age), _, _) => age.has_height(),
        (None, Some(position), _) => position == Position::Standing,
        (None, None, Some(length)) => length.cm() >= STANDING_FROM_CM,
        (None, None, None) => return None,
    };
    Some(if standing { LengthKind::Height } else { LengthKind::Length })
}
