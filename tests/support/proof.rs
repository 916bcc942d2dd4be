//! What a proof did, kept for the page `server/docs/PROOF.md`: figures that no hand types.

use crate::command::target;
use serde_json::Value;
use std::env;
use std::path::PathBuf;

/// Set for the long proofs, which `tests/run --proof` plays.
const LONG: &str = "TIMBANG_LONG_PROOF";

pub fn is_long_proof() -> bool {
    env::var_os(LONG).is_some()
}

/// Where figures are kept: beside the programs that made them.
pub fn figures_dir() -> PathBuf {
    target().join("figures")
}

/// Keeps the figures of a proof that held. A later run writes over them.
pub fn keep_figures(proof: &str, figures: &Value) {
    let dir = figures_dir();
    std::fs::create_dir_all(&dir).expect("a folder for figures");
    let text = format!("{figures:#}\n");
    std::fs::write(dir.join(format!("{proof}.json")), text).expect("the figures are kept");
}
