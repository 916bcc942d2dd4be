//! A sync as a conversation: this side says what to ask next and takes what came back, and never
//! waits in between. So a machine that blocks on its socket and a browser that must not block run
//! the same sync.

use crate::error::SyncError;
use crate::mirror;
use crate::movement;
use crate::open::Replica;
use crate::receipts;
use crate::receive::Exchanged;
use crate::report::{Progress, SyncReport};
use crate::send::Outgoing;
use crate::sync_state::SyncState;
use crate::transport::{Request, Response, TransportError};

/// A sync that is under way.
#[derive(Debug)]
pub struct Conversation {
    report: SyncReport,
    first_sync: bool,
    /// The newest movement before this sync.
    moved_before: i64,
    next: Next,
}

/// What is asked next, or was asked and is not answered yet.
#[derive(Debug)]
enum Next {
    Exchange,
    Exchanging(Outgoing),
    /// What became of these changes, once all else is done.
    Receipts(Vec<u64>),
    Wipe,
    Nothing,
}

impl Replica {
    /// Begins a sync.
    pub fn begin_sync(&self) -> Result<Conversation, SyncError> {
        let state = SyncState::load(&self.db)?;
        Ok(Conversation {
            report: SyncReport::default(),
            first_sync: state.last_received_ms.is_none(),
            moved_before: movement::newest(&self.db)?,
            next: if state.wiping { Next::Wipe } else { Next::Exchange },
        })
    }

    /// The next request of a sync; none when it is done.
    pub fn next_request(&mut self, sync: &mut Conversation) -> Result<Option<Request>, SyncError> {
        match &sync.next {
            Next::Exchange | Next::Exchanging(_) => {
                let mut out = self.prepare(false)?;
                let request = std::mem::take(&mut out.request);
                sync.next = Next::Exchanging(out);
                Ok(Some(request))
            }
            Next::Receipts(seqs) => Ok(Some(self.receipts_request(seqs)?)),
            Next::Wipe => match self.prepare(true) {
                Ok(out) => Ok(Some(out.request)),
                // It is erased all the same: a server that did not hear it has a device that stays
                // draining, which harms nobody.
                Err(_) => self.end_with_erasure(sync).map(|()| None),
            },
            Next::Nothing => Ok(None),
        }
    }

    /// Takes what came back for the last request. Says how far the sync is after an exchange.
    pub fn take_answer(
        &mut self,
        sync: &mut Conversation,
        answer: Result<Response, TransportError>,
    ) -> Result<Option<Progress>, SyncError> {
        match std::mem::replace(&mut sync.next, Next::Nothing) {
            Next::Exchanging(out) => {
                let exchanged = self.settle(&out, answer)?;
                self.take_exchange(sync, exchanged).map(Some)
            }
            Next::Receipts(mut seqs) => {
                let counts = self.take_receipts(answer)?;
                sync.report.add(&counts);
                let left = seqs.split_off(seqs.len().min(receipts::AT_ONCE));
                sync.next = if left.is_empty() { Next::Nothing } else { Next::Receipts(left) };
                Ok(None)
            }
            Next::Wipe => self.end_with_erasure(sync).map(|()| None),
            other @ (Next::Exchange | Next::Nothing) => {
                sync.next = other;
                Ok(None)
            }
        }
    }

    /// What a sync did, when it has no request left, and what is true then.
    pub fn end_sync(&self, sync: Conversation) -> Result<SyncReport, SyncError> {
        let mut report = sync.report;
        if report.wiped {
            return Ok(report);
        }
        let state = SyncState::load(&self.db)?;
        report.movements = movement::after(&self.db, sync.moved_before)?;
        report.pending = self.count_pending()?;
        report.upgrade = state.upgrade;
        report.complete = report.pending == 0 && state.is_complete();
        report.differs = state.differs;
        Ok(report)
    }

    fn take_exchange(
        &mut self,
        sync: &mut Conversation,
        exchanged: Exchanged,
    ) -> Result<Progress, SyncError> {
        sync.report.add(&exchanged.counts);
        sync.report.exchanges += 1;
        // An order to erase waits for what another hand saved meanwhile: that goes out first.
        sync.next = if exchanged.wipe && self.begin_wipe()? {
            Next::Wipe
        } else if !exchanged.finished || exchanged.wipe {
            Next::Exchange
        } else if exchanged.in_question.is_empty() {
            Next::Nothing
        } else {
            Next::Receipts(exchanged.in_question)
        };
        Ok(Progress {
            sent: sync.report.sent,
            to_send: self.count_pending()?,
            rows: sync.report.rows,
            here: mirror::count(&self.db)?,
            total: exchanged.total,
            more: exchanged.more,
            first_sync: sync.first_sync,
        })
    }

    fn end_with_erasure(&mut self, sync: &mut Conversation) -> Result<(), SyncError> {
        sync.report.wiped = self.erase()?;
        sync.next = Next::Nothing;
        Ok(())
    }

    fn count_pending(&self) -> Result<u64, SyncError> {
        let last = crate::change_log::last_seq(&self.db)?;
        Ok(SyncState::load(&self.db)?.pending(last))
    }
}
