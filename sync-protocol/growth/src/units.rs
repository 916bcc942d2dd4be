//! Measures that carry their unit, so that a weight cannot stand where a length is meant.

use crate::error::InputError;

/// A weight above zero and finite. Keeps the exact `f64` of kilograms it was made from.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Weight {
    kg: f64,
}

/// A length, height or circumference above zero and finite. Keeps the exact `f64` of centimetres.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Length {
    cm: f64,
}

/// A body mass index in kg/m², from the corrected length or height.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Bmi {
    kg_per_m2: f64,
}

impl Weight {
    /// From kilograms. There is no upper limit of plausibility: the flags judge that.
    ///
    /// # Errors
    /// [`InputError::NotFinite`] or [`InputError::NotPositive`]; `.ok()` turns both into a missing
    /// weight, which is what WHO's tool makes of zero and below.
    pub fn from_kg(kg: f64) -> Result<Self, InputError> {
        Ok(Self { kg: above_zero(kg)? })
    }

    /// From whole grams; 7100 gives the same `f64` as reading "7.1" kilograms.
    ///
    /// # Errors
    /// [`InputError::NotPositive`] for zero.
    pub fn from_grams(grams: u32) -> Result<Self, InputError> {
        Self::from_kg(f64::from(grams) / 1000.0)
    }

    /// Kilograms, exactly as given.
    #[must_use]
    pub const fn kg(self) -> f64 {
        self.kg
    }

    /// Whole grams, rounded; weight gains are compared in these, so that 7.1 - 6.7 is 400 g.
    /// Sticks at `u32::MAX`, about 4.3 million kilograms.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and a float to integer cast sticks at the ends"
    )]
    pub fn grams(self) -> u32 {
        (self.kg * 1000.0).round() as u32
    }
}

impl Length {
    /// From centimetres. There is no upper limit of plausibility: the flags judge that.
    ///
    /// # Errors
    /// [`InputError::NotFinite`] or [`InputError::NotPositive`]; `.ok()` turns both into a missing
    /// length. A negative length must not pass: squared in the BMI it would look sane.
    pub fn from_cm(cm: f64) -> Result<Self, InputError> {
        Ok(Self { cm: above_zero(cm)? })
    }

    /// From whole millimetres; 763 gives the same `f64` as reading "76.3" centimetres.
    ///
    /// # Errors
    /// [`InputError::NotPositive`] for zero.
    pub fn from_mm(mm: u32) -> Result<Self, InputError> {
        Self::from_cm(f64::from(mm) / 10.0)
    }

    /// Centimetres, exactly as given.
    #[must_use]
    pub const fn cm(self) -> f64 {
        self.cm
    }

    /// Whole micrometres, rounded, for comparing two lengths without a binary remainder.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float to integer cast sticks at the ends"
    )]
    pub(crate) fn micrometres(self) -> i64 {
        (self.cm * 10_000.0).round() as i64
    }
}

impl Bmi {
    /// Weight over the square of the length in metres; `None` when that is not finite and
    /// positive, which only measures far outside nature reach.
    #[must_use]
    pub fn of(weight: Weight, length: Length) -> Option<Self> {
        let metres = length.cm / 100.0;
        above_zero(weight.kg / (metres * metres)).ok().map(|kg_per_m2| Self { kg_per_m2 })
    }

    /// Kilograms per square metre, not rounded.
    #[must_use]
    pub const fn kg_per_m2(self) -> f64 {
        self.kg_per_m2
    }
}

fn above_zero(value: f64) -> Result<f64, InputError> {
    if !value.is_finite() {
        return Err(InputError::NotFinite);
    }
    if value > 0.0 { Ok(value) } else { Err(InputError::NotPositive) }
}
