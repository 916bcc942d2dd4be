//! How a made-up child grows: medians at a few ages, and how far from them it is.
//!
//! The knots are the WHO Child Growth Standards (2006) at these ages, rounded: length-for-age with
//! its standard deviation, and weight-for-length. Between knots the line is straight. Lengths are
//! lying ones throughout; a standing height is 0.7 cm less. Good enough to look like a posyandu;
//! whoever needs a z-score asks the package child-growth.

use super::random::Random;
use crate::import::sex::Sex;

/// A standing height is this much less than a lying length.
pub(super) const STANDING_LESS_MM: i64 = 7;

/// Median length and its standard deviation at an age, in tenths of a millimetre.
struct LengthKnot {
    days: i64,
    boys: (i64, i64),
    girls: (i64, i64),
}

const LENGTHS: [LengthKnot; 14] = [
    LengthKnot { days: 0, boys: (4988, 189), girls: (4915, 186) },
    LengthKnot { days: 30, boys: (5466, 195), girls: (5363, 195) },
    LengthKnot { days: 61, boys: (5844, 200), girls: (5708, 204) },
    LengthKnot { days: 91, boys: (6140, 204), girls: (5978, 210) },
    LengthKnot { days: 122, boys: (6390, 208), girls: (6211, 217) },
    LengthKnot { days: 183, boys: (6764, 214), girls: (6575, 227) },
    LengthKnot { days: 274, boys: (7197, 224), girls: (7015, 242) },
    LengthKnot { days: 365, boys: (7574, 238), girls: (7400, 257) },
    LengthKnot { days: 548, boys: (8226, 270), girls: (8071, 290) },
    LengthKnot { days: 730, boys: (8780, 305), girls: (8640, 323) },
    LengthKnot { days: 913, boys: (9263, 341), girls: (9138, 353) },
    LengthKnot { days: 1096, boys: (9679, 371), girls: (9576, 381) },
    LengthKnot { days: 1461, boys: (10403, 419), girls: (10343, 431) },
    LengthKnot { days: 1826, boys: (11066, 463), girls: (11012, 476) },
];

/// Lying length in mm, then the median weight in grams of boys and girls.
const WEIGHTS: [(i64, i64, i64); 10] = [
    (450, 2441, 2461),
    (500, 3328, 3352),
    (600, 5991, 5874),
    (650, 7267, 7081),
    (700, 8423, 8163),
    (800, 10448, 10089),
    (900, 12721, 12472),
    (1000, 15164, 15027),
    (1100, 18269, 18332),
    (1207, 22353, 22817),
];

/// One standard deviation of weight-for-length, in thousandths of the median.
const WEIGHT_SPREAD: (i64, i64) = (84, 91);

/// Arm circumference in mm by age in days, the same for both sexes, and its standard deviation.
const ARMS: [(i64, i64); 4] = [(183, 141), (365, 145), (730, 152), (1826, 167)];
const ARM_SPREAD_MM: i64 = 11;

/// Means and spreads, in thousandths of a standard deviation, that make about one child in five
/// stunted and one in fourteen wasted.
const LENGTH_AT_TWO: (i64, i64) = (-1_450, 1_050);
const WEIGHT: (i64, i64) = (-220, 950);
/// Of its lag at two years a child has this share at birth: stunting grows in the first 1000 days.
const LAG_AT_BIRTH_PERCENT: i64 = 45;
/// Of a hundred children old enough, how many stop gaining for some months of the last year.
const FALTERING_PERCENT: i64 = 15;
const FALTERING_FROM_DAYS: i64 = 180;

/// How far from the medians a child is, in thousandths of a standard deviation.
pub(super) struct Traits {
    pub(super) sex: Sex,
    length_at_two: i64,
    weight: i64,
    faltering: Option<Faltering>,
}

/// Some months in which weight-for-length falls.
struct Faltering {
    /// How many days before today it begins.
    begins: i64,
    months: i64,
    a_month: i64,
}

impl Traits {
    /// Draws a child of an age in days.
    pub(super) fn draw(random: &mut Random, sex: Sex, age: i64) -> Traits {
        let mut around = |(mean, spread): (i64, i64)| mean + random.normal() * spread / 1000;
        let (length_at_two, weight) = (around(LENGTH_AT_TWO), around(WEIGHT));
        let faltering = Faltering {
            begins: random.between(60, 330).min(age - FALTERING_FROM_DAYS / 2),
            months: random.between(2, 5),
            a_month: random.between(150, 350),
        };
        let falters = random.chance(FALTERING_PERCENT) && age >= FALTERING_FROM_DAYS;
        Traits { sex, length_at_two, weight, faltering: falters.then_some(faltering) }
    }

    /// Lying length in mm at an age.
    pub(super) fn length_mm(&self, age_days: i64) -> i64 {
        let knot = |knot: &LengthKnot| match self.sex {
            Sex::Male => (knot.days, knot.boys),
            Sex::Female => (knot.days, knot.girls),
        };
        let median = between_knots(LENGTHS.iter().map(knot).map(|(x, (y, _))| (x, y)), age_days);
        let spread = between_knots(LENGTHS.iter().map(knot).map(|(x, (_, y))| (x, y)), age_days);
        let grown = age_days.clamp(0, 730) * (100 - LAG_AT_BIRTH_PERCENT) / 730;
        let z = self.length_at_two * (LAG_AT_BIRTH_PERCENT + grown) / 100;
        (median + spread * z / 1000 + 5) / 10
    }

    /// Weight in grams at a lying length, so many days before today.
    pub(super) fn weight_g(&self, length_mm: i64, before_today: i64) -> i64 {
        let (median, spread) = match self.sex {
            Sex::Male => (
                between_knots(WEIGHTS.iter().map(|(x, b, _)| (*x, *b)), length_mm),
                WEIGHT_SPREAD.0,
            ),
            Sex::Female => (
                between_knots(WEIGHTS.iter().map(|(x, _, g)| (*x, *g)), length_mm),
                WEIGHT_SPREAD.1,
            ),
        };
        median + median * spread * self.weight_z(before_today) / 1_000_000
    }

    /// Arm circumference in mm: it follows weight-for-length.
    pub(super) fn arm_mm(&self, age_days: i64, before_today: i64) -> i64 {
        between_knots(ARMS.into_iter(), age_days)
            + ARM_SPREAD_MM * self.weight_z(before_today) / 1000
    }

    fn weight_z(&self, before_today: i64) -> i64 {
        let fallen = self.faltering.as_ref().map_or(0, |faltering| {
            let days = (faltering.begins - before_today).clamp(0, faltering.months * 30);
            faltering.a_month * days / 30
        });
        self.weight - fallen
    }
}

/// The value at `x` on the line through the knots; beyond them the first or last line goes on.
fn between_knots(knots: impl Iterator<Item = (i64, i64)> + Clone, x: i64) -> i64 {
    let pairs = knots.clone().zip(knots.skip(1));
    let mut value = 0;
    for ((x0, y0), (x1, y1)) in pairs {
        value = y0 + (y1 - y0) * (x - x0) / (x1 - x0);
        if x < x1 {
            break;
        }
    }
    value
}
