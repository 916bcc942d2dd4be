//! Rebuilding the packed tables from WHO's CSVs: the test compares, the example `pack` writes.

use child_growth::Table;

use super::{Row, rows};

/// Each CSV: its name, its key column, its table, the decimals of the key. In the packed order.
pub(crate) const FILES: [(&str, &str, Table, usize); 7] = [
    ("lhfa", "age_days", Table::LengthForAge, 0),
    ("wfa", "age_days", Table::WeightForAge, 0),
    ("bfa", "age_days", Table::BmiForAge, 0),
    ("hcfa", "age_days", Table::HeadForAge, 0),
    ("acfa", "age_days", Table::ArmForAge, 0),
    ("wfl", "length_cm", Table::WeightForLength, 1),
    ("wfh", "height_cm", Table::WeightForHeight, 1),
];
pub(crate) const PACKED: &str = "tables/who2006.bin";

pub(crate) fn packed() -> Vec<u8> {
    let rows: Vec<Row> =
        FILES.iter().flat_map(|(name, ..)| rows(&format!("tables/{name}.csv"))).collect();
    let columns = [("l", 4), ("m", 4), ("s", 5)];
    columns.iter().flat_map(|(name, decimals)| pack(&rows, name, *decimals)).collect()
}

fn pack(rows: &[Row], column: &str, decimals: usize) -> Vec<u8> {
    let (mut before, mut step_before, mut packed) = (0, 0, Vec::new());
    for row in rows {
        let value = scaled(row.text(column), decimals);
        let step = value - before;
        write_signed(i32::try_from(step - step_before).unwrap(), &mut packed);
        (before, step_before) = (value, step);
    }
    packed
}

/// The sign in the lowest bit, seven bits a byte, the high bit in all but the last.
fn write_signed(number: i32, packed: &mut Vec<u8>) {
    let magnitude = if number < 0 { !number } else { number };
    let mut left = (u32::try_from(magnitude).unwrap() << 1) | u32::from(number < 0);
    while left > 0x7f {
        packed.push(u8::try_from(left & 0x7f).unwrap() | 0x80);
        left >>= 7;
    }
    packed.push(u8::try_from(left).unwrap());
}

/// Reads a decimal without going through a float; more digits than `decimals` fail.
pub(crate) fn scaled(text: &str, decimals: usize) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    assert!(part.len() <= decimals, "{text}");
    format!("{whole}{part:0<decimals$}").parse().unwrap()
}
