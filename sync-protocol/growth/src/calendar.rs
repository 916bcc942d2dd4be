//! Completed calendar months, the clock of Permenkes 2/2020 for age groups and the KBM, with the
//! rule for children born on the 29th to the 31st.

use std::fmt;

use crate::date::{Date, days_in_month};
use crate::error::InputError;

/// Whole calendar months since birth: 2 months 29 days is 2.
///
/// Rule for births on the 29th, 30th or 31st: in a month that has no such day, the month is
/// completed on its **last day**. Born 31 January: 1 month on 28 (or 29) February, 2 months on 31
/// March. So every calendar month completes exactly one month of age, and a child weighed once in
/// each month never meets one month of the KBM twice or skips one for the shape of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CompletedMonths(u32);

/// A month of a year, the period of a posyandu session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarMonth {
    year: u16,
    month: u8,
}

/// The age groups of the reports, in completed months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgeGroup {
    /// 0 to 5 months.
    Months0To5,
    /// 6 to 11 months.
    Months6To11,
    /// 12 to 23 months.
    Months12To23,
    /// 24 to 59 months.
    Months24To59,
}

impl CompletedMonths {
    /// The age on a day.
    ///
    /// # Errors
    /// [`InputError::BeforeBirth`].
    pub fn between(birth: Date, on: Date) -> Result<Self, InputError> {
        if on < birth {
            return Err(InputError::BeforeBirth);
        }
        let months = CalendarMonth::of(on).number() - CalendarMonth::of(birth).number();
        let due = birth.day().min(days_in_month(on.year(), on.month()));
        Ok(Self(if on.day() >= due { months } else { months.saturating_sub(1) }))
    }

    /// A number of months known from elsewhere.
    #[must_use]
    pub const fn new(months: u32) -> Self {
        Self(months)
    }

    /// The number of months.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl CalendarMonth {
    /// The month a day falls in.
    #[must_use]
    pub const fn of(date: Date) -> Self {
        Self { year: date.year(), month: date.month() }
    }

    /// A month of the years 1 to 9999.
    ///
    /// # Errors
    /// [`InputError::NotADate`].
    pub fn new(year: u16, month: u8) -> Result<Self, InputError> {
        Date::new(year, month, 1).map(Self::of)
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// Months from this one to a later one; `None` when the other is earlier.
    #[must_use]
    pub fn months_until(self, later: Self) -> Option<u32> {
        later.number().checked_sub(self.number())
    }

    fn number(self) -> u32 {
        u32::from(self.year) * 12 + u32::from(self.month)
    }
}

/// Writes `YYYY-MM`.
impl fmt::Display for CalendarMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl AgeGroup {
    /// The group of an age; `None` from 60 months on, when a child is no longer a balita.
    #[must_use]
    pub const fn of(age: CompletedMonths) -> Option<Self> {
        match age.0 {
            0..=5 => Some(Self::Months0To5),
            6..=11 => Some(Self::Months6To11),
            12..=23 => Some(Self::Months12To23),
            24..=59 => Some(Self::Months24To59),
            _ => None,
        }
    }

    /// "0-5", "6-11", "12-23", "24-59".
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Months0To5 => "0-5",
            Self::Months6To11 => "6-11",
            Self::Months12To23 => "12-23",
            Self::Months24To59 => "24-59",
        }
    }

    /// True below 24 months (baduta).
    #[must_use]
    pub const fn is_baduta(self) -> bool {
        !matches!(self, Self::Months24To59)
    }
}
