//! The story's clock: the village day lies in the hours before now, so that its evening is now.

use crate::platform::{Clock, SystemClock};
use std::sync::atomic::{AtomicI64, Ordering};

const HOUR_MS: i64 = 3_600_000;
/// When the day begins, before now.
const VILLAGE_DAY_MS: i64 = 9 * HOUR_MS;

/// The machine's clock, less what is still to come of the day.
#[derive(Debug, Default)]
pub(super) struct StoryClock {
    to_come_ms: AtomicI64,
}

impl StoryClock {
    /// It is morning.
    pub(super) fn begin(&self) {
        self.to_come_ms.store(VILLAGE_DAY_MS, Ordering::Relaxed);
    }

    /// Time goes by.
    pub(super) fn hours_pass(&self, hours: i64) {
        let left = self.to_come_ms.load(Ordering::Relaxed) - hours * HOUR_MS;
        self.to_come_ms.store(left.max(0), Ordering::Relaxed);
    }

    /// It is now.
    pub(super) fn end(&self) {
        self.to_come_ms.store(0, Ordering::Relaxed);
    }
}

impl Clock for StoryClock {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() - self.to_come_ms.load(Ordering::Relaxed)
    }
}
