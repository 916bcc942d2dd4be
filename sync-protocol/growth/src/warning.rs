//! Warnings about the records of one child: a stable code for programs, a sentence for people.

use crate::date::Date;
use crate::screen;
use crate::units::{Length, Weight};

/// One warning. It asks for a look, and never refuses a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Warning {
    /// The day of the measurement it is about, or the birth for the two about a NIK.
    pub date: Date,
    /// What was seen.
    pub kind: WarningKind,
}

/// What a warning is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WarningKind {
    /// Shorter than at the measurement before, by more than the tolerance.
    HeightDropped {
        /// As read before.
        before: Length,
        /// As read now.
        now: Length,
    },
    /// The weight changed more within a month than the tolerance.
    WeightJumped {
        /// Before.
        before: Weight,
        /// Now.
        now: Weight,
    },
    /// Weight and height are both exactly those of last month.
    SameAsLastMonth {
        /// The weight of both months.
        weight: Weight,
        /// The height of both months.
        length: Length,
    },
    /// Measured standing below 24 months.
    StandingTooYoung,
    /// Measured lying from 24 months on.
    LyingTooOld,
    /// The NIK holds another birth date.
    NikBirthDate,
    /// The NIK holds another sex.
    NikSex,
}

impl Warning {
    /// The stable code. Both warnings of a position share one code, as do both of a NIK.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.kind {
            WarningKind::HeightDropped { .. } => "tinggi_turun",
            WarningKind::WeightJumped { .. } => "berat_berubah_tajam",
            WarningKind::SameAsLastMonth { .. } => "sama_dengan_bulan_lalu",
            WarningKind::StandingTooYoung | WarningKind::LyingTooOld => {
                "cara_ukur_tidak_sesuai_umur"
            }
            WarningKind::NikBirthDate | WarningKind::NikSex => "nik_tidak_cocok",
        }
    }

    /// An Indonesian sentence for the screen.
    #[must_use]
    pub fn message(&self) -> String {
        let date = screen::date(self.date);
        match self.kind {
            WarningKind::HeightDropped { before, now } => format!(
                "Panjang/tinggi badan {date} ({}) lebih rendah daripada pengukuran sebelumnya ({}).",
                screen::length(now),
                screen::length(before),
            ),
            WarningKind::WeightJumped { before, now } => format!(
                "Berat badan {date} ({}) berubah terlalu besar dari penimbangan sebelumnya ({}).",
                screen::weight(now),
                screen::weight(before),
            ),
            WarningKind::SameAsLastMonth { weight, length } => format!(
                "Berat ({}) dan tinggi ({}) pada {date} sama persis dengan bulan lalu.",
                screen::weight(weight),
                screen::length(length),
            ),
            WarningKind::StandingTooYoung => {
                format!("Anak di bawah 24 bulan diukur berdiri pada {date}; seharusnya terlentang.")
            }
            WarningKind::LyingTooOld => {
                format!("Anak 24 bulan ke atas diukur terlentang pada {date}; seharusnya berdiri.")
            }
            WarningKind::NikBirthDate => {
                format!("Tanggal lahir {date} tidak cocok dengan tanggal lahir di NIK.")
            }
            WarningKind::NikSex => "Jenis kelamin tidak cocok dengan NIK.".to_owned(),
        }
    }
}
