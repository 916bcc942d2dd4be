//! The packed tables are WHO's CSVs, digit for digit, and the CSVs are those of PROVENANCE.md.

mod support;

use child_growth::{Sex, Table};
use sha2::{Digest as _, Sha256};
use support::packed::{FILES, PACKED, packed, scaled};
use support::{package_file, rows};

#[test]
fn the_packed_file_is_rebuilt_from_the_csvs() {
    let committed = std::fs::read(package_file(PACKED)).unwrap();
    assert!(committed == packed(), "run: cargo run -p child-growth --example pack");
}

#[test]
fn every_row_reads_back_as_the_same_bits() {
    let mut checked = 0;
    for (name, key, table, decimals) in FILES {
        for row in rows(&format!("tables/{name}.csv")) {
            let sex = if row.text("sex") == "M" { Sex::Male } else { Sex::Female };
            let key = u32::try_from(scaled(row.text(key), decimals)).unwrap();
            let lms = table.row(sex, key).unwrap();
            for (read, column) in [(lms.l(), "l"), (lms.m(), "m"), (lms.s(), "s")] {
                let written = row.number(column).unwrap();
                assert_eq!(read.to_bits(), written.to_bits(), "{name} {key} {column}");
            }
            checked += 1;
        }
    }
    assert_eq!(checked, 20_492);
}

#[test]
fn outside_a_table_there_is_no_row() {
    for sex in [Sex::Male, Sex::Female] {
        for (table, below, first, last) in [
            (Table::LengthForAge, None, 0, 1826),
            (Table::ArmForAge, Some(90), 91, 1826),
            (Table::WeightForLength, Some(449), 450, 1100),
            (Table::WeightForHeight, Some(649), 650, 1200),
        ] {
            assert!(below.is_none_or(|key| table.row(sex, key).is_none()));
            assert!(table.row(sex, first).is_some() && table.row(sex, last).is_some());
            assert!(table.row(sex, last + 1).is_none() && table.row(sex, u32::MAX).is_none());
        }
    }
}

#[test]
fn the_checksums_are_those_of_the_provenance() {
    let provenance = std::fs::read_to_string(package_file("tables/PROVENANCE.md")).unwrap();
    assert!(provenance.contains(child_growth::ATTRIBUTION));
    let csvs = FILES.iter().map(|(name, ..)| format!("{name}.csv"));
    for file in csvs.chain(["who2006.bin".to_owned()]) {
        let bytes = std::fs::read(package_file("tables").join(&file)).unwrap();
        let sum: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(provenance.contains(&format!("{sum}  {file}\n")), "{sum}  {file}");
    }
}
