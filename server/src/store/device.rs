//! Devices: who holds them, how far their logs are stored, what they last reported.

use super::text::{packed, tick, worker_id};
use super::{ReadTx, StoreError, Stored, WriteTx};
use rusqlite::{OptionalExtension, Row, named_params};
use std::fmt;
use std::str::FromStr;
use sync_protocol::ids::{DeviceNo, InstallId, WorkerId};
use sync_protocol::stamp::Tick;
use sync_protocol::wire::Status;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceState {
    Active,
    /// May push; gets no rows; is wiped when its queue is empty.
    Draining,
    Revoked,
}

impl DeviceState {
    pub const ALL: [DeviceState; 3] =
        [DeviceState::Active, DeviceState::Draining, DeviceState::Revoked];

    pub fn as_str(self) -> &'static str {
        match self {
            DeviceState::Active => "active",
            DeviceState::Draining => "draining",
            DeviceState::Revoked => "revoked",
        }
    }
}

impl fmt::Display for DeviceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DeviceState {
    type Err = StoreError;
    fn from_str(text: &str) -> Result<Self, StoreError> {
        DeviceState::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(StoreError::Unreadable("device state"))
    }
}

/// One installed replica.
#[derive(Clone, Debug)]
pub struct Device {
    pub number: DeviceNo,
    /// None for the server itself.
    pub worker: Option<WorkerId>,
    pub name: String,
    pub state: DeviceState,
    pub enrolled_ms: i64,
    /// Its log is stored without a gap up to here.
    pub acked: u64,
    /// Its previous stamp.
    pub last_tick: Option<Tick>,
    /// It has shown that it received the feed up to here.
    pub told_feed: i64,
    pub app: Option<String>,
    pub skew_ms: Option<i64>,
    pub last_push_ms: Option<i64>,
    pub last_pull_ms: Option<i64>,
    pub pending: Option<i64>,
    pub oldest_pending_ms: Option<i64>,
    pub parked: Option<i64>,
}

/// One request of a device, as far as later admissions and supervisors need it.
#[derive(Clone, Debug)]
pub struct Exchange<'a> {
    pub device: DeviceNo,
    pub last_seq: u64,
    pub clock: u32,
    pub skew_ms: i64,
    pub pushed: bool,
    pub status: &'a Status,
    pub at_ms: i64,
}

const COLUMNS: &str =
    "number, worker, name, state, enrolled_ms, acked, last_tick, told_feed, app, skew_ms,
    last_push_ms, last_pull_ms, pending, oldest_pending_ms, parked";

impl ReadTx<'_> {
    pub fn device(&self, number: DeviceNo) -> Stored<Option<Device>> {
        self.find_device(&format!("SELECT {COLUMNS} FROM device WHERE number = ?1"), [number.0])
    }

    pub fn device_by_token(&self, token_hash: &[u8; 32]) -> Stored<Option<Device>> {
        self.find_device(
            &format!("SELECT {COLUMNS} FROM device WHERE token_hash = ?1"),
            [token_hash],
        )
    }

    /// Every device but the server itself, oldest first.
    pub fn devices(&self) -> Stored<Vec<Device>> {
        let sql =
            format!("SELECT {COLUMNS} FROM device WHERE number <> 0 ORDER BY enrolled_ms, number");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([], |row| Ok(read_device(row)))?;
        rows.map(|device| device?).collect()
    }

    /// The devices that a worker ever enrolled.
    pub fn devices_of(&self, worker: WorkerId) -> Stored<Vec<DeviceNo>> {
        let mut statement =
            self.connection.prepare_cached("SELECT number FROM device WHERE worker = ?1")?;
        let rows = statement.query_map([worker.0.as_bytes()], |row| row.get(0).map(DeviceNo))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The other numbers that a device's installation has had.
    pub fn devices_of_same_install(&self, device: DeviceNo) -> Stored<Vec<DeviceNo>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT other.number FROM device AS this JOIN device AS other USING (install)
             WHERE this.number = ?1 AND other.number <> ?1",
        )?;
        let rows = statement.query_map([device.0], |row| row.get(0).map(DeviceNo))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether two device numbers were enrolled by one installation.
    pub fn are_of_same_install(&self, one: DeviceNo, other: DeviceNo) -> Stored<bool> {
        Ok(one == other || self.devices_of_same_install(one)?.contains(&other))
    }

    fn find_device(&self, sql: &str, key: impl rusqlite::Params) -> Stored<Option<Device>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(key)?;
        rows.next()?.map(read_device).transpose()
    }

    pub fn skew_of(&self, device: DeviceNo, clock: u32) -> Stored<Option<i64>> {
        let skew = self
            .connection
            .prepare_cached("SELECT skew_ms FROM device_clock WHERE device = ?1 AND clock = ?2")?
            .query_row((device.0, clock), |row| row.get(0))
            .optional()?;
        Ok(skew)
    }

    /// The device's exchanges that later admissions can ask for: the length of its log, and when.
    pub fn exchanges(&self, device: DeviceNo) -> Stored<Vec<(u64, i64)>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT last_seq, at_ms FROM exchange WHERE device = ?1")?;
        let rows = statement.query_map([device.0], |row| {
            Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl WriteTx<'_> {
    pub fn add_device(
        &self,
        number: DeviceNo,
        worker: WorkerId,
        install: InstallId,
        name: &str,
        now_ms: i64,
    ) -> Stored<()> {
        self.connection.execute(
            "INSERT INTO device (number, worker, install, name, state, enrolled_ms)
             VALUES (:number, :worker, :install, :name, 'active', :now)",
            named_params! {":number": number.0, ":worker": worker.0.as_bytes(),
            ":install": install.0.as_bytes(), ":name": name, ":now": now_ms},
        )?;
        Ok(())
    }

    /// Whether a device was enrolled by this install.
    pub fn is_install_of(&self, device: DeviceNo, install: InstallId) -> Stored<bool> {
        let same = self.connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM device WHERE number = ?1 AND install = ?2)",
            (device.0, install.0.as_bytes()),
            |row| row.get(0),
        )?;
        Ok(same)
    }

    pub fn set_token(&self, device: DeviceNo, token_hash: &[u8; 32]) -> Stored<()> {
        self.connection.execute(
            "UPDATE device SET token_hash = ?2 WHERE number = ?1",
            (device.0, token_hash),
        )?;
        Ok(())
    }

    pub fn set_device_state(&self, device: DeviceNo, state: DeviceState) -> Stored<()> {
        self.connection.execute(
            "UPDATE device SET state = ?2 WHERE number = ?1",
            (device.0, state.as_str()),
        )?;
        Ok(())
    }

    /// Keeps how far a device's log is stored and its previous stamp.
    pub fn keep_progress(&self, device: DeviceNo, acked: u64, last: Option<Tick>) -> Stored<()> {
        self.connection
            .prepare_cached("UPDATE device SET acked = ?2, last_tick = ?3 WHERE number = ?1")?
            .execute((device.0, acked.cast_signed(), last.map(packed)))?;
        Ok(())
    }

    pub fn keep_skew(&self, device: DeviceNo, clock: u32, skew_ms: i64) -> Stored<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO device_clock (device, clock, skew_ms) VALUES (?1, ?2, ?3)
                 ON CONFLICT (device, clock) DO UPDATE SET skew_ms = excluded.skew_ms",
            )?
            .execute((device.0, clock, skew_ms))?;
        Ok(())
    }

    /// Keeps what a request said of its device, and forgets what no later admission can ask for.
    pub fn keep_exchange(&self, exchange: &Exchange<'_>, acked: u64) -> Stored<()> {
        let (device, last_seq) =
            (exchange.device.0, exchange.last_seq.min(i64::MAX.cast_unsigned()));
        self.connection
            .prepare_cached(
                "INSERT INTO exchange (device, last_seq, at_ms) VALUES (?1, ?2, ?3)
                 ON CONFLICT (device, last_seq) DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)",
            )?
            .execute((device, last_seq.cast_signed(), exchange.at_ms))?;
        // Of the rows that every later change comes after, only the latest is ever asked for.
        self.connection
            .prepare_cached(
                "DELETE FROM exchange WHERE device = ?1 AND last_seq <= ?2 AND at_ms <
                    (SELECT max(at_ms) FROM exchange WHERE device = ?1 AND last_seq <= ?2)",
            )?
            .execute((device, acked.cast_signed()))?;
        self.keep_report(exchange)
    }

    fn keep_report(&self, exchange: &Exchange<'_>) -> Stored<()> {
        let status = exchange.status;
        let count = |n: Option<u64>| n.map(|n| i64::try_from(n).unwrap_or(i64::MAX));
        let differs: Vec<&str> = status.differs.iter().map(|area| area.as_str()).collect();
        self.connection
            .prepare_cached(
                "UPDATE device SET clock = :clock, skew_ms = :skew, last_pull_ms = :now,
                    last_push_ms = iif(:pushed, :now, last_push_ms), app = coalesce(:app, app),
                    pending = :pending, oldest_pending_ms = :oldest, parked = :parked,
                    free_mb = :free, differs = nullif(:differs, '')
                 WHERE number = :device",
            )?
            .execute(named_params! {
                ":device": exchange.device.0, ":clock": exchange.clock, ":skew": exchange.skew_ms,
                ":now": exchange.at_ms, ":pushed": exchange.pushed, ":app": status.app,
                ":pending": count(status.pending),
                ":oldest": status.oldest_pending_at.map(|at| at.unix_ms()),
                ":parked": count(status.parked), ":free": count(status.free_mb),
                ":differs": differs.join(" "),
            })?;
        Ok(())
    }
}

fn read_device(row: &Row<'_>) -> Stored<Device> {
    let state: String = row.get("state")?;
    Ok(Device {
        number: DeviceNo(row.get("number")?),
        worker: row.get::<_, Option<[u8; 16]>>("worker")?.map(worker_id),
        name: row.get("name")?,
        state: state.parse()?,
        enrolled_ms: row.get("enrolled_ms")?,
        acked: row.get::<_, i64>("acked")?.cast_unsigned(),
        last_tick: row.get::<_, Option<i64>>("last_tick")?.map(tick),
        told_feed: row.get("told_feed")?,
        app: row.get("app")?,
        skew_ms: row.get("skew_ms")?,
        last_push_ms: row.get("last_push_ms")?,
        last_pull_ms: row.get("last_pull_ms")?,
        pending: row.get("pending")?,
        oldest_pending_ms: row.get("oldest_pending_ms")?,
        parked: row.get("parked")?,
    })
}
