//! Age as WHO's tool counts it: whole days for the table row, unrounded months for the limits.

use crate::date::Date;
use crate::error::InputError;

/// Days in an average month, WHO's constant.
const DAYS_PER_MONTH: f64 = 30.4375;
/// The first day on which a child has a height (TB) and not a length (PB).
const FIRST_HEIGHT_DAY: u32 = 731;

/// An age of zero or more. Not to be used for age groups or the KBM: those go by
/// [`crate::CompletedMonths`].
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Age {
    days: u32,
    months: f64,
}

impl Age {
    /// From whole days, the usual way.
    #[must_use]
    pub fn from_days(days: u32) -> Self {
        Self { days, months: f64::from(days) / DAYS_PER_MONTH }
    }

    /// From days that may have decimals; the row is the nearest day, half going up.
    ///
    /// # Errors
    /// [`InputError::NotFinite`] or [`InputError::NegativeAge`].
    pub fn from_fractional_days(days: f64) -> Result<Self, InputError> {
        let days = not_negative(days)?;
        Ok(Self { days: whole(days), months: days / DAYS_PER_MONTH })
    }

    /// From months of 30.4375 days, decimals allowed.
    ///
    /// # Errors
    /// [`InputError::NotFinite`] or [`InputError::NegativeAge`].
    pub fn from_months(months: f64) -> Result<Self, InputError> {
        let months = not_negative(months)?;
        Ok(Self { days: whole(months * DAYS_PER_MONTH), months })
    }

    /// The days from birth to measurement.
    ///
    /// # Errors
    /// [`InputError::BeforeBirth`].
    pub fn between(birth: Date, measured: Date) -> Result<Self, InputError> {
        match u32::try_from(birth.days_until(measured)) {
            Ok(days) => Ok(Self::from_days(days)),
            Err(_negative) => Err(InputError::BeforeBirth),
        }
    }

    /// Whole days, the row of the day tables. Sticks at `u32::MAX`.
    #[must_use]
    pub const fn days(self) -> u32 {
        self.days
    }

    /// Months of 30.4375 days, not rounded.
    #[must_use]
    pub const fn months(self) -> f64 {
        self.months
    }

    pub(crate) fn is_under_nine_months(self) -> bool {
        self.months < 9.0
    }

    pub(crate) fn is_in_standards(self) -> bool {
        self.months < 60.0
    }

    pub(crate) const fn has_height(self) -> bool {
        self.days >= FIRST_HEIGHT_DAY
    }
}

fn not_negative(age: f64) -> Result<f64, InputError> {
    if !age.is_finite() {
        return Err(InputError::NotFinite);
    }
    if age < 0.0 { Err(InputError::NegativeAge) } else { Ok(age) }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "not negative, and a float to integer cast sticks at the ends"
)]
fn whole(days: f64) -> u32 {
    (days + 0.5).floor() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_day_goes_up() {
        for (given, days) in [(0.4, 0), (0.5, 1), (90.49, 90), (90.5, 91), (730.5, 731)] {
            assert_eq!(Age::from_fractional_days(given).map(Age::days), Ok(days), "{given}");
        }
    }

    #[test]
    fn negative_and_unbounded_ages_are_errors() {
        assert_eq!(Age::from_fractional_days(-0.001), Err(InputError::NegativeAge));
        assert_eq!(Age::from_months(-1.0), Err(InputError::NegativeAge));
        assert_eq!(Age::from_months(f64::NAN), Err(InputError::NotFinite));
        assert_eq!(Age::from_fractional_days(f64::INFINITY), Err(InputError::NotFinite));
    }
}
