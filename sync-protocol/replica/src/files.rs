//! The database as files: made private, set aside when damaged, erased only by a server's order.
//! A damaged file is never deleted. In a browser no file is found here: it sets aside by itself, and an
//! emptied file stays there, empty.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// What SQLite keeps beside a database: what was saved last may lie there alone.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// Creates the file readable by its owner only, since it holds a key and children's names.
#[cfg(unix)]
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    if !path.exists() {
        use std::os::unix::fs::OpenOptionsExt;
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    }
    Ok(())
}

/// Elsewhere the system keeps a program's files to itself, as a browser does.
#[cfg(not(unix))]
pub(crate) fn make_private(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Moves a damaged database and its companions to a free name beside it, and says which.
///
/// The companions have their new names before the database has its own, and keep their old ones until
/// then: whatever stops in between, the database never stands without them. A log that stood alone would
/// be deleted by SQLite with all that it holds.
pub(crate) fn set_aside(path: &Path, day: &str) -> io::Result<PathBuf> {
    let aside = free_name(path, day);
    for companion in COMPANIONS {
        let from = with_suffix(path, companion);
        if from.exists() {
            name_too(&from, &with_suffix(&aside, companion))?;
        }
    }
    std::fs::rename(path, &aside)?;
    erase_companions(path)?;
    Ok(aside)
}

/// Gives a file a second name; where files have only one, it becomes two files.
fn name_too(from: &Path, to: &Path) -> io::Result<()> {
    if std::fs::hard_link(from, to).is_err() {
        std::fs::copy(from, to)?;
        std::fs::File::open(to)?.sync_all()?;
    }
    Ok(())
}

/// Deletes a database and its companions.
pub(crate) fn erase(path: &Path) -> io::Result<()> {
    if path.exists() {
        std::fs::remove_file(path)?;
    }
    erase_companions(path)
}

fn erase_companions(path: &Path) -> io::Result<()> {
    for companion in COMPANIONS {
        let file = with_suffix(path, companion);
        if file.exists() {
            std::fs::remove_file(file)?;
        }
    }
    Ok(())
}

fn free_name(path: &Path, day: &str) -> PathBuf {
    let first = with_suffix(path, &format!(".rusak-{day}"));
    let taken =
        |name: &Path| name.exists() || COMPANIONS.iter().any(|c| with_suffix(name, c).exists());
    let numbered = (2..).map(|n| with_suffix(path, &format!(".rusak-{day}-{n}")));
    std::iter::once(first.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(first)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}
