//! Who could reach which child: where each child was, in whose scope, and which tablet was told that
//! it left. Simple rules from the commands given, against guarantee 6.

use crate::book::News;
use crate::grants::Grants;
use crate::host::Placed;
use crate::sent::{Deed, Sent};
use crate::unaware::Unaware;
use crate::violation::{Checked, Guarantee, broken};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use sync_protocol::area::Area;
use sync_protocol::ids::{RecordId, WorkerId};
use sync_protocol::parked::ParkCode;
use sync_protocol::wire::{Outcome, Row, SyncReply, SyncRequest};

/// The end of a pull: the cursor that proves the device has it, and who was out of scope then.
#[derive(Clone, Debug)]
struct Offer {
    cursor: String,
    scope: Vec<Area>,
    left: BTreeSet<RecordId>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    pub(crate) feed: i64,
    pub(crate) places: BTreeMap<RecordId, Area>,
    pub(crate) child_of: HashMap<RecordId, RecordId>,
    /// Where parked changes of a child would put it.
    waiting: BTreeMap<RecordId, BTreeSet<Area>>,
    /// A child was in this area while the worker's scope covered it.
    had: BTreeSet<(WorkerId, RecordId, Area)>,
    pub(crate) devices: BTreeMap<u32, WorkerId>,
    /// The device showed that it knows this child left, when its log had that length.
    told: BTreeMap<(u32, RecordId), u64>,
    offers: BTreeMap<u32, Offer>,
    unaware: Unaware,
}

/// How a change stood when it came.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// The child that it is of or belongs to.
    child: Option<RecordId>,
    /// Nothing else in its request is of that child.
    alone: bool,
    /// Where the child was.
    place: Option<Area>,
}

/// Who sent something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sender {
    pub(crate) device: u32,
    pub(crate) worker: WorkerId,
}

impl Reach {
    /// Takes in what the server merged since the last step.
    pub(crate) fn catch_up(
        &mut self,
        placed: Vec<Placed>,
        feed: i64,
        grants: &Grants,
        now_ms: i64,
    ) {
        for Placed { id, child_id, area } in placed {
            match child_id {
                Some(child) => {
                    self.child_of.insert(id, child);
                }
                None => {
                    self.unaware.put(id, &area, grants, &self.devices, now_ms);
                    self.arrive(id, area, grants);
                }
            }
        }
        self.feed = feed;
    }

    /// A child is somewhere else than before. What was released on the way may have put it in other
    /// places in between, where nobody saw it.
    fn arrive(&mut self, child: RecordId, area: Area, grants: &Grants) {
        if self.places.get(&child) != Some(&area) {
            for passed in self.waiting.get(&child).cloned().unwrap_or_default() {
                self.put(child, passed, grants);
            }
        }
        self.put(child, area, grants);
    }

    /// Takes in that grants changed.
    pub(crate) fn regranted(&mut self, grants: &Grants, now_ms: i64) {
        for (child, area) in self.places.clone() {
            self.unaware.put(child, &area, grants, &self.devices, now_ms);
            self.put(child, area, grants);
        }
    }

    fn put(&mut self, child: RecordId, area: Area, grants: &Grants) {
        for worker in grants.workers().filter(|worker| grants.cover(*worker, &area)) {
            self.had.insert((worker, child, area.clone()));
            // It has to leave again before that can be told.
            for (device, _) in self.devices.iter().filter(|(_, owner)| **owner == worker) {
                self.told.remove(&(*device, child));
                if let Some(offer) = self.offers.get_mut(device) {
                    offer.left.remove(&child);
                }
            }
        }
        self.places.insert(child, area);
    }

    /// The child that a change is of or belongs to.
    pub(crate) fn subject(&self, sent: &Sent) -> Option<RecordId> {
        if sent.is_of_child() {
            return sent.id;
        }
        sent.id.and_then(|id| self.child_of.get(&id).copied()).or(sent.child_id)
    }

    /// Takes in what one request merged, as far as places go, in its order. Says how each change
    /// stood when it came.
    pub(crate) fn arrived(
        &mut self,
        sender: Sender,
        batch: &[(News, Sent)],
        grants: &Grants,
    ) -> Checked<Vec<Standing>> {
        for (_, sent) in batch.iter().filter(|(news, _)| news.outcome == Outcome::Applied) {
            if let (Some(id), Some(child)) = (sent.id, sent.child_id) {
                self.child_of.entry(id).or_insert(child);
            }
        }
        let subjects: Vec<Option<RecordId>> =
            batch.iter().map(|(_, sent)| self.subject(sent)).collect();
        let mut standings = Vec::new();
        for child in &subjects {
            let alone = subjects.iter().filter(|other| *other == child).count() == 1;
            let place = child.and_then(|child| self.places.get(&child).cloned());
            standings.push(Standing { child: *child, alone, place });
        }
        for ((news, sent), child) in batch.iter().zip(subjects) {
            let Some(child) = child else { continue };
            if let (Outcome::Parked, Some(area)) = (news.outcome, sent.destination()) {
                self.waiting.entry(child).or_default().insert(area.clone());
            }
            if news.outcome != Outcome::Applied {
                continue;
            }
            match (&sent.deed, &sent.area) {
                // Released a while ago, and perhaps moved on by what was released with it.
                (Deed::Move(area), _) | (Deed::Body(_), Some(area))
                    if sent.is_of_child() && news.settled =>
                {
                    let was_covered = grants.ever_covered(sender.worker, area);
                    if was_covered {
                        self.had.insert((sender.worker, child, area.clone()));
                    }
                }
                (Deed::Move(to), _) => self.put(child, to.clone(), grants),
                (Deed::Body(_), Some(area))
                    if sent.is_of_child() && !self.places.contains_key(&child) =>
                {
                    if !grants.cover(sender.worker, area) {
                        return broken(
                            Guarantee::Scope,
                            format!("{}/{} made a child in {area}", sender.device, news.seq),
                        );
                    }
                    self.put(child, area.clone(), grants);
                }
                _ => {}
            }
        }
        Ok(standings)
    }

    /// Whether a change may have been merged. Comes after the server's own word on places.
    pub(crate) fn merged(
        &self,
        sender: Sender,
        news: &News,
        sent: &Sent,
        standing: &Standing,
        grants: &Grants,
    ) -> Checked {
        if news.outcome == Outcome::Parked {
            return self.judge_parked(sender, news, sent, standing, grants);
        }
        let merged = matches!(news.outcome, Outcome::Applied | Outcome::Superseded);
        if !merged || news.perhaps_replaced {
            return Ok(());
        }
        let Some(child) = standing.child else {
            return broken(
                Guarantee::Scope,
                format!("{}/{} was merged, of no child", sender.device, news.seq),
            );
        };
        let judged = match &standing.place {
            Some(place) if grants.cover(sender.worker, place) => Ok(()),
            // Nothing else in the request could have moved the child or released the change.
            Some(_) if standing.alone && !news.settled => {
                self.judge_after_move(sender, news, sent, child, grants)
            }
            Some(_) | None => self.judge_ever(sender, child),
        };
        judged.or_else(|why| {
            broken(
                Guarantee::Scope,
                format!(
                    "{}/{} ({:?}) of child {child} in {:?} was merged, {why}",
                    sender.device, news.seq, sent.deed, standing.place
                ),
            )
        })
    }

    /// A body of a child that left waits only where its tablet could know that.
    fn judge_parked(
        &self,
        sender: Sender,
        news: &News,
        sent: &Sent,
        standing: &Standing,
        grants: &Grants,
    ) -> Checked {
        let is_of_scope = news.code == Some(ParkCode::NotInScope);
        let is_late_body = matches!(sent.deed, Deed::Body(_)) && standing.alone && is_of_scope;
        let Some(child) = standing.child.filter(|_| is_late_body && !news.settled) else {
            return Ok(());
        };
        if self.unaware.could_not_know(sender, child, news.stamp_ms, grants) {
            return broken(
                Guarantee::Scope,
                format!(
                    "{}/{} of child {child} in {:?} is parked, although its tablet could not know",
                    sender.device, news.seq, standing.place
                ),
            );
        }
        Ok(())
    }

    /// A change that something else released, or that came with others of the same child: the child
    /// was in the scope at some time.
    fn judge_ever(&self, sender: Sender, child: RecordId) -> Result<(), &'static str> {
        let ever = self.had.iter().any(|had| had.0 == sender.worker && had.1 == child);
        if ever { Ok(()) } else { Err("and was never in the worker's scope") }
    }

    /// A change to a child outside the scope: only a body, only of a child that was in the scope,
    /// and only until the tablet was told.
    fn judge_after_move(
        &self,
        sender: Sender,
        news: &News,
        sent: &Sent,
        child: RecordId,
        grants: &Grants,
    ) -> Result<(), &'static str> {
        let mut had = self.had.iter().filter(|had| had.0 == sender.worker && had.1 == child);
        if !matches!(sent.deed, Deed::Body(_)) {
            return Err("and is no body");
        }
        if !had.any(|had| grants.cover_in_good_faith(sender.worker, &had.2)) {
            return Err("and was never in the worker's scope, or a grant ended for cause");
        }
        match self.told.get(&(sender.device, child)) {
            Some(length) if news.seq > *length => Err("although the tablet had been told before"),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether a device could have been sent these rows, and what it was told by that.
    pub(crate) fn pulled(
        &mut self,
        sender: Sender,
        request: &SyncRequest,
        reply: &SyncReply,
        grants: &Grants,
    ) -> Checked {
        for row in &reply.rows {
            self.judge_row(sender.worker, row, grants)?;
        }
        self.unaware.heard(sender, request, reply);
        self.note_told(sender, request, grants);
        self.note_offer(sender, reply, grants);
        Ok(())
    }

    fn judge_row(&self, worker: WorkerId, row: &Row, grants: &Grants) -> Checked {
        match row {
            Row::State { id, child_id, area, .. } => {
                if !grants.cover(worker, area) {
                    return broken(Guarantee::Scope, format!("row {id} of {area} was sent"));
                }
                let child = child_id.unwrap_or(*id);
                if self.places.get(&child) != Some(area) {
                    let place = self.places.get(&child);
                    return broken(
                        Guarantee::Scope,
                        format!("row {id} says it is in {area}, its child is in {place:?}"),
                    );
                }
                Ok(())
            }
            Row::Gone { id, .. } => match self.places.get(id) {
                Some(place) if grants.cover(worker, place) => broken(
                    Guarantee::SameView,
                    format!("{id} is said to be gone and is in {place}"),
                ),
                Some(_) | None => Ok(()),
            },
        }
    }

    /// A cursor of a complete pull that comes back proves what the device knows.
    fn note_told(&mut self, sender: Sender, request: &SyncRequest, grants: &Grants) {
        let Some(offer) = self.offers.get(&sender.device) else { return };
        let same_cursor = request.cursor.as_ref().is_some_and(|held| held.0 == offer.cursor);
        if !same_cursor || offer.scope != grants.areas(sender.worker) {
            return;
        }
        let sent = request.changes.last().map_or(0, |raw| crate::book::seq_of(raw.get()));
        let length = request.last_seq.max(sent);
        for child in offer.left.clone() {
            self.told.entry((sender.device, child)).or_insert(length);
        }
    }

    fn note_offer(&mut self, sender: Sender, reply: &SyncReply, grants: &Grants) {
        let (Some(cursor), false) = (&reply.cursor, reply.more) else { return };
        let left = self.places.iter().filter(|(_, place)| !grants.cover(sender.worker, place));
        let offer = Offer {
            cursor: cursor.0.clone(),
            scope: grants.areas(sender.worker),
            left: left.map(|(child, _)| *child).collect(),
        };
        self.offers.insert(sender.device, offer);
    }
}
