//! Open conflicts as a supervisor sees them: both versions, field by field, beside what they were
//! made from.

use super::version::{Version, VersionView};
use super::{Filling, Page, Part, child_name};
use crate::access::mask::mask_field;
use crate::refusal::Refusal;
use crate::store::{Conflict, LogPos, ReadTx, Record, StoreError, Stored};
use serde::Serialize;
use serde_json::Value;
use sync_protocol::area::{Area, Scope};
use sync_protocol::body::Body;
use sync_protocol::change::Register;
use sync_protocol::conflict::{FieldDiff, diff};
use sync_protocol::ids::RecordId;
use sync_protocol::schema::kind;
use sync_protocol::stamp::Stamp;
use sync_protocol::time::Moment;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConflictView {
    pub id: i64,
    #[schema(schema_with = kind)]
    pub kind: &'static str,
    pub record: RecordId,
    pub child_id: RecordId,
    pub child_name: Option<String>,
    /// Where the record lives now.
    pub area: Area,
    pub label: String,
    pub found_at: Moment,
    pub base: Option<VersionView>,
    pub incoming: VersionView,
    pub other: VersionView,
    /// The present winner, when it is neither of the two.
    pub later: Option<VersionView>,
    /// Which of them holds the register: `incoming`, `other` or `later`.
    pub winner: &'static str,
    /// A decision names it: who decides on what another has changed since is shown it again.
    pub winner_stamp: Stamp,
    /// Where two bodies differ.
    pub fields: Vec<FieldView>,
}

/// One field in which the versions differ. NIK masked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldView {
    pub field: String,
    pub base: Value,
    pub incoming: Value,
    pub other: Value,
    /// Both sides changed it, to different values.
    pub overlap: bool,
}

/// The open conflicts of a scope: overlaps first, then the oldest.
pub fn open_conflicts(
    tx: &ReadTx<'_>,
    scope: &Scope,
    part: Part,
) -> Result<Page<ConflictView>, Refusal> {
    let mut page = Filling::of(part);
    let mut conflicts = tx.open_conflicts_in(scope, part.after, part.rows() + 1)?.into_iter();
    for conflict in conflicts.by_ref() {
        if page.is_full() {
            return Ok(page.end(true));
        }
        let (view, bytes) = show(tx, &conflict)?;
        page.put(conflict.id, bytes, view);
    }
    Ok(page.end(false))
}

pub(super) fn show(tx: &ReadTx<'_>, conflict: &Conflict) -> Stored<(ConflictView, usize)> {
    let record = tx.record_at(conflict.record)?;
    let child = match record.child {
        Some(child) => tx.record_at(child)?,
        None => record.clone(),
    };
    let sides = Sides::read(tx, conflict)?;
    let (winner_pos, winner_stamp) = winner(tx, &record, conflict.register)?;
    let (winner, later) = if winner_pos == conflict.incoming {
        ("incoming", None)
    } else if winner_pos == conflict.other {
        ("other", None)
    } else {
        ("later", Some(Version::read(tx, winner_pos, conflict.register)?))
    };
    let versions = [sides.base.as_ref(), later.as_ref(), Some(&sides.incoming), Some(&sides.other)];
    let bytes = versions.into_iter().flatten().map(|version| version.bytes).sum();
    let fields = sides.fields();
    let view = ConflictView {
        id: conflict.id,
        kind: record.kind.name(),
        record: record.id,
        child_id: child.id,
        child_name: child_name(tx, child.no)?,
        area: record.area,
        label: conflict.label.clone(),
        found_at: Moment::utc(conflict.found_ms),
        base: sides.base.map(|version| version.view),
        incoming: sides.incoming.view,
        other: sides.other.view,
        later: later.map(|version| version.view),
        winner,
        winner_stamp,
        fields,
    };
    Ok((view, bytes))
}

/// The versions that a conflict is between.
pub(super) struct Sides {
    pub(super) base: Option<Version>,
    pub(super) incoming: Version,
    pub(super) other: Version,
}

impl Sides {
    pub(super) fn read(tx: &ReadTx<'_>, conflict: &Conflict) -> Stored<Self> {
        let version = |pos| Version::read(tx, pos, conflict.register);
        Ok(Sides {
            base: conflict.base.map(version).transpose()?,
            incoming: version(conflict.incoming)?,
            other: version(conflict.other)?,
        })
    }

    /// The one that lost to the other.
    pub(super) fn loser(self) -> Version {
        if self.incoming.stamp < self.other.stamp { self.incoming } else { self.other }
    }

    /// The body of the one that has this stamp.
    pub(super) fn at(&self, stamp: Stamp) -> Option<&Body> {
        let versions = [Some(&self.incoming), Some(&self.other), self.base.as_ref()];
        versions.into_iter().flatten().find(|version| version.stamp == stamp)?.body()
    }

    /// Every body among them.
    pub(super) fn bodies(&self) -> impl Iterator<Item = &Body> {
        let versions = [Some(&self.incoming), Some(&self.other), self.base.as_ref()];
        versions.into_iter().flatten().filter_map(Version::body)
    }

    fn fields(&self) -> Vec<FieldView> {
        let (Some(incoming), Some(other)) = (self.incoming.body(), self.other.body()) else {
            return Vec::new();
        };
        let empty = Body::new();
        let base = self.base.as_ref().and_then(Version::body).unwrap_or(&empty);
        diff(base, incoming, other).into_iter().map(FieldView::of).collect()
    }
}

impl FieldView {
    fn of(found: FieldDiff) -> Self {
        let FieldDiff { field, base, one, other, overlap } = found;
        FieldView {
            base: mask_field(&field, base),
            incoming: mask_field(&field, one),
            other: mask_field(&field, other),
            overlap,
            field,
        }
    }
}

/// The version that holds a register of a record now.
pub(super) fn winner(
    tx: &ReadTx<'_>,
    record: &Record,
    register: Register,
) -> Stored<(LogPos, Stamp)> {
    match register {
        Register::State => Ok((record.state_pos, record.state)),
        Register::Place => {
            let missing = || StoreError::Unreadable("place");
            let place = record.place.ok_or_else(missing)?;
            Ok((tx.version(record.no, place)?.ok_or_else(missing)?, place))
        }
    }
}
