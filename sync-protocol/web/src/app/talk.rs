//! What is said to the server, one request after the other, and when: at the start, after a save, and
//! again after a while. Offline is a normal state: it is told as such, with the time of the next try.

use super::{App, Stumble};
use sync_replica::{
    AreasOutcome, Conversation, EnrolError, Progress, ReplicaStatus, Request, Response, SyncError,
    TransportError,
};

/// The next look when all went well, and the first after a failure; each further one waits twice as
/// long, up to the longest.
const LOOK_AGAIN_MS: i64 = 5 * 60 * 1_000;
const FIRST_PAUSE_MS: i64 = 15 * 1_000;
const LONGEST_PAUSE_MS: i64 = 10 * 60 * 1_000;
/// For what time alone does not mend.
const LASTING_PAUSE_MS: i64 = 60 * 60 * 1_000;

/// What is being said.
#[derive(Debug, Default)]
pub(super) enum Talk {
    #[default]
    Nothing,
    Enrolling {
        code: String,
        name: String,
    },
    Syncing(Box<Conversation>),
    /// Names of desa and posyandu: a comfort, after a sync that went well.
    AskingNames,
    /// All is said for now.
    Ended,
}

/// The line to the server, as this run found it.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) talk: Talk,
    pub(super) progress: Option<Progress>,
    /// Why the last try did not succeed, for the worker.
    pub(super) failed: Option<String>,
    /// The same of an enrolment, with what was typed.
    pub(super) enrol_failed: Option<(String, String, String)>,
    /// A person has to do something about it: time alone does not mend it.
    pub(super) is_stuck: bool,
    /// The server does not take this tablet any more.
    pub(super) is_refused: bool,
    /// This tablet was emptied, as its supervisor wanted.
    pub(super) is_wiped: bool,
    failures: u32,
    pause_ms: i64,
    /// How far the tablet's clock was off at the last sync.
    pub(super) clock_off: Option<ClockOff>,
    /// The worker has not seen a screen of work yet.
    pub(super) is_first: bool,
}

/// The tablet's clock minus the server's, for as long as the clock has this number.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClockOff {
    clock: u32,
    ms: i64,
}

impl ClockOff {
    /// Right after an answer of the server's.
    fn measured(now_ms: i64, status: &ReplicaStatus) -> Self {
        ClockOff { clock: status.clock, ms: now_ms.saturating_sub(status.server_time_ms) }
    }

    /// Nothing, once somebody has set the clock.
    pub(super) fn ms(self, status: &ReplicaStatus) -> Option<i64> {
        (self.clock == status.clock).then_some(self.ms)
    }
}

impl Line {
    /// The last try succeeded, so a next one is likely to.
    pub(super) fn is_good(&self) -> bool {
        self.failures == 0
    }

    fn went_well(&mut self) {
        self.failures = 0;
        self.failed = None;
        self.is_stuck = false;
        self.is_refused = false;
        self.pause_ms = LOOK_AGAIN_MS;
    }

    fn went_wrong(&mut self, error: &SyncError) {
        self.talk = Talk::Ended;
        // No signal is the usual state of a village: nothing to worry about.
        self.failed = Some(if matches!(error, SyncError::Offline(_)) {
            "Tanpa sinyal, data aman.".to_owned()
        } else {
            error.sentence()
        });
        self.failures = self.failures.saturating_add(1);
        let doubled = FIRST_PAUSE_MS.saturating_mul(1 << (self.failures - 1).min(10));
        let is_lasting = matches!(
            error,
            SyncError::Untrusted(_)
                | SyncError::Unauthorised { .. }
                | SyncError::EnrolAnew(_)
                | SyncError::NotEnrolled
        );
        self.is_stuck = is_lasting;
        self.is_refused = matches!(error, SyncError::Unauthorised { .. });
        self.pause_ms = if let SyncError::Busy { retry_after_s: Some(seconds) } = error {
            doubled.max(i64::try_from(seconds.saturating_mul(1_000)).unwrap_or(i64::MAX))
        } else if is_lasting {
            LASTING_PAUSE_MS
        } else {
            doubled.min(LONGEST_PAUSE_MS)
        };
    }
}

impl App {
    /// The next request; none when all is said for now.
    pub fn next_request(&mut self) -> Option<Request> {
        let failed = match self.say() {
            Ok(request) => return request,
            Err(Stumble::Sync(error)) => error,
            Err(Stumble::Storage(error)) => error.into(),
            Err(Stumble::NotFound | Stumble::Save(_) | Stumble::Open(_)) => return None,
        };
        self.end_badly(&failed);
        // This is the end; whoever asks again begins anew.
        self.line.talk = Talk::Nothing;
        None
    }

    /// Takes what came back, or that nothing did.
    pub fn take_answer(&mut self, answer: Result<Response, TransportError>) {
        let taken = match std::mem::take(&mut self.line.talk) {
            Talk::Enrolling { code, name } => {
                self.take_enrolment(code, name, answer);
                Ok(())
            }
            Talk::Syncing(mut sync) => {
                let taken = self.replica.take_answer(&mut sync, answer);
                self.line.talk = Talk::Syncing(sync);
                taken.map(|now| {
                    self.line.progress = now.or(self.line.progress);
                })
            }
            Talk::AskingNames => {
                self.line.talk = Talk::Ended;
                // A sync that went well stays one without names.
                if let Ok(AreasOutcome::Updated) = self.replica.take_areas(answer) {
                    self.forget_list();
                }
                Ok(())
            }
            other @ (Talk::Nothing | Talk::Ended) => {
                self.line.talk = other;
                Ok(())
            }
        };
        if let Err(error) = taken {
            self.end_badly(&error);
        }
    }

    /// How long to wait before the next sync.
    pub fn pause_ms(&self) -> i64 {
        self.line.pause_ms.max(FIRST_PAUSE_MS)
    }

    fn say(&mut self) -> Result<Option<Request>, Stumble> {
        if matches!(self.line.talk, Talk::Nothing) {
            let identity = self.replica.identity()?;
            if !identity.is_enrolled() || identity.stopped.is_some() {
                self.line.pause_ms = LASTING_PAUSE_MS;
                return Ok(None);
            }
            self.line.failed = None;
            self.line.talk = Talk::Syncing(Box::new(self.replica.begin_sync()?));
        }
        match &mut self.line.talk {
            Talk::Enrolling { code, name } => {
                self.replica.enrol_request(code, name).map(Some).map_err(enrol_stumble)
            }
            Talk::Syncing(sync) => match self.replica.next_request(sync)? {
                Some(request) => Ok(Some(request)),
                None => self.end_well(),
            },
            Talk::AskingNames => self.ask_names(),
            Talk::Nothing | Talk::Ended => {
                self.line.talk = Talk::Nothing;
                Ok(None)
            }
        }
    }

    fn end_well(&mut self) -> Result<Option<Request>, Stumble> {
        let Talk::Syncing(sync) = std::mem::take(&mut self.line.talk) else { return Ok(None) };
        let report = self.replica.end_sync(*sync)?;
        if report.wiped {
            self.replica.reopen()?;
        }
        self.line.progress = None;
        self.line.went_well();
        let (now_ms, _) = self.replica.clock();
        self.line.is_wiped |= report.wiped;
        let status = self.replica.status()?;
        self.line.clock_off = Some(ClockOff::measured(now_ms, &status));
        if report.wiped {
            self.forget_list();
        }
        self.is_changed |= report.rows > 0 || report.sent > 0 || self.replica.has_changed();
        self.line.talk = Talk::AskingNames;
        self.ask_names()
    }

    fn ask_names(&mut self) -> Result<Option<Request>, Stumble> {
        let request = self.replica.areas_request()?;
        if request.is_none() {
            self.line.talk = Talk::Nothing;
        }
        Ok(request)
    }

    fn end_badly(&mut self, error: &SyncError) {
        self.line.went_wrong(error);
        // What came before the failure is here.
        self.is_changed = true;
    }

    fn take_enrolment(
        &mut self,
        code: String,
        name: String,
        answer: Result<Response, TransportError>,
    ) {
        let origin = self.origin.clone();
        match self.replica.take_enrolment(&origin, &name, answer) {
            Ok(_) => {
                self.line = Line { is_first: true, ..Line::default() };
                self.forget_list();
            }
            Err(error) => {
                let why = if matches!(error, EnrolError::Sync(SyncError::Offline(_))) {
                    "Mendaftar perlu sinyal. Coba lagi di tempat yang ada sinyal.".to_owned()
                } else {
                    error.sentence()
                };
                self.line.enrol_failed = Some((why, code, name));
                self.line.talk = Talk::Ended;
                self.is_changed = true;
            }
        }
    }
}

fn enrol_stumble(error: EnrolError) -> Stumble {
    if let EnrolError::Sync(error) = error { Stumble::Sync(error) } else { Stumble::NotFound }
}
