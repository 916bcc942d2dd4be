//! Logins to the pages, and who is logged in.

use super::text::worker_id;
use super::{ReadTx, Stored, WriteTx};
use rusqlite::{OptionalExtension, Row};
use sync_protocol::ids::WorkerId;

/// How a person logs in.
#[derive(Clone, Debug)]
pub struct Login {
    pub worker: WorkerId,
    /// Unique, whatever its case.
    pub name: String,
    /// An argon2id hash in PHC form; none when the login was disabled.
    pub password: Option<String>,
    /// Since when it is so.
    pub set_ms: i64,
}

/// Somebody who is logged in.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    pub worker: WorkerId,
    pub made_ms: i64,
    /// When a page was last asked for, give or take some minutes.
    pub seen_ms: i64,
}

impl ReadTx<'_> {
    pub fn login_named(&self, name: &str) -> Stored<Option<Login>> {
        let login = self
            .connection
            .prepare_cached("SELECT worker, name, password, set_ms FROM login WHERE name = ?1")?
            .query_row([name], read_login)
            .optional()?;
        Ok(login)
    }

    pub fn login_of(&self, worker: WorkerId) -> Stored<Option<Login>> {
        let login = self
            .connection
            .prepare_cached("SELECT worker, name, password, set_ms FROM login WHERE worker = ?1")?
            .query_row([worker.0.as_bytes()], read_login)
            .optional()?;
        Ok(login)
    }

    pub fn logins(&self) -> Stored<Vec<Login>> {
        let mut statement =
            self.connection.prepare_cached("SELECT worker, name, password, set_ms FROM login")?;
        let rows = statement.query_map([], read_login)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub fn session(&self, hash: &[u8; 32]) -> Stored<Option<Session>> {
        let session = self
            .connection
            .prepare_cached("SELECT worker, made_ms, seen_ms FROM session WHERE hash = ?1")?
            .query_row([hash], |row| {
                Ok(Session {
                    worker: worker_id(row.get(0)?),
                    made_ms: row.get(1)?,
                    seen_ms: row.get(2)?,
                })
            })
            .optional()?;
        Ok(session)
    }
}

impl WriteTx<'_> {
    /// Gives a worker a login, or the one they have another name and password. `password` is a hash.
    pub fn set_login(
        &self,
        worker: WorkerId,
        name: &str,
        password: Option<&str>,
        now_ms: i64,
    ) -> Stored<()> {
        self.connection.execute(
            "INSERT INTO login (worker, name, password, set_ms) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (worker) DO UPDATE SET name = excluded.name,
                 password = excluded.password, set_ms = excluded.set_ms",
            (worker.0.as_bytes(), name, password, now_ms),
        )?;
        Ok(())
    }

    pub fn add_session(&self, hash: &[u8; 32], worker: WorkerId, now_ms: i64) -> Stored<()> {
        self.connection.execute(
            "INSERT INTO session (hash, worker, made_ms, seen_ms) VALUES (?1, ?2, ?3, ?3)",
            (hash, worker.0.as_bytes(), now_ms),
        )?;
        Ok(())
    }

    pub fn touch_session(&self, hash: &[u8; 32], now_ms: i64) -> Stored<()> {
        self.connection
            .execute("UPDATE session SET seen_ms = ?2 WHERE hash = ?1", (hash, now_ms))?;
        Ok(())
    }

    pub fn end_session(&self, hash: &[u8; 32]) -> Stored<()> {
        self.connection.execute("DELETE FROM session WHERE hash = ?1", [hash])?;
        Ok(())
    }

    /// Ends every session of a worker. Returns how many.
    pub fn end_sessions_of(&self, worker: WorkerId) -> Stored<usize> {
        let ended = self
            .connection
            .execute("DELETE FROM session WHERE worker = ?1", [worker.0.as_bytes()])?;
        Ok(ended)
    }

    /// Forgets sessions that have ended by themselves.
    pub fn forget_sessions(&self, seen_before_ms: i64, made_before_ms: i64) -> Stored<()> {
        self.connection.execute(
            "DELETE FROM session WHERE seen_ms < ?1 OR made_ms < ?2",
            (seen_before_ms, made_before_ms),
        )?;
        Ok(())
    }
}

fn read_login(row: &Row<'_>) -> rusqlite::Result<Login> {
    Ok(Login {
        worker: worker_id(row.get(0)?),
        name: row.get(1)?,
        password: row.get(2)?,
        set_ms: row.get(3)?,
    })
}
