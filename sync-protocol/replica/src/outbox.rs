//! What would be sent, as a file for somebody to carry. The receipts come with the next sync.

use crate::change_log;
use crate::error::SyncError;
use crate::identity::Identity;
use crate::open::Replica;
use crate::send::{raw, unwritable};
use crate::sync_state::SyncState;
use sync_protocol::time::Moment;
use sync_protocol::wire::{OUTBOX_FORM, Outbox};

impl Replica {
    /// The entries that the server has not settled, or the whole log. Noted as sent before they
    /// leave: else the server's word on them would look like that of a copy of this tablet.
    pub fn outbox(&mut self, whole_log: bool) -> Result<Outbox, SyncError> {
        let written_at =
            Moment::with_offset(self.platform.wall_ms(), self.platform.offset_minutes());
        let tx = self.begin()?;
        let identity = Identity::load(&tx)?;
        if let Some(stop) = identity.stopped {
            return Err(SyncError::EnrolAnew(stop));
        }
        let device = identity.device.ok_or(SyncError::NotEnrolled)?;
        let mut state = SyncState::load(&tx)?;
        let settled = if whole_log { 0 } else { state.acked_through.min(state.receipted_through) };
        let entries =
            change_log::select(&tx, "WHERE seq > ?1 ORDER BY seq", [settled.cast_signed()])?;
        let last_seq = change_log::last_seq(&tx)?;
        let changes = entries
            .iter()
            .map(|entry| raw(entry, device))
            .collect::<Result<_, serde_json::Error>>()
            .map_err(unwritable)?;
        state.sent_through = state.sent_through.max(last_seq);
        state.store(&tx)?;
        tx.commit()?;
        Ok(Outbox {
            timbang_outbox: OUTBOX_FORM,
            device,
            install: identity.install,
            epoch: state.epoch,
            written_at,
            last_seq,
            changes,
        })
    }
}
