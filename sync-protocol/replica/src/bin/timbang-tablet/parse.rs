//! What people type: dates as DD-MM-YYYY or YYYY-MM-DD, decimals with comma or point. Numbers are
//! read digit by digit, so that 9,8 kg is 9800 g and never 9799.

use crate::failure::Failure;
use sync_protocol::time::{CivilDate, parse_date};

/// Reads a date.
pub(crate) fn date(text: &str, label: &str) -> Result<CivilDate, Failure> {
    let text = text.trim();
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let iso = match parts.as_slice() {
        [day, month, year] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => text.to_owned(),
    };
    parse_date(&iso).map_err(|_bad| {
        Failure::new(
            "wrong_date",
            format!("{label}: \"{text}\" bukan tanggal. Tulis seperti 24-11-2026. Tidak disimpan."),
        )
    })
}

/// Reads a month, `YYYY-MM` or `MM-YYYY`, as its first day.
pub(crate) fn month(text: &str) -> Result<CivilDate, Failure> {
    let iso = match text.trim().split_once('-') {
        Some((month, year)) if year.len() == 4 => format!("{year}-{month:0>2}-01"),
        Some(_) | None => format!("{}-01", text.trim()),
    };
    parse_date(&iso).map_err(|_bad| {
        Failure::new("wrong_month", format!("\"{text}\" bukan bulan. Tulis seperti 2026-11."))
    })
}

/// Reads a decimal in the unit of `10^decimals` parts: `"9,8"` with 3 is 9800.
pub(crate) fn decimal(text: &str, decimals: usize, label: &str) -> Result<i64, Failure> {
    let wrong = || {
        Failure::new(
            "wrong_number",
            format!("{label}: \"{text}\" bukan angka. Tulis seperti 9,8. Tidak disimpan."),
        )
    };
    let (whole, part) = text.trim().split_once([',', '.']).unwrap_or((text.trim(), ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) {
        return Err(wrong());
    }
    if part.len() > decimals {
        return Err(Failure::new(
            "wrong_number",
            format!(
                "{label}: {text} terlalu teliti, paling banyak {decimals} angka di belakang koma. \
                 Tidak disimpan."
            ),
        ));
    }
    format!("{whole}{part:0<decimals$}").parse().map_err(|_too_long| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_decimal(text: &str, decimals: usize, expected: Option<i64>) {
        assert_eq!(decimal(text, decimals, "Berat").ok(), expected, "{text}");
    }

    #[test]
    fn a_decimal_is_read_with_comma_or_point_and_exactly() {
        check_decimal("9,8", 3, Some(9_800));
        check_decimal("9.85", 3, Some(9_850));
        check_decimal(" 10 ", 3, Some(10_000));
        check_decimal("75,5", 1, Some(755));
        check_decimal("9,", 3, Some(9_000));
        for wrong in
            ["", ",5", "-1", "9,8,1", "9 8", "abc", "1e3", "9,8001", "99999999999999999999"]
        {
            check_decimal(wrong, 3, None);
        }
    }

    #[track_caller]
    fn check_date(text: &str, expected: Option<&str>) {
        assert_eq!(date(text, "Lahir").ok().map(|d| d.to_string()), expected.map(str::to_owned));
    }

    #[test]
    fn a_date_is_read_in_both_orders() {
        check_date("24-11-2026", Some("2026-11-24"));
        check_date("4/1/2026", Some("2026-01-04"));
        check_date("2026-11-24", Some("2026-11-24"));
        for wrong in ["31-02-2026", "2026-13-01", "24-11-26", "kemarin", ""] {
            check_date(wrong, None);
        }
    }

    #[test]
    fn a_month_is_read_in_both_orders() {
        assert_eq!(month("2026-11").ok(), month("11-2026").ok());
        assert!(month("2026-13").is_err() && month("nov").is_err());
    }
}
