//! Which children are shown otherwise than before: whoever keeps a list of them in memory reads those
//! again, and not five thousand.

use crate::open::Replica;
use std::collections::BTreeSet;
use sync_protocol::ids::RecordId;

/// Children of which something is shown otherwise: themselves, or what belongs to them.
pub(crate) type Changed = BTreeSet<RecordId>;

impl Replica {
    /// The children that a save or a sync changed since this was asked last. What was changed by
    /// another program in the same file, or by [`Replica::rebuild`] and [`Replica::reopen`], is not
    /// among them.
    pub fn take_changed(&mut self) -> BTreeSet<RecordId> {
        std::mem::take(&mut self.changed)
    }

    /// Whether there are any.
    pub fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }
}
