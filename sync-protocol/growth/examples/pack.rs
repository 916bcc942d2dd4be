//! Writes `tables/who2006.bin` anew from the CSVs beside it: `cargo run -p child-growth --example
//! pack`. The test `the_packed_file_is_rebuilt_from_the_csvs` compares the two.

#[path = "../tests/support/mod.rs"]
mod support;

use support::package_file;
use support::packed::{PACKED, packed};

fn main() -> std::io::Result<()> {
    std::fs::write(package_file(PACKED), packed())
}
