//! `timbang backup`: the whole database in one file, made beside a running server, checked as a
//! file of its own, and on the disk before it gets its name.
//!
//! Beside FILE lies FILE.sha256, so that one flipped byte anywhere is noticed. It gets its name
//! first: a FILE without it was not made here, or not finished.

pub mod schedule;

mod sum;

use crate::check::check_snapshot;
use crate::files;
use crate::service::Service;
use crate::store::{Act, DATABASE_FILE, DatabaseFile, StoreError, Who, known_schema};
use serde_json::{Value, json};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use sync_protocol::ids::Epoch;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    #[error("{0} exists already: choose another name, a backup is never written over")]
    Exists(PathBuf),
    #[error("there is no database in {0}")]
    NoDatabase(PathBuf),
    #[error("there is no directory {0}: make it first")]
    NoDirectory(PathBuf),
    #[error("{path} cannot be written or read")]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{0} has no checksum beside it: it is not a finished backup")]
    NoSum(PathBuf),
    #[error("{0} is not what was backed up: its checksum differs. Use another backup")]
    SumDiffers(PathBuf),
    #[error("{path} is damaged: {}", .faults.join("; "))]
    Damaged { path: PathBuf, faults: Vec<String> },
    #[error("the database in {path} cannot be copied")]
    Store {
        path: PathBuf,
        #[source]
        source: StoreError,
    },
}

/// A finished backup.
#[derive(Clone, Debug)]
pub struct Made {
    pub file: PathBuf,
    pub bytes: u64,
    pub sha256: String,
    pub schema: i64,
    /// What it holds; none for a database of an older schema, which only the file check reads.
    pub holds: Option<Holds>,
}

/// How far the history goes that a database file holds.
#[derive(Clone, Debug)]
pub struct Holds {
    pub epoch: Epoch,
    pub feed: i64,
    pub server_now_ms: i64,
    /// Kept elsewhere, it proves that no row of the audit log was cut off.
    pub audit_head: Option<(i64, [u8; 32])>,
}

/// Copies the database in `data` into `file`.
pub fn make(data: &Path, file: &Path) -> Result<Made, BackupError> {
    let database = data.join(DATABASE_FILE);
    if !database.exists() {
        return Err(BackupError::NoDatabase(data.to_owned()));
    }
    let dir = files::dir_of(file);
    if !dir.is_dir() {
        return Err(BackupError::NoDirectory(dir.to_owned()));
    }
    let sum_file = sum::beside(file);
    if let Some(taken) = [file, &sum_file].into_iter().find(|path| path.exists()) {
        return Err(BackupError::Exists(taken.to_owned()));
    }
    let partial = files::with_suffix(file, ".partial");
    let made = fill(&database, &partial).and_then(|(schema, holds)| {
        let sha256 = sum::of(&partial).map_err(failed(&partial))?;
        sum::write(&sum_file, file, &sha256).map_err(failed(&sum_file))?;
        let bytes = fs::metadata(&partial).map_err(failed(&partial))?.len();
        fs::rename(&partial, file).map_err(failed(file))?;
        files::sync_dir(dir).map_err(failed(dir))?;
        Ok(Made { file: file.to_owned(), bytes, sha256, schema, holds })
    });
    if made.is_err() && partial.exists() {
        fs::remove_file(&partial).map_err(failed(&partial))?;
    }
    made
}

/// Copies, checks the copy and brings it to the disk.
fn fill(database: &Path, partial: &Path) -> Result<(i64, Option<Holds>), BackupError> {
    let unreadable = |source| BackupError::Store { path: database.to_owned(), source };
    if partial.exists() {
        // Left by a backup that did not end.
        fs::remove_file(partial).map_err(failed(partial))?;
    }
    files::create_private(partial).map_err(failed(partial))?;
    DatabaseFile::open(database).map_err(unreadable)?.copy_to(partial).map_err(unreadable)?;
    let found = inspect(partial)?;
    files::sync_file(partial).map_err(failed(partial))?;
    Ok(found)
}

/// Checks a database file as a whole: as a file, and what it says, where this program knows its
/// schema.
pub(crate) fn inspect(file: &Path) -> Result<(i64, Option<Holds>), BackupError> {
    let unreadable = |source| BackupError::Store { path: file.to_owned(), source };
    let damaged = |faults| BackupError::Damaged { path: file.to_owned(), faults };
    let copy = DatabaseFile::open(file).map_err(unreadable)?;
    let schema = copy.schema().map_err(unreadable)?;
    if schema != known_schema() {
        let damage = copy.damage().map_err(unreadable)?;
        return if damage.is_empty() { Ok((schema, None)) } else { Err(damaged(damage)) };
    }
    let (faults, holds) = copy
        .read::<_, StoreError>(|tx| {
            let server = tx.server()?;
            let holds = Holds {
                epoch: server.epoch,
                feed: server.feed,
                server_now_ms: server.now_ms,
                audit_head: tx.audit_head()?,
            };
            Ok((check_snapshot(tx)?.faults, holds))
        })
        .map_err(unreadable)?;
    if faults.is_empty() { Ok((schema, Some(holds))) } else { Err(damaged(faults)) }
}

/// Whether a backup is, byte for byte, what was made.
pub(crate) fn verify_sum(file: &Path) -> Result<String, BackupError> {
    let expected = sum::read(&sum::beside(file)).ok_or_else(|| {
        if file.exists() {
            BackupError::NoSum(file.to_owned())
        } else {
            BackupError::File { path: file.to_owned(), source: io::ErrorKind::NotFound.into() }
        }
    })?;
    let found = sum::of(file).map_err(failed(file))?;
    if found == expected { Ok(found) } else { Err(BackupError::SumDiffers(file.to_owned())) }
}

/// The same for a copy of a backup that lies elsewhere.
pub(crate) fn is_sum_of(file: &Path, sha256: &str) -> Result<bool, BackupError> {
    Ok(sum::of(file).map_err(failed(file))? == sha256)
}

/// Writes into the audit log of the running database that it was backed up.
pub fn note(service: &Service, who: Who, made: &Made) -> Result<(), StoreError> {
    let subject = subject(made);
    service.write_as_operator(move |tx, now| tx.audit(who, Act::BackedUp, &subject, now.ms))
}

fn subject(made: &Made) -> Value {
    let name = made.file.file_name().map(|name| name.to_string_lossy().into_owned());
    json!({"file": name, "bytes": made.bytes, "sha256": made.sha256,
        "feed": made.holds.as_ref().map(|holds| holds.feed)})
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::File { path, source }
}
