//! What a NIK says of its bearer's birth and sex, to be compared and never to be relied on.

use std::fmt;

use crate::date::{Date, days_in_month};
use crate::input::Sex;
use crate::warning::{Warning, WarningKind};

/// The birth part of a NIK. Only this part is kept: the number itself is personal data and has no
/// place in a growth calculation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NikFacts {
    day: u8,
    month: u8,
    year_of_century: u8,
    sex: Sex,
}

/// Why a text cannot be a NIK. The text is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NikError {
    /// Not 16 digits.
    Not16Digits,
    /// A province outside 11-96, or 00 for kabupaten or kecamatan.
    NoRegion,
    /// Its birth part is no date.
    NoBirthDate,
    /// A serial number of 0000.
    NoSerial,
}

impl NikFacts {
    /// Reads 16 digits: region (6), birth DDMMYY with 40 added to the day for girls (6), serial (4).
    ///
    /// # Errors
    /// [`NikError`].
    pub fn read(nik: &str) -> Result<Self, NikError> {
        let mut digits = [0_u8; 16];
        if nik.len() != digits.len() || !nik.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NikError::Not16Digits);
        }
        for (digit, byte) in digits.iter_mut().zip(nik.bytes()) {
            *digit = byte - b'0';
        }
        let [p1, p2, k1, k2, c1, c2, d1, d2, m1, m2, y1, y2, serial @ ..] = digits;
        let (province, kabupaten, kecamatan) = (p1 * 10 + p2, k1 * 10 + k2, c1 * 10 + c2);
        if !(11..=96).contains(&province) || kabupaten == 0 || kecamatan == 0 {
            return Err(NikError::NoRegion);
        }
        let (day, sex) = match d1 * 10 + d2 {
            day @ 41.. => (day - 40, Sex::Female),
            day => (day, Sex::Male),
        };
        let month = m1 * 10 + m2;
        // 2000 is a leap year: 29 February passes here and is settled by the comparison.
        if !(1..=12).contains(&month) || !(1..=days_in_month(2000, month)).contains(&day) {
            return Err(NikError::NoBirthDate);
        }
        if serial == [0; 4] {
            return Err(NikError::NoSerial);
        }
        Ok(Self { day, month, year_of_century: y1 * 10 + y2, sex })
    }

    /// Warnings where the NIK disagrees with the birth date or the sex on record; none is ground
    /// to refuse a child. They are dated by the birth.
    #[must_use]
    pub fn compare(&self, birth: Date, sex: Option<Sex>) -> Vec<Warning> {
        let same_birth = self.day == birth.day()
            && self.month == birth.month()
            && u16::from(self.year_of_century) == birth.year() % 100;
        let same_sex = sex.is_none_or(|sex| sex == self.sex);
        [
            (!same_birth).then_some(WarningKind::NikBirthDate),
            (!same_sex).then_some(WarningKind::NikSex),
        ]
        .into_iter()
        .flatten()
        .map(|kind| Warning { date: birth, kind })
        .collect()
    }
}

impl fmt::Display for NikError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Not16Digits => "a NIK has 16 digits",
            Self::NoRegion => "the NIK names no region",
            Self::NoBirthDate => "the NIK holds no birth date",
            Self::NoSerial => "the NIK has no serial number",
        })
    }
}

impl std::error::Error for NikError {}
