//! Rate limits: tablets and people by who they are, enrolment by address.

use super::Settings;
use crate::refusal::Refusal;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use std::hash::Hash;
use std::num::NonZeroU32;
use sync_protocol::ids::{DeviceNo, WorkerId};

/// Tries to log in, from one address and for one name.
const LOGIN_TRIES_PER_MINUTE: u32 = 10;
/// Keys are forgotten again when this many are known.
const KEYS_MAX: usize = 100_000;

/// Whose requests are counted together. A person has one count, however many tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Asker {
    Device(DeviceNo),
    Person(WorkerId),
}

pub(super) struct RateLimits {
    callers: DefaultKeyedRateLimiter<Asker>,
    enrolments: DefaultKeyedRateLimiter<String>,
    logins: DefaultKeyedRateLimiter<String>,
}

impl std::fmt::Debug for RateLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RateLimits").field("callers", &self.callers.len()).finish_non_exhaustive()
    }
}

impl RateLimits {
    pub(super) fn new(settings: Settings) -> Self {
        let per_minute =
            |rate: u32| Quota::per_minute(NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN));
        let burst = NonZeroU32::new(settings.requests_burst).unwrap_or(NonZeroU32::MIN);
        RateLimits {
            callers: DefaultKeyedRateLimiter::dashmap(
                per_minute(settings.requests_per_minute).allow_burst(burst),
            ),
            enrolments: DefaultKeyedRateLimiter::dashmap(per_minute(
                settings.enrolments_per_minute,
            )),
            logins: DefaultKeyedRateLimiter::dashmap(per_minute(LOGIN_TRIES_PER_MINUTE)),
        }
    }

    pub(super) fn admit(&self, caller: Asker) -> Result<(), Refusal> {
        admit(&self.callers, &caller)
    }

    /// By the address of who tries, and by the name that is tried.
    pub(super) fn admit_login(&self, key: &str) -> Result<(), Refusal> {
        admit(&self.logins, &key.to_owned())
    }

    pub(super) fn admit_enrolment(&self, peer: &str) -> Result<(), Refusal> {
        admit(&self.enrolments, &peer.to_owned())
    }
}

fn admit<K: Hash + Eq + Clone>(
    limiter: &DefaultKeyedRateLimiter<K>,
    key: &K,
) -> Result<(), Refusal> {
    if limiter.len() > KEYS_MAX {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|wait| {
        let seconds = wait.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
        Refusal::RateLimited { seconds }
    })
}
