//! The categories of Permenkes 2/2020 with their exact Indonesian names, from the rounded z.

use crate::score::Hundredths;

/// BB/U: weight for age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WeightCategory {
    /// z < -3.
    SeverelyUnderweight,
    /// -3 <= z < -2.
    Underweight,
    /// -2 <= z <= 1.
    Normal,
    /// z > 1.
    RiskOfOverweight,
}

/// PB/U or TB/U: length or height for age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HeightCategory {
    /// z < -3.
    SeverelyStunted,
    /// -3 <= z < -2.
    Stunted,
    /// -2 <= z <= 3.
    Normal,
    /// z > 3.
    Tall,
}

/// BB/PB or BB/TB, and IMT/U, which share their cut-offs and names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NutritionCategory {
    /// z < -3.
    SeverelyWasted,
    /// -3 <= z < -2.
    Wasted,
    /// -2 <= z <= 1.
    Normal,
    /// 1 < z <= 2.
    RiskOfOverweight,
    /// 2 < z <= 3.
    Overweight,
    /// z > 3.
    Obese,
}

/// LK/U: head circumference for age. Not of Permenkes 2/2020 but of SDIDTK practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HeadCategory {
    /// z < -2.
    Microcephaly,
    /// -2 <= z <= 2.
    Normal,
    /// z > 2.
    Macrocephaly,
}

impl WeightCategory {
    /// The category of a rounded z.
    #[must_use]
    pub const fn of(z: Hundredths) -> Self {
        match z.get() {
            ..-300 => Self::SeverelyUnderweight,
            -300..-200 => Self::Underweight,
            -200..=100 => Self::Normal,
            101.. => Self::RiskOfOverweight,
        }
    }

    /// The name in the regulation.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SeverelyUnderweight => "Berat badan sangat kurang",
            Self::Underweight => "Berat badan kurang",
            Self::Normal => "Berat badan normal",
            Self::RiskOfOverweight => "Risiko berat badan lebih",
        }
    }

    /// The short form of e-PPGBM's exports.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::SeverelyUnderweight => "Sangat Kurang",
            Self::Underweight => "Kurang",
            Self::Normal => "Normal",
            Self::RiskOfOverweight => "Risiko Lebih",
        }
    }

    /// Underweight in a prevalence: z < -2.
    #[must_use]
    pub const fn is_underweight(self) -> bool {
        matches!(self, Self::SeverelyUnderweight | Self::Underweight)
    }
}

impl HeightCategory {
    /// The category of a rounded z.
    #[must_use]
    pub const fn of(z: Hundredths) -> Self {
        match z.get() {
            ..-300 => Self::SeverelyStunted,
            -300..-200 => Self::Stunted,
            -200..=300 => Self::Normal,
            301.. => Self::Tall,
        }
    }

    /// The name in the regulation.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SeverelyStunted => "Sangat pendek",
            Self::Stunted => "Pendek",
            Self::Normal => "Normal",
            Self::Tall => "Tinggi",
        }
    }

    /// The short form of e-PPGBM's exports.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::SeverelyStunted => "Sangat Pendek",
            Self::Stunted => "Pendek",
            Self::Normal => "Normal",
            Self::Tall => "Tinggi",
        }
    }

    /// Stunted in a prevalence: z < -2.
    #[must_use]
    pub const fn is_stunted(self) -> bool {
        matches!(self, Self::SeverelyStunted | Self::Stunted)
    }
}

impl NutritionCategory {
    /// The category of a rounded z.
    #[must_use]
    pub const fn of(z: Hundredths) -> Self {
        match z.get() {
            ..-300 => Self::SeverelyWasted,
            -300..-200 => Self::Wasted,
            -200..=100 => Self::Normal,
            101..=200 => Self::RiskOfOverweight,
            201..=300 => Self::Overweight,
            301.. => Self::Obese,
        }
    }

    /// The name in the regulation.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SeverelyWasted => "Gizi buruk",
            Self::Wasted => "Gizi kurang",
            Self::Normal => "Gizi baik (normal)",
            Self::RiskOfOverweight => "Berisiko gizi lebih",
            Self::Overweight => "Gizi lebih",
            Self::Obese => "Obesitas",
        }
    }

    /// The short form of e-PPGBM's exports.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::SeverelyWasted => "Gizi Buruk",
            Self::Wasted => "Gizi Kurang",
            Self::Normal => "Gizi Baik",
            Self::RiskOfOverweight => "Risiko Gizi Lebih",
            Self::Overweight => "Gizi Lebih",
            Self::Obese => "Obesitas",
        }
    }

    /// Wasted in a prevalence: z < -2.
    #[must_use]
    pub const fn is_wasted(self) -> bool {
        matches!(self, Self::SeverelyWasted | Self::Wasted)
    }
}

impl HeadCategory {
    /// The category of a rounded z.
    #[must_use]
    pub const fn of(z: Hundredths) -> Self {
        match z.get() {
            ..-200 => Self::Microcephaly,
            -200..=200 => Self::Normal,
            201.. => Self::Macrocephaly,
        }
    }

    /// The Indonesian name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Microcephaly => "Mikrosefali",
            Self::Normal => "Normal",
            Self::Macrocephaly => "Makrosefali",
        }
    }
}
