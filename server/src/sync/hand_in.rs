//! Changes that came as a file and not through the tablet's own request. They are the tablet's, and
//! go through the same steps; what a request tells beside them (its time, its clock) is not known.

use super::push::{Pushed, refuse_gaps, take_all};
use super::received::Received;
use super::server_time::ServerNow;
use crate::access::Actor;
use crate::refusal::Refusal;
use crate::store::{Device, WriteTx};

/// Stores and merges a device's changes. Who brings them is the caller's question.
pub fn hand_in(
    tx: &WriteTx<'_>,
    device: &Device,
    changes: &Received,
    now: ServerNow,
) -> Result<Pushed, Refusal> {
    refuse_gaps(changes, device.acked)?;
    let actor = Actor::of_device(tx, device.number)?;
    let (acked_through, receipts) = take_all(tx, actor, device, changes, now.ms)?;
    let epoch = tx.server()?.epoch;
    Ok(Pushed { epoch, server_now_ms: now.ms, acked_through, receipts })
}
