//! What a module is made of, as one hash: built again only when that changes.

use crate::compiler::Compiler;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

const FILES: [&str; 2] = ["Cargo.toml", "Cargo.lock"];

/// Says of which sources a folder was built; written last, so that half a folder is never taken for whole.
const NOTE: &str = "built-from";

/// Whether the folder was built from these sources.
pub(crate) fn are_of(folder: &Path, fingerprint: &str) -> bool {
    std::fs::read_to_string(folder.join(NOTE)).is_ok_and(|built| built == fingerprint)
}

/// Notes that the folder is whole, and of which sources.
pub(crate) fn note(folder: &Path, fingerprint: &str) -> Result<()> {
    std::fs::write(folder.join(NOTE), fingerprint).context("the built folder")
}

/// `folders` hold everything that it is compiled from, and its builder.
pub(crate) fn fingerprint(root: &Path, compiler: &Compiler, folders: &[&str]) -> Result<String> {
    let mut paths: Vec<PathBuf> = FILES.iter().map(|file| root.join(file)).collect();
    for folder in folders {
        list(&root.join(folder), &mut paths)?;
    }
    paths.sort();
    let mut sum = Sha256::new();
    sum.update(compiler.describe());
    for path in paths {
        let content = std::fs::read(&path).with_context(|| path.display().to_string())?;
        sum.update(path.strip_prefix(root)?.to_string_lossy().as_bytes());
        sum.update(content.len().to_be_bytes());
        sum.update(content);
    }
    Ok(hex(&sum.finalize()))
}

fn list(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        // What only tests read changes nothing.
        if path.file_name().is_some_and(|name| name == "tests") {
            continue;
        }
        if path.is_dir() { list(&path, paths)? } else { paths.push(path) }
    }
    Ok(())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
