//! Erasing this replica by the server's order: only after an order in a good answer, and only when
//! nothing unsent stands against it. Once begun, nothing stops it.

use crate::change_log;
use crate::error::SyncError;
use crate::files;
use crate::open::Replica;
use crate::schema;
use crate::sync_state::SyncState;
use rusqlite::{Connection, Transaction};

/// Nothing is left in a log beside the file.
const TO_THE_FILE: &str = "PRAGMA wal_checkpoint(TRUNCATE);";

impl Replica {
    /// Notes that an ordered wipe begins: from here on nothing is saved. Says false and notes
    /// nothing when something unsent was saved while the order was on its way.
    pub(crate) fn begin_wipe(&mut self) -> Result<bool, SyncError> {
        let tx = self.begin()?;
        let mut state = SyncState::load(&tx)?;
        if state.pending(change_log::last_seq(&tx)?) > 0 {
            return Ok(false);
        }
        state.wiping = true;
        state.store(&tx)?;
        tx.commit()?;
        Ok(true)
    }

    /// Erases data and files. Says false and erases nothing when something unsent is here after
    /// all: that is never erased.
    pub(crate) fn erase(&mut self) -> Result<bool, SyncError> {
        // Content is overwritten before the file goes, since a deleted file can be dug up.
        self.db.execute_batch("PRAGMA secure_delete = ON;")?;
        self.db.flush_prepared_statement_cache();
        let tx = self.begin()?;
        if SyncState::load(&tx)?.pending(change_log::last_seq(&tx)?) > 0 {
            return Ok(false);
        }
        tx.flush_prepared_statement_cache();
        drop_tables(&tx)?;
        tx.commit()?;
        // Into the file before it becomes smaller: what is cut off would keep its content.
        self.db.execute_batch(&format!("{TO_THE_FILE} VACUUM; {TO_THE_FILE}"))?;
        let mut fresh = Connection::open_in_memory()?;
        schema::build(&mut fresh, &*self.platform)?;
        let old = std::mem::replace(&mut self.db, fresh);
        old.close().map_err(|(_, error)| error)?;
        files::erase(&self.path).map_err(SyncError::Erase)?;
        Ok(true)
    }
}

/// Leaves a file without content, which opens as a new one should the power fail now.
fn drop_tables(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    let mut statement = tx.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )?;
    let tables: Vec<String> =
        statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    drop(statement);
    for table in tables {
        tx.execute(&format!("DROP TABLE \"{table}\""), [])?;
    }
    schema::unmark(tx)
}
