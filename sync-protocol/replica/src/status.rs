//! What is true of this replica now: what waits and since when, what went and came last, what is
//! tertahan or diganti.

use crate::change_log;
use crate::error::StorageError;
use crate::identity::{Identity, Stop};
use crate::log_view;
use crate::open::Replica;
use crate::scope;
use crate::sync_state::SyncState;
use sync_protocol::area::Area;
use sync_protocol::ids::DeviceNo;
use sync_protocol::record::Kind;

/// The state of a replica. Times are ms since 1970; `last_*` are by the server's clock.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReplicaStatus {
    pub server_url: Option<String>,
    pub device: Option<DeviceNo>,
    pub device_name: Option<String>,
    pub worker_name: Option<String>,
    pub areas: Vec<Area>,
    pub children: u64,
    /// Changes without a receipt, and when the oldest was made by the tablet's clock.
    pub pending: u64,
    pub oldest_pending_ms: Option<i64>,
    pub parked: u64,
    pub replaced: u64,
    pub last_seq: u64,
    pub last_sent_ms: Option<i64>,
    pub last_received_ms: Option<i64>,
    /// The server's time at its last answer; 0 before the first.
    pub server_time_ms: i64,
    /// The number of the present clock.
    pub clock: u32,
    /// The last pull ended, and nothing more was to come then.
    pub pull_complete: bool,
    pub differs: Vec<Area>,
    pub upgrade: bool,
    pub stopped: Option<Stop>,
    /// "Selesai": nothing pending, nothing more to pull, and the digests agree.
    pub complete: bool,
}

impl Replica {
    pub fn status(&self) -> Result<ReplicaStatus, StorageError> {
        let db = &self.db;
        let identity = Identity::load(db)?;
        let state = SyncState::load(db)?;
        let last_seq = change_log::last_seq(db)?;
        let pending = state.pending(last_seq);
        let count = format!("SELECT count(*) FROM \"{}\"", Kind::CHILD);
        let children: i64 = db.query_row(&count, [], |row| row.get(0))?;
        let complete = pending == 0 && state.is_complete() && identity.stopped.is_none();
        Ok(ReplicaStatus {
            server_url: identity.server_url,
            device: identity.device,
            device_name: identity.device_name,
            worker_name: identity.worker_name,
            areas: scope::load(db)?.areas().to_vec(),
            children: children.cast_unsigned(),
            pending,
            oldest_pending_ms: change_log::oldest_after(db, state.receipted_through)?,
            parked: log_view::count_parked(db)?,
            replaced: log_view::count_replaced(db)?,
            last_seq,
            last_sent_ms: state.last_sent_ms,
            last_received_ms: state.last_received_ms,
            server_time_ms: state.server_time_ms,
            clock: state.clock,
            pull_complete: state.pull_complete && !state.resetting,
            differs: state.differs,
            upgrade: state.upgrade,
            stopped: identity.stopped,
            complete,
        })
    }
}
