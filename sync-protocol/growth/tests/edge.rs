//! The 118 boundary rows of WHO's own R package agree, but for five that are not children.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper that fails is a failed test")]

mod support;

use child_growth::{Age, Bmi, Index, Input, Length, Oedema, Position, Sex, Weight, assess};
use support::{COLUMNS, Row, disagreement, is_near, rows};

/// Scores that R gives for a zero or negative measure and we, on purpose, do not: such a measure
/// is missing. Each is checked to be given there and to be blank here.
const DECIDED_MISSING: [(&str, Index); 5] = [
    ("E018", Index::WeightForLength), // weight 0
    ("E020", Index::WeightForLength), // weight 0
    ("E021", Index::BmiForAge),       // length 0, R: infinity
    ("E022", Index::BmiForAge),       // length -76.3, R: its square
    ("E023", Index::BmiForAge),       // length 0, corrected to -0.7
];

/// Rows with a zero or negative weight or length, for which R still shows a BMI or a length.
const NOT_A_BODY: [&str; 6] = ["E018", "E019", "E020", "E021", "E022", "E023"];

fn input(row: &Row) -> Input {
    let length = |column| row.number(column).and_then(|cm| Length::from_cm(cm).ok());
    let age = row.number("age").map(|age| match row.text("age_unit") {
        "days" => Age::from_fractional_days(age).unwrap(),
        "months" => Age::from_months(age).unwrap(),
        unit => panic!("unit {unit}"),
    });
    Input {
        sex: Sex::from_who_code(row.text("sex")).unwrap(),
        age,
        weight: row.number("weight_kg").and_then(|kg| Weight::from_kg(kg).ok()),
        length: length("lenhei_cm"),
        position: Position::from_who_code(row.text("measure")).unwrap(),
        head: length("headc_cm"),
        arm: length("armc_cm"),
        oedema: Oedema::from_who_code(row.text("oedema")).unwrap(),
    }
}

#[test]
fn every_edge_row_agrees() {
    let rows = rows("../../fixtures/growth/edge.csv");
    assert_eq!(rows.len(), 118);
    let mut decided = 0;
    for row in &rows {
        let (id, found) = (row.text("id"), assess(&input(row)));
        for (index, z, flag) in COLUMNS {
            let given_there = row.text(z);
            if DECIDED_MISSING.contains(&(id, index)) {
                assert!(!given_there.is_empty() && found.score(index).is_none(), "{id} {z}");
                decided += 1;
            } else {
                let wrong = disagreement(found.score(index), row.number(z), row.text(flag));
                assert_eq!(wrong, None, "{id} {z}: {}", row.text("note"));
            }
        }
    }
    assert_eq!(decided, DECIDED_MISSING.len());
}

#[test]
fn position_nine_month_flag_length_and_bmi_agree() {
    for row in &rows("../../fixtures/growth/edge.csv") {
        let (id, found) = (row.text("id"), assess(&input(row)));
        let position = match found.position {
            None => "",
            Some(Position::Lying) => "l",
            Some(Position::Standing) => "h",
        };
        assert_eq!(position, row.text("cmeasure"), "{id}");
        let flag = if found.standing_under_nine_months { "1" } else { "0" };
        assert_eq!(flag, row.text("c9mo_flag"), "{id}");
        if !NOT_A_BODY.contains(&id) {
            let length = found.corrected_length.map(Length::cm);
            assert!(is_near(length, row.number("clenhei")), "{id} {length:?}");
            assert!(is_near(found.bmi.map(Bmi::kg_per_m2), row.number("cbmi")), "{id}");
        }
    }
}
