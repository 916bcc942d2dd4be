//! All 6,000 rows of WHO's own R package agree.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]

mod support;

use child_growth::{Age, Bmi, Input, Length, Oedema, Position, Sex, Weight, assess};
use support::{COLUMNS, Row, disagreement, is_near, rows};

fn input(row: &Row) -> Input {
    Input {
        sex: Sex::from_who_code(row.text("sex")).unwrap(),
        age: row.number("age_days").map(|days| Age::from_fractional_days(days).unwrap()),
        weight: row.number("weight_kg").map(|kg| Weight::from_kg(kg).unwrap()),
        length: row.number("lenhei_cm").map(|cm| Length::from_cm(cm).unwrap()),
        position: Position::from_who_code(row.text("measure")).unwrap(),
        head: row.number("headc_cm").map(|cm| Length::from_cm(cm).unwrap()),
        arm: row.number("armc_cm").map(|cm| Length::from_cm(cm).unwrap()),
        oedema: Oedema::from_who_code(row.text("oedema")).unwrap(),
    }
}

#[test]
fn every_golden_row_agrees() {
    let rows = rows("../../fixtures/growth/golden.csv");
    assert_eq!(rows.len(), 6000);
    let mut given = 0;
    for row in &rows {
        let found = assess(&input(row));
        let id = row.text("id");
        for (index, z, flag) in COLUMNS {
            let wrong = disagreement(found.score(index), row.number(z), row.text(flag));
            assert_eq!(wrong, None, "row {id}, {z}");
            given += u32::from(found.score(index).is_some());
        }
        assert!(is_near(found.corrected_length.map(Length::cm), row.number("clenhei")), "row {id}");
        assert!(is_near(found.bmi.map(Bmi::kg_per_m2), row.number("cbmi")), "row {id}");
    }
    // Guards the test itself: an empty comparison would agree too.
    assert!(given > 30_000, "only {given} scores were compared");
}

#[test]
fn rounding_agrees_with_the_two_printed_decimals() {
    for row in &rows("../../fixtures/growth/golden.csv") {
        let found = assess(&input(row));
        for (index, z, _) in COLUMNS {
            let shown = found.score(index).map(|score| score.rounded().to_string());
            assert_eq!(shown.unwrap_or_default(), row.text(z), "row {}", row.text("id"));
        }
    }
}
