//! Numbers, dates and ages as people in Indonesia write them.

use child_growth::CompletedMonths;
use chrono::NaiveDate;
use sync_protocol::time::{CivilDate, Moment};

/// `9800` in thousandths is `9,8`; at least one digit after the comma.
pub fn decimal(value: i64, decimals: usize) -> String {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = decimals + 1);
    let (whole, part) = digits.split_at(digits.len() - decimals);
    let part = part.trim_end_matches('0');
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{whole},{}", if part.is_empty() { "0" } else { part })
}

pub fn kilograms(grams: i64) -> String {
    format!("{} kg", decimal(grams, 3))
}

pub fn centimetres(mm: i64) -> String {
    format!("{} cm", decimal(mm, 1))
}

pub fn date(date: CivilDate) -> String {
    date.format("%d-%m-%Y").to_string()
}

/// A moment by the wall clock of this place.
pub fn moment(unix_ms: i64, offset_minutes: i32) -> String {
    let text = Moment::with_offset(unix_ms, offset_minutes).to_string();
    match (text.get(..10).map(str::parse::<NaiveDate>), text.get(11..16)) {
        (Some(Ok(day)), Some(time)) => format!("{} {time}", date(day)),
        _ => text,
    }
}

/// `1 th 4 bl`; in months below a year, in days below a month.
pub fn age(born: CivilDate, on: CivilDate) -> String {
    if on < born {
        return "-".to_owned();
    }
    let months = full_months(born, on);
    match (months / 12, months % 12) {
        (0, 0) => format!("{} hr", on.signed_duration_since(born).num_days()),
        (0, months) => format!("{months} bl"),
        (years, 0) => format!("{years} th"),
        (years, months) => format!("{years} th {months} bl"),
    }
}

/// Completed months by the rule of the growth standards: born on the 31st, a child turns a month
/// older on the last day of a shorter month.
fn full_months(born: CivilDate, on: CivilDate) -> u32 {
    let day = sync_protocol::growth::day;
    day(born)
        .zip(day(on))
        .and_then(|(born, on)| CompletedMonths::between(born, on).ok())
        .map_or(0, CompletedMonths::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_decimal_comma() {
        assert_eq!(kilograms(9_800), "9,8 kg");
        assert_eq!(kilograms(9_000), "9,0 kg");
        assert_eq!(kilograms(850), "0,85 kg");
        assert_eq!(centimetres(755), "75,5 cm");
        assert_eq!(centimetres(5), "0,5 cm");
    }

    #[track_caller]
    fn check_age(born: &str, on: &str, expected: &str) {
        assert_eq!(age(born.parse().unwrap(), on.parse().unwrap()), expected);
    }

    #[test]
    fn an_age_counts_full_months() {
        check_age("2025-07-24", "2026-11-24", "1 th 4 bl");
        check_age("2025-07-25", "2026-11-24", "1 th 3 bl");
        check_age("2024-11-24", "2026-11-24", "2 th");
        check_age("2026-08-31", "2026-11-29", "2 bl");
        check_age("2026-08-31", "2026-11-30", "3 bl");
        check_age("2026-11-12", "2026-11-24", "12 hr");
        check_age("2026-11-25", "2026-11-24", "-");
    }

    #[test]
    fn a_moment_is_told_in_local_time() {
        assert_eq!(moment(1_795_486_500_000, 420), "24-11-2026 09:15");
    }
}
