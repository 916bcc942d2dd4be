//! The file's schema: which steps lead to it, and how a file is brought up to date. A step is
//! frozen once it was released.

use crate::error::OpenError;
use crate::identity::Identity;
use crate::platform::Platform;
use crate::show;
use crate::sync_state::SyncState;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// Marks the file as ours: "Tmbg".
pub(crate) const APPLICATION_ID: i32 = 0x546d_6267;

/// Step n leads from `user_version` n - 1 to n.
const STEPS: [&str; 1] = [include_str!("../sql/0001_initial.sql")];

/// Runs the steps that a file lacks, all in one transaction.
pub(crate) fn migrate(
    db: &mut Connection,
    platform: &dyn Platform,
    path: &Path,
) -> Result<(), OpenError> {
    let found = known_version(db, path)?;
    if found == STEPS.len() {
        return Ok(());
    }
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another program may have been quicker.
    let found = known_version(&tx, path)?;
    run_steps(&tx, platform, found)?;
    tx.commit()?;
    Ok(())
}

/// Builds the schema in an empty database.
pub(crate) fn build(db: &mut Connection, platform: &dyn Platform) -> rusqlite::Result<()> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    run_steps(&tx, platform, 0)?;
    tx.commit()
}

/// Makes an emptied file look like a new one.
pub(crate) fn unmark(db: &Connection) -> rusqlite::Result<()> {
    db.pragma_update(None, "application_id", 0)?;
    db.pragma_update(None, "user_version", 0)
}

fn run_steps(db: &Connection, platform: &dyn Platform, found: usize) -> rusqlite::Result<()> {
    for step in STEPS.iter().skip(found) {
        db.execute_batch(step)?;
    }
    if found == 0 {
        db.pragma_update(None, "application_id", APPLICATION_ID)?;
        Identity::make(db, platform)?;
        SyncState::make(db)?;
    } else {
        // A step may have made the table of a kind whose rows the mirror already holds.
        show::rebuild_all(db)?;
    }
    db.pragma_update(None, "user_version", i64::try_from(STEPS.len()).unwrap_or(i64::MAX))
}

fn known_version(db: &Connection, path: &Path) -> Result<usize, OpenError> {
    let found: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let id: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let fresh = found == 0 && id == 0 && tables == 0;
    if !fresh && id != APPLICATION_ID {
        return Err(OpenError::NotOurs(path.to_owned()));
    }
    match usize::try_from(found) {
        Ok(version) if version <= STEPS.len() => Ok(version),
        Ok(_) | Err(_) => Err(OpenError::TooNew { found, known: STEPS.len() }),
    }
}
