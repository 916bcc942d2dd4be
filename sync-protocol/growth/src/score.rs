//! A z-score with its rounded form and WHO's plausibility flag.

use std::fmt;

use crate::index::Index;

/// A z-score in hundredths of a standard deviation: the form that is shown, flagged and put into
/// categories. Sticks at the ends of `i32`, 21 million SD away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hundredths(i32);

/// A finite z-score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    z: f64,
    rounded: Hundredths,
    flagged: bool,
}

impl Hundredths {
    /// -200 is -2.00 SD.
    #[must_use]
    pub const fn new(hundredths: i32) -> Self {
        Self(hundredths)
    }

    /// -2.00 SD is -200.
    #[must_use]
    pub const fn get(self) -> i32 {
        self.0
    }

    /// The rounding of R 4.0 and later for two digits: the nearer of the two neighbours as `f64`,
    /// on a tie the even one. NaN gives zero.
    #[must_use]
    pub fn rounding(z: f64) -> Self {
        let scaled = z * 100.0;
        let nearest = whole(scaled + 0.5_f64.copysign(scaled));
        // Clear of a tie that is the answer, without the divisions of the rule.
        if (scaled - f64::from(nearest)).abs() < 0.499_999 {
            Self(nearest)
        } else {
            Self(near_a_tie(z))
        }
    }
}

#[cold]
fn near_a_tie(z: f64) -> i32 {
    let size = z.abs();
    let low = whole(size * 100.0);
    let high = low.saturating_add(1);
    let to_low = size - f64::from(low) / 100.0;
    let to_high = f64::from(high) / 100.0 - size;
    let low_is_nearer = if to_low == to_high { low % 2 == 0 } else { to_low < to_high };
    let rounded = if low_is_nearer { low } else { high };
    if z < 0.0 { -rounded } else { rounded }
}

/// Writes two decimals with a point: "-2.01", "0.00", "130.00".
impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", size / 100, size % 100)
    }
}

impl Score {
    /// `None` when z is not finite, which only measures far outside nature reach.
    pub(crate) fn new(index: Index, z: f64) -> Option<Self> {
        if !z.is_finite() {
            return None;
        }
        let rounded = Hundredths::rounding(z);
        let (low, high) = index.plausible();
        let flagged = rounded.0 < low || rounded.0 > high;
        Some(Self { z, rounded, flagged })
    }

    /// Unrounded.
    #[must_use]
    pub const fn z(self) -> f64 {
        self.z
    }

    /// Rounded to two decimals; categories and flags go by this.
    #[must_use]
    pub const fn rounded(self) -> Hundredths {
        self.rounded
    }

    /// True when WHO holds the value to be implausible. The value stands, and is to be measured
    /// again; it is left out of prevalence.
    #[must_use]
    pub const fn is_flagged(self) -> bool {
        self.flagged
    }

    /// The rounded z when it counts in a prevalence, `None` when it is flagged.
    #[must_use]
    pub const fn for_prevalence(self) -> Option<Hundredths> {
        if self.flagged { None } else { Some(self.rounded) }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a float to integer cast sticks at the ends")]
const fn whole(value: f64) -> i32 {
    value as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_as_r_does() {
        // 0.125 and 0.375 are exact ties: the even neighbour is taken.
        let cases = [
            (5.004, 500),
            (5.0051, 501),
            (-2.0049, -200),
            (-2.0051, -201),
            (0.125, 12),
            (0.375, 38),
            (-0.001, 0),
            (130.0, 13_000),
            (1e300, i32::MAX),
            (-1e300, -i32::MAX),
        ];
        for (z, expected) in cases {
            assert_eq!(Hundredths::rounding(z).get(), expected, "{z}");
        }
    }

    #[test]
    fn the_flag_is_tested_on_the_rounded_z() {
        let flagged = |index, z| Score::new(index, z).map(Score::is_flagged);
        assert_eq!(flagged(Index::WeightForAge, 5.004), Some(false));
        assert_eq!(flagged(Index::WeightForAge, 5.006), Some(true));
        assert_eq!(flagged(Index::WeightForAge, -6.004), Some(false));
        assert_eq!(flagged(Index::LengthForAge, 6.004), Some(false));
        assert_eq!(flagged(Index::LengthForAge, 6.006), Some(true));
        assert_eq!(flagged(Index::WeightForLength, -5.006), Some(true));
        assert_eq!(flagged(Index::WeightForLength, f64::INFINITY), None);
    }

    #[test]
    fn shows_two_decimals_and_no_negative_zero() {
        let shown: Vec<_> = [-201, -7, 0, 5, 13_000].map(|z| Hundredths::new(z).to_string()).into();
        assert_eq!(shown, ["-2.01", "-0.07", "0.00", "0.05", "130.00"]);
    }
}
