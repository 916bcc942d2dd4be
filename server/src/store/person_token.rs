//! Tokens of people who work without a tablet.

use super::text::worker_id;
use super::{ReadTx, Stored, WriteTx};
use rusqlite::OptionalExtension;
use sync_protocol::ids::WorkerId;

impl ReadTx<'_> {
    /// Whose token it is, while it is valid.
    pub fn worker_by_token(&self, hash: &[u8; 32]) -> Stored<Option<WorkerId>> {
        let worker = self
            .connection
            .prepare_cached("SELECT worker FROM person_token WHERE hash = ?1 AND ended_ms IS NULL")?
            .query_row([hash], |row| row.get(0).map(worker_id))
            .optional()?;
        Ok(worker)
    }
}

impl WriteTx<'_> {
    pub fn add_person_token(&self, worker: WorkerId, hash: &[u8; 32], now_ms: i64) -> Stored<()> {
        self.connection.execute(
            "INSERT INTO person_token (worker, hash, made_ms) VALUES (?1, ?2, ?3)",
            (worker.0.as_bytes(), hash, now_ms),
        )?;
        Ok(())
    }

    /// Ends every valid token of a worker. Returns how many.
    pub fn end_person_tokens(&self, worker: WorkerId, now_ms: i64) -> Stored<usize> {
        let ended = self.connection.execute(
            "UPDATE person_token SET ended_ms = ?2 WHERE worker = ?1 AND ended_ms IS NULL",
            (worker.0.as_bytes(), now_ms),
        )?;
        Ok(ended)
    }
}
