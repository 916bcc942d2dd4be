//! A day of the Gregorian calendar, kept here so that the crate needs no date library.

use std::fmt;
use std::str::FromStr;

use crate::error::InputError;

/// A calendar day of the years 1 to 9999. Ordered by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// A day that exists.
    ///
    /// # Errors
    /// [`InputError::NotADate`], for 30 February as for year 0.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, InputError> {
        let exists = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        if exists { Ok(Self { year, month, day }) } else { Err(InputError::NotADate) }
    }

    /// The year, 1 to 9999.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Days from this day to the other; negative when the other is earlier.
    #[must_use]
    pub fn days_until(self, other: Self) -> i32 {
        other.day_number() - self.day_number()
    }

    /// Days since 1 March of year 0, counted in years that begin in March so that the leap day
    /// comes last.
    fn day_number(self) -> i32 {
        let (year, month) = (i32::from(self.year), i32::from(self.month));
        let (year, from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let leap_days = year / 4 - year / 100 + year / 400;
        365 * year + leap_days + (153 * from_march + 2) / 5 + i32::from(self.day) - 1
    }
}

/// Reads `YYYY-MM-DD`, digits and hyphens only.
impl FromStr for Date {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, InputError> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next(), parts.next(), parts.next());
        if parts.next().is_some() {
            return Err(InputError::NotADate);
        }
        let year = digits(year, 4)?;
        let month = u8::try_from(digits(month, 2)?).map_err(|_large| InputError::NotADate)?;
        let day = u8::try_from(digits(day, 2)?).map_err(|_large| InputError::NotADate)?;
        Self::new(year, month, day)
    }
}

/// Writes `YYYY-MM-DD`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn digits(part: Option<&str>, width: usize) -> Result<u16, InputError> {
    let part = part.ok_or(InputError::NotADate)?;
    if part.len() != width || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(InputError::NotADate);
    }
    part.parse().map_err(|_not_a_number| InputError::NotADate)
}

/// Days of a month of 1 to 12; other months count as 31 and are refused elsewhere.
pub(crate) fn days_in_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
