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
    let files = FILES.iter().flat_map(|(name, ..)| rows(&format!("tables/{name}.csv")));
    files.flat_map(|row| pack(&row)).collect()
}

fn pack(row: &Row) -> [u8; 7] {
    let [l0, l1] = i16::try_from(scaled(row.text("l"), 4)).unwrap().to_le_bytes();
    let [m0, m1, m2, 0] = u32::try_from(scaled(row.text("m"), 4)).unwrap().to_le_bytes() else {
        panic!("a median of more than 24 bits");
    };
    let [s0, s1] = u16::try_from(scaled(row.text("s"), 5)).unwrap().to_le_bytes();
    [l0, l1, m0, m1, m2, s0, s1]
}

/// Reads a decimal without going through a float; more digits than `decimals` fail.
pub(crate) fn scaled(text: &str, decimals: usize) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    assert!(part.len() <= decimals, "{text}");
    format!("{whole}{part:0<decimals$}").parse().unwrap()
}
