//! Ages as e-PPGBM shows them: completed years, months and days by the calendar.

use chrono::{Datelike, Months};
use sync_protocol::time::CivilDate;

/// A completed age. A child born on the 31st has its month's day on the last day of a shorter one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Age {
    /// All completed months.
    pub(crate) months: u32,
    /// Days after the last of them.
    pub(crate) days: i64,
}

impl Age {
    /// None before the birth.
    pub(crate) fn at(day: CivilDate, born: CivilDate) -> Option<Age> {
        if day < born {
            return None;
        }
        let apart = (day.year() - born.year()) * 12 + i32::try_from(day.month0()).ok()?
            - i32::try_from(born.month0()).ok()?;
        let mut months = u32::try_from(apart).ok()?;
        let mut turned = born.checked_add_months(Months::new(months))?;
        if turned > day {
            months = months.checked_sub(1)?;
            turned = born.checked_add_months(Months::new(months))?;
        }
        Some(Age { months, days: (day - turned).num_days() })
    }
}

impl std::fmt::Display for Age {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (years, months) = (self.months / 12, self.months % 12);
        write!(f, "{years} Tahun - {months} Bulan - {} Hari", self.days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync_protocol::time::parse_date;

    #[track_caller]
    fn check(born: &str, day: &str, shown: Option<&str>) {
        let age = Age::at(parse_date(day).unwrap(), parse_date(born).unwrap());
        assert_eq!(age.map(|age| age.to_string()).as_deref(), shown);
    }

    #[test]
    fn an_age_counts_completed_months() {
        check("2024-05-12", "2026-11-24", Some("2 Tahun - 6 Bulan - 12 Hari"));
        check("2024-05-12", "2024-05-12", Some("0 Tahun - 0 Bulan - 0 Hari"));
        check("2024-05-12", "2024-06-11", Some("0 Tahun - 0 Bulan - 30 Hari"));
        check("2024-05-12", "2024-05-11", None);
    }

    #[test]
    fn a_child_of_a_long_month_turns_older_at_the_end_of_a_short_one() {
        check("2024-01-31", "2024-02-28", Some("0 Tahun - 0 Bulan - 28 Hari"));
        check("2024-01-31", "2024-02-29", Some("0 Tahun - 1 Bulan - 0 Hari"));
        check("2024-02-29", "2025-02-28", Some("1 Tahun - 0 Bulan - 0 Hari"));
    }
}
