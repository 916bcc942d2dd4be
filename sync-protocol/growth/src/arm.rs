//! The fixed LiLA cut-offs, which go by centimetres and not by z-score.

use crate::calendar::CompletedMonths;
use crate::units::Length;

/// Ages at which LiLA counts, in completed months.
const AGES: std::ops::RangeInclusive<u32> = 6..=59;

/// What the arm circumference says about acute malnutrition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ArmCategory {
    /// Below 11.5 cm.
    Severe,
    /// 11.5 cm to below 12.5 cm.
    Moderate,
    /// 12.5 cm and above.
    Normal,
}

impl ArmCategory {
    /// The category at an age; `None` below 6 and from 60 completed months on, when LiLA is not
    /// used.
    #[must_use]
    pub fn of(arm: Length, age: CompletedMonths) -> Option<Self> {
        if !AGES.contains(&age.get()) {
            return None;
        }
        Some(match arm.cm() {
            cm if cm < 11.5 => Self::Severe,
            cm if cm < 12.5 => Self::Moderate,
            _ => Self::Normal,
        })
    }

    /// The Indonesian name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Severe => "Gizi buruk",
            Self::Moderate => "Gizi kurang",
            Self::Normal => "Normal",
        }
    }
}
