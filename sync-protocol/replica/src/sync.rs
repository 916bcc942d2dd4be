//! The sync: exchanges until nothing is left to send and nothing more to pull. Each exchange leaves
//! the file in a state from which the next one, in this run or after a power cut, can go on. It
//! never waits and never retries by itself.

use crate::error::{BadReply, SyncError};
use crate::identity::Stop;
use crate::movement;
use crate::open::Replica;
use crate::receipts;
use crate::receive::{self, Exchanged};
use crate::reply::{self, Refusal};
use crate::report::{Counts, Progress, SyncReport};
use crate::send::Outgoing;
use crate::show::{self, Touched};
use crate::sync_state::SyncState;
use crate::transport::{Response, Transport, TransportError};

impl Replica {
    /// Sends and pulls until all is done, and says what is true then.
    pub fn sync(
        &mut self,
        transport: &mut dyn Transport,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<SyncReport, SyncError> {
        let first_sync = SyncState::load(&self.db)?.last_received_ms.is_none();
        let moved_before = movement::newest(&self.db)?;
        let mut report = SyncReport::default();
        if SyncState::load(&self.db)?.wiping {
            report.wiped = self.wipe(transport)?;
            return Ok(report);
        }
        loop {
            let exchanged = self.exchange(transport)?;
            add(&mut report, &exchanged.counts);
            report.exchanges += 1;
            if exchanged.wipe {
                if !self.begin_wipe()? {
                    // Another program saved something meanwhile: that goes out first.
                    continue;
                }
                report.wiped = self.wipe(transport)?;
                return Ok(report);
            }
            progress(Progress {
                sent: report.sent,
                to_send: self.count_pending()?,
                rows: report.rows,
                more: exchanged.more,
                first_sync,
            });
            if exchanged.finished {
                return self.conclude(report, moved_before, &exchanged);
            }
        }
    }

    /// One request and its answer, and the questions about tertahan changes that the answer raises.
    pub fn exchange(&mut self, transport: &mut dyn Transport) -> Result<Exchanged, SyncError> {
        let out = self.prepare(false)?;
        let response = match transport.call(&out.request) {
            Ok(response) => response,
            Err(error) => return Err(self.note_failure(error, &out)?),
        };
        if response.status != 200 {
            return self.refused(&response, &out);
        }
        let mut exchanged = self.receive(&out, reply::read(&response)?)?;
        if exchanged.finished && !exchanged.in_question.is_empty() {
            let questions = std::mem::take(&mut exchanged.in_question);
            self.ask_receipts(transport, &questions, &mut exchanged.counts)?;
        }
        Ok(exchanged)
    }

    fn refused(&mut self, response: &Response, out: &Outgoing) -> Result<Exchanged, SyncError> {
        match reply::refusal(response) {
            Refusal::Gap(expected) => self.go_back(expected, out),
            Refusal::Cloned => {
                let tx = self.begin()?;
                receive::stop(&tx, Stop::DeviceCloned)?;
                tx.commit()?;
                Err(SyncError::EnrolAnew(Stop::DeviceCloned))
            }
            Refusal::TooLarge if out.count() > 1 => {
                self.halve(out)?;
                Ok(Exchanged::default())
            }
            Refusal::TooLarge => Err(SyncError::Refused { status: response.status, code: None }),
            Refusal::Final(SyncError::Timeout) => {
                self.halve(out)?;
                Err(SyncError::Timeout)
            }
            Refusal::Final(error) => Err(error),
        }
    }

    /// The server has less of our log than it once had receipts for.
    fn go_back(&mut self, expected: u64, out: &Outgoing) -> Result<Exchanged, SyncError> {
        let acked_through = expected.saturating_sub(1);
        let first = out.seqs.map_or(0, |(first, _)| first);
        let tx = self.begin()?;
        let mut state = SyncState::load(&tx)?;
        if acked_through > state.sent_through {
            receive::stop(&tx, Stop::LogLost)?;
            tx.commit()?;
            return Err(SyncError::EnrolAnew(Stop::LogLost));
        }
        if expected >= first {
            return Err(BadReply::WrongGap(expected).into());
        }
        let mut touched = Touched::default();
        let lost = receipts::note_loss(&tx, acked_through, &mut state, &mut touched)?;
        state.store(&tx)?;
        show::rebuild(&tx, &touched)?;
        tx.commit()?;
        Ok(Exchanged { counts: Counts { lost, ..Counts::default() }, ..Exchanged::default() })
    }

    fn note_failure(
        &mut self,
        error: TransportError,
        out: &Outgoing,
    ) -> Result<SyncError, SyncError> {
        let error = SyncError::from(error);
        if matches!(error, SyncError::Timeout) {
            self.halve(out)?;
        }
        Ok(error)
    }

    /// Too much for the line or the server: the next request carries half of what this one did.
    fn halve(&mut self, out: &Outgoing) -> Result<(), SyncError> {
        let tx = self.begin()?;
        let mut state = SyncState::load(&tx)?;
        let carried = u32::try_from(out.count()).unwrap_or(u32::MAX);
        state.batch = if carried == 0 { state.batch } else { state.batch.min(carried) };
        state.batch = (state.batch / 2).max(1);
        state.successes = 0;
        state.store(&tx)?;
        tx.commit()?;
        Ok(())
    }

    fn count_pending(&self) -> Result<u64, SyncError> {
        let last = crate::change_log::last_seq(&self.db)?;
        Ok(SyncState::load(&self.db)?.pending(last))
    }

    fn conclude(
        &self,
        mut report: SyncReport,
        moved_before: i64,
        last: &Exchanged,
    ) -> Result<SyncReport, SyncError> {
        let state = SyncState::load(&self.db)?;
        report.movements = movement::after(&self.db, moved_before)?;
        report.pending = self.count_pending()?;
        report.upgrade = last.upgrade;
        report.complete = report.pending == 0 && state.is_complete();
        report.differs = state.differs;
        Ok(report)
    }
}

fn add(report: &mut SyncReport, counts: &Counts) {
    report.sent += counts.sent;
    report.rows += counts.rows;
    report.applied += counts.applied;
    report.superseded += counts.superseded;
    report.parked += counts.parked;
    report.discarded += counts.discarded;
    report.replaced += counts.replaced;
    report.lost += counts.lost;
}
