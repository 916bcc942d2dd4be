//! KBM, the least weight gain of a month (kenaikan berat badan minimal), as versioned data.

use std::fmt;

use crate::calendar::CompletedMonths;
use crate::input::Sex;

/// One line of a KBM table: completed months at the later weighing, both ends in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KbmBand {
    /// First month of the line.
    pub from: u32,
    /// Last month of the line.
    pub to: u32,
    /// The least gain in grams.
    pub grams: u32,
}

/// A KBM table. Printed tables differ, so this is data: build another one where another one is
/// in force, [`KbmTable::check`] it, and name its version in the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KbmTable<'a> {
    /// Named in the reports.
    pub version: &'a str,
    /// Where the numbers come from.
    pub source: &'a str,
    /// The lines for boys, by age.
    pub male: &'a [KbmBand],
    /// The lines for girls, by age.
    pub female: &'a [KbmBand],
}

/// Why a table is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KbmError {
    /// A sex has no line.
    Empty,
    /// A line ends before it begins, or does not begin one month after the line before.
    NotConsecutive {
        /// The first month of that line.
        from: u32,
    },
}

const fn band(from: u32, to: u32, grams: u32) -> KbmBand {
    KbmBand { from, to, grams }
}

/// The KMS row of the Buku KIA 2023: 800 900 800 600 500 400 300 200. Where 400 and 300 end
/// differs by sex: months 7 and 11 are 400 and 300 g for boys, 300 and 200 g for girls.
pub const KBM_BUKU_KIA_2023: KbmTable<'static> = KbmTable {
    version: "buku-kia-2023",
    source: "Buku KIA 2023, lembar KMS; batas 400/300/200 g menurut KMS laki-laki dan perempuan",
    male: &[
        band(1, 1, 800),
        band(2, 2, 900),
        band(3, 3, 800),
        band(4, 4, 600),
        band(5, 5, 500),
        band(6, 7, 400),
        band(8, 11, 300),
        band(12, 60, 200),
    ],
    female: &[
        band(1, 1, 800),
        band(2, 2, 900),
        band(3, 3, 800),
        band(4, 4, 600),
        band(5, 5, 500),
        band(6, 6, 400),
        band(7, 10, 300),
        band(11, 60, 200),
    ],
};

impl KbmTable<'_> {
    /// The least gain in grams; `None` at an age the table does not have, as month 0.
    #[must_use]
    pub fn least_gain(&self, sex: Sex, age: CompletedMonths) -> Option<u32> {
        self.of(sex)
            .iter()
            .find(|band| (band.from..=band.to).contains(&age.get()))
            .map(|band| band.grams)
    }

    /// Whether the lines of both sexes follow one another without gap or overlap.
    ///
    /// # Errors
    /// [`KbmError`], naming the first line that does not.
    pub fn check(&self) -> Result<(), KbmError> {
        for sex in [Sex::Male, Sex::Female] {
            let mut expected = self.of(sex).first().ok_or(KbmError::Empty)?.from;
            for band in self.of(sex) {
                if band.from != expected || band.to < band.from {
                    return Err(KbmError::NotConsecutive { from: band.from });
                }
                expected = band.to.saturating_add(1);
            }
        }
        Ok(())
    }

    const fn of(&self, sex: Sex) -> &[KbmBand] {
        match sex {
            Sex::Male => self.male,
            Sex::Female => self.female,
        }
    }
}

impl fmt::Display for KbmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a KBM table needs lines for both sexes"),
            Self::NotConsecutive { from } => {
                write!(f, "the KBM line that begins at month {from} does not follow the one before")
            }
        }
    }
}

impl std::error::Error for KbmError {}
