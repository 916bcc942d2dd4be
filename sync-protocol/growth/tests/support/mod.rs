//! Helpers shared by the test programs: rows of a CSV by column name, and made-up children.
#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::panic,
    clippy::unwrap_used,
    reason = "each test program uses some of it, and a helper that fails is a failed test"
)]

pub(crate) mod children;
pub(crate) mod packed;

use std::collections::BTreeMap;
use std::path::PathBuf;

use child_growth::{Index, Score};

/// The z and flag columns of WHO's tool, by index.
pub(crate) const COLUMNS: [(Index, &str, &str); 6] = [
    (Index::LengthForAge, "zlen", "flen"),
    (Index::WeightForAge, "zwei", "fwei"),
    (Index::WeightForLength, "zwfl", "fwfl"),
    (Index::BmiForAge, "zbmi", "fbmi"),
    (Index::HeadForAge, "zhc", "fhc"),
    (Index::ArmForAge, "zac", "fac"),
];

pub(crate) struct Row(BTreeMap<String, String>);

impl Row {
    pub(crate) fn text(&self, column: &str) -> &str {
        self.0.get(column).unwrap_or_else(|| panic!("no column {column}"))
    }

    pub(crate) fn number(&self, column: &str) -> Option<f64> {
        match self.text(column) {
            "" => None,
            text => Some(text.parse().unwrap_or_else(|_| panic!("{column}: {text}"))),
        }
    }
}

pub(crate) fn package_file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files hold no quotes, so a comma is always a border.
pub(crate) fn rows(path: &str) -> Vec<Row> {
    let text = std::fs::read_to_string(package_file(path)).unwrap();
    assert!(!text.contains('"'));
    let mut lines = text.lines();
    let header: Vec<_> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let cells: Vec<_> = line.split(',').collect();
            assert_eq!(cells.len(), header.len(), "{line}");
            Row(header.iter().zip(cells).map(|(h, c)| ((*h).to_owned(), c.to_owned())).collect())
        })
        .collect()
}

/// The match rule: the same blanks, |z - expected| < 0.005, equal flags. Says what differs.
pub(crate) fn disagreement(score: Option<Score>, z: Option<f64>, flag: &str) -> Option<String> {
    match (score, z) {
        (None, None) if flag.is_empty() => None,
        (Some(score), Some(z))
            if (score.z() - z).abs() < 0.005
                && flag == if score.is_flagged() { "1" } else { "0" } =>
        {
            None
        }
        _ => Some(format!("{score:?} and not {z:?} flag {flag:?}")),
    }
}

/// For the two columns that are shown and not scored.
pub(crate) fn is_near(value: Option<f64>, shown: Option<f64>) -> bool {
    match (value, shown) {
        (None, None) => true,
        (Some(value), Some(shown)) => (value - shown).abs() < 0.005 + 1e-9,
        _ => false,
    }
}
