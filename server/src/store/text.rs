//! How the domain's types stand in columns.

use super::{StoreError, Stored};
use rusqlite::Row;
use std::str::FromStr;
use sync_protocol::ids::{DeviceNo, Epoch, RecordId, WorkerId};
use sync_protocol::stamp::{Stamp, Tick};
use uuid::Uuid;

/// Reads a text column into a type that parses.
pub(super) fn parsed<T: FromStr>(text: &str, what: &'static str) -> Stored<T> {
    text.parse().map_err(|_| StoreError::Unreadable(what))
}

pub(super) fn record_id(row: &Row<'_>, column: &str) -> rusqlite::Result<RecordId> {
    row.get::<_, [u8; 16]>(column).map(RecordId::from_bytes)
}

pub(super) fn worker_id(bytes: [u8; 16]) -> WorkerId {
    WorkerId(Uuid::from_bytes(bytes))
}

pub(super) fn epoch(bytes: [u8; 16]) -> Epoch {
    Epoch(Uuid::from_bytes(bytes))
}

pub(super) fn tick(packed: i64) -> Tick {
    Tick::unpack(packed.cast_unsigned())
}

pub(super) fn packed(tick: Tick) -> i64 {
    tick.packed().cast_signed()
}

pub(super) fn stamp(tick_packed: i64, device: u32) -> Stamp {
    Stamp { tick: tick(tick_packed), device: DeviceNo(device) }
}
