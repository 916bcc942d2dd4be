//! What it means for a child which of two versions of a measurement holds.

use super::{Assessed, Child, Measured, assess, words};
use child_growth::{Index, LengthKind};

/// Weights that are further apart than this part of the lighter one are another child's, another
/// scale's, or a slip of the pen.
const WEIGHT_PERCENT: i64 = 10;

/// Where two versions of a measurement say something else of the child.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub categories: Vec<CategoryChange>,
    /// The weights are more than 10 % apart.
    pub weight: bool,
}

/// A category that differs; none where a version has no such score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryChange {
    /// The index as people know it: `BB/TB`, `LiLA`.
    pub label: &'static str,
    pub one: Option<&'static str>,
    pub other: Option<&'static str>,
}

/// Compares two versions of one measurement, each by what its maker took the child to be.
pub fn difference(one: (&Child, &Measured), other: (&Child, &Measured)) -> Difference {
    let grams = |measured: &Measured| measured.weight.map(|weight| weight.grams());
    let weight = match (grams(one.1), grams(other.1)) {
        (Some(one), Some(other)) => is_far(one.into(), other.into()),
        _ => false,
    };
    let judged = |(child, measured)| assess(child, measured);
    let (one, other) = (judged(one), judged(other));
    let categories = Index::ALL
        .into_iter()
        .map(|index| {
            change(index.label(kind(&one, &other)), (&one, &other), |assessed| {
                let z = assessed.scores.score(index)?.rounded();
                words::category(index, z).map(|(_, name)| name)
            })
        })
        .chain([
            change("LiLA", (&one, &other), |assessed| assessed.arm.map(|arm| arm.name())),
            change("Gizi akut", (&one, &other), |assessed| {
                assessed.acute.class.map(|class| class.name())
            }),
        ])
        .flatten()
        .collect();
    Difference { categories, weight }
}

fn is_far(one: i64, other: i64) -> bool {
    (one - other).abs() * 100 > one.min(other) * WEIGHT_PERCENT
}

fn kind(one: &Option<Assessed>, other: &Option<Assessed>) -> LengthKind {
    let of = |assessed: &Option<Assessed>| assessed.as_ref().and_then(|known| known.scores.kind);
    of(one).or(of(other)).unwrap_or(LengthKind::Height)
}

fn change(
    label: &'static str,
    (one, other): (&Option<Assessed>, &Option<Assessed>),
    name: impl Fn(&Assessed) -> Option<&'static str>,
) -> Option<CategoryChange> {
    let (one, other) = (one.as_ref().and_then(&name), other.as_ref().and_then(&name));
    (one != other).then_some(CategoryChange { label, one, other })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::growth::Fields;

    fn girl() -> Child {
        Child::new("P", "2025-05-01".parse().unwrap()).unwrap()
    }

    fn measured(weight_g: i64, height_mm: i64) -> Measured {
        Measured::from_fields(&Fields {
            measured_on: "2026-11-24",
            weight_g: Some(weight_g),
            height_mm: Some(height_mm),
            position: Some("terlentang"),
            ..Fields::default()
        })
        .unwrap()
    }

    fn labels(one: Measured, other: Measured) -> (Vec<&'static str>, bool) {
        let found = difference((&girl(), &one), (&girl(), &other));
        (found.categories.iter().map(|change| change.label).collect(), found.weight)
    }

    #[test]
    fn what_changes_a_category_is_told_apart_from_what_does_not() {
        assert_eq!(labels(measured(9_800, 785), measured(9_900, 785)), (vec![], false));
        let (changed, far) = labels(measured(9_800, 785), measured(7_400, 785));
        assert!(changed.contains(&"BB/PB") && changed.contains(&"BB/U"), "{changed:?}");
        assert!(far);
    }

    #[test]
    fn weights_are_far_apart_above_a_tenth_of_the_lighter() {
        assert!(!is_far(10_000, 11_000) && !is_far(11_000, 10_000));
        assert!(is_far(10_000, 11_001) && is_far(11_001, 10_000));
    }

    #[test]
    fn another_birth_date_changes_what_the_same_measurement_says() {
        let older = Child::new("P", "2024-05-01".parse().unwrap()).unwrap();
        let row = measured(9_800, 785);
        let found = difference((&girl(), &row), (&older, &row));
        assert!(found.categories.iter().any(|change| change.label == "PB/U"), "{found:?}");
    }
}
