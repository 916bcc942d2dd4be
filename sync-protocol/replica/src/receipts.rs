//! Receipts: the server's present verdict on each change. They touch only the log. A receipt that
//! the server no longer has is a change that it lost, and that is sent again.

use crate::as_text::{AsText, text};
use crate::change_log;
use crate::departed;
use crate::error::SyncError;
use crate::open::Replica;
use crate::replaced;
use crate::reply;
use crate::report::Counts;
use crate::show::{self, Touched};
use crate::sync_state::SyncState;
use crate::transport::{Request, Response, TransportError};
use rusqlite::{Connection, named_params};
use std::collections::BTreeSet;
use sync_protocol::ids::Seq;
use sync_protocol::limits::RECEIPTS_MAX;
use sync_protocol::wire::{Outcome, Receipt, ReceiptsReply};

/// Changes that are asked about in one request.
pub(crate) const AT_ONCE: usize = RECEIPTS_MAX;

/// Stores the receipts of one answer.
pub(crate) fn take(
    db: &Connection,
    receipts: &[Receipt],
    state: &mut SyncState,
    touched: &mut Touched,
    counts: &mut Counts,
) -> rusqlite::Result<()> {
    for receipt in receipts {
        if let Some(entry) = change_log::entry(db, receipt.seq.get())? {
            store(db, receipt)?;
            touched.add(&entry.kind, entry.id);
            if entry.outcome != Some(receipt.outcome) {
                counts.verdict(receipt.outcome);
            }
        }
    }
    // What is settled without a gap is never sent again.
    let is_settled = |seq| receipts.iter().any(|receipt| receipt.seq.get() == seq);
    while is_settled(state.receipted_through.saturating_add(1)) {
        state.receipted_through += 1;
    }
    Ok(())
}

/// A parked entry is part of the overlay again; every other verdict leaves that as it is.
fn store(db: &Connection, receipt: &Receipt) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE change_log SET outcome = :outcome, stamp = :stamp, code = :code, field = :field,
             message = :message, open = open OR :outcome = 'parked'
         WHERE seq = :seq",
    )?
    .execute(named_params! {
        ":seq": receipt.seq.get().cast_signed(),
        ":outcome": receipt.outcome.as_str(),
        ":stamp": AsText(receipt.stamp),
        ":code": text(receipt.code),
        ":field": receipt.field,
        ":message": receipt.message,
    })?;
    Ok(())
}

/// The server has our log only up to `acked_through`: what it had settled after that is open again
/// where it was the record's value, and all of it is sent again, from the last one that it has.
pub(crate) fn note_loss(
    db: &Connection,
    acked_through: u64,
    state: &mut SyncState,
    touched: &mut Touched,
) -> rusqlite::Result<u64> {
    state.acked_through = acked_through;
    if acked_through >= state.receipted_through {
        return Ok(0);
    }
    let lost = state.receipted_through - acked_through;
    state.receipted_through = acked_through;
    doubt(state, None);
    reopen_after(db, acked_through, touched)?;
    Ok(lost)
}

/// A server that lost something may have taken the place of it from a copy of this tablet. So the
/// last entry that it had is sent once more: the same is known, another is refused. What the request
/// brought that showed the loss, from `brought` on, is new to it and shows nothing.
pub(crate) fn doubt(state: &mut SyncState, brought: Option<u64>) {
    let both_have = state.receipted_through.min(state.acked_through);
    let had = brought.map_or(both_have, |first| both_have.min(first.saturating_sub(1)));
    state.receipted_through = had.saturating_sub(1);
}

/// Opens again the entries after a seq that held their record.
pub(crate) fn reopen_after(
    db: &Connection,
    seq: u64,
    touched: &mut Touched,
) -> rusqlite::Result<()> {
    db.execute(
        "UPDATE change_log SET open = 1
         WHERE seq > ?1 AND outcome = 'applied' AND replaced_stamp IS NULL",
        [seq.cast_signed()],
    )?;
    for entry in change_log::select(db, "WHERE seq > ?1 AND open = 1", [seq.cast_signed()])? {
        touched.add(&entry.kind, entry.id);
    }
    Ok(())
}

/// The pull that followed their receipts is complete: these entries leave the overlay.
pub(crate) fn close_settled(
    db: &Connection,
    state: &SyncState,
    touched: &mut Touched,
    counts: &mut Counts,
) -> rusqlite::Result<()> {
    let settled = change_log::select(
        db,
        "WHERE open = 1 AND seq <= ?1 AND outcome IN ('applied', 'superseded', 'discarded')",
        [state.receipted_through.cast_signed()],
    )?;
    for entry in settled {
        if entry.outcome == Some(Outcome::Superseded) && replaced::note_superseded(db, &entry)? {
            counts.replaced += 1;
        }
        db.prepare_cached("UPDATE change_log SET open = 0 WHERE seq = ?1")?
            .execute([entry.seq.cast_signed()])?;
        touched.add(&entry.kind, entry.id);
    }
    Ok(())
}

/// Seqs whose verdict here is not what the last page's list of parked ones says.
pub(crate) fn in_question(
    db: &Connection,
    listed: &[Seq],
    state: &SyncState,
) -> rusqlite::Result<Vec<u64>> {
    // A seq is in question when one side alone holds it to be parked.
    let mut questions = BTreeSet::new();
    questions.extend(listed.iter().map(|seq| seq.get()));
    for entry in change_log::select(db, "WHERE outcome = 'parked'", [])? {
        if !questions.remove(&entry.seq) {
            questions.insert(entry.seq);
        }
    }
    Ok(questions.into_iter().filter(|seq| *seq <= state.receipted_through).collect())
}

impl Replica {
    /// Asks what became of changes, of at most [`AT_ONCE`] of these.
    pub(crate) fn receipts_request(&self, seqs: &[u64]) -> Result<Request, SyncError> {
        let list: Vec<String> = seqs.iter().take(AT_ONCE).map(u64::to_string).collect();
        Ok(Request {
            method: "GET",
            path: format!("/v1/receipts?seq={}", list.join(",")),
            token: self.identity()?.token,
            ..Request::default()
        })
    }

    /// Stores the answer. It touches nothing but these receipts.
    pub(crate) fn take_receipts(
        &mut self,
        answer: Result<Response, TransportError>,
    ) -> Result<Counts, SyncError> {
        let response = answer?;
        if response.status != 200 {
            let code = reply::problem(&response).and_then(|problem| problem.code());
            return Err(reply::failure(&response, code));
        }
        let answer: ReceiptsReply = reply::read(&response)?;
        let mut counts = Counts::default();
        self.store_answer(&answer.receipts, &mut counts)?;
        Ok(counts)
    }

    fn store_answer(&mut self, receipts: &[Receipt], counts: &mut Counts) -> Result<(), SyncError> {
        let tx = self.begin()?;
        let mut state = SyncState::load(&tx)?;
        let mut touched = Touched::default();
        take(&tx, receipts, &mut state, &mut touched, counts)?;
        if state.pull_complete && !state.resetting {
            // They left the list of parked ones before the last page was read, so that page had
            // their effect already.
            close_settled(&tx, &state, &mut touched, counts)?;
            departed::forget_settled(&tx, &mut touched)?;
        }
        state.store(&tx)?;
        let changed = show::rebuild(&tx, &touched)?;
        tx.commit()?;
        self.changed.extend(changed);
        Ok(())
    }
}
