//! The nine-month rule, the 0.7 cm, and what is said about an assumed position.

use child_growth::{Age, Input, Length, LengthKind, LengthTreatment, Position, Sex, assess};

const LYING: Option<Position> = Some(Position::Lying);
const STANDING: Option<Position> = Some(Position::Standing);

#[test]
fn what_was_done_is_said() {
    use LengthTreatment::{
        Added, AgeUnknown, AsMeasured, AssumedFromAge, PositionDisbelieved, TakenOff,
    };
    for (day, position, treatment, cm) in [
        (Some(273), STANDING, PositionDisbelieved, 80.0),
        (Some(274), STANDING, Added, 80.7),
        (Some(274), LYING, AsMeasured, 80.0),
        (Some(730), STANDING, Added, 80.7),
        (Some(731), STANDING, AsMeasured, 80.0),
        (Some(730), LYING, AsMeasured, 80.0),
        (Some(731), LYING, TakenOff, 79.3),
        (Some(400), None, AssumedFromAge, 80.0),
        (Some(900), None, AssumedFromAge, 80.0),
        (None, STANDING, AgeUnknown, 80.0),
        (None, None, AgeUnknown, 80.0),
    ] {
        let found = assess(&Input {
            sex: Some(Sex::Female),
            age: day.map(Age::from_days),
            length: Length::from_cm(80.0).ok(),
            position,
            ..Input::default()
        });
        assert_eq!(found.treatment, Some(treatment), "{day:?} {position:?}");
        assert!((found.corrected_length.unwrap().cm() - cm).abs() < 1e-9, "{day:?} {position:?}");
        assert_eq!(found.standing_under_nine_months, treatment == PositionDisbelieved);
    }
}

#[test]
fn days_decide_pb_or_tb_and_only_without_them_the_position() {
    let kind = |day: Option<u32>, position, cm: f64| {
        let age = day.map(Age::from_days);
        let length = Length::from_cm(cm).ok();
        assess(&Input { age, position, length, ..Input::default() }).kind
    };
    assert_eq!(kind(Some(730), STANDING, 90.0), Some(LengthKind::Length));
    assert_eq!(kind(Some(731), LYING, 80.0), Some(LengthKind::Height));
    assert_eq!(kind(None, LYING, 100.0), Some(LengthKind::Length));
    assert_eq!(kind(None, STANDING, 80.0), Some(LengthKind::Height));
    assert_eq!(kind(None, None, 86.9), Some(LengthKind::Length));
    assert_eq!(kind(None, None, 87.0), Some(LengthKind::Height));
    assert_eq!(kind(None, None, 0.0), None);
}

#[test]
fn a_correction_to_nothing_leaves_nothing() {
    let found = assess(&Input {
        sex: Some(Sex::Male),
        age: Some(Age::from_days(900)),
        length: Length::from_cm(0.7).ok(),
        position: LYING,
        ..Input::default()
    });
    assert_eq!((found.corrected_length, found.length_for_age), (None, None));
}
