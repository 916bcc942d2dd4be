//! What can go wrong in storage, by what the caller can do.

use rusqlite::ErrorCode;

/// A failure of storage. Nothing of the job that met it was stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Too many jobs wait, or another program holds the database. Try again later.
    #[error("the database has too much to do")]
    Busy,
    /// No space is left. Reading still works; writing works again when there is space.
    #[error("the disk is full")]
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
            _ => StoreError::Database(error),
        }
    }
}
