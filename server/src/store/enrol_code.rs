//! Enrolment codes: named by their first characters, secret kept as a salted hash.

use super::text::worker_id;
use super::{ReadTx, Stored, WriteTx};
use rusqlite::OptionalExtension;
use sync_protocol::ids::{DeviceNo, WorkerId};

#[derive(Clone, Debug)]
pub struct EnrolCode {
    pub name: String,
    /// argon2id, as a PHC string.
    pub secret_hash: String,
    pub worker: WorkerId,
    pub expires_ms: i64,
    pub wrong: u32,
    /// The device that was enrolled with it.
    pub device: Option<DeviceNo>,
}

impl ReadTx<'_> {
    pub fn enrol_code(&self, name: &str) -> Stored<Option<EnrolCode>> {
        let code = self
            .connection
            .prepare_cached(
                "SELECT name, secret_hash, worker, expires_ms, wrong, device FROM enrol_code WHERE name = ?1",
            )?
            .query_row([name], |row| {
                Ok(EnrolCode {
                    name: row.get(0)?,
                    secret_hash: row.get(1)?,
                    worker: worker_id(row.get(2)?),
                    expires_ms: row.get(3)?,
                    wrong: row.get(4)?,
                    device: row.get::<_, Option<u32>>(5)?.map(DeviceNo),
                })
            })
            .optional()?;
        Ok(code)
    }
}

impl WriteTx<'_> {
    pub fn add_enrol_code(&self, code: &EnrolCode) -> Stored<()> {
        self.connection.execute(
            "INSERT INTO enrol_code (name, secret_hash, worker, expires_ms) VALUES (?1, ?2, ?3, ?4)",
            (&code.name, &code.secret_hash, code.worker.0.as_bytes(), code.expires_ms),
        )?;
        Ok(())
    }

    /// Frees the names of codes that expired, were used or were burnt long enough ago.
    pub fn forget_old_codes(&self, expired_before_ms: i64) -> Stored<()> {
        self.connection
            .execute("DELETE FROM enrol_code WHERE expires_ms < ?1", [expired_before_ms])?;
        Ok(())
    }

    pub fn count_wrong_secret(&self, name: &str) -> Stored<()> {
        self.connection
            .execute("UPDATE enrol_code SET wrong = wrong + 1 WHERE name = ?1", [name])?;
        Ok(())
    }

    pub fn use_enrol_code(&self, name: &str, device: DeviceNo) -> Stored<()> {
        self.connection
            .execute("UPDATE enrol_code SET device = ?2 WHERE name = ?1", (name, device.0))?;
        Ok(())
    }
}
