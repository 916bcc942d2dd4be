//! Patience with a bad line: when a sync that failed is tried again, and after how long. The core
//! never waits; whoever can wait brings a [`Sleeper`].

use crate::error::SyncError;
use crate::open::Replica;
use crate::report::{Progress, SyncReport};
use crate::transport::Transport;

/// Lets time pass.
pub trait Sleeper {
    fn wait(&mut self, ms: u64);
}

/// How often and how long to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Failures in a row before giving up; an exchange that got through starts the count anew.
    pub tries: u32,
    /// The first wait; each further one is twice as long.
    pub first_wait_ms: u64,
    /// No wait is longer. A server that asks for a longer one is left alone until the next sync.
    pub longest_wait_ms: u64,
}

impl Default for Patience {
    fn default() -> Self {
        Patience { tries: 4, first_wait_ms: 1_000, longest_wait_ms: 120_000 }
    }
}

/// Syncs, and tries again after what time may mend.
pub fn sync_patiently(
    replica: &mut Replica,
    transport: &mut dyn Transport,
    patience: &Patience,
    sleeper: &mut dyn Sleeper,
    progress: &mut dyn FnMut(Progress),
) -> Result<SyncReport, SyncError> {
    let mut failures = 0;
    loop {
        let mut got_through = false;
        let result = replica.sync(transport, &mut |now| {
            got_through = true;
            progress(now);
        });
        let error = match result {
            Ok(report) => return Ok(report),
            Err(error) => error,
        };
        failures = if got_through { 1 } else { failures + 1 };
        match wait_after(&error, failures, patience) {
            Some(wait_ms) if failures < patience.tries => {
                sleeper.wait(with_jitter(wait_ms, replica));
            }
            Some(_) | None => return Err(error),
        }
    }
}

/// How long to wait after a failure; none when waiting does not help.
fn wait_after(error: &SyncError, failures: u32, patience: &Patience) -> Option<u64> {
    let doubled = 1u64.checked_shl(failures.saturating_sub(1)).unwrap_or(u64::MAX);
    let backoff = patience.first_wait_ms.saturating_mul(doubled).min(patience.longest_wait_ms);
    match error {
        SyncError::Offline(_) | SyncError::Timeout | SyncError::ServerFault { .. } => Some(backoff),
        SyncError::Busy { retry_after_s } => {
            let asked = retry_after_s.unwrap_or(0).saturating_mul(1_000);
            (asked <= patience.longest_wait_ms).then_some(asked.max(backoff))
        }
        SyncError::NotEnrolled
        | SyncError::Untrusted(_)
        | SyncError::Unauthorised { .. }
        | SyncError::EnrolAnew(_)
        | SyncError::BadReply(_)
        | SyncError::Refused { .. }
        | SyncError::Erase(_)
        | SyncError::Storage(_) => None,
    }
}

/// Up to half as long again, so that a kecamatan's tablets do not come back all at once. Never
/// shorter: a server's Retry-After is a promise.
fn with_jitter(wait_ms: u64, replica: &Replica) -> u64 {
    let mut random = [0u8; 4];
    replica.platform.random(&mut random);
    let share = u64::from(u32::from_le_bytes(random));
    wait_ms.saturating_add(wait_ms / 2 * share / u64::from(u32::MAX))
}
