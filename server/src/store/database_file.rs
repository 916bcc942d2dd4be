//! A database as a file of its own: copied from beside a running server, checked, sealed. Nothing
//! here migrates or changes what it reads.

use super::open::{is_ours, open_for_reading, schema_of};
use super::{ReadTx, StoreError, Stored};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::path::Path;

/// Every page in one step, which is one snapshot; writers of a WAL database do not wait for it.
const ALL_PAGES: i32 = -1;

/// A database file that is only read.
#[derive(Debug)]
pub struct DatabaseFile {
    connection: Connection,
}

impl DatabaseFile {
    /// Opens one of Timbang's files, of any schema.
    pub fn open(path: &Path) -> Stored<Self> {
        let connection = open_for_reading(path)?;
        if !is_ours(&connection)? {
            return Err(StoreError::Damaged(rusqlite::Error::InvalidQuery));
        }
        Ok(DatabaseFile { connection })
    }

    /// The number of the last migration that it has seen.
    pub fn schema(&self) -> Stored<i64> {
        schema_of(&self.connection)
    }

    /// What SQLite finds wrong with the file itself; empty when all is well.
    pub fn damage(&self) -> Stored<Vec<String>> {
        let mut statement = self.connection.prepare("PRAGMA integrity_check")?;
        let lines = statement
            .query_map([], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        Ok(lines.into_iter().filter(|line| line != "ok").collect())
    }

    /// Runs a job on one snapshot. Only for a file whose schema is this program's.
    pub fn read<T, E: From<StoreError>>(
        &self,
        job: impl FnOnce(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let tx = self.connection.unchecked_transaction().map_err(StoreError::from)?;
        job(&ReadTx::of(&tx))
    }

    /// Copies the whole database, as it is now, into one file that needs no other beside it. The
    /// caller brings it to the disk.
    pub fn copy_to(&self, path: &Path) -> Stored<()> {
        let mut copy = Connection::open(path)?;
        // The copy counts only once it is complete and synced.
        copy.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
        let step = Backup::new(&self.connection, &mut copy)?.step(ALL_PAGES)?;
        if step != StepResult::Done {
            return Err(StoreError::Busy);
        }
        single_file(&copy)
    }
}

/// Folds what stands beside a database that nobody has open into the one file.
pub fn seal(path: &Path) -> Stored<()> {
    single_file(&Connection::open(path)?)
}

fn single_file(connection: &Connection) -> Stored<()> {
    let mode: String =
        connection.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    if mode == "delete" { Ok(()) } else { Err(StoreError::Busy) }
}
