//! Importing a file of many rows: in jobs, good rows although others are bad, and a report of what
//! each row did.

use super::AdminError;
use crate::access::Actor;
use crate::import::fault::{RowFault, RowNote};
use crate::import::place::Places;
use crate::platform::Random;
use crate::service::Service;
use crate::store::{LogPos, Stored, VersionContent, WriteTx};
use crate::sync::office::{Office, new_record_id};
use crate::sync::server_time;
use std::sync::Arc;
use sync_protocol::body::Body;
use sync_protocol::change::{Change, Register};
use sync_protocol::ids::RecordId;
use sync_protocol::stamp::Stamp;
use sync_protocol::time::CivilDate;
use sync_protocol::wire::Outcome;

/// Rows that one write job takes: long imports must not keep the tablets waiting.
const ROWS_PER_JOB: usize = 200;

/// What an import did, row by row where a person must look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub added: usize,
    pub completed: usize,
    pub unchanged: usize,
    pub faults: Vec<RowFault>,
    pub notes: Vec<RowNote>,
}

impl Report {
    pub(super) fn refuse(&mut self, line: u64, reason: impl Into<String>) {
        self.faults.push(RowFault { line, column: None, reason: reason.into() });
    }

    pub(super) fn note(&mut self, line: u64, reason: impl Into<String>) {
        self.notes.push(RowNote { line, column: None, reason: reason.into() });
    }

    fn sorted(mut self) -> Self {
        self.faults.sort_by_key(|fault| fault.line);
        self.notes.sort_by_key(|note| note.line);
        self
    }
}

/// What the rows of an import are read and placed by.
pub(super) struct Known {
    pub(super) today: CivilDate,
    pub(super) places: Arc<Places>,
}

impl Known {
    pub(super) fn read(service: &Service) -> Stored<Known> {
        service.read_as_operator(|tx, now| {
            let areas = tx.areas()?.into_iter().map(|area| (area.code, area.name));
            Ok(Known {
                today: server_time::today(tx, now.ms)?,
                places: Arc::new(Places::of(areas)),
            })
        })
    }
}

/// One write job of an import.
pub(super) struct Job<'a, S> {
    pub(super) tx: &'a WriteTx<'a>,
    pub(super) places: &'a Places,
    pub(super) today: CivilDate,
    /// What one job tells the next.
    pub(super) memory: S,
    pub(super) report: Report,
    office: Office<'a>,
    now_ms: i64,
    random: &'a dyn Random,
}

impl<S> Job<'_, S> {
    pub(super) fn new_id(&self) -> RecordId {
        new_record_id(self.now_ms, self.random)
    }

    /// Makes a change, based on the version that was seen. What the merge does not take is refused.
    pub(super) fn change(
        &mut self,
        line: u64,
        change: &Change,
        base: Option<Stamp>,
    ) -> Result<bool, AdminError> {
        let receipt = self.office.change(change, base)?;
        match receipt.outcome {
            Outcome::Applied => Ok(true),
            Outcome::Superseded | Outcome::Parked | Outcome::Discarded => {
                let reason = receipt.message.unwrap_or_default();
                self.report.faults.push(RowFault { line, column: receipt.field, reason });
                Ok(false)
            }
        }
    }

    /// What a version of a record's state says; nothing when it is a deletion or none.
    pub(super) fn body_at(&self, version: Option<LogPos>) -> Stored<Body> {
        match version.map(|pos| self.tx.content(pos, Register::State)).transpose()? {
            Some(VersionContent::Body(body)) => Ok(body),
            Some(VersionContent::Deleted(_) | VersionContent::Place(_)) | None => Ok(Body::new()),
        }
    }
}

/// Puts rows in jobs. `report` is what reading them has said already; `progress` is told the rows
/// done, and of how many.
pub(super) fn put_rows<R: Send + 'static, S: Default + Send + 'static>(
    service: &Service,
    known: &Known,
    mut rows: Vec<R>,
    mut report: Report,
    progress: &mut dyn FnMut(usize, usize),
    put: fn(&mut Job<'_, S>, R) -> Result<(), AdminError>,
) -> Result<Report, AdminError> {
    let (total, mut done) = (rows.len(), 0);
    let mut memory = S::default();
    while !rows.is_empty() {
        let part: Vec<R> = rows.drain(..rows.len().min(ROWS_PER_JOB)).collect();
        done += part.len();
        let (places, today) = (Arc::clone(&known.places), known.today);
        let random = Arc::clone(service.random());
        (report, memory) = service.write_as_operator::<_, AdminError, _>(move |tx, now| {
            let now_ms = now.ms;
            let office = Office::begin(tx, Actor::office(), now_ms)?;
            let (places, random) = (&*places, &*random);
            let mut job = Job { tx, places, today, memory, report, office, now_ms, random };
            for row in part {
                let (refused, noted) = (job.report.faults.len(), job.report.notes.len());
                put(&mut job, row)?;
                if job.report.faults.len() > refused {
                    // Notes are about rows that were taken.
                    job.report.notes.truncate(noted);
                }
            }
            let Job { office, report, memory, .. } = job;
            office.finish()?;
            Ok((report, memory))
        })?;
        progress(done, total);
    }
    Ok(report.sorted())
}
