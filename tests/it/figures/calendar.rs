//! Months and days, counted slowly.

use chrono::{Datelike, Months, NaiveDate};
use serde_json::Value;

/// Jakarta is seven hours ahead of UTC all year.
const JAKARTA_MS: i64 = 7 * 60 * 60 * 1000;

/// A month by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Month(NaiveDate);

impl Month {
    pub(super) fn new(year: i32, month: u32) -> Self {
        Month(NaiveDate::from_ymd_opt(year, month, 1).unwrap())
    }

    pub(super) fn of(day: NaiveDate) -> Self {
        Month::new(day.year(), day.month())
    }

    pub(super) fn first(self) -> NaiveDate {
        self.0
    }

    pub(super) fn last(self) -> NaiveDate {
        self.after(1).0.pred_opt().unwrap()
    }

    /// The month so many later.
    pub(super) fn after(self, months: u32) -> Self {
        Month(self.0 + Months::new(months))
    }

    pub(super) fn before(self, months: u32) -> Self {
        Month(self.0 - Months::new(months))
    }

    /// `November 2026`.
    pub(super) fn name(self) -> String {
        let names = [
            "Januari",
            "Februari",
            "Maret",
            "April",
            "Mei",
            "Juni",
            "Juli",
            "Agustus",
            "September",
            "Oktober",
            "November",
            "Desember",
        ];
        format!("{} {}", names[self.0.month0() as usize], self.0.year())
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

/// Completed months: so many as can be added to the birthday without passing the day. A month that
/// has no such day is completed on its last one.
pub(super) fn completed_months(born: NaiveDate, on: NaiveDate) -> Option<u32> {
    (0..).take_while(|months| born + Months::new(*months) <= on).last()
}

pub(super) fn civil(value: &Value) -> Option<NaiveDate> {
    value.as_str().map(|text| text.parse().unwrap())
}

/// A time of the wall clock in Jakarta.
pub(super) fn jakarta_ms(day: NaiveDate, hour: u32, minute: u32) -> i64 {
    day.and_hms_opt(hour, minute, 0).unwrap().and_utc().timestamp_millis() - JAKARTA_MS
}
