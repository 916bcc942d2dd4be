//! The birth part of a NIK against the record. All numbers here are made up.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]

use child_growth::{Date, NikError, NikFacts, Sex, Warning};
use proptest::prelude::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn sentences(nik: &str, birth: &str, sex: Option<Sex>) -> Vec<String> {
    let found = NikFacts::read(nik).unwrap().compare(date(birth), sex);
    assert!(found.iter().all(|warning| warning.code() == "nik_tidak_cocok"));
    found.iter().map(Warning::message).collect()
}

#[test]
fn a_nik_that_fits_says_nothing() {
    let none: [&str; 0] = [];
    assert_eq!(sentences("1604100502230001", "2023-02-05", Some(Sex::Male)), none);
    assert_eq!(sentences("1604104502230001", "2023-02-05", Some(Sex::Female)), none);
    assert_eq!(sentences("1604107112230001", "2023-12-31", Some(Sex::Female)), none);
    // Registered elsewhere is legal; an unknown sex cannot disagree.
    assert_eq!(sentences("3273104502230001", "2023-02-05", None), none);
}

#[test]
fn a_nik_that_does_not_fit_warns() {
    let birth = "Tanggal lahir 05-02-2023 tidak cocok dengan tanggal lahir di NIK.";
    let sex = "Jenis kelamin tidak cocok dengan NIK.";
    let girl = Some(Sex::Female);
    assert_eq!(sentences("1604104602230001", "2023-02-05", girl), [birth]);
    assert_eq!(sentences("1604104503230001", "2023-02-05", girl), [birth]);
    assert_eq!(sentences("1604104502220001", "2023-02-05", girl), [birth]);
    assert_eq!(sentences("1604100502230001", "2023-02-05", girl), [sex]);
    assert_eq!(sentences("1604104502230001", "2023-02-05", Some(Sex::Male)), [sex]);
    assert_eq!(sentences("1604100602230001", "2023-02-05", girl), [birth, sex]);
}

#[test]
fn what_is_no_nik_is_an_error() {
    for (nik, error) in [
        ("", NikError::Not16Digits),
        ("160410050223000", NikError::Not16Digits),
        ("16041005022300011", NikError::Not16Digits),
        ("02022**********0", NikError::Not16Digits),
        ("1,60410050223E15", NikError::Not16Digits),
        ("1004100502230001", NikError::NoRegion),
        ("9704100502230001", NikError::NoRegion),
        ("1600100502230001", NikError::NoRegion),
        ("1604000502230001", NikError::NoRegion),
        ("1604100002230001", NikError::NoBirthDate),
        ("1604103202230001", NikError::NoBirthDate),
        ("1604104002230001", NikError::NoBirthDate),
        ("1604107202230001", NikError::NoBirthDate),
        ("1604100500230001", NikError::NoBirthDate),
        ("1604100513230001", NikError::NoBirthDate),
        ("1604103004230000", NikError::NoSerial),
    ] {
        assert_eq!(NikFacts::read(nik), Err(error), "{nik}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC*", digits in "[0-9]{16}") {
        prop_assert!(NikFacts::read(&text).is_err() || text.len() == 16);
        if let Ok(facts) = NikFacts::read(&digits) {
            prop_assert!(facts.compare(date("2023-02-05"), Some(Sex::Male)).len() <= 2);
        }
    }
}
