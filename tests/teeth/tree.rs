//! A copy of the repository with every sabotage built in. The repository itself holds none.

use crate::sabotage::{Sabotage, sabotaged};
use anyhow::{Context, Result, anyhow};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What is no source: what cargo built, and git's own.
const NOT_COPIED: [&str; 2] = ["target", ".git"];

/// The top of the repository.
pub(crate) fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Every source of the repository, by its path from the top.
#[cfg(test)]
pub(crate) fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(top().join(&folder)).into_iter().flatten().flatten() {
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() && !NOT_COPIED.iter().any(|name| path == Path::new(name)) {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// Makes `into` the sabotaged copy. What is there and still right keeps its time, so that cargo
/// builds only what changed since the last play.
pub(crate) fn copy_sabotaged(into: &Path, sabotages: &[&Sabotage]) -> Result<()> {
    let mut copied = BTreeSet::new();
    copy_folder(Path::new(""), into, sabotages, &mut copied)?;
    remove_others(Path::new(""), into, &copied)
}

fn copy_folder(
    folder: &Path,
    into: &Path,
    sabotages: &[&Sabotage],
    copied: &mut BTreeSet<PathBuf>,
) -> Result<()> {
    fs::create_dir_all(into.join(folder))?;
    for entry in fs::read_dir(top().join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if folder.as_os_str().is_empty() && NOT_COPIED.iter().any(|name| path == Path::new(name)) {
            continue;
        }
        if fs::metadata(entry.path())?.is_dir() {
            copy_folder(&path, into, sabotages, copied)?;
        } else {
            copy_file(&path, into, sabotages)?;
            copied.insert(path);
        }
    }
    Ok(())
}

fn copy_file(path: &Path, into: &Path, sabotages: &[&Sabotage]) -> Result<()> {
    let from = top().join(path);
    let mut content = fs::read(&from).with_context(|| from.display().to_string())?;
    let here: Vec<&Sabotage> =
        sabotages.iter().copied().filter(|one| Path::new(one.file) == path).collect();
    if !here.is_empty() {
        let source = String::from_utf8(content)?;
        content = sabotaged(&source, &here).map_err(|fault| anyhow!(fault))?.into_bytes();
    }
    let to = into.join(path);
    if fs::read(&to).is_ok_and(|there| there == content) {
        return Ok(());
    }
    fs::write(&to, content)?;
    // Programs and scripts stay what they are.
    Ok(fs::set_permissions(&to, fs::metadata(&from)?.permissions())?)
}

fn remove_others(folder: &Path, into: &Path, copied: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(into.join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            remove_others(&path, into, copied)?;
        } else if !copied.contains(&path) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
