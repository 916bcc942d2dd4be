//! Who is on the target list (sasaran): the one rule of every report, list, sheet and file, on the
//! server and on the tablet.
//!
//! On the list of a month is who was born on or before its last day, has at most 59 completed
//! months on it, and is `aktif` or left after it. A list can be of any day, too, which then stands
//! where the month's last day does: a paper sheet is of a day. Completed months are those of
//! [`child_growth::CompletedMonths`]: who was born on the 31st completes one on the last day of a
//! shorter month.
//!
//! A tombstone has no birth date and no status left to be asked for, so it is on no list. A child is
//! counted where it lives now, and not where it lived on that day.

use crate::body::Body;
use crate::ids::BadId;
use crate::month::Month;
use crate::record::child;
use crate::time::CivilDate;
use chrono::{Datelike, Months, NaiveDate};
use std::ops::RangeInclusive;
use std::str::FromStr;

/// An age group, by the completed months that a child of it has not reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ages {
    /// Baduta: 0 to 23 months.
    To23,
    /// Balita: 0 to 59 months.
    #[default]
    To59,
}

impl Ages {
    pub const ALL: [Ages; 2] = [Ages::To23, Ages::To59];

    /// The first age in completed months that is too old.
    pub fn months(self) -> u32 {
        match self {
            Ages::To23 => 24,
            Ages::To59 => 60,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Ages::To23 => "0-23",
            Ages::To59 => "0-59",
        }
    }
}

impl FromStr for Ages {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let named = |ages: &Ages| ages.as_str() == text;
        Ages::ALL.into_iter().find(named).ok_or(BadId("age group (0-23 or 0-59)"))
    }
}

/// The target list of a day: of a month it is that of its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetList {
    day: CivilDate,
    oldest: CivilDate,
}

/// What the list asks of a child.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Candidate<'c> {
    pub birth_date: Option<CivilDate>,
    /// As records have it; absent is `aktif`.
    pub status: Option<&'c str>,
    /// Since when the status holds.
    pub status_on: Option<CivilDate>,
}

impl<'c> Candidate<'c> {
    pub fn of(body: &'c Body) -> Self {
        Candidate {
            birth_date: body.date(child::BIRTH_DATE),
            status: body.text(child::STATUS),
            status_on: body.date(child::STATUS_ON),
        }
    }
}

/// Whether a child of this status still belongs to the posyandu's work.
pub fn is_active(status: Option<&str>) -> bool {
    status.is_none_or(|status| status == child::ACTIVE)
}

impl TargetList {
    /// Everybody of 0 to 59 months at the end of a month.
    pub fn of(month: Month) -> Self {
        TargetList::on(month.last(), Ages::To59)
    }

    /// Those of an age group, on a day.
    pub fn on(day: CivilDate, ages: Ages) -> Self {
        TargetList { day, oldest: born_after(day, ages.months()) }
    }

    pub fn day(&self) -> CivilDate {
        self.day
    }

    /// The birth dates of the list, both ends in.
    pub fn born(&self) -> RangeInclusive<CivilDate> {
        self.oldest..=self.day
    }

    /// Whether somebody is of the list's age, whatever became of them.
    pub fn is_of_age(&self, birth_date: CivilDate) -> bool {
        self.born().contains(&birth_date)
    }

    /// Whether somebody has grown too old for the list.
    pub fn is_outgrown_by(&self, birth_date: CivilDate) -> bool {
        birth_date < self.oldest
    }

    pub fn has(&self, child: &Candidate<'_>) -> bool {
        let left_later = child.status_on.is_some_and(|left| left > self.day);
        child.birth_date.is_some_and(|born| self.is_of_age(born))
            && (is_active(child.status) || left_later)
    }
}

/// The first birth date with which `months` are not completed on a day.
fn born_after(day: CivilDate, months: u32) -> CivilDate {
    let first = Month::of(day).first().checked_sub_months(Months::new(months));
    let Some(first) = first else { return CivilDate::MIN };
    // On the last day of a month, whoever was born in that month so many months ago completes it.
    let tomorrow = day.succ_opt().filter(|tomorrow| Month::of(*tomorrow) == Month::of(day));
    let same_day = |tomorrow: NaiveDate| first.with_day(tomorrow.day());
    tomorrow.and_then(same_day).unwrap_or_else(|| Month::of(first).next())
}

#[cfg(test)]
mod tests;
