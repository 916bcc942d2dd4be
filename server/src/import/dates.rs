//! Dates as files write them.
//!
//! Read: `2024-02-29`, `29-02-2024`, `29/02/2024` (each also with a midnight behind it, as
//! spreadsheet exporters do), and the serial day numbers of Excel's 1900 system. Day and month have
//! two digits: `2/5/2024` is what an American Excel writes for 5 February, and is refused rather
//! than guessed at.

use crate::import::fault::shown;
use chrono::{Datelike, Days, NaiveDate};
use sync_protocol::time::CivilDate;

/// Years before today in which a child on a target list can be born or weighed; children older than
/// 59 months stay listed, but nobody this old does. It also tells a serial number from a mere number.
const YEARS_MAX: i32 = 20;
/// Day 0 of Excel's serial numbers, as they count from March 1900 on.
const EXCEL_DAY_0: Option<NaiveDate> = NaiveDate::from_ymd_opt(1899, 12, 30);

/// Reads a birth date, or says in one sentence why it cannot be one.
pub(super) fn birth_date(cell: &str, today: CivilDate) -> Result<CivilDate, String> {
    day(cell, today, "Tanggal lahir")
}

/// Reads the day of a measurement, or says in one sentence why it cannot be one.
pub(super) fn measured_on(cell: &str, today: CivilDate) -> Result<CivilDate, String> {
    day(cell, today, "Tanggal ukur")
}

fn day(cell: &str, today: CivilDate, what: &str) -> Result<CivilDate, String> {
    let text = ["T00:00:00", " 00:00:00", " 00:00", " 0:00:00", " 0:00"]
        .iter()
        .find_map(|midnight| cell.strip_suffix(midnight))
        .unwrap_or(cell);
    let Some(date) = written(text).or_else(|| serial(text)) else {
        return Err(format!(
            "\"{}\" bukan tanggal. Tulis sebagai YYYY-MM-DD atau DD-MM-YYYY, misalnya 2024-02-29.",
            shown(cell)
        ));
    };
    if today.succ_opt().is_some_and(|tomorrow| date > tomorrow) {
        return Err(format!("{what} {date} belum tiba."));
    }
    if date.year() < today.year() - YEARS_MAX {
        return Err(format!("{what} {date} terlalu lama untuk seorang balita."));
    }
    Ok(date)
}

fn written(text: &str) -> Option<CivilDate> {
    let separator = if text.contains('/') { '/' } else { '-' };
    let mut parts = text.split(separator);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = match (a.len(), b.len(), c.len()) {
        (4, 2, 2) if separator == '-' => (a, b, c),
        (2, 2, 4) => (c, b, a),
        _ => return None,
    };
    let number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse());
    let (year, month, day) = (number(year)?.ok()?, number(month)?.ok()?, number(day)?.ok()?);
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// A serial day number; a part of a day behind the point is left out.
fn serial(text: &str) -> Option<CivilDate> {
    let (days, part) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_number = |t: &str| !t.is_empty() && t.bytes().all(|byte| byte.is_ascii_digit());
    // Five digits are the years 1927 to 2173; a bare year or 20240229 is no serial number.
    if days.len() != 5 || !is_number(days) || !is_number(part) {
        return None;
    }
    EXCEL_DAY_0?.checked_add_days(Days::new(days.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync_protocol::time::parse_date;

    #[track_caller]
    fn check(cell: &str, expected: Option<&str>) {
        let today = parse_date("2026-11-24").unwrap();
        assert_eq!(
            birth_date(cell, today).ok(),
            expected.map(|d| parse_date(d).unwrap()),
            "{cell}"
        );
    }

    #[test]
    fn every_form_seen_in_files_is_read() {
        for cell in [
            "2024-02-29",
            "29-02-2024",
            "29/02/2024",
            "45351",
            "45351.0",
            "45351,25",
            "2024-02-29 00:00:00",
            "2024-02-29T00:00:00",
        ] {
            check(cell, Some("2024-02-29"));
        }
    }

    #[test]
    fn what_could_be_two_dates_or_none_is_refused() {
        for cell in [
            "2/5/2024",
            "02/05/24",
            "05/13/2024",
            "2024/02/29",
            "30-02-2024",
            "29-02-2023",
            "2024",
            "20240229",
            "1",
            "0",
            "abc",
            "29 Feb 2024",
            "-5-02-2024",
            "+9-02-2024",
            "45351.x",
            "2024-02-29 07:30:00",
            "",
        ] {
            check(cell, None);
        }
    }

    #[test]
    fn a_birth_that_has_not_come_or_is_a_grown_ups_is_refused() {
        check("25-11-2026", Some("2026-11-25"));
        check("26-11-2026", None);
        check("46352", None);
        check("01-01-2006", Some("2006-01-01"));
        check("31-12-2005", None);
        check("1985-03-02", None);
        check("31108", None);
    }
}
