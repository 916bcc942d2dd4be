//! The tablet's clock: raw moments, "today", and noticing that somebody moved it. The tablet never
//! corrects its clock; it numbers it, and the server measures each number.

use crate::error::StorageError;
use crate::open::Replica;
use crate::platform::Platform;
use crate::sync_state::SyncState;
use sync_protocol::admission::SKEW_TOLERANCE_MS;
use sync_protocol::time::{CivilDate, DAY_MS, Moment};

/// A step back of less than this is the network adjusting the clock, not a person.
const STEP_BACK_MS: i64 = 1_000;

/// What wall and monotonic clock said at one instant of this run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClockWatch {
    wall_ms: i64,
    monotonic_ms: i64,
}

impl ClockWatch {
    pub(crate) fn start(platform: &dyn Platform) -> Self {
        ClockWatch { wall_ms: platform.wall_ms(), monotonic_ms: platform.monotonic_ms() }
    }

    /// Reads the clock for a save or a request, and raises its number in `state` when it was moved.
    /// The watch that comes back counts from the transaction's commit on.
    pub(crate) fn read(
        self,
        platform: &dyn Platform,
        state: &mut SyncState,
    ) -> (Moment, ClockWatch) {
        let now = ClockWatch::start(platform);
        let went_back = now.wall_ms < state.last_wall_ms.saturating_sub(STEP_BACK_MS);
        let wall_passed = now.wall_ms.saturating_sub(self.wall_ms);
        let passed = now.monotonic_ms.saturating_sub(self.monotonic_ms);
        let disagree =
            wall_passed.saturating_sub(passed).unsigned_abs() > SKEW_TOLERANCE_MS.unsigned_abs();
        let moved = went_back || disagree;
        if moved {
            state.clock = state.clock.saturating_add(1);
            state.last_wall_ms = now.wall_ms;
        }
        state.last_wall_ms = state.last_wall_ms.max(now.wall_ms);
        let moment = Moment::with_offset(now.wall_ms, platform.offset_minutes());
        (moment, if moved { now } else { self })
    }
}

/// The civil date that a wall clock shows.
pub fn date_of(unix_ms: i64, offset_minutes: i32) -> CivilDate {
    let text = Moment::with_offset(unix_ms, offset_minutes).to_string();
    let date = text.get(..10).and_then(|date| sync_protocol::time::parse_date(date).ok());
    // A clock outside 1900-2999 tells no date.
    date.unwrap_or(CivilDate::MAX)
}

impl Replica {
    /// The tablet's raw wall clock and its zone: ms since 1970, minutes east of Greenwich.
    pub fn clock(&self) -> (i64, i32) {
        (self.platform.wall_ms(), self.platform.offset_minutes())
    }

    /// Today by the tablet's clock; none when that clock is dead: behind the server's last word by
    /// a day.
    pub fn today(&self) -> Result<Option<CivilDate>, StorageError> {
        let today = today(&*self.platform, &SyncState::load(&self.db)?);
        Ok(Some(today).filter(|today| *today != CivilDate::MAX))
    }
}

/// The date that a date field is checked against. A clock that is behind the server's last word by
/// a day is dead, and must not stop work: then no date counts as future here, and the server looks.
pub(crate) fn today(platform: &dyn Platform, state: &SyncState) -> CivilDate {
    let wall_ms = platform.wall_ms();
    if wall_ms < state.server_time_ms.saturating_sub(DAY_MS) {
        CivilDate::MAX
    } else {
        date_of(wall_ms, platform.offset_minutes())
    }
}
