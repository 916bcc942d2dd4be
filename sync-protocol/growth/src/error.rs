//! The ways an input can be refused, as values: nothing in this crate panics on bad data.

use std::fmt;

/// Which coded field held a code that is not in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeField {
    /// Sex: 1/m/M or 2/f/F.
    Sex,
    /// Position: L/l or H/h.
    Position,
    /// Oedema: y/Y/1 or n/N/2.
    Oedema,
}

/// Why a value cannot be a measure, an age, a code or a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputError {
    /// NaN or an infinity.
    NotFinite,
    /// Zero or negative. In field data zero means "not measured": use `.ok()` to make it missing.
    NotPositive,
    /// An age below zero.
    NegativeAge,
    /// The measurement is dated before the birth.
    BeforeBirth,
    /// A code outside the list of its field.
    UnknownCode(CodeField),
    /// Not a day of the calendar, or not written YYYY-MM-DD.
    NotADate,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::NotFinite => "the value is not a finite number",
            Self::NotPositive => "the value must be above zero",
            Self::NegativeAge => "the age is below zero",
            Self::BeforeBirth => "the measurement is dated before the birth",
            Self::UnknownCode(CodeField::Sex) => "unknown code for sex",
            Self::UnknownCode(CodeField::Position) => "unknown code for the measuring position",
            Self::UnknownCode(CodeField::Oedema) => "unknown code for oedema",
            Self::NotADate => "not a calendar date of the form YYYY-MM-DD",
        };
        f.write_str(text)
    }
}

impl std::error::Error for InputError {}
