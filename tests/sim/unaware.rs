//! What no tablet could know: which children left a worker's scope, and what each device was told of
//! that, by which page of the feed. Who could not know loses no edit. Section 9.
//!
//! It claims only what is certain. Where a child may have passed through a scope unseen, or a grant
//! ended for cause, or a page may have told it, this ledger is silent.

use crate::grants::Grants;
use crate::reach::Sender;
use crate::time::DAY;
use std::collections::{BTreeMap, BTreeSet};
use sync_protocol::area::Area;
use sync_protocol::ids::{RecordId, WorkerId};
use sync_protocol::limits::AFTER_MOVE_DAYS;
use sync_protocol::wire::{Order, Row, SyncReply, SyncRequest};

/// A child that left a worker's scope: out of which village, and when.
#[derive(Clone, Debug)]
struct Left {
    from: Area,
    at_ms: i64,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Unaware {
    /// Where children are now that are in a worker's scope.
    inside: BTreeMap<(WorkerId, RecordId), Area>,
    left: BTreeMap<(WorkerId, RecordId), Left>,
    /// Who is gone, as far as a device was told by the pages up to a cursor.
    pages: BTreeMap<(u32, String), BTreeSet<RecordId>>,
    /// When a device first showed such a cursor.
    told: BTreeMap<(u32, RecordId), i64>,
    /// The device showed any cursor since the child left.
    spoke: BTreeSet<(u32, RecordId)>,
}

impl Unaware {
    /// A child is in a village now, or the grants are others.
    pub(crate) fn put(
        &mut self,
        child: RecordId,
        area: &Area,
        grants: &Grants,
        devices: &BTreeMap<u32, WorkerId>,
        now_ms: i64,
    ) {
        for worker in grants.workers() {
            let key = (worker, child);
            if grants.cover(worker, area) {
                self.inside.insert(key, area.clone());
                self.left.remove(&key);
                continue;
            }
            let Some(from) = self.inside.remove(&key) else { continue };
            self.left.insert(key, Left { from, at_ms: now_ms });
            for (device, _) in devices.iter().filter(|(_, owner)| **owner == worker) {
                self.told.remove(&(*device, child));
                self.spoke.remove(&(*device, child));
                let pages = self.pages.iter_mut().filter(|((of, _), _)| of == device);
                pages.for_each(|(_, gone)| {
                    gone.remove(&child);
                });
            }
        }
    }

    /// Whether the device could not know that this child had left when it wrote this.
    pub(crate) fn could_not_know(
        &self,
        sender: Sender,
        child: RecordId,
        stamp_ms: i64,
        grants: &Grants,
    ) -> bool {
        let Some(Left { from, at_ms }) = self.left.get(&(sender.worker, child)) else {
            return false;
        };
        if grants.ended_for_cause(sender.worker, from) {
            return false;
        }
        let device = (sender.device, child);
        let was_told = if grants.ended_over(sender.worker, from) {
            self.spoke.contains(&device)
        } else {
            self.told.get(&device).is_some_and(|told_ms| stamp_ms >= *told_ms)
        };
        // A day less, since the hour at which it left is the hour at which that was seen.
        !was_told && stamp_ms < at_ms + (AFTER_MOVE_DAYS - 1) * DAY
    }

    /// Takes in what a request shows that its device knows, and what the reply tells it.
    pub(crate) fn heard(&mut self, sender: Sender, request: &SyncRequest, reply: &SyncReply) {
        let device = sender.device;
        let held = request.cursor.as_ref().map(|cursor| (device, cursor.0.clone()));
        let known = held.as_ref().and_then(|held| self.pages.get(held)).cloned();
        if held.is_some() {
            let gone = self.left.keys().filter(|(worker, _)| *worker == sender.worker);
            self.spoke.extend(gone.map(|(_, child)| (device, *child)));
        }
        let mut known = known.unwrap_or_default();
        for child in &known {
            self.told.entry((device, *child)).or_insert(reply.server_time.unix_ms());
        }
        let Some(cursor) = &reply.cursor else { return };
        if reply.orders.contains(&Order::Reset) {
            known.clear();
        }
        known.extend(reply.rows.iter().filter_map(|row| match row {
            Row::Gone { id, .. } => Some(*id),
            Row::State { .. } => None,
        }));
        self.pages.entry((device, cursor.0.clone())).or_default().extend(known);
    }
}
