//! How long a test waits for something that must come: the one bound of whoever waits.

use std::time::{Duration, Instant};

/// Far above what anything takes here, on a slow and busy machine, too. Who meets it has failed: a test
/// that passes never waits it out.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Waits until something has come about that nobody tells.
#[track_caller]
pub fn wait_until(what: &str, mut has_come: impl FnMut() -> bool) {
    let started = Instant::now();
    while !has_come() {
        assert!(started.elapsed() < PATIENCE, "it does not come about: {what}");
        std::thread::yield_now();
    }
}
