//! The versions of a record, each with who made it and when.

use crate::store::log::{LogPos, MERGED};
use crate::store::record::RecordNo;
use crate::store::text::{stamp, worker_id};
use crate::store::{ReadTx, StoreError, Stored};
use rusqlite::Row;
use sync_protocol::ids::{DeviceNo, WorkerId};
use sync_protocol::stamp::Stamp;
use sync_protocol::wire::Outcome;

/// One version of a record, without what it says.
#[derive(Clone, Debug)]
pub struct VersionHead {
    pub pos: LogPos,
    pub stamp: Stamp,
    /// What its maker had seen.
    pub base: Option<Stamp>,
    pub device: DeviceNo,
    pub device_name: String,
    pub worker: Option<WorkerId>,
    pub by: String,
    /// The tablet's clock, repaired.
    pub made_ms: i64,
    pub received_ms: i64,
    pub outcome: Outcome,
    /// Its clock was never measured.
    pub uncertain: bool,
    /// Made while its maker could not know that the child had left the scope.
    pub after_move: bool,
    /// It is a version of the state: a body or a tombstone.
    pub is_state: bool,
    /// It is a version of the place. A child's first body is a version of both.
    pub is_place: bool,
}

impl ReadTx<'_> {
    /// The latest versions of a record in either register, in the order of their stamps, and how
    /// many older ones there are.
    pub fn latest_versions(
        &self,
        record: RecordNo,
        most: usize,
    ) -> Stored<(Vec<VersionHead>, usize)> {
        let all: i64 = self
            .connection
            .prepare_cached(&format!("SELECT count(*) FROM log WHERE record = ?1 AND {MERGED}"))?
            .query_row([record.0], |row| row.get(0))?;
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT l.pos, l.tick, l.stamp_device, l.base_tick, l.base_device, l.device,
                d.name AS device_name, l.worker, coalesce(w.name, 'Kantor') AS by_name, l.made_ms,
                l.received_ms, l.outcome, l.uncertain, l.after_move,
                l.body_at IS NOT NULL OR l.deleted IS NOT NULL AS is_state,
                l.place IS NOT NULL AS is_place
             FROM log l JOIN device d ON d.number = l.device LEFT JOIN worker w ON w.id = l.worker
             WHERE l.record = ?1 AND l.{MERGED}
             ORDER BY l.tick DESC, l.stamp_device DESC LIMIT ?2",
        ))?;
        let mut rows = statement.query((record.0, i64::try_from(most).unwrap_or(i64::MAX)))?;
        let mut versions = Vec::new();
        while let Some(row) = rows.next()? {
            versions.push(read_head(row)?);
        }
        versions.reverse();
        let older = usize::try_from(all).unwrap_or(0).saturating_sub(versions.len());
        Ok((versions, older))
    }
}

fn read_head(row: &Row<'_>) -> Stored<VersionHead> {
    let outcome: String = row.get("outcome")?;
    let base =
        row.get::<_, Option<i64>>("base_tick")?.zip(row.get::<_, Option<u32>>("base_device")?);
    Ok(VersionHead {
        pos: LogPos(row.get("pos")?),
        stamp: stamp(row.get("tick")?, row.get("stamp_device")?),
        base: base.map(|(tick, device)| stamp(tick, device)),
        device: DeviceNo(row.get("device")?),
        device_name: row.get("device_name")?,
        worker: row.get::<_, Option<[u8; 16]>>("worker")?.map(worker_id),
        by: row.get("by_name")?,
        made_ms: row.get("made_ms")?,
        received_ms: row.get("received_ms")?,
        outcome: Outcome::named(&outcome).ok_or(StoreError::Unreadable("outcome"))?,
        uncertain: row.get("uncertain")?,
        after_move: row.get("after_move")?,
        is_state: row.get("is_state")?,
        is_place: row.get("is_place")?,
    })
}
