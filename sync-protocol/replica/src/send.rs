//! What goes out: the next entries of the log, byte for byte as they were saved, and where the pull
//! stands. A re-sent entry carries its old stamp and its old name; its content is never touched.

use crate::APP;
use crate::change_log::{self, LogEntry};
use crate::error::SyncError;
use crate::identity::Identity;
use crate::open::Replica;
use crate::sync_state::SyncState;
use crate::transport::Request;
use rusqlite::Connection;
use serde_json::value::RawValue;
use sync_protocol::change::Was;
use sync_protocol::ids::{DeviceNo, Seq};
use sync_protocol::json::read_value;
use sync_protocol::limits::{CHANGE_BYTES_MAX, PROTOCOL, REQUEST_SENT_BYTES_MAX, RESEND_BYTES_MAX};
use sync_protocol::time::Moment;
use sync_protocol::wire::{Cursor, Status, SyncRequest};

/// Left free for the request's other members.
const ENVELOPE_BYTES: usize = 16 * 1024;
/// A page never asks for fewer rows than this, however bad the line.
const PAGE_ROWS_MIN: u32 = 50;

/// A request that is about to leave, and what its answer is compared with.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) request: Request,
    /// The seqs it carries; none when there is nothing to send.
    pub(crate) seqs: Option<(u64, u64)>,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) generation: i64,
}

impl Outgoing {
    /// How many changes it carries.
    pub(crate) fn count(&self) -> u64 {
        self.seqs.map_or(0, |(first, last)| last.saturating_sub(first) + 1)
    }
}

impl Replica {
    /// Makes the next request. What leaves is noted before it leaves, so that a lost answer is
    /// never taken for a copy of this tablet.
    pub(crate) fn prepare(&mut self, wiping: bool) -> Result<Outgoing, SyncError> {
        let tx = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let identity = Identity::load(&tx)?;
        if let Some(stop) = identity.stopped {
            return Err(SyncError::EnrolAnew(stop));
        }
        let (Some(device), Some(token)) = (identity.device, identity.token) else {
            return Err(SyncError::NotEnrolled);
        };
        let mut state = SyncState::load(&tx)?;
        let (sent_at, watch) = self.watch.read(&*self.platform, &mut state);
        let entries = if wiping { Vec::new() } else { next_entries(&tx, &state)? };
        let seqs = entries.first().zip(entries.last()).map(|(first, last)| (first.seq, last.seq));
        if let Some((_, last)) = seqs {
            state.sent_through = state.sent_through.max(last);
        }
        let message = SyncRequest {
            protocol: PROTOCOL,
            sent_at,
            clock: state.clock,
            last_seq: change_log::last_seq(&tx)?,
            status: status(&tx, &state, self.platform.offset_minutes(), wiping)?,
            changes: entries
                .iter()
                .map(|entry| raw(entry, device))
                .collect::<Result<_, serde_json::Error>>()
                .map_err(unwritable)?,
            cursor: state.cursor.clone(),
            limit: Some(state.batch.max(PAGE_ROWS_MIN)),
        };
        let body = serde_json::to_vec(&message).map_err(unwritable)?;
        state.store(&tx)?;
        tx.commit()?;
        self.watch = watch;
        let request = Request {
            method: "POST",
            path: "/v1/sync".to_owned(),
            token: Some(token),
            body: Some(body),
            etag: None,
        };
        Ok(Outgoing { request, seqs, cursor: state.cursor, generation: state.generation })
    }
}

/// The next entries that the server has not settled, within the limits of one request.
fn next_entries(db: &Connection, state: &SyncState) -> rusqlite::Result<Vec<LogEntry>> {
    let settled = state.acked_through.min(state.receipted_through);
    let mut entries = change_log::select(
        db,
        "WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        (settled.cast_signed(), state.batch),
    )?;
    let mut bytes = ENVELOPE_BYTES;
    let fits = entries
        .iter()
        .take_while(|entry| {
            bytes += entry.bytes.len() + RESEND_BYTES_MAX;
            bytes <= REQUEST_SENT_BYTES_MAX
        })
        .count();
    entries.truncate(fits.max(1));
    Ok(entries)
}

/// The entry's own bytes. One that the server lost says which stamp it had; one that was saved
/// under an earlier device number says so. Not in one that is hashed as its exact bytes, which would
/// be another change then.
pub(crate) fn raw(entry: &LogEntry, device: DeviceNo) -> Result<Box<RawValue>, serde_json::Error> {
    let says_more = entry.stamp.is_some() || entry.device != device;
    let members = entry.bytes.strip_suffix('}');
    let Some(members) = members.filter(|_| says_more && is_hashed_by_content(&entry.bytes)) else {
        return RawValue::from_string(entry.bytes.clone());
    };
    let mut text = members.to_owned();
    if let Some(stamp) = entry.stamp {
        text.push_str(&format!(r#","stamp":"{stamp}""#));
    }
    if let (true, Some(seq)) = (entry.device != device, Seq::new(entry.seq)) {
        let was = serde_json::to_string(&Was { device: entry.device, seq })?;
        text.push_str(&format!(r#","was":{was}"#));
    }
    text.push('}');
    RawValue::from_string(text)
}

fn is_hashed_by_content(bytes: &str) -> bool {
    bytes.len() <= CHANGE_BYTES_MAX && read_value(bytes).is_ok()
}

fn status(
    db: &Connection,
    state: &SyncState,
    offset_minutes: i32,
    wiping: bool,
) -> rusqlite::Result<Status> {
    let oldest = change_log::oldest_after(db, state.receipted_through)?;
    Ok(Status {
        pending: Some(state.pending(change_log::last_seq(db)?)),
        oldest_pending_at: oldest.map(|ms| Moment::with_offset(ms, offset_minutes)),
        parked: Some(change_log::count_parked(db)?),
        free_mb: None,
        app: Some(APP.to_owned()),
        differs: state.differs.clone(),
        wiping,
    })
}

pub(crate) fn unwritable(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}
