//! What the server knows of itself.

use super::text::{epoch, packed, tick};
use super::{FirstEpoch, ReadTx, Stored, WriteTx};
use rusqlite::{Connection, named_params};
use sync_protocol::ids::Epoch;
use sync_protocol::stamp::Tick;

/// The zone of Sumatera: UTC+7, no summer time.
const DEFAULT_ZONE: &str = "Asia/Jakarta";

/// The server's own row.
#[derive(Clone, Debug)]
pub struct ServerRow {
    pub epoch: Epoch,
    /// IANA time zone of the kabupaten.
    pub zone: String,
    /// The last feed place given out.
    pub feed: i64,
    pub now_ms: i64,
    pub lag_ms: i64,
    pub last_tick: Tick,
    /// Which program, with which kinds, last opened this file.
    pub program: String,
    /// The name of the growth rules that the scores were made by.
    pub growth: String,
}

pub(super) fn insert_server_row(connection: &Connection, first: FirstEpoch) -> Stored<()> {
    connection.execute(
        "INSERT INTO server (id, epoch, zone, now_ms) VALUES (1, ?1, ?2, ?3)",
        (first.epoch, DEFAULT_ZONE, first.now_ms),
    )?;
    connection.execute(
        "INSERT INTO device (number, name, state, enrolled_ms) VALUES (0, 'server', 'active', ?1)",
        [first.now_ms],
    )?;
    Ok(())
}

impl ReadTx<'_> {
    pub fn server(&self) -> Stored<ServerRow> {
        let row = self
            .connection
            .prepare_cached(
                "SELECT epoch, zone, feed, now_ms, lag_ms, last_tick, program, growth FROM server",
            )?
            .query_row([], |row| {
                Ok(ServerRow {
                    epoch: epoch(row.get(0)?),
                    zone: row.get(1)?,
                    feed: row.get(2)?,
                    now_ms: row.get(3)?,
                    lag_ms: row.get(4)?,
                    last_tick: tick(row.get(5)?),
                    program: row.get(6)?,
                    growth: row.get(7)?,
                })
            })?;
        Ok(row)
    }
}

impl WriteTx<'_> {
    /// Keeps the server's clock and the lag that repairs it.
    pub fn keep_server_time(&self, now_ms: i64, lag_ms: i64) -> Stored<()> {
        self.connection
            .prepare_cached("UPDATE server SET now_ms = :now, lag_ms = :lag")?
            .execute(named_params! {":now": now_ms, ":lag": lag_ms})?;
        Ok(())
    }

    /// Keeps the greatest stamp stored.
    pub fn keep_last_tick(&self, last: Tick) -> Stored<()> {
        self.connection
            .prepare_cached("UPDATE server SET last_tick = max(last_tick, ?1)")?
            .execute([packed(last)])?;
        Ok(())
    }

    /// Keeps which program works on this database.
    pub fn keep_program(&self, program: &str) -> Stored<()> {
        self.connection.execute("UPDATE server SET program = ?1", [program])?;
        Ok(())
    }
}
