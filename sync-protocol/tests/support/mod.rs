//! Helpers shared by the test programs: the golden messages, and what the vector files hold.
#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::panic,
    clippy::unwrap_used,
    reason = "each test program uses some of it, and a helper that fails is a failed test"
)]

use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use sync_protocol::digest::AreaDigest;
use sync_protocol::ids::RecordId;
use sync_protocol::stamp::Stamp;
use sync_protocol::time::{CivilDate, parse_date};

/// Files of the folder that are tables of cases and no messages.
pub(crate) const VECTORS: [&str; 2] = ["digest-vectors.json", "hash-vectors.json"];
/// The frozen hashes of the others.
pub(crate) const SUMS: &str = "SHA256SUMS";

fn golden_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/wire/v1")
}

/// One golden file as it is on disk.
pub(crate) fn golden(name: &str) -> String {
    std::fs::read_to_string(golden_folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The names of all files in the folder, sorted.
pub(crate) fn golden_names() -> Vec<String> {
    let entries = std::fs::read_dir(golden_folder()).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The names of the golden messages.
pub(crate) fn message_names() -> Vec<String> {
    let mut names = golden_names();
    names.retain(|name| name != SUMS && !VECTORS.contains(&name.as_str()));
    names
}

pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The day on which the golden messages were written.
pub(crate) fn golden_day() -> CivilDate {
    parse_date("2026-11-24").unwrap()
}

/// One case of `hash-vectors.json`.
#[derive(Deserialize)]
pub(crate) struct HashVector {
    pub(crate) name: String,
    /// The change as sent.
    pub(crate) raw: String,
    /// Its canonical form.
    pub(crate) canonical: String,
    /// SHA-256 of the canonical form.
    pub(crate) sha256: String,
}

pub(crate) fn hash_vectors() -> Vec<HashVector> {
    serde_json::from_str(&golden("hash-vectors.json")).unwrap()
}

/// One case of `digest-vectors.json`.
#[derive(Deserialize)]
pub(crate) struct DigestVector {
    pub(crate) name: String,
    pub(crate) rows: Vec<DigestRow>,
    pub(crate) digest: AreaDigest,
}

#[derive(Deserialize)]
pub(crate) struct DigestRow {
    pub(crate) id: RecordId,
    pub(crate) stamp: Stamp,
    pub(crate) fingerprint: String,
}

pub(crate) fn digest_vectors() -> Vec<DigestVector> {
    serde_json::from_str(&golden("digest-vectors.json")).unwrap()
}
