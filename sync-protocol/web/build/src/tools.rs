//! `wasm-opt`: from the PATH, else from npm's package, which is fetched once into the target folder.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// npm's package of wasm-opt.
const PACKAGE: &str = "binaryen@132.0.0";

/// Finds the program, or says why it cannot be had.
pub(crate) fn wasm_opt(target: &Path) -> Result<PathBuf> {
    let on_path = PathBuf::from("wasm-opt");
    if Command::new(&on_path).arg("--version").output().is_ok_and(|done| done.status.success()) {
        return Ok(on_path);
    }
    let folder = target.join("npm");
    let installed = folder.join("node_modules/.bin/wasm-opt");
    if !installed.exists() {
        std::fs::create_dir_all(&folder)?;
        let npm = Command::new("npm")
            .args(["install", "--silent", "--no-save", "--prefix"])
            .arg(&folder)
            .arg(PACKAGE)
            .output()
            .context("npm is not installed")?;
        if !npm.status.success() {
            bail!("npm did not install {PACKAGE}");
        }
    }
    Ok(installed)
}

/// Makes a module smaller. No further features are allowed: a browser refuses what it does not know.
pub(crate) fn optimize(program: &Path, wasm: &[u8], target: &Path) -> Result<Vec<u8>> {
    let (before, after) = (target.join("wasm/before.wasm"), target.join("wasm/after.wasm"));
    std::fs::write(&before, wasm)?;
    let status = Command::new(program)
        .arg("-Oz")
        .args(["--strip-debug", "--strip-producers", "-o"])
        .arg(&after)
        .arg(&before)
        .status()?;
    if !status.success() {
        bail!("wasm-opt failed");
    }
    Ok(std::fs::read(after)?)
}
