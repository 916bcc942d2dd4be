//! The rows of WHO's own tool, scored.

use child_growth::{Age, Index, Input, InputError, Length, Oedema, Position, Sex, Weight, assess};
use std::collections::BTreeMap;

/// The columns of scores and of flags, as the files have them.
const COLUMNS: [(Index, &str, &str); 6] = [
    (Index::LengthForAge, "zlen", "flen"),
    (Index::WeightForAge, "zwei", "fwei"),
    (Index::WeightForLength, "zwfl", "fwfl"),
    (Index::BmiForAge, "zbmi", "fbmi"),
    (Index::HeadForAge, "zhc", "fhc"),
    (Index::ArmForAge, "zac", "fac"),
];

/// A row's cells by column.
type Row<'t> = BTreeMap<&'t str, &'t str>;

/// The id, the rounded scores and the flags of every row, as a file with the same columns.
pub(crate) fn scores(text: &str) -> Result<String, String> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let named = COLUMNS.iter().map(|(_, z, flag)| format!(",{z},{flag}"));
    let mut scored = vec![format!("id{}", named.collect::<String>())];
    for line in lines {
        let row = header.iter().copied().zip(line.split(',')).collect();
        scored.push(score(&row).map_err(|error| format!("{line}: {error}"))?);
    }
    Ok(scored.join("\n") + "\n")
}

fn score(row: &Row<'_>) -> Result<String, String> {
    let found = assess(&input(row)?);
    let cells = COLUMNS.map(|(index, ..)| match found.score(index) {
        Some(score) => format!(",{},{}", score.rounded(), u8::from(score.is_flagged())),
        None => ",,".to_owned(),
    });
    Ok(format!("{}{}", cell(row, "id"), cells.concat()))
}

fn input(row: &Row<'_>) -> Result<Input, String> {
    let (days, months) = match row.get("age_days") {
        Some(_) => (number(row, "age_days")?, None),
        None if cell(row, "age_unit") == "months" => (None, number(row, "age")?),
        None => (number(row, "age")?, None),
    };
    let age = days.map(Age::from_fractional_days).or_else(|| months.map(Age::from_months));
    // What is zero or below was not measured.
    let length = |column| number(row, column).map(|cm| cm.and_then(|cm| Length::from_cm(cm).ok()));
    let unread = |error: InputError| error.to_string();
    Ok(Input {
        sex: Sex::from_who_code(cell(row, "sex")).map_err(unread)?,
        age: age.transpose().map_err(unread)?,
        weight: number(row, "weight_kg")?.and_then(|kg| Weight::from_kg(kg).ok()),
        length: length("lenhei_cm")?,
        position: Position::from_who_code(cell(row, "measure")).map_err(unread)?,
        head: length("headc_cm")?,
        arm: length("armc_cm")?,
        oedema: Oedema::from_who_code(cell(row, "oedema")).map_err(unread)?,
    })
}

fn cell<'t>(row: &Row<'t>, column: &str) -> &'t str {
    row.get(column).copied().unwrap_or_default()
}

fn number(row: &Row<'_>, column: &str) -> Result<Option<f64>, String> {
    match cell(row, column) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| format!("{column} is no number")),
    }
}
