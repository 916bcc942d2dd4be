//! SAM, MAM and referral: each sign alone, and the worst of several.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]

use child_growth::{
    AcuteClass, AcuteSigns, Age, CompletedMonths, Input, Length, Oedema, Position, Score, Sex,
    Table, Weight, acute_malnutrition, assess,
};

/// A weight-for-height score near z, from a boy of 900 days and 90.0 cm.
fn score_near(z: f64) -> Score {
    let row = Table::WeightForHeight.row(Sex::Male, 900).unwrap();
    let input = Input {
        sex: Some(Sex::Male),
        age: Some(Age::from_days(900)),
        weight: Weight::from_kg(row.at(z)).ok(),
        length: Length::from_cm(90.0).ok(),
        position: Some(Position::Standing),
        ..Input::default()
    };
    assess(&input).weight_for_length.unwrap()
}

fn class(signs: AcuteSigns) -> Option<AcuteClass> {
    acute_malnutrition(&signs).class
}

fn arm(cm: f64, months: u32) -> AcuteSigns {
    AcuteSigns {
        arm: Length::from_cm(cm).ok(),
        age: Some(CompletedMonths::new(months)),
        ..AcuteSigns::default()
    }
}

fn z(z: f64) -> AcuteSigns {
    AcuteSigns { weight_for_length: Some(score_near(z)), ..AcuteSigns::default() }
}

#[test]
fn by_weight_for_length_rounded() {
    assert_eq!(class(z(-3.006)), Some(AcuteClass::Severe));
    assert_eq!(class(z(-3.004)), Some(AcuteClass::Moderate));
    assert_eq!(class(z(-2.006)), Some(AcuteClass::Moderate));
    assert_eq!(class(z(-2.004)), Some(AcuteClass::NotAcute));
    assert_eq!(class(z(2.5)), Some(AcuteClass::NotAcute));
    // Flagged: to be measured again, and still the worst that is known of the child.
    assert!(score_near(-5.5).is_flagged());
    assert_eq!(class(z(-5.5)), Some(AcuteClass::Severe));
}

#[test]
fn by_lila_only_from_6_to_59_months() {
    assert_eq!(class(arm(11.4, 6)), Some(AcuteClass::Severe));
    assert_eq!(class(arm(11.5, 6)), Some(AcuteClass::Moderate));
    assert_eq!(class(arm(12.5, 59)), Some(AcuteClass::NotAcute));
    assert_eq!(class(arm(11.4, 5)), None);
    assert_eq!(class(arm(11.4, 60)), None);
    assert_eq!(class(AcuteSigns { age: None, ..arm(11.4, 6) }), None);
}

#[test]
fn any_oedema_is_severe_and_grade_3_a_referral() {
    for (oedema, refer) in [
        (Oedema::Present, false),
        (Oedema::Grade1, false),
        (Oedema::Grade2, false),
        (Oedema::Grade3, true),
    ] {
        let found = acute_malnutrition(&AcuteSigns { oedema, ..arm(15.0, 24) });
        assert_eq!((found.class, found.refer), (Some(AcuteClass::Severe), refer), "{oedema:?}");
    }
    assert_eq!(class(AcuteSigns::default()), None);
}

#[test]
fn the_worst_sign_decides() {
    let both = |by_z, cm| AcuteSigns { weight_for_length: Some(score_near(by_z)), ..arm(cm, 24) };
    assert_eq!(class(both(-2.5, 11.0)), Some(AcuteClass::Severe));
    assert_eq!(class(both(-3.5, 13.0)), Some(AcuteClass::Severe));
    assert_eq!(class(both(0.0, 12.0)), Some(AcuteClass::Moderate));
    assert_eq!(class(both(0.0, 13.0)), Some(AcuteClass::NotAcute));
    assert_eq!(AcuteClass::Severe.name(), "Gizi buruk");
}

#[test]
fn below_4_kg_from_6_months_on_is_a_referral() {
    let refer = |kg, months| {
        let weight = Weight::from_kg(kg).ok();
        let age = Some(CompletedMonths::new(months));
        acute_malnutrition(&AcuteSigns { weight, age, ..AcuteSigns::default() }).refer
    };
    assert!(refer(3.9, 6) && refer(3.9, 59));
    assert!(!refer(4.0, 6) && !refer(3.9, 5) && !refer(3.9, 60));
    let ill = AcuteSigns { complications: true, ..arm(11.0, 12) };
    assert!(acute_malnutrition(&ill).refer);
}
