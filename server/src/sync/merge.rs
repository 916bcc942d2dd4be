//! Merging one admitted change: the register's winner, the record's place in the feed, the digest,
//! the typed row, the scores. The decision itself is the protocol's.

use super::scope::Target;
use super::settle::Settling;
use crate::store::{Departure, Record, Stored, WriteTx};
use sync_protocol::area::Area;
use sync_protocol::change::{Change, Edit, Register, Tombstone};
use sync_protocol::merge::{Decision, decide};
use sync_protocol::stamp::Stamp;
use sync_protocol::wire::Outcome;

/// What the merge will say, before anything is stored.
pub(super) fn foresee(target: &Target, change: &Change, stamp: Stamp) -> Outcome {
    let current = match (target, change.edit.register()) {
        (Target::New { .. }, _) => None,
        (Target::Existing(record), Register::State) => Some(record.state),
        (Target::Existing(record), Register::Place) => record.place,
    };
    match decide(current, stamp) {
        Decision::Applied => Outcome::Applied,
        Decision::Superseded => Outcome::Superseded,
    }
}

/// Makes the record of a change that is its first version.
pub(super) fn create(
    tx: &WriteTx<'_>,
    settling: &Settling<'_>,
    area: Area,
    child: Option<&Record>,
) -> Stored<()> {
    let Settling { change, pos, stamp, .. } = *settling;
    let record = Record {
        no: settling.record,
        id: change.id,
        kind: change.kind,
        child: child.map(|child| child.no),
        area,
        arrived_ms: settling.now_ms,
        feed: tx.next_feed_place()?,
        state_pos: pos,
        state: stamp,
        deleted: tombstone_of(&change.edit),
        place: change.kind.has_place().then_some(stamp),
    };
    tx.add_record(&record)?;
    tx.change_digest(&record.area, |digest| digest.add(&record.id, record.row_stamp()))?;
    keep_typed(tx, &record, &change.edit)
}

/// Carries a change that was foreseen to be applied into a record that is there already.
pub(super) fn apply(tx: &WriteTx<'_>, settling: &Settling<'_>, record: Record) -> Stored<()> {
    match &settling.change.edit {
        Edit::Move(area) => move_child(tx, record, area, settling.stamp, settling.now_ms),
        edit @ (Edit::Body { .. } | Edit::Deleted(_)) => replace_state(tx, settling, record, edit),
    }
}

fn replace_state(
    tx: &WriteTx<'_>,
    settling: &Settling<'_>,
    mut record: Record,
    edit: &Edit,
) -> Stored<()> {
    let before = record.row_stamp();
    record.state_pos = settling.pos;
    record.state = settling.stamp;
    record.deleted = tombstone_of(edit);
    record.feed = tx.next_feed_place()?;
    tx.put_state(&record)?;
    tx.change_digest(&record.area, |digest| {
        digest.remove(&record.id, before);
        digest.add(&record.id, record.row_stamp());
    })?;
    keep_typed(tx, &record, edit)
}

fn tombstone_of(edit: &Edit) -> Option<Tombstone> {
    match edit {
        Edit::Deleted(reason) => Some(*reason),
        Edit::Body { .. } | Edit::Move(_) => None,
    }
}

fn keep_typed(tx: &WriteTx<'_>, record: &Record, edit: &Edit) -> Stored<()> {
    match edit {
        Edit::Body { body, .. } => tx.put_typed(record.kind, record.no, body)?,
        Edit::Deleted(_) => tx.drop_typed(record.kind, record.no)?,
        // A score does not depend on where its child lives.
        Edit::Move(_) => return Ok(()),
    }
    tx.touch_series(record)
}

/// A child changes its area, and what belongs to it goes along: all get a new place in the feed, so
/// that readers of the new area receive them, and readers of the old one are told.
fn move_child(
    tx: &WriteTx<'_>,
    mut child: Record,
    area: &Area,
    stamp: Stamp,
    now_ms: i64,
) -> Stored<()> {
    let before = child.row_stamp();
    let from = std::mem::replace(&mut child.area, area.clone());
    let stayed_since_ms = child.arrived_ms;
    if from != *area {
        child.arrived_ms = now_ms;
    }
    child.place = Some(stamp);
    child.feed = tx.next_feed_place()?;
    tx.put_place(&child)?;
    tx.change_digest(&from, |digest| digest.remove(&child.id, before))?;
    tx.change_digest(area, |digest| digest.add(&child.id, child.row_stamp()))?;
    if from == *area {
        return Ok(());
    }
    for mut record in tx.records_of_child(child.no)? {
        record.area = area.clone();
        record.arrived_ms = now_ms;
        record.feed = tx.next_feed_place()?;
        tx.put_place(&record)?;
        tx.change_digest(&from, |digest| digest.remove(&record.id, record.row_stamp()))?;
        tx.change_digest(area, |digest| digest.add(&record.id, record.row_stamp()))?;
    }
    let departure = Departure {
        feed: tx.next_feed_place()?,
        area: from,
        arrived_ms: stayed_since_ms,
        at_ms: now_ms,
    };
    tx.put_departure(child.no, &departure)
}
