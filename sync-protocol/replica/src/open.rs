//! A replica and how it opens: a damaged file is set aside, never deleted, and a fresh one takes
//! its place.

use crate::changed::Changed;
use crate::clock::{ClockWatch, date_of};
use crate::damage;
use crate::error::{OpenError, StorageError};
use crate::files;
use crate::identity::Identity;
use crate::platform::Platform;
use crate::schema;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::fmt;
use std::path::{Path, PathBuf};

/// Statements kept prepared: about one a kind and purpose.
const STATEMENTS_KEPT: usize = 64;

/// A tablet's local copy, change log and sync.
pub struct Replica {
    pub(crate) db: Connection,
    pub(crate) platform: Box<dyn Platform>,
    pub(crate) watch: ClockWatch,
    pub(crate) path: PathBuf,
    pub(crate) changed: Changed,
}

/// An opened replica.
#[derive(Debug)]
pub struct Opened {
    pub replica: Replica,
    /// Where the damaged file lies now; the person must be told. It may hold unsent changes.
    pub set_aside: Option<PathBuf>,
}

impl Replica {
    /// Opens a file, or makes it. A damaged one is set aside first.
    pub fn open(path: impl AsRef<Path>, platform: Box<dyn Platform>) -> Result<Opened, OpenError> {
        let path = path.as_ref();
        let (db, set_aside) = match connect(path, &*platform) {
            Ok(db) => (db, None),
            Err(OpenError::Storage(StorageError::Damaged(_))) => {
                if !damage::was_ours(path).map_err(OpenError::SetAside)? {
                    return Err(OpenError::NotOurs(path.to_owned()));
                }
                let day = date_of(platform.wall_ms(), platform.offset_minutes());
                let aside = files::set_aside(path, &day.to_string().replace('-', ""))
                    .map_err(OpenError::SetAside)?;
                (connect(path, &*platform)?, Some(aside))
            }
            Err(other) => return Err(other),
        };
        Ok(Opened { replica: Replica::on(db, path, platform), set_aside })
    }

    /// Opens a file, or makes it. A damaged one is refused and stays as it is: for a browser, whose
    /// files have no names on a disk.
    pub fn open_sound(
        path: impl AsRef<Path>,
        platform: Box<dyn Platform>,
    ) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let db = connect(path, &*platform)?;
        Ok(Replica::on(db, path, platform))
    }

    /// Opens the file anew after the server's order erased it, so that what is saved from here on stays.
    pub fn reopen(&mut self) -> Result<(), OpenError> {
        self.db = connect(&self.path, &*self.platform)?;
        Ok(())
    }

    fn on(db: Connection, path: &Path, platform: Box<dyn Platform>) -> Self {
        let watch = ClockWatch::start(&*platform);
        Replica { db, platform, watch, path: path.to_owned(), changed: Changed::new() }
    }

    /// Where the local file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Who this tablet is.
    pub fn identity(&self) -> Result<Identity, StorageError> {
        Ok(Identity::load(&self.db)?)
    }

    /// A write transaction. No network call may happen while it is open.
    pub(crate) fn begin(&mut self) -> rusqlite::Result<Transaction<'_>> {
        self.db.transaction_with_behavior(TransactionBehavior::Immediate)
    }
}

fn connect(path: &Path, platform: &dyn Platform) -> Result<Connection, OpenError> {
    if let Err(error) = files::make_private(path) {
        // Opening says the same more clearly, unless another program just made the file.
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            return connect(path, platform);
        }
    }
    let mut db = Connection::open(path)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    // Otherwise SQLite may plan a kept statement anew whenever other values are bound to it.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.execute_batch(platform.pragmas())?;
    check(&db)?;
    schema::migrate(&mut db, platform, path)?;
    Ok(db)
}

/// Reads the whole file once, so that damage shows now and not in the middle of a village.
fn check(db: &Connection) -> rusqlite::Result<()> {
    let verdict: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        return Ok(());
    }
    let corrupt = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    Err(rusqlite::Error::SqliteFailure(corrupt, Some(verdict)))
}

impl fmt::Debug for Replica {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replica").field("path", &self.path).finish_non_exhaustive()
    }
}
