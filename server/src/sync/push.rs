//! The writing half of an exchange: one job, all of it or nothing.

use super::admit::{Progress, Session};
use super::cursor::Position;
use super::park;
use super::past::Past;
use super::receipt::receipt_of;
use super::received::Received;
use super::server_time::ServerNow;
use crate::access::{Actor, Caller};
use crate::refusal::Refusal;
use crate::store::{Act, Device, DeviceState, Exchange, ReadTx, Stored, Who, WriteTx};
use serde_json::json;
use sync_protocol::admission::measure_skew;
use sync_protocol::ids::{DeviceNo, Epoch, Seq};
use sync_protocol::time::Moment;
use sync_protocol::wire::{Cursor, Outcome, Receipt, Status};

/// A request whose envelope was read.
#[derive(Debug)]
pub struct Push {
    pub sent_at: Moment,
    pub clock: u32,
    pub last_seq: u64,
    pub status: Status,
    pub changes: Received,
    pub cursor: Option<Cursor>,
    /// When the request's head arrived, by the server's wall clock.
    pub arrived_ms: i64,
}

impl Push {
    /// Without changes, and without the word of a tablet that erases itself: nothing is lost that
    /// cannot be learnt from its next exchange.
    pub fn brings_nothing(&self) -> bool {
        self.changes.is_empty() && !self.status.wiping
    }
}

#[derive(Debug)]
pub struct Pushed {
    pub epoch: Epoch,
    pub server_now_ms: i64,
    pub acked_through: u64,
    pub receipts: Vec<Receipt>,
}

/// Stores and merges what a device sent, and keeps what the request tells of the device.
pub fn push(
    tx: &WriteTx<'_>,
    caller: &Caller,
    push: &Push,
    now: ServerNow,
) -> Result<Pushed, Refusal> {
    refuse_gaps(&push.changes, caller.device.acked)?;
    let skew_ms = keep_skew(tx, caller, push, now.lag_ms)?;

    let actor = Actor::tablet(caller);
    let (acked, receipts) = take_all(tx, actor, &caller.device, &push.changes, now.ms)?;
    keep_exchange(tx, caller, push, skew_ms, acked, now.ms)?;
    if push.status.wiping && caller.device.state == DeviceState::Draining {
        tx.set_device_state(caller.device.number, DeviceState::Revoked)?;
        let device = caller.device.number;
        tx.audit(Who::Device(device), Act::DeviceWiped, &json!({"device": device}), now.ms)?;
    }
    let epoch = tx.server()?.epoch;
    Ok(Pushed { epoch, server_now_ms: now.ms, acked_through: acked, receipts })
}

/// The answer to a request that brings nothing while nothing can be written: as if it had not come.
pub fn answer_unwritten(tx: &ReadTx<'_>, caller: &Caller, now: ServerNow) -> Stored<Pushed> {
    let (epoch, acked_through) = (tx.server()?.epoch, caller.device.acked);
    Ok(Pushed { epoch, server_now_ms: now.ms, acked_through, receipts: Vec::new() })
}

/// A change that was parked early in a request may have been replaced or released by a later one.
fn refresh_parked(tx: &WriteTx<'_>, device: DeviceNo, receipts: &mut [Receipt]) -> Stored<()> {
    for receipt in receipts.iter_mut().filter(|receipt| receipt.outcome == Outcome::Parked) {
        if let Some(entry) = tx.entry(device, receipt.seq)? {
            *receipt = receipt_of(tx, &entry)?;
        }
    }
    Ok(())
}

/// Takes a device's changes in order, releases what waited for them and keeps how far the device
/// has come. Returns that, and their receipts.
pub(super) fn take_all(
    tx: &WriteTx<'_>,
    actor: Actor,
    device: &Device,
    changes: &Received,
    now_ms: i64,
) -> Result<(u64, Vec<Receipt>), Refusal> {
    let mut session = Session::begin(tx, actor, device, Past::of(tx, device)?, now_ms)?;
    let mut receipts = Vec::new();
    for arrival in changes.arrivals() {
        receipts.push(session.take(&*arrival?)?);
    }
    let Progress { acked, previous, touched } = session.end();
    if tx.has_parked()? {
        park::release_for_records(tx, touched, now_ms)?;
    }
    refresh_parked(tx, device.number, &mut receipts)?;
    if acked > device.acked {
        tx.keep_progress(device.number, acked, previous)?;
        if let Some(previous) = previous {
            tx.keep_last_tick(previous)?;
        }
    }
    Ok((acked, receipts))
}

/// Changes follow each other and start at or below the next one expected.
pub(super) fn refuse_gaps(changes: &Received, acked: u64) -> Result<(), Refusal> {
    let mut expected = acked + 1;
    for (position, seq) in changes.seqs().map(Seq::get).enumerate() {
        if position == 0 && seq < expected {
            expected = seq;
        }
        if seq != expected {
            return Err(Refusal::Gap { expected: acked + 1 });
        }
        expected += 1;
    }
    Ok(())
}

/// Measures the skew of the tablet's present clock, before the changes are stamped with it.
fn keep_skew(tx: &WriteTx<'_>, caller: &Caller, push: &Push, lag_ms: i64) -> Stored<i64> {
    let device = caller.device.number;
    let kept = tx.skew_of(device, push.clock)?;
    let measured =
        measure_skew(kept, push.sent_at.unix_ms(), push.arrived_ms.saturating_add(lag_ms));
    if kept != Some(measured) {
        tx.keep_skew(device, push.clock, measured)?;
    }
    Ok(measured)
}

fn keep_exchange(
    tx: &WriteTx<'_>,
    caller: &Caller,
    push: &Push,
    skew_ms: i64,
    acked: u64,
    now_ms: i64,
) -> Stored<()> {
    let last_sent = push.changes.seqs().last().map_or(0, Seq::get);
    let last_seq = push.last_seq.max(last_sent);
    let status = after_exchange(&push.status, last_seq.saturating_sub(acked));
    let exchange = Exchange {
        device: caller.device.number,
        last_seq,
        clock: push.clock,
        skew_ms,
        pushed: !push.changes.is_empty(),
        status: &status,
        at_ms: now_ms,
    };
    tx.keep_exchange(&exchange, acked)?;
    keep_what_it_knows(tx, caller, push.cursor.as_ref(), now_ms)
}

/// What a device reported before its request was taken, as it is afterwards: of what it called
/// pending, only what the server still does not have.
fn after_exchange(reported: &Status, missing: u64) -> Status {
    let mut status = reported.clone();
    status.pending = status.pending.map(|pending| pending.min(missing));
    if status.pending == Some(0) {
        status.oldest_pending_at = None;
    }
    status
}

/// A cursor that comes back shows that the device received the feed up to there, in its present
/// scope: from now on it knows who left and which grants ended.
fn keep_what_it_knows(
    tx: &WriteTx<'_>,
    caller: &Caller,
    cursor: Option<&Cursor>,
    now_ms: i64,
) -> Stored<()> {
    let server = tx.server()?;
    let position =
        cursor.and_then(|cursor| Position::read(cursor, server.epoch, &caller.scope, server.feed));
    let Some(Position { feed }) = position else { return Ok(()) };
    let device = &caller.device;
    if feed > device.told_feed {
        tx.tell_departures(device.number, device.told_feed, feed, &caller.scope, now_ms)?;
    }
    for grant in tx.grants(caller.worker.id)?.iter().filter(|grant| grant.ended_ms.is_some()) {
        tx.tell_grant_end(device.number, grant.id, now_ms)?;
    }
    Ok(())
}
