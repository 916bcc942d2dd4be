//! The six indices and their Indonesian labels, which depend on length or height.

/// Whether a measure of stature is a length (PB) or a height (TB). WHO days decide: below day
/// 731 a length, from then on a height, however it was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LengthKind {
    /// Panjang badan, PB.
    Length,
    /// Tinggi badan, TB.
    Height,
}

/// One of the six indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Index {
    /// BB/U.
    WeightForAge,
    /// PB/U or TB/U.
    LengthForAge,
    /// BB/PB or BB/TB.
    WeightForLength,
    /// IMT/U.
    BmiForAge,
    /// LK/U.
    HeadForAge,
    /// LiLA/U.
    ArmForAge,
}

impl Index {
    /// All six, in the order of the Indonesian reports.
    pub const ALL: [Self; 6] = [
        Self::WeightForAge,
        Self::LengthForAge,
        Self::WeightForLength,
        Self::BmiForAge,
        Self::HeadForAge,
        Self::ArmForAge,
    ];

    /// The Indonesian label.
    #[must_use]
    pub const fn label(self, kind: LengthKind) -> &'static str {
        match (self, kind) {
            (Self::WeightForAge, _) => "BB/U",
            (Self::LengthForAge, LengthKind::Length) => "PB/U",
            (Self::LengthForAge, LengthKind::Height) => "TB/U",
            (Self::WeightForLength, LengthKind::Length) => "BB/PB",
            (Self::WeightForLength, LengthKind::Height) => "BB/TB",
            (Self::BmiForAge, _) => "IMT/U",
            (Self::HeadForAge, _) => "LK/U",
            (Self::ArmForAge, _) => "LiLA/U",
        }
    }

    /// The plausible range, both ends in, in hundredths of an SD; a rounded z outside is flagged.
    pub(crate) const fn plausible(self) -> (i32, i32) {
        match self {
            Self::LengthForAge => (-600, 600),
            Self::WeightForAge => (-600, 500),
            Self::WeightForLength | Self::BmiForAge | Self::HeadForAge | Self::ArmForAge => {
                (-500, 500)
            }
        }
    }
}
