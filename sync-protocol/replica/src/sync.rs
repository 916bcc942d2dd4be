//! The sync: exchanges until nothing is left to send and nothing more to pull. Each exchange leaves
//! the file in a state from which the next one, in this run or after a power cut, can go on. It
//! never waits and never retries by itself.

use crate::error::{BadReply, SyncError};
use crate::identity::Stop;
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
        let mut sync = self.begin_sync()?;
        while let Some(request) = self.next_request(&mut sync)? {
            let answer = transport.call(&request);
            if let Some(now) = self.take_answer(&mut sync, answer)? {
                progress(now);
            }
        }
        self.end_sync(sync)
    }

    /// One request and its answer, and the questions about tertahan changes that the answer raises.
    pub fn exchange(&mut self, transport: &mut dyn Transport) -> Result<Exchanged, SyncError> {
        let out = self.prepare(false)?;
        let answer = transport.call(&out.request);
        let mut exchanged = self.settle(&out, answer)?;
        if exchanged.finished {
            for seqs in exchanged.in_question.chunks(receipts::AT_ONCE) {
                let request = self.receipts_request(seqs)?;
                let answer = transport.call(&request);
                exchanged.counts.add(&self.take_receipts(answer)?);
            }
        }
        Ok(exchanged)
    }

    /// Stores what came back for an exchange.
    pub(crate) fn settle(
        &mut self,
        out: &Outgoing,
        answer: Result<Response, TransportError>,
    ) -> Result<Exchanged, SyncError> {
        match answer {
            Ok(response) if response.status == 200 => self.receive(out, reply::read(&response)?),
            Ok(response) => self.refused(&response, out),
            Err(error) => Err(self.note_failure(error, out)?),
        }
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
        let changed = show::rebuild(&tx, &touched)?;
        tx.commit()?;
        self.changed.extend(changed);
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
}
