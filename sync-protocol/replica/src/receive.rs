//! What comes in: one answer becomes one transaction. Receipts touch only the log, rows only the
//! mirror, and the rows that the worker sees are rebuilt at the end. An answer that is not right as
//! a whole stores nothing.

use crate::aside;
use crate::compare;
use crate::departed;
use crate::error::{BadReply, SyncError};
use crate::identity::{Identity, Stop};
use crate::mirror::{self, MirrorRow};
use crate::movement;
use crate::open::Replica;
use crate::receipts;
use crate::replaced;
use crate::report::Counts;
use crate::scope;
use crate::send::Outgoing;
use crate::show::{self, Touched};
use crate::sync_state::SyncState;
use rusqlite::Transaction;
use sync_protocol::area::Scope;
use sync_protocol::wire::{Content, Order, Row, SyncReply};

/// Successes after which a halved batch is doubled again.
const SUCCESSES_TO_DOUBLE: u32 = 3;

/// What one exchange did.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Exchanged {
    /// Nothing is left to send or to pull.
    pub finished: bool,
    /// More rows wait at the server.
    pub more: bool,
    /// Records in scope, where the server said it.
    pub total: Option<u64>,
    /// The server wants a newer app.
    pub upgrade: bool,
    /// The server ordered this replica to be erased, and nothing unsent stands against it.
    pub wipe: bool,
    pub(crate) counts: Counts,
    /// Seqs whose verdict must be asked for.
    pub(crate) in_question: Vec<u64>,
}

impl Replica {
    /// Stores one good answer.
    pub(crate) fn receive(
        &mut self,
        out: &Outgoing,
        reply: SyncReply,
    ) -> Result<Exchanged, SyncError> {
        let tx = self.begin()?;
        let state = SyncState::load(&tx)?;
        if reply.acked_through > state.sent_through {
            stop(&tx, Stop::LogLost)?;
            tx.commit()?;
            return Err(SyncError::EnrolAnew(Stop::LogLost));
        }
        check(out, &reply, &state)?;
        let mut page = Page {
            tx: &tx,
            state,
            now_ms: reply.server_time.unix_ms(),
            touched: Touched::default(),
            done: Exchanged::default(),
        };
        page.take(out, reply)?;
        let Page { state, touched, done, .. } = page;
        state.store(&tx)?;
        let changed = show::rebuild(&tx, &touched)?;
        tx.commit()?;
        self.changed.extend(changed);
        Ok(done)
    }
}

/// Notes why this replica may not sync any more.
pub(crate) fn stop(tx: &Transaction<'_>, stop: Stop) -> rusqlite::Result<()> {
    let mut identity = Identity::load(tx)?;
    identity.stopped = Some(stop);
    identity.store(tx)
}

/// What an answer must hold before any of it is used.
fn check(out: &Outgoing, reply: &SyncReply, state: &SyncState) -> Result<(), BadReply> {
    let is_receipted = |seq| reply.receipts.iter().any(|receipt| receipt.seq.get() == seq);
    let (first, last) = out.seqs.unwrap_or((1, 0));
    if let Some(missing) = (first..=last).find(|seq| !is_receipted(*seq)) {
        return Err(BadReply::NoReceipt(missing));
    }
    if has_no_pull(reply) {
        return Ok(());
    }
    let another = state.epoch.is_some_and(|epoch| epoch != reply.epoch);
    if another && out.cursor.is_some() && !reply.orders.contains(&Order::Reset) {
        return Err(BadReply::EpochWithoutReset);
    }
    if reply.more && (reply.cursor.is_none() || reply.cursor == out.cursor) {
        return Err(BadReply::NoProgress);
    }
    Ok(())
}

/// What a draining tablet gets, and one that is too old: cursor, mirror and epoch stay as they are.
fn has_no_pull(reply: &SyncReply) -> bool {
    reply.orders.contains(&Order::Upgrade) || (reply.cursor.is_none() && !reply.more)
}

/// One answer inside its transaction.
struct Page<'a> {
    tx: &'a Transaction<'a>,
    state: SyncState,
    /// By the server's clock.
    now_ms: i64,
    touched: Touched,
    done: Exchanged,
}

impl Page<'_> {
    fn take(&mut self, out: &Outgoing, reply: SyncReply) -> rusqlite::Result<()> {
        let counts = &mut self.done.counts;
        receipts::take(self.tx, &reply.receipts, &mut self.state, &mut self.touched, counts)?;
        counts.lost +=
            receipts::note_loss(self.tx, reply.acked_through, &mut self.state, &mut self.touched)?;
        self.note_success(out);
        let pending = self.state.pending(crate::change_log::last_seq(self.tx)?);
        self.state.upgrade = reply.orders.contains(&Order::Upgrade);
        self.done.upgrade = self.state.upgrade;
        self.done.wipe = reply.orders.contains(&Order::Wipe) && pending == 0;
        self.done.more = reply.more;
        self.done.total = reply.total;
        if has_no_pull(&reply) {
            // Nothing was pulled, so nothing is dropped or closed either.
            self.done.finished = pending == 0;
            return Ok(());
        }
        let overtaken = self.state.cursor != out.cursor || self.state.generation != out.generation;
        if overtaken {
            // Another sync of this file was quicker; its page is the one that counts.
            return Ok(());
        }
        self.pull(out, reply)?;
        let pending = self.state.pending(crate::change_log::last_seq(self.tx)?);
        self.done.finished = self.state.pull_complete && pending == 0;
        Ok(())
    }

    fn note_success(&mut self, out: &Outgoing) {
        self.state.server_time_ms = self.now_ms;
        let Some((first, last)) = out.seqs else { return };
        self.done.counts.sent += last.saturating_sub(first) + 1;
        self.state.last_sent_ms = Some(self.now_ms);
        self.state.successes = self.state.successes.saturating_add(1);
        if self.state.successes >= SUCCESSES_TO_DOUBLE {
            self.state.successes = 0;
            let max = u32::try_from(sync_protocol::limits::REQUEST_CHANGES_MAX).unwrap_or(u32::MAX);
            self.state.batch = self.state.batch.saturating_mul(2).min(max);
        }
    }

    fn pull(&mut self, out: &Outgoing, reply: SyncReply) -> rusqlite::Result<()> {
        self.begin_history(out, &reply)?;
        let scope = Scope::of(reply.areas);
        self.done.counts.rows += reply.rows.len() as u64;
        for row in reply.rows {
            self.take_row(row, &scope)?;
        }
        scope::take(self.tx, &scope, self.now_ms, &mut self.touched)?;
        self.state.cursor = reply.cursor;
        self.state.pull_complete = !reply.more;
        if reply.more {
            return Ok(());
        }
        self.finish_pull()?;
        if let Some(digest) = &reply.digest {
            let differs = compare::differing(self.tx, digest)?;
            if compare::note(differs, self.now_ms, &mut self.state) {
                self.state.cursor = None;
                self.state.pull_complete = false;
            }
        }
        let listed = reply.parked.unwrap_or_default();
        self.done.in_question = receipts::in_question(self.tx, &listed, &self.state)?;
        Ok(())
    }

    /// Another epoch sets the old mirror aside; a reset starts a new generation of rows.
    fn begin_history(&mut self, out: &Outgoing, reply: &SyncReply) -> rusqlite::Result<()> {
        if let Some(old) = self.state.epoch.filter(|epoch| *epoch != reply.epoch) {
            aside::set_aside(self.tx, old, self.now_ms)?;
            self.state.new_history = true;
            receipts::doubt(&mut self.state, out.seqs.map(|(first, _)| first));
        }
        self.state.epoch = Some(reply.epoch);
        if out.cursor.is_none() || reply.orders.contains(&Order::Reset) {
            self.state.generation += 1;
            self.state.resetting = true;
        }
        Ok(())
    }

    fn take_row(&mut self, row: Row, scope: &Scope) -> rusqlite::Result<()> {
        let row = match row {
            Row::State { kind, id, child_id, area, stamp, by, content } => {
                let (body, deleted) = match content {
                    Content::Body(body) => (Some(body.get().to_owned()), None),
                    Content::Deleted(reason) => (None, Some(reason)),
                };
                MirrorRow { kind, id, child_id, area, stamp, by, deleted, body }
            }
            Row::Gone { kind, id } => {
                movement::note_out(self.tx, &id, self.now_ms)?;
                return departed::leave(self.tx, &kind, &id, true, &mut self.touched);
            }
        };
        self.touched.add(&row.kind, row.id);
        if !scope.contains(&row.area) {
            return scope::drop_row(self.tx, &row, true, self.now_ms, &mut self.touched);
        }
        self.done.counts.replaced += replaced::note_row(self.tx, &row, &self.state)?;
        if row.child_id.is_none() {
            if !self.state.resetting {
                movement::note_row(self.tx, &row, self.now_ms)?;
            }
            departed::forget(self.tx, &row.kind, &row.id, &mut self.touched)?;
            mirror::move_along(self.tx, &row.id, &row.area)?;
        }
        mirror::put(self.tx, &row, self.state.generation)
    }

    /// The last page of a pull: what a reset did not bring goes, and what was settled leaves the
    /// overlay.
    fn finish_pull(&mut self) -> rusqlite::Result<()> {
        self.state.last_received_ms = Some(self.now_ms);
        if self.state.resetting {
            let moved_away = !self.state.new_history;
            for row in mirror::older_than(self.tx, self.state.generation)? {
                scope::drop_row(self.tx, &row, moved_away, self.now_ms, &mut self.touched)?;
            }
            self.state.resetting = false;
            self.state.new_history = false;
        }
        let (touched, counts) = (&mut self.touched, &mut self.done.counts);
        receipts::close_settled(self.tx, &self.state, touched, counts)?;
        departed::forget_settled(self.tx, touched)?;
        aside::forget_old(self.tx, self.now_ms)
    }
}
