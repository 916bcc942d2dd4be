//! `timbang growth`: WHO z-scores for a CSV of any length, row by row in bounded memory.
//!
//! Codes, columns, rounding and blanks are those of WHO's own tool, so that a file from there can be
//! compared byte by byte. Columns that the tool does not know are carried through.

use child_growth::{
    Age, Assessment, Bmi, Hundredths, Index, Input, InputError, Length, Oedema, Position, Sex,
    Weight, assess,
};
use csv::{ByteRecord, ReaderBuilder, WriterBuilder};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::str::FromStr;

/// The columns that are read, by name and in any order.
pub const INPUT: [&str; 9] =
    ["id", "sex", "age_days", "weight_kg", "lenhei_cm", "measure", "headc_cm", "armc_cm", "oedema"];
/// The columns that are added, in this order.
pub const OUTPUT: [&str; 14] = [
    "zlen", "zwei", "zwfl", "zbmi", "zhc", "zac", "cbmi", "clenhei", "flen", "fwei", "fwfl",
    "fbmi", "fhc", "fac",
];
/// The order of the six z-scores and of their flags.
const INDICES: [Index; 6] = [
    Index::LengthForAge,
    Index::WeightForAge,
    Index::WeightForLength,
    Index::BmiForAge,
    Index::HeadForAge,
    Index::ArmForAge,
];
/// Rows between two reports of progress.
const ROWS_PER_REPORT: u64 = 5_000;

/// Why the whole file cannot be scored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    #[error("column {0} is missing; the columns are {list}, separated by commas", list = INPUT.join(","))]
    MissingColumn(&'static str),
    #[error("the rows cannot be read")]
    Input(#[source] csv::Error),
    #[error("the result cannot be written")]
    Output(#[source] csv::Error),
}

impl BatchError {
    /// Whether the reader of the result went away (`| head`).
    pub fn is_closed_pipe(&self) -> bool {
        let BatchError::Output(error) = self else { return false };
        matches!(error.kind(), csv::ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

/// A row that cannot be scored. Its result is blank; a row of the wrong width is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The line of the file on which the row begins.
    pub line: u64,
    pub reason: String,
}

/// Told of what happens while the rows stream by.
pub trait Watch {
    fn wrong(&mut self, error: RowError);
    /// `bytes` of the input are behind it.
    fn progress(&mut self, rows: u64, bytes: u64);
}

/// Scores every row of `input`. Returns how many there were.
pub fn score_rows(
    input: impl Read,
    output: impl Write,
    watch: &mut dyn Watch,
) -> Result<u64, BatchError> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(input);
    let mut writer = WriterBuilder::new().flexible(true).from_writer(output);
    let header = reader.byte_headers().map_err(BatchError::Input)?.clone();
    let columns = find_columns(&header)?;
    let mut row = header.clone();
    OUTPUT.iter().for_each(|name| row.push_field(name.as_bytes()));
    writer.write_byte_record(&row).map_err(BatchError::Output)?;

    let mut rows = 0;
    let mut cell = String::new();
    while reader.read_byte_record(&mut row).map_err(BatchError::Input)? {
        rows += 1;
        let (line, bytes) = row.position().map_or((0, 0), |place| (place.line(), place.byte()));
        if rows % ROWS_PER_REPORT == 0 {
            watch.progress(rows, bytes);
        }
        if row.len() != header.len() {
            let reason = format!("{} cells and not {}; left out", row.len(), header.len());
            watch.wrong(RowError { line, reason });
            continue;
        }
        match read_row(&row, &columns) {
            Ok(child) => add_scores(&mut row, &assess(&child), &mut cell),
            Err(reason) => {
                OUTPUT.iter().for_each(|_| row.push_field(b""));
                watch.wrong(RowError { line, reason });
            }
        }
        writer.write_byte_record(&row).map_err(BatchError::Output)?;
    }
    writer.flush().map_err(|error| BatchError::Output(error.into()))?;
    Ok(rows)
}

/// Where each column of [`INPUT`] stands.
fn find_columns(header: &ByteRecord) -> Result<[usize; 9], BatchError> {
    let mut columns = [0; 9];
    for (place, name) in columns.iter_mut().zip(INPUT) {
        *place = header
            .iter()
            .position(|cell| cell == name.as_bytes())
            .ok_or(BatchError::MissingColumn(name))?;
    }
    Ok(columns)
}

fn read_row(row: &ByteRecord, columns: &[usize; 9]) -> Result<Input, String> {
    let mut texts = [""; 9];
    for ((text, place), name) in texts.iter_mut().zip(columns).zip(INPUT) {
        let cell = row.get(*place).unwrap_or_default();
        *text = std::str::from_utf8(cell).map_err(|_| format!("{name} is not UTF-8"))?.trim();
    }
    let [_id, sex, age, weight, length, position, head, arm, oedema] = texts;
    let said = |name: &'static str| move |error: InputError| format!("{name}: {error}");
    let length_of = |name, text| measure(name, text, Length::from_cm);
    Ok(Input {
        sex: Sex::from_who_code(sex).map_err(said("sex"))?,
        age: number("age_days", age)?
            .map(Age::from_fractional_days)
            .transpose()
            .map_err(said("age_days"))?,
        weight: measure("weight_kg", weight, Weight::from_kg)?,
        length: length_of("lenhei_cm", length)?,
        position: Position::from_who_code(position).map_err(said("measure"))?,
        head: length_of("headc_cm", head)?,
        arm: length_of("armc_cm", arm)?,
        oedema: Oedema::from_who_code(oedema).map_err(said("oedema"))?,
    })
}

fn number(name: &str, text: &str) -> Result<Option<f64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    match f64::from_str(text) {
        Ok(value) if value.is_finite() => Ok(Some(value)),
        Ok(_) | Err(_) => Err(format!("{name}: \"{text}\" is not a number")),
    }
}

/// Zero and below mean "not measured", as in WHO's tool.
fn measure<T>(
    name: &str,
    text: &str,
    of: fn(f64) -> Result<T, InputError>,
) -> Result<Option<T>, String> {
    Ok(number(name, text)?.and_then(|value| of(value).ok()))
}

fn add_scores(row: &mut ByteRecord, found: &Assessment, cell: &mut String) {
    let mut push = |hundredths: Option<Hundredths>| {
        cell.clear();
        if let Some(hundredths) = hundredths {
            // Writing to a String cannot fail.
            write!(cell, "{hundredths}").unwrap_or_default();
        }
        row.push_field(cell.as_bytes());
    };
    INDICES.iter().for_each(|index| push(found.score(*index).map(|score| score.rounded())));
    push(found.bmi.map(|bmi: Bmi| Hundredths::rounding(bmi.kg_per_m2())));
    push(found.corrected_length.map(|length| Hundredths::rounding(length.cm())));
    for index in INDICES {
        let flag: &[u8] = match found.score(index) {
            None => b"",
            Some(score) if score.is_flagged() => b"1",
            Some(_) => b"0",
        };
        row.push_field(flag);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Noted(Vec<RowError>);

    impl Watch for Noted {
        fn wrong(&mut self, error: RowError) {
            self.0.push(error);
        }
        fn progress(&mut self, _rows: u64, _bytes: u64) {}
    }

    fn score(input: &str) -> (String, Vec<RowError>) {
        let (mut output, mut noted) = (Vec::new(), Noted::default());
        score_rows(input.as_bytes(), &mut output, &mut noted).unwrap();
        (String::from_utf8(output).unwrap(), noted.0)
    }

    #[test]
    fn the_golden_file_comes_out_byte_for_byte() {
        let golden = include_str!("../../fixtures/growth/golden.csv");
        let first_nine = |line: &str| line.split(',').take(9).collect::<Vec<_>>().join(",");
        let input: Vec<String> = golden.lines().map(first_nine).collect();
        let (output, wrong) = score(&input.join("\n"));
        assert_eq!(wrong, []);
        assert_eq!(output.lines().count(), 6_001);
        for (found, expected) in output.lines().zip(golden.lines()) {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn columns_stand_in_any_order_and_others_are_carried_through() {
        let (output, wrong) = score(
            "name,oedema,armc_cm,headc_cm,measure,lenhei_cm,weight_kg,age_days,sex,id\n\
             \"A, B\",n,,,H,76.77,11.912,404,M,2\n",
        );
        assert_eq!(wrong, []);
        let row = output.lines().nth(1).unwrap();
        assert_eq!(
            row,
            "\"A, B\",n,,,H,76.77,11.912,404,M,2,0.10,1.66,2.06,2.13,,,19.85,77.47,0,0,0,0,,"
        );
    }

    #[test]
    fn a_bad_row_is_named_by_its_line_and_does_not_stop_the_others() {
        let header = INPUT.join(",");
        let (output, wrong) = score(&format!(
            "{header}\n1,M,404,abc,,,,,\n2,M,404\n3,M,-1,9,,,,,\n4,L,404,9,,,,,\n5,M,404,inf,,,,,\n6,M,404,0,,,,,n\n"
        ));
        let reasons: Vec<(u64, &str)> =
            wrong.iter().map(|error| (error.line, error.reason.as_str())).collect();
        assert_eq!(
            reasons,
            [
                (2, "weight_kg: \"abc\" is not a number"),
                (3, "3 cells and not 9; left out"),
                (4, "age_days: the age is below zero"),
                (5, "sex: unknown code for sex"),
                (6, "weight_kg: \"inf\" is not a number"),
            ]
        );
        assert_eq!(output.lines().count(), 6, "a row of the wrong width is left out");
        assert!(output.lines().last().unwrap().ends_with(",,,,,,,,,,,,,"), "zero is not measured");
    }

    #[test]
    fn a_missing_column_is_named() {
        let error = score_rows("id;sex\n".as_bytes(), Vec::new(), &mut Noted::default());
        let said = error.unwrap_err().to_string();
        assert!(said.starts_with("column id is missing; the columns are id,sex,"), "{said}");
    }
}
