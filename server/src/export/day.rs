//! One child of a list by name: its latest day, and of several measurements of that day what counts
//! of each. A row stays of one day, so that a file that comes back says nothing that was not so.

use crate::store::{LiveRow, ReadTx, Score, Stored};
use child_growth::Index;
use sync_protocol::body::Body;
use sync_protocol::counted::{Counted, Figure, Measures, Need, Rank, Recency, Z};
use sync_protocol::growth::Measured;
use sync_protocol::ids::RecordId;
use sync_protocol::record::measurement;

/// A measurement with its score.
#[derive(Clone, Debug)]
struct Scored {
    body: Body,
    score: Score,
}

/// The measurements of a child's latest day so far.
pub(super) struct LatestDay {
    child: RecordId,
    /// The latest of them, whatever it has.
    last: (Rank, LiveRow),
    counted: Counted<Scored>,
    has_capsule: bool,
}

impl LatestDay {
    /// Begins with one measurement; none of one without a score, which is dated before the birth.
    pub(super) fn read(tx: &ReadTx<'_>, row: LiveRow) -> Stored<Option<Self>> {
        let (Some(score), Some(child)) = (tx.score(row.no)?, row.child.as_ref()) else {
            return Ok(None);
        };
        let (on, measured) = (row.body.date(measurement::MEASURED_ON), Measured::of(&row.body));
        let Some((on, measured)) = on.zip(measured) else { return Ok(None) };
        let rank = Rank { on, recency: Recency::Stamped(row.stamp) };
        let mut counted = Counted::default();
        let scored = Scored { body: row.body.clone(), score };
        counted.take(rank, Measures::of(&measured), &scored);
        let has_capsule = row.body.get(measurement::VITAMIN_A).is_some();
        Ok(Some(LatestDay { child: child.id, last: (rank, row), counted, has_capsule }))
    }

    /// Takes another measurement of the same child in; gives back what is of another child.
    pub(super) fn join(&mut self, other: LatestDay) -> Option<LatestDay> {
        if other.child != self.child {
            return Some(other);
        }
        let (mine, theirs) = (self.last.0, other.last.0);
        if theirs.on > mine.on {
            *self = other;
        } else if theirs.on == mine.on {
            self.counted.join(&other.counted);
            self.has_capsule |= other.has_capsule;
            if theirs > mine {
                self.last = other.last;
            }
        }
        None
    }

    /// The latest measurement of the day.
    pub(super) fn last(&self) -> &LiveRow {
        &self.last.1
    }

    /// The measurement that counts for a need.
    pub(super) fn body(&self, need: Need) -> Option<&Body> {
        self.counted.get(need).map(|scored| &scored.body)
    }

    /// What the measurement that counts for an index is in its figure, and its z-score.
    pub(super) fn figure(&self, index: Index) -> Option<(Figure, Option<Z>)> {
        let Scored { body, score } = self.counted.get(Need::of(index))?;
        let z = score.z(index);
        let has_oedema = body.whole(measurement::OEDEMA).is_some_and(|degree| degree > 0);
        Some((Figure::of(index, z, has_oedema), z))
    }

    /// `N`, `T`, `O` or `B` of the weighing that counts.
    pub(super) fn gain(&self) -> Option<&str> {
        self.counted.get(Need::Weight).and_then(|scored| scored.score.gain.as_deref())
    }

    /// Whether a capsule of vitamin A was given on the day.
    pub(super) fn has_capsule(&self) -> bool {
        self.has_capsule
    }
}
