//! Storage: a boundary of intention verbs, blocking, in the domain's own types.
//!
//! Nothing outside this module names SQL or a driver. [`Store::write`] and [`Store::read`] take a
//! closure over one transaction; the verbs are methods of [`WriteTx`] and [`ReadTx`]. SQLite is the
//! implementation; a second one (PostgreSQL) becomes a second body of these verbs.
//!
//! One writer thread owns the writing connection and commits the jobs that wait together, each in a
//! savepoint of its own; a job's answer is given out only after the commit is on the disk.

mod audit;
mod child_list;
mod comparison;
mod conflict;
mod database_file;
mod departure;
mod device;
mod digest;
mod draft;
mod enrol_code;
mod error;
mod feed;
mod few;
mod integrity;
mod log;
mod login;
mod office_read;
mod open;
mod parked;
mod person_token;
mod readers;
mod record;
mod reference;
mod report;
mod restored;
mod said;
mod score;
mod selection;
mod server;
mod tablet_file;
mod tally;
mod target_list;
mod text;
mod typed;
mod version;
mod worker;
mod writer;

pub use audit::{Act, Who};
pub use child_list::{ChildQuery, ListedChild, Narrowed, NikSearch, Sign};
pub use comparison::{Comparison, Relation};
pub use conflict::{Closing, Conflict, NewConflict, OpenConflict};
pub use database_file::{DatabaseFile, seal};
pub use departure::Departure;
pub use device::{Device, DeviceState, Exchange};
pub use draft::{DraftHead, SheetOf};
pub use enrol_code::EnrolCode;
pub use error::StoreError;
pub use feed::FeedEntry;
pub use few::Few;
pub use integrity::Finding;
pub use log::{Entry, LogPos, NewEntry, Verdict};
pub use login::{Login, Session};
pub use office_read::{LiveChild, LivePage, LiveRow, PageBounds, VersionHead, day_field};
pub use parked::{ParkedEntry, ParkedName, ParkedWait};
pub use record::{Record, RecordNo};
pub use report::{MonthRow, Sasaran};
pub use said::Said;
pub use score::{IndexScore, Latest, Score};
pub use selection::Selection;
pub use server::ServerRow;
pub use tablet_file::{MirrorRow, mirror_rows};
pub use typed::ChildMatch;
pub use version::VersionContent;
pub use worker::{Grant, GrantOf, NewWorker, Role, Worker};

use rusqlite::Connection;
use std::ops::Deref;
use std::path::{Path, PathBuf};

/// The name of the database file inside the data directory.
pub const DATABASE_FILE: &str = "timbang.db";

/// Where a restore prepares the database that is to take the present one's place.
pub const RESTORING_DIR: &str = "restoring";

/// The schema of a database that this program works on.
pub fn known_schema() -> i64 {
    open::known_schema()
}

/// The version of the SQLite that this program carries.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// The server's storage.
#[derive(Debug)]
pub struct Store {
    /// Closed before the writer: the last one to close folds the log beside the database into it and
    /// deletes it with what was deleted, and whoever only reads cannot.
    readers: readers::Readers,
    writer: writer::Writer,
    directory: PathBuf,
}

/// What the opener must give: the store reads neither clock nor randomness.
#[derive(Clone, Copy, Debug)]
pub struct FirstEpoch {
    /// Used when the database is new.
    pub epoch: [u8; 16],
    pub now_ms: i64,
}

impl Store {
    /// Opens the database in `dir`, which is created when it is missing, and migrates it.
    pub fn open(dir: &Path, first: FirstEpoch) -> Result<Self, StoreError> {
        Self::open_with(dir, first, Few::default())
    }

    /// The same, where so much is little.
    pub fn open_with(dir: &Path, first: FirstEpoch, few: Few) -> Result<Self, StoreError> {
        let path = dir.join(DATABASE_FILE);
        let connection = open::open_for_writing(dir, &path, first)?;
        let readers = readers::Readers::open(&path, few)?;
        let writer = writer::Writer::start(connection, &path)?;
        Ok(Store { readers, writer, directory: dir.to_owned() })
    }

    /// Runs a job in a write transaction and returns once it is on the disk. An error rolls back
    /// what this job did, and nothing else.
    pub fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.run(job)
    }

    /// Runs a job on one snapshot.
    pub fn read<T, E: From<StoreError>>(
        &self,
        job: impl FnOnce(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.readers.run(job)
    }

    /// Where the database lies: only its owner may look in there, so temporary files go there, too.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Write jobs that wait at this moment.
    pub fn queue_length(&self) -> usize {
        self.writer.queue_length()
    }
}

/// One snapshot of the database.
#[derive(Debug)]
pub struct ReadTx<'c> {
    connection: &'c Connection,
    few: Few,
}

impl<'c> ReadTx<'c> {
    fn of(connection: &'c Connection) -> Self {
        ReadTx { connection, few: Few::default() }
    }

    /// The same snapshot, where so much is little.
    #[must_use]
    pub fn with_few(&self, few: Few) -> Self {
        ReadTx { connection: self.connection, few }
    }
}

/// One job inside a write transaction.
#[derive(Debug)]
pub struct WriteTx<'c> {
    read: ReadTx<'c>,
    /// Counters and sums that many changes of one job move: written once, at its end.
    tally: tally::Tally,
}

impl<'c> WriteTx<'c> {
    fn begin(connection: &'c Connection) -> Self {
        WriteTx { read: ReadTx::of(connection), tally: tally::Tally::default() }
    }

    /// Runs another job on top of what this one did so far, and undoes it: what would be so, if.
    pub fn imagine<T>(&self, job: impl FnOnce(&WriteTx<'_>) -> T) -> Stored<T> {
        self.write_tally()?;
        self.connection.execute_batch("SAVEPOINT imagined")?;
        let imagined = job(&WriteTx::begin(self.connection));
        self.connection.execute_batch("ROLLBACK TO imagined; RELEASE imagined")?;
        Ok(imagined)
    }
}

impl<'c> Deref for WriteTx<'c> {
    type Target = ReadTx<'c>;
    fn deref(&self) -> &ReadTx<'c> {
        &self.read
    }
}

/// A result of a verb.
pub type Stored<T> = Result<T, StoreError>;
