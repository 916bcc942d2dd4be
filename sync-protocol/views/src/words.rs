//! Numbers, dates and ages as people in Indonesia write them.

use child_growth::CompletedMonths;
use chrono::Datelike;
use sync_protocol::area::Area;
use sync_protocol::time::{CivilDate, DAY_MS, Moment, parse_date};

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

/// `1.598`: a dot between the thousands.
pub fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut told = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push('.');
        }
        told.push(digit);
    }
    told
}

/// Tenths of a per cent as `33,3 %`; a dash where there is none.
pub fn percent(tenths: Option<u64>) -> String {
    tenths.map_or_else(|| "–".to_owned(), |tenths| format!("{},{} %", tenths / 10, tenths % 10))
}

/// `November 2026`.
pub fn month(of: CivilDate) -> String {
    format!("{} {}", month_name(of), of.year())
}

/// `Nov 26`.
pub fn month_short(of: CivilDate) -> String {
    let name: String = month_name(of).chars().take(3).collect();
    format!("{name} {:02}", of.year().rem_euclid(100))
}

const MONTHS: [&str; 12] = [
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

fn month_name(of: CivilDate) -> &'static str {
    MONTHS.get(of.month0() as usize).copied().unwrap_or_default()
}

pub fn date(date: CivilDate) -> String {
    format!("{:02}-{:02}-{}", date.day(), date.month(), date.year())
}

/// An area as people call it: `Kecamatan Jarai`. A kelurahan's last segment begins with 1.
pub fn area(code: &Area, name: &str) -> String {
    let level = match code.segments() {
        1 => "Provinsi",
        2 => "Kabupaten",
        3 => "Kecamatan",
        _ if code.as_str().rsplit('.').next().is_some_and(|last| last.starts_with('1')) => {
            "Kelurahan"
        }
        _ => "Desa",
    };
    format!("{level} {name}")
}

/// How long ago something was: `baru saja`, `20 menit lalu`, `3 jam lalu`, `5 hari lalu`.
pub fn ago(ms: i64) -> String {
    match length(ms) {
        Some(length) => format!("{length} lalu"),
        None => "baru saja".to_owned(),
    }
}

/// How long something is, in its greatest whole unit; none below a minute.
pub fn length(ms: i64) -> Option<String> {
    let minutes = ms / 60_000;
    match minutes {
        ..=0 => None,
        1..60 => Some(format!("{minutes} menit")),
        60..1_440 => Some(format!("{} jam", minutes / 60)),
        _ => Some(format!("{} hari", minutes / 1_440)),
    }
}

/// A moment by the wall clock of this place.
pub fn moment(unix_ms: i64, offset_minutes: i32) -> String {
    let text = Moment::with_offset(unix_ms, offset_minutes).to_string();
    match (text.get(..10).map(parse_date), text.get(11..16)) {
        (Some(Ok(day)), Some(time)) => format!("{} {time}", date(day)),
        _ => text,
    }
}

/// The same, where the day is near: `hari ini 09:15`, `kemarin 16:40`.
pub fn moment_near(unix_ms: i64, now_ms: i64, offset_minutes: i32) -> String {
    let told = moment(unix_ms, offset_minutes);
    let day = |ms: i64| moment(ms, offset_minutes).get(..10).map(str::to_owned);
    let near = [("hari ini", 0), ("kemarin", DAY_MS)];
    let found = near.into_iter().find(|(_, ago)| day(now_ms - ago) == day(unix_ms));
    match (found, told.get(10..)) {
        (Some((name, _)), Some(time)) => format!("{name}{time}"),
        _ => told,
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
    fn a_near_day_is_called_by_its_name() {
        // 2026-11-24 09:15 in Jakarta.
        let (now, hour) = (1_795_486_500_000, 60 * 60 * 1_000);
        let near = |ago: i64| moment_near(now - ago * hour, now, 7 * 60);
        assert_eq!(near(0), "hari ini 09:15");
        assert_eq!(near(9), "hari ini 00:15");
        assert_eq!(near(10), "kemarin 23:15");
        assert_eq!(near(34), "22-11-2026 23:15");
    }

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
    fn shares_months_and_areas_are_told_as_people_say_them() {
        assert_eq!([7, 598, 1_598, 1_234_567].map(count), ["7", "598", "1.598", "1.234.567"]);
        assert_eq!(percent(Some(333)), "33,3 %");
        assert_eq!(percent(None), "–");
        let day = "2026-11-01".parse().unwrap();
        assert_eq!((month(day).as_str(), month_short(day).as_str()), ("November 2026", "Nov 26"));
        let told = |code: &str, name| area(&code.parse().unwrap(), name);
        assert_eq!(told("16.04.06", "Jarai"), "Kecamatan Jarai");
        assert_eq!(told("16.04.06.2008", "Sadan"), "Desa Sadan");
        assert_eq!(told("16.04.10.1001", "Pasar"), "Kelurahan Pasar");
    }

    #[test]
    fn how_long_ago_is_told_in_the_greatest_whole_unit() {
        let minute = 60_000;
        assert_eq!(ago(59_999), "baru saja");
        assert_eq!(ago(-minute), "baru saja");
        assert_eq!(ago(59 * minute), "59 menit lalu");
        assert_eq!(ago(60 * minute), "1 jam lalu");
        assert_eq!(ago(49 * 60 * minute), "2 hari lalu");
    }

    #[test]
    fn a_moment_is_told_in_local_time() {
        assert_eq!(moment(1_795_486_500_000, 420), "24-11-2026 09:15");
    }
}
