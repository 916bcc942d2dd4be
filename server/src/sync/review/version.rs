//! One version of a record, as a supervisor reads it beside another.

use crate::access::mask::mask_body;
use crate::store::{LogPos, ReadTx, Stored, VersionContent};
use serde::Serialize;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::{Register, Tombstone};
use sync_protocol::ids::WorkerId;
use sync_protocol::stamp::Stamp;
use sync_protocol::time::Moment;
use utoipa::ToSchema;

/// The name of whoever makes changes for the server without being named.
const OFFICE: &str = "Kantor";

/// A version: who made it, when, and exactly one of body, reason of deletion, and place.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VersionView {
    pub by: String,
    pub device: u32,
    /// The tablet's clock, repaired.
    pub made_at: Moment,
    pub stamp: Stamp,
    /// NIK masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Tombstone>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<Area>,
}

/// A version as it is stored and as it is shown.
pub(super) struct Version {
    pub(super) stamp: Stamp,
    pub(super) content: VersionContent,
    pub(super) view: VersionView,
    /// How much text it was read from.
    pub(super) bytes: usize,
}

impl Version {
    pub(super) fn read(tx: &ReadTx<'_>, pos: LogPos, register: Register) -> Stored<Self> {
        let entry = tx.entry_at(pos)?;
        let content = tx.content(pos, register)?;
        let (body, deleted, area) = match &content {
            VersionContent::Body(body) => (Some(mask_body(body)), None, None),
            VersionContent::Deleted(reason) => (None, Some(*reason), None),
            VersionContent::Place(area) => (None, None, Some(area.clone())),
        };
        let view = VersionView {
            by: name_of(tx, entry.worker)?,
            device: entry.device.0,
            made_at: Moment::utc(entry.made_ms),
            stamp: entry.stamp,
            body,
            deleted,
            area,
        };
        Ok(Version { stamp: entry.stamp, content, view, bytes: entry.raw.len() })
    }

    pub(super) fn body(&self) -> Option<&Body> {
        match &self.content {
            VersionContent::Body(body) => Some(body),
            VersionContent::Deleted(_) | VersionContent::Place(_) => None,
        }
    }
}

/// The name of a person who made a change.
pub(super) fn name_of(tx: &ReadTx<'_>, worker: Option<WorkerId>) -> Stored<String> {
    let worker = worker.map(|worker| tx.worker(worker)).transpose()?.flatten();
    Ok(worker.map_or_else(|| OFFICE.to_owned(), |worker| worker.name))
}
