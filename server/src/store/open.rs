//! Opening the file: settings that durability rests on, and the migrations.

use super::server::insert_server_row;
use super::{FirstEpoch, RESTORING_DIR, StoreError, Stored, WriteTx};
use crate::files::{create_private, make_private_dir};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::io::ErrorKind;
use std::path::Path;

/// "Timb" in ASCII: tells this program's files from any other SQLite file.
const APPLICATION_ID: i64 = 0x5469_6D62;

/// The oldest SQLite without the WAL-reset corruption bug: 3.51.3.
const SQLITE_MIN: i32 = 3_051_003;

/// Forward-only, frozen once released. The n-th brings `user_version` to n.
const MIGRATIONS: [&str; 2] =
    [include_str!("../../sql/0001_initial.sql"), include_str!("../../sql/0002_pages.sql")];

/// Settings of every connection. `synchronous=FULL` is what an acknowledgement rests on.
const PRAGMAS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -32768;";

/// A command beside the server waits this long for the writing lock before it says "busy".
const BUSY_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(5);

/// Prepared statements that a connection keeps; more than there are verbs.
const STATEMENTS_KEPT: usize = 256;

pub(super) fn open_for_writing(dir: &Path, path: &Path, first: FirstEpoch) -> Stored<Connection> {
    refuse_unsafe_sqlite()?;
    make_private_dir(dir)?;
    if !path.exists() && dir.join(RESTORING_DIR).exists() {
        // A new, empty database here would hide that one is missing.
        return Err(StoreError::HalfRestored);
    }
    make_private_file(path)?;
    let mut connection = Connection::open(path)?;
    configure(&connection)?;
    // Checkpoints come from a connection of their own, so that no commit waits for one.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    migrate(&mut connection, &MIGRATIONS, first)?;
    Ok(connection)
}

/// SQLite gives what it keeps beside a database the database's own permissions.
fn make_private_file(path: &Path) -> Stored<()> {
    match create_private(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn open_for_reading(path: &Path) -> Stored<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    keep_statements(&connection)?;
    connection.execute_batch(
        "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16384;",
    )?;
    Ok(connection)
}

pub(super) fn open_for_checkpoints(path: &Path) -> Stored<Connection> {
    let connection = Connection::open(path)?;
    configure(&connection)?;
    Ok(connection)
}

fn configure(connection: &Connection) -> Stored<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    keep_statements(connection)?;
    connection.execute_batch(PRAGMAS)?;
    #[cfg(debug_assertions)]
    break_on_purpose(connection)?;
    Ok(())
}

/// What a test must be able to see: a server whose acknowledged changes a power cut takes away. Not
/// in a release.
#[cfg(debug_assertions)]
fn break_on_purpose(connection: &Connection) -> Stored<()> {
    if std::env::var_os("TIMBANG_SABOTAGE").is_some_and(|what| what == "synchronous-normal") {
        tracing::error!("broken on purpose: commits are not synced");
        connection.execute_batch("PRAGMA synchronous = NORMAL")?;
    }
    Ok(())
}

/// Keeps prepared statements with their plans. Without the second setting SQLite may plan a statement
/// anew whenever other values are bound to it, which most with an ORDER BY pay for at every use.
fn keep_statements(connection: &Connection) -> Stored<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

fn refuse_unsafe_sqlite() -> Stored<()> {
    if rusqlite::version_number() < SQLITE_MIN {
        return Err(StoreError::Unreadable("library of SQLite older than 3.51.3"));
    }
    Ok(())
}

/// The number of the last migration that this program knows.
pub(super) fn known_schema() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The number of the last migration that a file has seen.
pub(super) fn schema_of(connection: &Connection) -> Stored<i64> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Whether a file is one of this program's.
pub(super) fn is_ours(connection: &Connection) -> Stored<bool> {
    let application: i64 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    Ok(application == APPLICATION_ID)
}

/// Runs the migrations that a file lacks, all in one transaction.
fn migrate(connection: &mut Connection, migrations: &[&str], first: FirstEpoch) -> Stored<()> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = schema_of(&tx)?;
    let tables: i64 = tx.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && !is_ours(&tx)? {
        return Err(StoreError::Damaged(rusqlite::Error::InvalidQuery));
    }
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for (migration, version) in
        migrations.iter().zip(1_i64..).filter(|(_, version)| *version > found)
    {
        tx.execute_batch(migration)?;
        tx.pragma_update(None, "user_version", version)?;
    }
    if found == 0 {
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        insert_server_row(&tx, first)?;
    } else if found < known {
        WriteTx::begin(&tx).rebuild_typed()?;
    }
    tx.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::ReadTx;

    /// Adds nothing that a row needs.
    const LATER: &str = "CREATE TABLE later (rid INTEGER PRIMARY KEY) STRICT";

    #[test]
    fn a_migration_fills_the_typed_columns_from_the_bodies() {
        let dump = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/schema/server/v1.sql");
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        connection.execute_batch(&std::fs::read_to_string(dump).unwrap()).unwrap();
        let forgotten = "UPDATE child SET phone = NULL, mother_name = NULL; DELETE FROM visit;";
        connection.execute_batch(forgotten).unwrap();
        let wrong = |connection: &Connection| ReadTx::of(connection).count_wrong_typed().unwrap();
        assert!(wrong(&connection) > 1);

        let first = FirstEpoch { epoch: [7; 16], now_ms: 0 };
        let migrations = [MIGRATIONS.as_slice(), &[LATER]].concat();
        migrate(&mut connection, &migrations, first).unwrap();
        assert_eq!(wrong(&connection), 0);
    }
}
