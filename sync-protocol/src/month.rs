//! A month of the calendar, the period of every figure.

use crate::ids::BadId;
use crate::time::CivilDate;
use chrono::{Datelike, Months, NaiveDate};
use std::fmt;
use std::str::FromStr;

/// A month of the calendar: `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    first: CivilDate,
    next: CivilDate,
}

impl Month {
    /// The month that a day lies in.
    pub fn of(day: CivilDate) -> Self {
        let first = day.with_day(1).unwrap_or(day);
        Month { first, next: first.checked_add_months(Months::new(1)).unwrap_or(first) }
    }

    /// The month before it.
    #[must_use]
    pub fn before(self) -> Self {
        Month::of(self.first.pred_opt().unwrap_or(self.first))
    }

    /// Its first day.
    pub fn first(self) -> CivilDate {
        self.first
    }

    /// The first day after it.
    pub fn next(self) -> CivilDate {
        self.next
    }

    /// Its last day.
    pub fn last(self) -> CivilDate {
        self.next.pred_opt().unwrap_or(self.first)
    }
}

impl FromStr for Month {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let wrong = BadId("month (YYYY-MM)");
        let (year, month) = text.split_once('-').ok_or(wrong)?;
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (year.len(), month.len()) != (4, 2) || !is_number(year) || !is_number(month) {
            return Err(wrong);
        }
        let year: i32 = year.parse().map_err(|_| wrong)?;
        let month = month.parse().map_err(|_| wrong)?;
        if !(1900..3000).contains(&year) {
            return Err(wrong);
        }
        NaiveDate::from_ymd_opt(year, month, 1).map(Month::of).ok_or(wrong)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_seven_characters_and_knows_its_days() {
        let february: Month = "2024-02".parse().unwrap();
        assert_eq!(february.first().to_string(), "2024-02-01");
        assert_eq!(february.last().to_string(), "2024-02-29");
        assert_eq!(february.next().to_string(), "2024-03-01");
        assert_eq!(february.before().to_string(), "2024-01");
        assert_eq!(february.to_string(), "2024-02");
        for bad in ["", "2024", "2024-2", "2024-13", "2024-00", "24-02", "2024-02-01", "1899-12"] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
    }

    #[test]
    fn every_day_of_a_month_lies_in_it_and_no_other_does() {
        let month: Month = "2026-12".parse().unwrap();
        for (day, lies_in) in [
            ("2026-11-30", false),
            ("2026-12-01", true),
            ("2026-12-31", true),
            ("2027-01-01", false),
        ] {
            assert_eq!(Month::of(day.parse().unwrap()) == month, lies_in, "{day}");
        }
    }
}
