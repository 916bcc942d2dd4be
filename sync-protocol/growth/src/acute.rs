//! Severe and moderate acute malnutrition: weight-for-length, LiLA and oedema taken together.

use crate::arm::ArmCategory;
use crate::calendar::CompletedMonths;
use crate::input::Oedema;
use crate::permenkes::NutritionCategory;
use crate::score::Score;
use crate::units::{Length, Weight};

/// What the rule looks at; any part may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AcuteSigns {
    /// BB/PB or BB/TB. A flagged score counts here: a flag asks for a second measurement, it does
    /// not clear a child.
    pub weight_for_length: Option<Score>,
    /// LiLA, used from 6 to 59 completed months.
    pub arm: Option<Length>,
    /// Any grade makes the case severe, +3 a referral.
    pub oedema: Oedema,
    /// Below 4 kg at 6 to 59 completed months is a referral.
    pub weight: Option<Weight>,
    /// Missing: neither LiLA nor the 4 kg can be used.
    pub age: Option<CompletedMonths>,
    /// A medical complication seen by the officer.
    pub complications: bool,
}

/// The class; the worst sign decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AcuteClass {
    /// SAM.
    Severe,
    /// MAM.
    Moderate,
    /// Neither.
    NotAcute,
}

/// What the rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcuteFinding {
    /// `None` when no sign could be read.
    pub class: Option<AcuteClass>,
    /// Oedema +3, below 4 kg at 6 to 59 months, or a complication. Independent of the class, so
    /// that a child of whom only the weight is known is not missed.
    pub refer: bool,
}

impl AcuteClass {
    /// The Indonesian name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Severe => "Gizi buruk",
            Self::Moderate => "Gizi kurang",
            Self::NotAcute => "Tidak gizi buruk atau kurang",
        }
    }
}

/// SAM: BB/TB < -3, or LiLA < 11.5 cm, or oedema. MAM: BB/TB from -3 to < -2, or LiLA from 11.5
/// to < 12.5 cm, without a sign of SAM. By the rounded z.
#[must_use]
pub fn acute_malnutrition(signs: &AcuteSigns) -> AcuteFinding {
    let by_oedema = signs.oedema.is_present().then_some(AcuteClass::Severe);
    let by_z = signs.weight_for_length.map(|score| match NutritionCategory::of(score.rounded()) {
        NutritionCategory::SeverelyWasted => AcuteClass::Severe,
        NutritionCategory::Wasted => AcuteClass::Moderate,
        NutritionCategory::Normal
        | NutritionCategory::RiskOfOverweight
        | NutritionCategory::Overweight
        | NutritionCategory::Obese => AcuteClass::NotAcute,
    });
    let by_arm =
        signs.arm.zip(signs.age).and_then(|(arm, age)| ArmCategory::of(arm, age)).map(|category| {
            match category {
                ArmCategory::Severe => AcuteClass::Severe,
                ArmCategory::Moderate => AcuteClass::Moderate,
                ArmCategory::Normal => AcuteClass::NotAcute,
            }
        });
    AcuteFinding {
        class: [by_oedema, by_z, by_arm].into_iter().flatten().min(),
        refer: signs.oedema == Oedema::Grade3 || is_too_light(signs) || signs.complications,
    }
}

fn is_too_light(signs: &AcuteSigns) -> bool {
    signs.age.is_some_and(|age| (6..=59).contains(&age.get()))
        && signs.weight.is_some_and(|weight| weight.kg() < 4.0)
}
