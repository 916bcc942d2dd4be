//! Merging one admitted change: the register's winner, the record's place in the feed, the digest,
//! the typed row. The decision itself is the protocol's.

use super::scope::Target;
use crate::store::{LogPos, Record, RecordNo, Stored, WriteTx};
use sync_protocol::area::Area;
use sync_protocol::change::{Change, Edit, Register, Tombstone};
use sync_protocol::merge::{Verdict, decide};
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
        Verdict::Applied => Outcome::Applied,
        Verdict::Superseded => Outcome::Superseded,
    }
}

/// Carries out a stored change that was foreseen to be applied. Returns the record's number.
pub(super) fn apply(
    tx: &WriteTx<'_>,
    target: Target,
    change: &Change,
    pos: LogPos,
    stamp: Stamp,
    now_ms: i64,
) -> Stored<RecordNo> {
    match (target, &change.edit) {
        (Target::New { area, child }, edit) => {
            create(tx, change, edit, area, child.as_ref(), pos, stamp)
        }
        (Target::Existing(record), Edit::Move(area)) => move_child(tx, record, area, stamp, now_ms),
        (Target::Existing(record), edit) => replace_state(tx, record, edit, pos, stamp),
    }
}

#[expect(clippy::too_many_arguments, reason = "a new record takes all of it, once")]
fn create(
    tx: &WriteTx<'_>,
    change: &Change,
    edit: &Edit,
    area: Area,
    child: Option<&Record>,
    pos: LogPos,
    stamp: Stamp,
) -> Stored<RecordNo> {
    let mut record = Record {
        no: RecordNo(0),
        id: change.id,
        kind: change.kind,
        child: child.map(|child| child.no),
        area,
        feed: tx.next_feed_place()?,
        state_pos: pos,
        state: stamp,
        deleted: tombstone_of(edit),
        place: change.kind.has_place().then_some(stamp),
    };
    record.no = tx.add_record(&record)?;
    tx.change_digest(&record.area, |digest| digest.add(&record.id, record.row_stamp()))?;
    keep_typed(tx, &record, edit)?;
    Ok(record.no)
}

fn replace_state(
    tx: &WriteTx<'_>,
    mut record: Record,
    edit: &Edit,
    pos: LogPos,
    stamp: Stamp,
) -> Stored<RecordNo> {
    let before = record.row_stamp();
    record.state_pos = pos;
    record.state = stamp;
    record.deleted = tombstone_of(edit);
    record.feed = tx.next_feed_place()?;
    tx.put_state(&record)?;
    tx.change_digest(&record.area, |digest| {
        digest.remove(&record.id, before);
        digest.add(&record.id, record.row_stamp());
    })?;
    keep_typed(tx, &record, edit)?;
    Ok(record.no)
}

fn tombstone_of(edit: &Edit) -> Option<Tombstone> {
    match edit {
        Edit::Deleted(reason) => Some(*reason),
        Edit::Body { .. } | Edit::Move(_) => None,
    }
}

fn keep_typed(tx: &WriteTx<'_>, record: &Record, edit: &Edit) -> Stored<()> {
    match edit {
        Edit::Body { body, .. } => tx.put_typed(record.kind, record.no, body),
        Edit::Deleted(_) => tx.drop_typed(record.kind, record.no),
        Edit::Move(_) => Ok(()),
    }
}

/// A child changes its area, and what belongs to it goes along: all get a new place in the feed, so
/// that readers of the new area receive them, and readers of the old one are told.
fn move_child(
    tx: &WriteTx<'_>,
    mut child: Record,
    area: &Area,
    stamp: Stamp,
    now_ms: i64,
) -> Stored<RecordNo> {
    let before = child.row_stamp();
    let from = std::mem::replace(&mut child.area, area.clone());
    child.place = Some(stamp);
    child.feed = tx.next_feed_place()?;
    tx.put_place(&child)?;
    tx.change_digest(&from, |digest| digest.remove(&child.id, before))?;
    tx.change_digest(area, |digest| digest.add(&child.id, child.row_stamp()))?;
    if from == *area {
        return Ok(child.no);
    }
    for mut record in tx.records_of_child(child.no)? {
        record.area = area.clone();
        record.feed = tx.next_feed_place()?;
        tx.put_place(&record)?;
        tx.change_digest(&from, |digest| digest.remove(&record.id, record.row_stamp()))?;
        tx.change_digest(area, |digest| digest.add(&record.id, record.row_stamp()))?;
    }
    tx.put_departure(child.no, &from, tx.next_feed_place()?, now_ms)?;
    Ok(child.no)
}
