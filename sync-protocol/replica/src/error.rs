//! What can go wrong, by what the caller can do about it. Sentences for the worker are in
//! `sentence`; nothing here decides to retry.

use crate::identity::Stop;
use crate::transport::TransportError;
use rusqlite::ErrorCode;
use std::path::PathBuf;
use sync_protocol::parked::Fault;
use sync_protocol::problem::ProblemCode;

/// The local file did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// Open the file anew: it will be set aside.
    #[error("the local file is damaged")]
    Damaged(#[source] rusqlite::Error),
    /// Free some space, then try again.
    #[error("the disk is full")]
    Full(#[source] rusqlite::Error),
    /// Another program is writing; try again.
    #[error("the local file is busy")]
    Busy(#[source] rusqlite::Error),
    /// Anything else; look at the cause.
    #[error("the local file cannot be used")]
    Failed(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        let unreadable = matches!(error, rusqlite::Error::FromSqlConversionFailure(..));
        if unreadable || is_damage(code) {
            StorageError::Damaged(error)
        } else if code == Some(ErrorCode::DiskFull) {
            StorageError::Full(error)
        } else if [Some(ErrorCode::DatabaseBusy), Some(ErrorCode::DatabaseLocked)].contains(&code) {
            StorageError::Busy(error)
        } else {
            StorageError::Failed(error)
        }
    }
}

fn is_damage(code: Option<ErrorCode>) -> bool {
    [Some(ErrorCode::DatabaseCorrupt), Some(ErrorCode::NotADatabase)].contains(&code)
}

/// A replica did not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Choose another file: this one belongs to another program, or is too damaged to be known as
    /// a tablet's. It was not touched.
    #[error("{} is not a Timbang file", .0.display())]
    NotOurs(PathBuf),
    /// Update the app: the file was written by a newer one.
    #[error("the file has schema {found}, this app knows {known}")]
    TooNew { found: i64, known: usize },
    /// The damaged file could not be moved; nothing was deleted.
    #[error("the damaged file could not be set aside")]
    SetAside(#[source] std::io::Error),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        OpenError::Storage(error.into())
    }
}

/// A save did not happen; nothing was stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SaveError {
    /// Enrol this tablet first.
    #[error("this replica is not enrolled")]
    NotEnrolled,
    /// Enrol again when it is done: the server ordered this replica to be erased.
    #[error("this replica is being erased")]
    Wiping,
    /// Mend the field.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Say in which desa the new child lives.
    #[error("a new child needs an area")]
    AreaNeeded,
    /// Name a desa or kelurahan.
    #[error("an area must be a village")]
    NotAVillage,
    /// A record stays with its child; make a new record instead.
    #[error("the child of a record cannot be changed")]
    ChildIsFixed,
    /// Check the id: this tablet holds no such record.
    #[error("no such record")]
    NoSuchRecord,
    /// Shorten it.
    #[error("the change has {bytes} bytes, {max} fit")]
    TooLarge { bytes: usize, max: usize },
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<rusqlite::Error> for SaveError {
    fn from(error: rusqlite::Error) -> Self {
        SaveError::Storage(error.into())
    }
}

/// A sync did not finish. What was stored before stays stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    #[error("this replica is not enrolled")]
    NotEnrolled,
    /// Try again when there is a signal.
    #[error("the server cannot be reached")]
    Offline(#[source] TransportError),
    /// Try again; the next request is smaller.
    #[error("the server did not answer in time")]
    Timeout,
    /// Do not try again; ask for help.
    #[error("the connection is not safe")]
    Untrusted(#[source] TransportError),
    /// Try again after a while.
    #[error("the server is busy")]
    Busy { retry_after_s: Option<u64> },
    /// The server does not take this tablet's key. Nothing was erased.
    #[error("the server refuses this tablet")]
    Unauthorised { revoked: bool },
    /// Enrol this tablet anew: {0}.
    #[error("this replica must be enrolled anew")]
    EnrolAnew(Stop),
    /// Try another network; nothing of the answer was used.
    #[error(transparent)]
    BadReply(#[from] BadReply),
    /// Look at the code; an update of app or server may be needed.
    #[error("the server refused the request ({status})")]
    Refused { status: u16, code: Option<ProblemCode> },
    /// Tell the administrator; try again later.
    #[error("the server failed ({status})")]
    ServerFault { status: u16 },
    /// The erasing that the server ordered did not finish.
    #[error("the file could not be erased")]
    Erase(#[source] std::io::Error),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<rusqlite::Error> for SyncError {
    fn from(error: rusqlite::Error) -> Self {
        SyncError::Storage(error.into())
    }
}

impl From<TransportError> for SyncError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Offline | TransportError::Unreachable(_) => SyncError::Offline(error),
            TransportError::Timeout => SyncError::Timeout,
            TransportError::Untrusted(_) => SyncError::Untrusted(error),
            TransportError::Garbled(_) => SyncError::BadReply(BadReply::Garbled(error)),
        }
    }
}

/// An answer that is not what our server says.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadReply {
    #[error("the answer cannot be read")]
    Garbled(#[source] TransportError),
    /// Often a login page of a public network.
    #[error("the answer is not the JSON of our server")]
    NotOurs(#[source] serde_json::Error),
    #[error("the answer nests too deep")]
    TooDeep,
    #[error("the answer has status {0}, which means nothing here")]
    Status(u16),
    /// It says 200 and names no receipt for what was sent.
    #[error("the server gave no receipt for seq {0}")]
    NoReceipt(u64),
    /// It asks for a seq that it was just sent.
    #[error("the server asks for seq {0}, which it was sent")]
    WrongGap(u64),
    /// More rows are said to come, but from no new place of the feed.
    #[error("the server's cursor does not move on")]
    NoProgress,
    /// Another history without word to start anew.
    #[error("the server has another epoch and did not say reset")]
    EpochWithoutReset,
}

/// An enrolment did not happen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnrolError {
    /// Ask for a new code, or look at it again.
    #[error("the code was not taken")]
    Code(ProblemCode),
    /// What any exchange can meet.
    #[error(transparent)]
    Sync(#[from] SyncError),
}

impl From<rusqlite::Error> for EnrolError {
    fn from(error: rusqlite::Error) -> Self {
        EnrolError::Sync(error.into())
    }
}
