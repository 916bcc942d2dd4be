//! The hours: when every change was truly saved, and how wrong the clocks were that every request
//! was sent by. Where a clock was measured, the place in time that a change gets is its true one, as
//! far as the protocol promises that. Guarantee 5.

use crate::sent::Sent;
use crate::time::MINUTE;
use crate::violation::{Checked, Guarantee, broken};
use std::collections::BTreeMap;
use sync_protocol::stamp::Tick;

/// Two measures of one clock may lie so far apart.
const TOLERANCE_MS: i64 = 2 * MINUTE;

/// A request on its way: when it was truly written, when its head truly arrived, and how wrong the
/// server's time was then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Journey {
    pub(crate) written_ms: i64,
    pub(crate) arrived_ms: i64,
    pub(crate) server_wrong_by_ms: i64,
}

/// What the last request by a clock showed.
#[derive(Clone, Copy, Debug)]
struct Measured {
    /// How wrong the tablet's clock was when the request was written.
    wrong_by_ms: i64,
    journey: Journey,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Hours {
    /// When a device truly saved an entry.
    saved: BTreeMap<(u32, u64), i64>,
    /// By device and number of the clock.
    measured: BTreeMap<(u32, u32), Measured>,
}

/// What was said of one change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Admitted {
    pub(crate) device: u32,
    pub(crate) seq: u64,
    pub(crate) tick: Tick,
    /// What the tick must follow: the previous one of its device, and its base.
    pub(crate) after: [Option<Tick>; 2],
    /// Between these two.
    pub(crate) lo_ms: i64,
    pub(crate) now_ms: i64,
}

impl Hours {
    pub(crate) fn saved(&mut self, device: u32, seq: u64, true_ms: i64) {
        self.saved.insert((device, seq), true_ms);
    }

    /// A request that was answered measured the clock that it names.
    pub(crate) fn measured(&mut self, device: u32, clock: u32, sent_at_ms: i64, journey: Journey) {
        let wrong_by_ms = sent_at_ms - journey.written_ms;
        self.measured.insert((device, clock), Measured { wrong_by_ms, journey });
    }

    /// Holds the place in time of a change against its true hour.
    pub(crate) fn judge(&self, sent: &Sent, admitted: Admitted) -> Checked {
        let Admitted { device, seq, tick, after, lo_ms, now_ms } = admitted;
        let Some(made_at_ms) = sent.made_at_ms.filter(|_| sent.is_readable) else { return Ok(()) };
        let (expected_ms, tolerance_ms) = match self.measured.get(&(device, sent.clock)) {
            None => (made_at_ms, 0),
            Some(measured) => {
                let Some(saved_ms) = self.saved.get(&(device, seq)) else { return Ok(()) };
                if made_at_ms - saved_ms != measured.wrong_by_ms {
                    // The clock was moved, and its tablet could not notice.
                    return Ok(());
                }
                let Journey { written_ms, arrived_ms, server_wrong_by_ms } = measured.journey;
                (saved_ms + (arrived_ms - written_ms) + server_wrong_by_ms, TOLERANCE_MS)
            }
        };
        let bound = |ms: i64| Tick::at(ms.clamp(lo_ms, now_ms.max(lo_ms)));
        let (earliest, latest) =
            (bound(expected_ms - tolerance_ms), bound(expected_ms + tolerance_ms));
        let is_pushed = after.into_iter().flatten().any(|before| before.next() == tick);
        if earliest <= tick && (tick <= latest || is_pushed) {
            return Ok(());
        }
        broken(
            Guarantee::Clocks,
            format!(
                "{device}/{seq} stands at {}, and was made at {expected_ms} of server time, give or \
                 take {tolerance_ms} ms: {:?}",
                tick.unix_ms(),
                self.measured.get(&(device, sent.clock))
            ),
        )
    }
}
