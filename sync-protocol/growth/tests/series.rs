//! What must hold for every series of one child, however it was written down.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]

use child_growth::{
    Date, GainRules, GainStatus, Length, Position, Sex, Visit, WarningRules, Weighing, Weight,
    check_visits, monthly_gains,
};
use proptest::prelude::*;

fn birth() -> Date {
    Date::new(2022, 1, 31).unwrap()
}

/// Days from the birth on, each once, with any weight that can be constructed.
fn weighings() -> impl Strategy<Value = Vec<Weighing>> {
    let day = (2022_u16..2027, 1_u8..=12, 1_u8..=31);
    proptest::collection::btree_map(day, prop_oneof![any::<f64>(), 2.0..25.0_f64], 0..40).prop_map(
        |rows| {
            let row = |((y, m, d), kg)| {
                let date = Date::new(y, m, d).ok().filter(|date| *date >= birth())?;
                Some(Weighing { date, weight: Weight::from_kg(kg).ok()? })
            };
            rows.into_iter().filter_map(row).collect()
        },
    )
}

proptest! {
    #[test]
    fn one_letter_a_month_and_order_does_not_matter(rows in weighings()) {
        let rules = GainRules::default();
        let found = monthly_gains(Sex::Female, birth(), &rows, &rules).unwrap();
        let mut backwards = rows.clone();
        backwards.reverse();
        let again = monthly_gains(Sex::Female, birth(), &backwards, &rules).unwrap();
        prop_assert_eq!(&found, &again);

        prop_assert!(found.is_sorted_by(|a, b| a.month < b.month));
        for (i, gain) in found.iter().enumerate() {
            prop_assert_eq!(gain.status == GainStatus::B, i == 0);
            let compared = matches!(gain.status, GainStatus::N | GainStatus::T);
            prop_assert_eq!(gain.gain.is_some(), compared);
            prop_assert!(!gain.twice_not_gained || gain.status == GainStatus::T);
        }
    }

    #[test]
    fn no_series_panics(rows in weighings(), cm in any::<f64>(), standing in any::<bool>()) {
        let position = Some(if standing { Position::Standing } else { Position::Lying });
        let visits: Vec<Visit> = rows
            .iter()
            .map(|row| Visit {
                date: row.date,
                weight: Some(row.weight),
                length: Length::from_cm(row.weight.kg() * cm).ok(),
                position,
            })
            .collect();
        for warning in check_visits(birth(), &visits, &WarningRules::default()).unwrap() {
            prop_assert!(!warning.message().is_empty() && !warning.code().is_empty());
        }
    }
}
