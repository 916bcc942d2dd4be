//! Server time: the wall clock, repaired so that it never falls behind what is already stamped.

use crate::store::{ReadTx, StoreError, Stored, WriteTx};
use chrono::{DateTime, Offset, Utc};
use chrono_tz::Tz;
use sync_protocol::time::CivilDate;

/// A wall clock that is further behind the stored time than this is not believed.
const BEHIND_TOLERANCE_MS: i64 = 2 * 60 * 1000;

/// The server's time for one job. It never goes back.
#[derive(Clone, Copy, Debug)]
pub struct ServerNow {
    pub ms: i64,
    /// What was added to the wall clock.
    pub lag_ms: i64,
}

/// The server's time by a wall clock that shows `wall_ms`. Keeps it, and the lag that repairs a
/// wall clock which is more than 2 minutes behind the greatest stamp or the last server time. The
/// lag goes again when the wall clock has caught up.
pub fn advance(tx: &WriteTx<'_>, wall_ms: i64) -> Stored<ServerNow> {
    let server = tx.server()?;
    let known_ms = server.now_ms.max(server.last_tick.unix_ms());
    let lag_ms = lag(wall_ms, known_ms, server.lag_ms);
    if lag_ms != server.lag_ms {
        tracing::error!(
            lag_ms,
            wall_ms,
            known_ms,
            "the server's clock disagrees with its own stamps: set the machine's clock"
        );
    }
    let ms = wall_ms.saturating_add(lag_ms).max(known_ms);
    tx.keep_server_time(ms, lag_ms)?;
    Ok(ServerNow { ms, lag_ms })
}

/// The present server time without keeping it, for what only reads.
pub fn glance(tx: &ReadTx<'_>, wall_ms: i64) -> Stored<ServerNow> {
    let server = tx.server()?;
    let known_ms = server.now_ms.max(server.last_tick.unix_ms());
    let lag_ms = lag(wall_ms, known_ms, server.lag_ms);
    Ok(ServerNow { ms: wall_ms.saturating_add(lag_ms).max(known_ms), lag_ms })
}

fn lag(wall_ms: i64, known_ms: i64, kept_ms: i64) -> i64 {
    let behind_ms = known_ms.saturating_sub(wall_ms);
    if behind_ms > BEHIND_TOLERANCE_MS { kept_ms.max(behind_ms) } else { 0 }
}

/// What a date after tomorrow is to a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FutureDates {
    Refused,
    /// A person looked at it and lets it pass.
    Accepted,
}

/// The day by which the dates of a body are checked.
pub(super) fn check_day(tx: &ReadTx<'_>, now_ms: i64, future: FutureDates) -> Stored<CivilDate> {
    match future {
        FutureDates::Refused => today(tx, now_ms),
        FutureDates::Accepted => Ok(CivilDate::MAX),
    }
}

/// The date in the kabupaten's zone.
pub fn today(tx: &ReadTx<'_>, now_ms: i64) -> Stored<CivilDate> {
    Ok(local(tx, now_ms)?.date_naive())
}

/// How far the kabupaten's wall clocks are ahead of UTC at a time, in minutes.
pub fn offset_minutes(tx: &ReadTx<'_>, now_ms: i64) -> Stored<i32> {
    Ok(local(tx, now_ms)?.offset().fix().local_minus_utc() / 60)
}

fn local(tx: &ReadTx<'_>, now_ms: i64) -> Stored<DateTime<Tz>> {
    let zone: Tz = tx.server()?.zone.parse().map_err(|_| StoreError::Unreadable("time zone"))?;
    let utc = DateTime::<Utc>::from_timestamp_millis(now_ms)
        .ok_or(StoreError::Unreadable("server time"))?;
    Ok(utc.with_timezone(&zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_clock_that_fell_behind_is_repaired_and_the_repair_goes_with_its_cause() {
        let known = 1_000 * HOUR;
        assert_eq!(lag(known + 5, known, 0), 0);
        assert_eq!(lag(known - BEHIND_TOLERANCE_MS, known, 0), 0);
        assert_eq!(lag(known - HOUR, known, 0), HOUR);
        // An hour later the wall clock is still an hour behind what the server knows.
        assert_eq!(lag(known, known + HOUR, HOUR), HOUR);
        // Somebody set it right.
        assert_eq!(lag(known + HOUR, known + HOUR, HOUR), 0);
    }
}
