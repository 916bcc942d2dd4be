//! What a restore changes in the database that it brings back, and what it carries over from the
//! one that it replaces.

use super::{ReadTx, Stored, WriteTx};
use sync_protocol::ids::DeviceNo;

impl ReadTx<'_> {
    /// The hash of each device's present token.
    pub fn device_tokens(&self) -> Stored<Vec<(DeviceNo, [u8; 32])>> {
        let mut statement = self
            .connection
            .prepare("SELECT number, token_hash FROM device WHERE token_hash IS NOT NULL")?;
        let rows = statement.query_map([], |row| Ok((DeviceNo(row.get(0)?), row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl WriteTx<'_> {
    /// Begins a new history: every tablet starts its pull anew and sends again what is not here.
    pub fn begin_epoch(&self, epoch: [u8; 16]) -> Stored<()> {
        self.connection.execute("UPDATE server SET epoch = ?1", [epoch])?;
        Ok(())
    }

    /// Ends every enrolment code that could still be used. Returns how many.
    pub fn expire_codes(&self, now_ms: i64) -> Stored<usize> {
        let expired = self
            .connection
            .execute("UPDATE enrol_code SET expires_ms = ?1 WHERE expires_ms > ?1", [now_ms])?;
        Ok(expired)
    }

    /// Logs everybody out.
    pub fn end_all_sessions(&self) -> Stored<()> {
        self.connection.execute("DELETE FROM session", [])?;
        Ok(())
    }

    /// Takes everybody's login away, to be given anew.
    pub fn forget_logins(&self) -> Stored<()> {
        self.connection.execute("DELETE FROM login", [])?;
        Ok(())
    }

    /// Ends every token of every person. Returns how many.
    pub fn end_all_person_tokens(&self, now_ms: i64) -> Stored<usize> {
        let ended = self
            .connection
            .execute("UPDATE person_token SET ended_ms = ?1 WHERE ended_ms IS NULL", [now_ms])?;
        Ok(ended)
    }
}
