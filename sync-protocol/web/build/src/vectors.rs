//! The module of the conformance vectors: what a test runs in a blank page of a browser, to see that
//! the contract's crates say there what they say natively. No part of the app.

use crate::compiler::Compiler;
use crate::glue::{self, Script};
use crate::{Places, say, sources};
use anyhow::Result;

const PACKAGE: &str = "web-vectors";
const SOURCES: [&str; 4] =
    ["sync-protocol/src", "sync-protocol/growth", "sync-protocol/web/build", "tests/vectors"];

/// Builds `target/web-vectors`, when its sources changed.
pub(crate) fn build(places: &Places, compiler: &Compiler) -> Result<()> {
    let folder = places.target.join("web-vectors");
    let fingerprint = sources::fingerprint(&places.root, compiler, &SOURCES)?;
    if sources::are_of(&folder, &fingerprint) {
        return say(&format!("{} is up to date.", folder.display()));
    }
    let compiled = compiler.build(places, PACKAGE)?;
    let glued = glue::bind(&compiled, "vectors", Script::Plain)?;
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("vectors.js"), glued.script)?;
    std::fs::write(folder.join("vectors.wasm"), glued.wasm)?;
    sources::note(&folder, &fingerprint)?;
    say(&format!("Built: {}.", folder.display()))
}
