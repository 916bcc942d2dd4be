//! The versions of a record: its merged changes in the log, by register and stamp.

use super::log::{LogPos, MERGED};
use super::text::{packed, parsed, stamp};
use super::{ReadTx, RecordNo, StoreError, Stored};
use rusqlite::OptionalExtension;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::{Register, Tombstone};
use sync_protocol::ids::DeviceNo;
use sync_protocol::stamp::Stamp;

/// What a version says of its register.
#[derive(Clone, Debug)]
pub enum VersionContent {
    Body(Body),
    Deleted(Tombstone),
    Place(Area),
}

impl ReadTx<'_> {
    /// The version of a record that has this stamp, in either register.
    pub fn version(&self, record: RecordNo, stamp: Stamp) -> Stored<Option<LogPos>> {
        let pos = self
            .connection
            .prepare_cached(
                "SELECT pos FROM log WHERE record = ?1 AND tick = ?2 AND stamp_device = ?3",
            )?
            .query_row((record.0, packed(stamp.tick), stamp.device.0), |row| row.get(0).map(LogPos))
            .optional()?;
        Ok(pos)
    }

    /// The latest version of a register that another device made and that is later than `after`.
    pub fn latest_by_others(
        &self,
        record: RecordNo,
        register: Register,
        device: DeviceNo,
        after: Option<Stamp>,
    ) -> Stored<Option<LogPos>> {
        let of_register = condition(register);
        let sql = format!(
            "SELECT pos, tick, stamp_device FROM log WHERE record = ?1 AND device <> ?2 AND {of_register}
               AND {MERGED} ORDER BY tick DESC, stamp_device DESC LIMIT 1"
        );
        let latest = self
            .connection
            .prepare_cached(&sql)?
            .query_row((record.0, device.0), |row| {
                Ok((LogPos(row.get(0)?), stamp(row.get(1)?, row.get(2)?)))
            })
            .optional()?;
        Ok(latest.filter(|(_, stamp)| after.is_none_or(|after| *stamp > after)).map(|(pos, _)| pos))
    }

    /// The latest version of a record that is a body: what a deleted record was.
    pub fn latest_body(&self, record: RecordNo) -> Stored<Option<LogPos>> {
        let pos = self
            .connection
            .prepare_cached(&format!(
                "SELECT pos FROM log WHERE record = ?1 AND body_at IS NOT NULL
                   AND {MERGED} ORDER BY tick DESC, stamp_device DESC LIMIT 1"
            ))?
            .query_row([record.0], |row| row.get(0).map(LogPos))
            .optional()?;
        Ok(pos)
    }

    /// The latest version of a record's state that an import brought: the server's own changes
    /// that name no person.
    pub fn latest_imported(&self, record: RecordNo) -> Stored<Option<LogPos>> {
        let pos = self
            .connection
            .prepare_cached(&format!(
                "SELECT pos FROM log WHERE record = ?1 AND device = 0 AND worker IS NULL
                   AND (body_at IS NOT NULL OR deleted IS NOT NULL)
                   AND {MERGED} ORDER BY tick DESC LIMIT 1"
            ))?
            .query_row([record.0], |row| row.get(0).map(LogPos))
            .optional()?;
        Ok(pos)
    }

    /// The latest version of a record's state that a device made.
    pub fn latest_state_by(&self, record: RecordNo, device: DeviceNo) -> Stored<Option<LogPos>> {
        let pos = self
            .connection
            .prepare_cached(&format!(
                "SELECT pos FROM log WHERE record = ?1 AND device = ?2 AND (body_at IS NOT NULL OR deleted IS NOT NULL)
                   AND {MERGED} ORDER BY tick DESC LIMIT 1"
            ))?
            .query_row((record.0, device.0), |row| row.get(0).map(LogPos))
            .optional()?;
        Ok(pos)
    }

    /// The latest version of a register at or before a stamp: what somebody who held that stamp saw.
    pub fn version_seen_at(
        &self,
        record: RecordNo,
        register: Register,
        stamp: Stamp,
    ) -> Stored<Option<LogPos>> {
        let of_register = condition(register);
        let sql = format!(
            "SELECT pos FROM log WHERE record = ?1 AND (tick, stamp_device) <= (?2, ?3) AND {of_register}
               AND {MERGED} ORDER BY tick DESC, stamp_device DESC LIMIT 1"
        );
        let pos = self
            .connection
            .prepare_cached(&sql)?
            .query_row((record.0, packed(stamp.tick), stamp.device.0), |row| row.get(0).map(LogPos))
            .optional()?;
        Ok(pos)
    }

    /// What a version says of a register. A child's first body is a version of both.
    pub fn content(&self, pos: LogPos, register: Register) -> Stored<VersionContent> {
        let (raw, body_at, body_len, place, deleted) = self
            .connection
            .prepare_cached(
                "SELECT raw, body_at, body_len, place, deleted FROM log WHERE pos = ?1",
            )?
            .query_row([pos.0], |row| {
                Ok((
                    row.get::<_, Vec<u8>>(0)?,
                    row.get::<_, Option<u32>>(1)?,
                    row.get::<_, Option<u32>>(2)?,
                    row.get::<_, Option<String>>(3)?,
                    row.get::<_, Option<String>>(4)?,
                ))
            })?;
        match (register, place, deleted, body_at.zip(body_len)) {
            (Register::Place, Some(place), ..) => {
                Ok(VersionContent::Place(parsed(&place, "area code")?))
            }
            (Register::State, _, Some(reason), _) => {
                Ok(VersionContent::Deleted(parsed(&reason, "reason of deletion")?))
            }
            (Register::State, _, None, Some((at, len))) => {
                let bytes = usize::try_from(at).ok().zip(usize::try_from(len).ok());
                let body = bytes
                    .and_then(|(at, len)| raw.get(at..at + len))
                    .and_then(|body| serde_json::from_slice(body).ok());
                Ok(VersionContent::Body(body.ok_or(StoreError::Unreadable("body"))?))
            }
            _ => Err(StoreError::Unreadable("version")),
        }
    }
}

/// What a log entry has that is a version of a register.
fn condition(register: Register) -> &'static str {
    match register {
        Register::State => "(body_at IS NOT NULL OR deleted IS NOT NULL)",
        Register::Place => "place IS NOT NULL",
    }
}
