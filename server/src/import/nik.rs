//! What the 16 digits of a NIK say, to be compared and never to be relied on.
//!
//! Digits 1-6 are the place of first registration (any province is legal), 7-12 the birth date as
//! DDMMYY with 40 added to the day for girls, 13-16 a serial number. A NIK is often missing,
//! censored or another person's, so a wrong one is a note and never a reason to refuse a child.

use super::sex::Sex;
use chrono::{Datelike, NaiveDate};

/// Provinces have codes 11 to 96.
const PROVINCES: std::ops::RangeInclusive<u32> = 11..=96;

/// Whether a text can be a NIK: 16 digits with a region, a birth date and a serial number.
pub fn is_valid_form(nik: &str) -> bool {
    let Some(parts) = Parts::of(nik) else { return false };
    let day = if parts.day > 40 { parts.day - 40 } else { parts.day };
    // 2000 is a leap year: whether 29 February fits is settled by the comparison.
    let is_a_day = NaiveDate::from_ymd_opt(2000, parts.month, day).is_some();
    PROVINCES.contains(&parts.province)
        && parts.kabupaten != 0
        && parts.kecamatan != 0
        && is_a_day
        && parts.serial != 0
}

/// Whether a NIK of valid form says this birth date and this sex.
pub fn agrees_with(nik: &str, birth_date: NaiveDate, sex: Sex) -> bool {
    Parts::of(nik).is_some_and(|parts| {
        parts.day == birth_date.day() + sex.nik_day_shift()
            && parts.month == birth_date.month()
            && i64::from(parts.year_of_century) == i64::from(birth_date.year()).rem_euclid(100)
    })
}

struct Parts {
    province: u32,
    kabupaten: u32,
    kecamatan: u32,
    day: u32,
    month: u32,
    year_of_century: u32,
    serial: u32,
}

impl Parts {
    fn of(nik: &str) -> Option<Parts> {
        if nik.len() != 16 || !nik.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = |from: usize, to: usize| nik.get(from..to).and_then(|d| d.parse().ok());
        Some(Parts {
            province: number(0, 2)?,
            kabupaten: number(2, 4)?,
            kecamatan: number(4, 6)?,
            day: number(6, 8)?,
            month: number(8, 10)?,
            year_of_century: number(10, 12)?,
            serial: number(12, 16)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nik_has_16_digits_a_region_a_birth_date_and_a_serial() {
        for (nik, valid) in [
            ("1604065205239001", true),
            ("1604061205239001", true),
            ("1604062902239001", true),
            ("160406520523900", false),
            ("16040652052390011", false),
            ("160406520523900a", false),
            ("0204065205239001", false),
            ("9704065205239001", false),
            ("1600065205239001", false),
            ("1604005205239001", false),
            ("1604067205239001", false),
            ("1604063202239001", false),
            ("1604060005239001", false),
            ("1604065213239001", false),
            ("1604065205230000", false),
            ("02022**********", false),
            ("１６０４０６５２", false),
            ("", false),
        ] {
            assert_eq!(is_valid_form(nik), valid, "{nik}");
        }
    }

    #[test]
    fn a_girls_day_is_40_higher_and_a_wrong_sex_disagrees() {
        let birth = NaiveDate::from_ymd_opt(2023, 5, 12).unwrap();
        assert!(agrees_with("1604065205239001", birth, Sex::Female));
        assert!(!agrees_with("1604065205239001", birth, Sex::Male));
        assert!(agrees_with("1604061205239001", birth, Sex::Male));
        assert!(!agrees_with("1604061205239001", birth.succ_opt().unwrap(), Sex::Male));
        assert!(!agrees_with("1604061205229001", birth, Sex::Male));
        assert!(!agrees_with("02022**********", birth, Sex::Male));
    }

    #[test]
    fn another_province_of_first_registration_is_legal() {
        assert!(is_valid_form("3174065205239001"));
    }
}
