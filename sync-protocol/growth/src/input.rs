//! What is known of one child at one measurement; every part may be missing.

use crate::age::Age;
use crate::units::{Length, Weight};

/// Sex as the growth standards know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sex {
    /// Laki-laki.
    Male,
    /// Perempuan.
    Female,
}

/// How the length or height was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Position {
    /// Terlentang: a length (PB).
    Lying,
    /// Berdiri: a height (TB).
    Standing,
}

/// Pitting oedema of both feet. WHO's z-scores only ask whether it is there; the grade decides
/// about referral.
///
/// Beware of two code lists in the field: WHO's files write 1 for yes and 2 for **no**
/// ([`Oedema::from_who_code`]), e-PPGBM writes 1, 2, 3 for the **grade**.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Oedema {
    /// Not there, or not recorded.
    #[default]
    Absent,
    /// There, the grade not recorded.
    Present,
    /// +1, both feet.
    Grade1,
    /// +2, feet and lower legs or hands.
    Grade2,
    /// +3, general.
    Grade3,
}

impl Oedema {
    /// True for every value but [`Oedema::Absent`].
    #[must_use]
    pub const fn is_present(self) -> bool {
        !matches!(self, Self::Absent)
    }
}

/// One child at one measurement. The values are as measured: the correction for position is made
/// inside [`crate::assess`] and never stored.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Input {
    /// Missing: no score at all.
    pub sex: Option<Sex>,
    /// Missing: only weight-for-length remains.
    pub age: Option<Age>,
    /// Kilograms.
    pub weight: Option<Weight>,
    /// Length or height as read, in centimetres.
    pub length: Option<Length>,
    /// Missing: taken to fit the age, and said so in the result.
    pub position: Option<Position>,
    /// Head circumference (lingkar kepala), centimetres.
    pub head: Option<Length>,
    /// Mid-upper arm circumference (LiLA), centimetres.
    pub arm: Option<Length>,
    /// When present, blanks the three scores that rest on weight.
    pub oedema: Oedema,
}
