//! Device tokens: 256 random bits; only their SHA-256 is stored.

use crate::platform::{Random, random_bytes};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Lets leak scanners tell what a token is.
const PREFIX: &str = "tbg_";

/// A fresh token, shown once.
pub fn make(random: &dyn Random) -> String {
    let mut token = PREFIX.to_owned();
    for byte in random_bytes::<32>(random) {
        write!(token, "{byte:02x}").unwrap_or_default();
    }
    token
}

pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
