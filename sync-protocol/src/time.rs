//! Moments and dates as they travel. Nothing here reads a clock.

use crate::ids::{BadId, parse_text};
use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat, TimeZone, Utc};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Milliseconds of a day.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A moment with the offset of the clock that told it: RFC 3339, cut to milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(DateTime<FixedOffset>);

impl Moment {
    /// A moment in UTC from milliseconds since 1970; what lies outside the calendar is its edge.
    pub fn utc(unix_ms: i64) -> Self {
        Self::with_offset(unix_ms, 0)
    }

    /// A moment as a wall clock `offset_minutes` east of Greenwich shows it.
    pub fn with_offset(unix_ms: i64, offset_minutes: i32) -> Self {
        let edge = if unix_ms < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
        let utc = Utc.timestamp_millis_opt(unix_ms).single().unwrap_or(edge);
        let utc_offset = chrono::Offset::fix(&Utc);
        let offset = FixedOffset::east_opt(offset_minutes.saturating_mul(60)).unwrap_or(utc_offset);
        Moment(utc.with_timezone(&offset))
    }

    pub fn unix_ms(&self) -> i64 {
        self.0.timestamp_millis()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, false))
    }
}

impl FromStr for Moment {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        match DateTime::parse_from_rfc3339(text) {
            Ok(moment) => {
                let offset_minutes = moment.offset().local_minus_utc() / 60;
                Ok(Moment::with_offset(moment.timestamp_millis(), offset_minutes))
            }
            Err(_) => Err(BadId("RFC 3339 time")),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        parse_text(d)
    }
}

/// A civil date, `YYYY-MM-DD`: birthdays and visits have no time zone.
pub type CivilDate = NaiveDate;

/// The years in which something can be dated.
const YEARS: std::ops::Range<i32> = 1900..3000;

/// Reads `YYYY-MM-DD` and nothing else; years 1900 to 2999.
pub fn parse_date(text: &str) -> Result<CivilDate, BadId> {
    // A reader of any pattern would be larger on a tablet than all else that is done with dates.
    let read = || {
        let [year @ .., b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
        let year = i32::try_from(number(year.as_array::<4>()?)?).ok()?;
        NaiveDate::from_ymd_opt(year, number(&[*m1, *m2])?, number(&[*d1, *d2])?)
            .filter(|_| YEARS.contains(&year))
    };
    read().ok_or(BadId("date (YYYY-MM-DD)"))
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| Some(number * 10 + char::from(*digit).to_digit(10)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_keeps_its_offset_and_is_cut_to_milliseconds() {
        let moment: Moment = "2026-11-24T09:15:00.123987+07:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2026-11-24T09:15:00.123+07:00");
        assert_eq!(moment.unix_ms(), 1_795_486_500_123);
        assert_eq!(Moment::utc(0).to_string(), "1970-01-01T00:00:00.000+00:00");
        assert!("2026-11-24T09:15:00".parse::<Moment>().is_err());
    }

    #[test]
    fn times_outside_the_calendar_are_its_edge_and_not_a_panic() {
        assert!(Moment::utc(i64::MAX).unix_ms() > 0);
        assert!(Moment::utc(i64::MIN).unix_ms() < 0);
    }

    #[test]
    fn a_date_is_ten_characters_of_the_gregorian_calendar() {
        assert!(parse_date("2024-02-29").is_ok());
        for bad in [
            "2023-02-29",
            "2024-2-29",
            "24-02-2024",
            "2024-02-29 ",
            "+024-02-29",
            "1899-12-31",
            "3000-01-01",
        ] {
            assert!(parse_date(bad).is_err(), "{bad}");
        }
    }
}
