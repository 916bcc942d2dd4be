//! Stable words for the categories, for columns, JSON and files. The names for people are those of
//! `child-growth`.

use child_growth::{
    AcuteClass, ArmCategory, HeadCategory, HeightCategory, Hundredths, Index, NutritionCategory,
    WeightCategory,
};

/// Every word of BB/U, worst first.
pub const WEIGHT: [&str; 4] = ["sangat_kurang", "kurang", "normal", "risiko_lebih"];
/// Every word of PB/U and TB/U, worst first.
pub const HEIGHT: [&str; 4] = ["sangat_pendek", "pendek", "normal", "tinggi"];
/// Every word of BB/PB, BB/TB and IMT/U, worst first.
pub const NUTRITION: [&str; 6] =
    ["gizi_buruk", "gizi_kurang", "gizi_baik", "berisiko_lebih", "gizi_lebih", "obesitas"];
/// Every word of LK/U.
pub const HEAD: [&str; 3] = ["mikrosefali", "normal", "makrosefali"];
/// Every word of LiLA, worst first.
pub const ARM: [&str; 3] = ["gizi_buruk", "gizi_kurang", "normal"];

pub const fn weight(category: WeightCategory) -> &'static str {
    match category {
        WeightCategory::SeverelyUnderweight => WEIGHT[0],
        WeightCategory::Underweight => WEIGHT[1],
        WeightCategory::Normal => WEIGHT[2],
        WeightCategory::RiskOfOverweight => WEIGHT[3],
    }
}

pub const fn height(category: HeightCategory) -> &'static str {
    match category {
        HeightCategory::SeverelyStunted => HEIGHT[0],
        HeightCategory::Stunted => HEIGHT[1],
        HeightCategory::Normal => HEIGHT[2],
        HeightCategory::Tall => HEIGHT[3],
    }
}

pub const fn nutrition(category: NutritionCategory) -> &'static str {
    match category {
        NutritionCategory::SeverelyWasted => NUTRITION[0],
        NutritionCategory::Wasted => NUTRITION[1],
        NutritionCategory::Normal => NUTRITION[2],
        NutritionCategory::RiskOfOverweight => NUTRITION[3],
        NutritionCategory::Overweight => NUTRITION[4],
        NutritionCategory::Obese => NUTRITION[5],
    }
}

pub const fn head(category: HeadCategory) -> &'static str {
    match category {
        HeadCategory::Microcephaly => HEAD[0],
        HeadCategory::Normal => HEAD[1],
        HeadCategory::Macrocephaly => HEAD[2],
    }
}

pub const fn arm(category: ArmCategory) -> &'static str {
    match category {
        ArmCategory::Severe => ARM[0],
        ArmCategory::Moderate => ARM[1],
        ArmCategory::Normal => ARM[2],
    }
}

pub const fn acute(class: AcuteClass) -> &'static str {
    match class {
        AcuteClass::Severe => "gizi_buruk",
        AcuteClass::Moderate => "gizi_kurang",
        AcuteClass::NotAcute => "tidak",
    }
}

/// The stable word of an index. It is the same for lying and standing.
pub const fn index(index: Index) -> &'static str {
    match index {
        Index::WeightForAge => "bbu",
        Index::LengthForAge => "tbu",
        Index::WeightForLength => "bbtb",
        Index::BmiForAge => "imtu",
        Index::HeadForAge => "lku",
        Index::ArmForAge => "lilau",
    }
}

/// Every word of an index, worst first; none of LiLA/U, which has no category by its score.
pub const fn all(of: Index) -> &'static [&'static str] {
    match of {
        Index::WeightForAge => &WEIGHT,
        Index::LengthForAge => &HEIGHT,
        Index::WeightForLength | Index::BmiForAge => &NUTRITION,
        Index::HeadForAge => &HEAD,
        Index::ArmForAge => &[],
    }
}

/// The category of an index: its stable word, and its name in the regulation. LiLA/U has none: LiLA
/// goes by its centimetres.
pub const fn category(of: Index, z: Hundredths) -> Option<(&'static str, &'static str)> {
    Some(match of {
        Index::WeightForAge => {
            let category = WeightCategory::of(z);
            (weight(category), category.name())
        }
        Index::LengthForAge => {
            let category = HeightCategory::of(z);
            (height(category), category.name())
        }
        Index::WeightForLength | Index::BmiForAge => {
            let category = NutritionCategory::of(z);
            (nutrition(category), category.name())
        }
        Index::HeadForAge => {
            let category = HeadCategory::of(z);
            (head(category), category.name())
        }
        Index::ArmForAge => return None,
    })
}
