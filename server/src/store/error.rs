//! What can go wrong in storage, by what the caller can do.

use rusqlite::{ErrorCode, ffi};

/// A failure of storage. Nothing of the job that met it was stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Too many jobs wait, or another program holds the database. Try again later.
    #[error("the database has too much to do")]
    Busy,
    /// No space is left, a quota is reached, or the disk refuses to write. Reading still works;
    /// writing works again when the cause is gone.
    #[error("the disk is full or cannot be written to")]
    Full,
    /// Another job of the same transaction met a failure of the disk. Try again.
    #[error("another write failed and took this one with it")]
    RolledBack,
    /// The job met a fault of this program.
    #[error("a write job panicked")]
    Panicked,
    /// The file is not a database of this program, or is damaged.
    #[error("the database file is damaged or is not one of Timbang's")]
    Damaged(#[source] rusqlite::Error),
    /// A newer program wrote this database.
    #[error(
        "the database has schema {found}, this program knows up to {known}: use the newer program"
    )]
    TooNew { found: i64, known: i64 },
    /// A stored value is not what this program writes.
    #[error("the database holds a {0} that this program cannot read")]
    Unreadable(&'static str),
    /// A restore moved the database aside and did not end.
    #[error("a restore was interrupted here: run `timbang restore` again")]
    HalfRestored,
    /// The writer has stopped; the process must be started again.
    #[error("the writer has stopped")]
    Stopped,
    #[error("the database failed")]
    Database(#[source] rusqlite::Error),
    #[error("the database file cannot be reached")]
    File(#[from] std::io::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
            Some(ErrorCode::DiskFull) => StoreError::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                StoreError::Damaged(error)
            }
            Some(ErrorCode::SystemIoFailure) if is_failed_write(&error) => StoreError::Full,
            _ => StoreError::Database(error),
        }
    }
}

/// SQLite calls a disk full only when the system says exactly that; a quota and a limit of the size of
/// files are the same to whoever waits for space.
fn is_failed_write(error: &rusqlite::Error) -> bool {
    let failed = [ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_IOERR_SHMSIZE];
    error.sqlite_error().is_some_and(|error| failed.contains(&error.extended_code))
}
