//! What must hold for every child: order, blanks, categories, and never a panic.

use child_growth::{
    Age, Bmi, HeightCategory, Hundredths, Index, Input, Length, NutritionCategory, Oedema,
    Position, Sex, Weight, WeightCategory, assess,
};
use proptest::prelude::*;

fn sex() -> impl Strategy<Value = Sex> {
    prop_oneof![Just(Sex::Male), Just(Sex::Female)]
}

fn position() -> impl Strategy<Value = Option<Position>> {
    prop_oneof![Just(None), Just(Some(Position::Lying)), Just(Some(Position::Standing))]
}

/// A child with every part known, as in the field: whole grams and millimetres.
fn child() -> impl Strategy<Value = Input> {
    let measures = (1_000_u32..40_000, 400_u32..1_250, 250_u32..600, 60_u32..250);
    (sex(), 0_u32..1_900, position(), measures).prop_map(
        |(sex, day, position, (grams, length, head, arm))| Input {
            sex: Some(sex),
            age: Some(Age::from_days(day)),
            weight: Weight::from_grams(grams).ok(),
            length: Length::from_mm(length).ok(),
            position,
            head: Length::from_mm(head).ok(),
            arm: Length::from_mm(arm).ok(),
            oedema: Oedema::Absent,
        },
    )
}

/// Any bits at all, NaN and infinities included.
fn any_f64() -> impl Strategy<Value = f64> {
    prop_oneof![any::<u64>().prop_map(f64::from_bits), any::<f64>(), -10.0..200.0_f64]
}

fn z(input: &Input, index: Index) -> Option<f64> {
    assess(input).score(index).map(child_growth::Score::z)
}

/// True when the second is given whenever the first is, and larger.
fn rises(before: Option<f64>, after: Option<f64>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => before < after,
        (before, after) => before.is_none() && after.is_none(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_heavier_child_scores_higher(child in child(), more in 1_u32..20_000) {
        let grams = child.weight.unwrap().grams() + more;
        let heavier = Input { weight: Weight::from_grams(grams).ok(), ..child };
        for index in [Index::WeightForAge, Index::WeightForLength, Index::BmiForAge] {
            prop_assert!(rises(z(&child, index), z(&heavier, index)), "{:?}", index);
        }
        for index in [Index::LengthForAge, Index::HeadForAge, Index::ArmForAge] {
            prop_assert_eq!(z(&child, index), z(&heavier, index));
        }
    }

    #[test]
    fn a_taller_child_scores_higher_for_age_and_lower_for_weight(
        child in child(), more in 1_u32..300,
    ) {
        let cm = child.length.unwrap().cm() + f64::from(more) / 10.0;
        let taller = Input { length: Length::from_cm(cm).ok(), ..child };
        let index = Index::LengthForAge;
        prop_assert!(rises(z(&child, index), z(&taller, index)));
        let index = Index::BmiForAge;
        prop_assert!(rises(z(&taller, index), z(&child, index)));
        // Only where both are plausible: WHO's own table turns at 14 SD below, where S rises
        // faster with height than the median does.
        let plausible = |input| {
            assess(input).weight_for_length.filter(|score| !score.is_flagged()).map(|s| s.z())
        };
        if let (Some(short), Some(tall)) = (plausible(&child), plausible(&taller)) {
            prop_assert!(tall < short, "{} {}", short, tall);
        }
    }

    #[test]
    fn head_and_arm_rise_with_their_measure(child in child(), more in 0.01..10.0_f64) {
        let grow = |length: Option<Length>| Length::from_cm(length.unwrap().cm() + more).ok();
        let bigger = Input { head: grow(child.head), arm: grow(child.arm), ..child };
        for index in [Index::HeadForAge, Index::ArmForAge] {
            prop_assert!(rises(z(&child, index), z(&bigger, index)), "{:?}", index);
        }
    }

    #[test]
    fn a_blank_blanks_only_what_needs_it(child in child()) {
        use Index::{ArmForAge, BmiForAge, HeadForAge, LengthForAge, WeightForAge, WeightForLength};
        let blanks: [(Input, &[Index]); 6] = [
            (Input { weight: None, ..child }, &[WeightForAge, WeightForLength, BmiForAge]),
            (Input { length: None, ..child }, &[LengthForAge, WeightForLength, BmiForAge]),
            (Input { head: None, ..child }, &[HeadForAge]),
            (Input { arm: None, ..child }, &[ArmForAge]),
            (Input { sex: None, ..child }, &Index::ALL),
            (
                Input { oedema: Oedema::Present, ..child },
                &[WeightForAge, WeightForLength, BmiForAge],
            ),
        ];
        for (blank, needing) in blanks {
            for index in Index::ALL {
                let expected = if needing.contains(&index) { None } else { z(&child, index) };
                prop_assert_eq!(z(&blank, index), expected, "{:?} of {:?}", index, blank);
            }
        }
        let ageless = assess(&Input { age: None, ..child });
        for index in Index::ALL {
            prop_assert!(index == WeightForLength || ageless.score(index).is_none());
        }
    }

    #[test]
    fn no_number_panics_and_every_score_is_finite(
        numbers in proptest::array::uniform5(any_f64()),
        sex in proptest::option::of(sex()),
        position in position(),
        months in any::<bool>(),
    ) {
        let [age, weight, length, head, arm] = numbers;
        let age = if months { Age::from_months(age) } else { Age::from_fractional_days(age) };
        let input = Input {
            sex,
            age: age.ok(),
            weight: Weight::from_kg(weight).ok(),
            length: Length::from_cm(length).ok(),
            position,
            head: Length::from_cm(head).ok(),
            arm: Length::from_cm(arm).ok(),
            oedema: Oedema::Absent,
        };
        let found = assess(&input);
        for score in Index::ALL.into_iter().filter_map(|index| found.score(index)) {
            prop_assert!(score.z().is_finite());
            prop_assert_eq!(score.for_prevalence().is_none(), score.is_flagged());
        }
        prop_assert!(found.bmi.is_none_or(|bmi| Bmi::kg_per_m2(bmi).is_finite()));
    }

    #[test]
    fn the_category_never_disagrees_with_the_rounded_z(child in child()) {
        let found = assess(&child);
        let shown = |index| {
            let score = found.score(index)?;
            let text: f64 = score.rounded().to_string().parse().unwrap();
            // The text is what is shown: it is z to two decimals, and the category is read off it.
            assert!((text - score.z()).abs() <= 0.005 + 1e-9);
            Some((text, score.rounded()))
        };
        if let Some((z, rounded)) = shown(Index::WeightForAge) {
            let expected = match z {
                z if z < -3.0 => "Berat badan sangat kurang",
                z if z < -2.0 => "Berat badan kurang",
                z if z <= 1.0 => "Berat badan normal",
                _ => "Risiko berat badan lebih",
            };
            prop_assert_eq!(WeightCategory::of(rounded).name(), expected);
        }
        if let Some((z, rounded)) = shown(Index::LengthForAge) {
            let expected = match z {
                z if z < -3.0 => "Sangat pendek",
                z if z < -2.0 => "Pendek",
                z if z <= 3.0 => "Normal",
                _ => "Tinggi",
            };
            prop_assert_eq!(HeightCategory::of(rounded).name(), expected);
        }
        for index in [Index::WeightForLength, Index::BmiForAge] {
            if let Some((z, rounded)) = shown(index) {
                let expected = match z {
                    z if z < -3.0 => "Gizi buruk",
                    z if z < -2.0 => "Gizi kurang",
                    z if z <= 1.0 => "Gizi baik (normal)",
                    z if z <= 2.0 => "Berisiko gizi lebih",
                    z if z <= 3.0 => "Gizi lebih",
                    _ => "Obesitas",
                };
                prop_assert_eq!(NutritionCategory::of(rounded).name(), expected);
            }
        }
    }

    #[test]
    fn rounding_is_the_rule_of_r(z in prop_oneof![
        -20.0..20.0_f64,
        (-4_000_i32..4_000).prop_map(|half| f64::from(half) / 200.0),
        (-4_000_i32..4_000, 0..4).prop_map(|(half, ulps)| {
            (0..ulps).fold(f64::from(half) / 200.0, |z, _| z.next_up())
        }),
        (-4_000_i32..4_000, 0..4).prop_map(|(half, ulps)| {
            (0..ulps).fold(f64::from(half) / 200.0, |z, _| z.next_down())
        }),
        any::<f64>().prop_filter("in range", |z| z.abs() < 2e7),
    ]) {
        // As algorithm.md has it, without the short cut of the crate.
        let size = z.abs();
        let (low, high) = ((size * 100.0).floor(), (size * 100.0).ceil());
        let (to_low, to_high) = (size - low / 100.0, high / 100.0 - size);
        let even = low % 2.0 == 0.0;
        let up = to_high < to_low || (to_high == to_low && !even);
        let expected = (if up { high } else { low }) * if z < 0.0 { -1.0 } else { 1.0 };
        prop_assert_eq!(f64::from(Hundredths::rounding(z).get()), expected, "{:e}", z);
    }
}

#[test]
fn the_numbers_that_are_no_measure() {
    use child_growth::InputError::{NotFinite, NotPositive};
    for (value, error) in [
        (0.0, NotPositive),
        (-0.0, NotPositive),
        (-3.2, NotPositive),
        (f64::NAN, NotFinite),
        (f64::INFINITY, NotFinite),
        (f64::NEG_INFINITY, NotFinite),
    ] {
        assert_eq!(Weight::from_kg(value), Err(error));
        assert_eq!(Length::from_cm(value), Err(error));
    }
    assert_eq!(Weight::from_grams(7_100).unwrap().kg(), 7.1);
    assert_eq!(Length::from_mm(763).unwrap().cm(), 76.3);
}
