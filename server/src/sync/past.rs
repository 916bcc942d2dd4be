//! What the server knows of how a device's log grew, so that its changes get their place in time.

use crate::store::{Device, Stored, WriteTx};
use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use sync_protocol::change::Was;
use sync_protocol::ids::{DeviceNo, Seq};

/// A device's past, under its present number and those that its changes say they had before.
#[derive(Debug)]
pub(super) struct Past {
    own: NumberPast,
    earlier: HashMap<DeviceNo, Earlier>,
}

/// What a number is that a tablet says it had before.
#[derive(Debug)]
enum Earlier {
    /// Enrolled by the same installation.
    Own(NumberPast),
    /// Not known: a restore lost its enrolment.
    Lost,
    /// Another installation's: this tablet cannot speak for it.
    Foreign,
}

impl Past {
    pub(super) fn of(tx: &WriteTx<'_>, device: &Device) -> Stored<Self> {
        Ok(Past { own: NumberPast::of(tx, device)?, earlier: HashMap::new() })
    }

    /// The server's own clock is the one that all others are measured against.
    pub(super) fn of_office(device: &Device) -> Self {
        let own = NumberPast {
            device: device.number,
            enrolled_ms: device.enrolled_ms,
            exchanges: Vec::new(),
            skews: HashMap::from([(0, Some(0))]),
        };
        Past { own, earlier: HashMap::new() }
    }

    /// The earlier name of a change, unless it has the number of another installation.
    pub(super) fn credible(&mut self, tx: &WriteTx<'_>, was: Option<Was>) -> Stored<Option<Was>> {
        let Some(was) = was else { return Ok(None) };
        let earlier = match self.earlier.entry(was.device) {
            Occupied(known) => known.into_mut(),
            Vacant(unknown) => unknown.insert(Earlier::of(tx, self.own.device, was.device)?),
        };
        Ok((!matches!(earlier, Earlier::Foreign)).then_some(was))
    }

    /// The skew of the clock that a change was made by. A re-enrolled tablet kept its clocks: one
    /// that is not measured under the new number was perhaps measured under the old one.
    pub(super) fn skew(
        &mut self,
        tx: &WriteTx<'_>,
        clock: u32,
        was: Option<Was>,
    ) -> Stored<Option<i64>> {
        match (self.own.skew(tx, clock)?, self.under(was)) {
            (None, Some(earlier)) => earlier.skew(tx, clock),
            (skew, _) => Ok(skew),
        }
    }

    /// Server time of the latest exchange whose log did not reach a change; else of the enrolment.
    /// What was written under an earlier number is older than the new enrolment.
    pub(super) fn not_before(&mut self, seq: Seq, was: Option<Was>) -> i64 {
        let own = self.own.last_exchange_before(seq);
        let earlier = was.zip(self.under(was)).map(|(was, earlier)| {
            earlier.last_exchange_before(was.seq).unwrap_or(earlier.enrolled_ms)
        });
        own.max(earlier).unwrap_or(self.own.enrolled_ms)
    }

    fn under(&mut self, was: Option<Was>) -> Option<&mut NumberPast> {
        match self.earlier.get_mut(&was?.device)? {
            Earlier::Own(past) => Some(past),
            Earlier::Lost | Earlier::Foreign => None,
        }
    }
}

impl Earlier {
    fn of(tx: &WriteTx<'_>, present: DeviceNo, earlier: DeviceNo) -> Stored<Self> {
        let Some(device) = tx.device(earlier)? else { return Ok(Earlier::Lost) };
        Ok(if tx.are_of_same_install(present, earlier)? {
            Earlier::Own(NumberPast::of(tx, &device)?)
        } else {
            Earlier::Foreign
        })
    }
}

/// One device number's enrolment, exchanges and clocks.
#[derive(Debug)]
struct NumberPast {
    device: DeviceNo,
    enrolled_ms: i64,
    /// How long the log was, and when, at each exchange.
    exchanges: Vec<(u64, i64)>,
    /// The measured skews of the device's clocks, read once each.
    skews: HashMap<u32, Option<i64>>,
}

impl NumberPast {
    fn of(tx: &WriteTx<'_>, device: &Device) -> Stored<Self> {
        Ok(NumberPast {
            device: device.number,
            enrolled_ms: device.enrolled_ms,
            exchanges: tx.exchanges(device.number)?,
            skews: HashMap::new(),
        })
    }

    fn last_exchange_before(&self, seq: Seq) -> Option<i64> {
        let before = self.exchanges.iter().filter(|(last_seq, _)| *last_seq < seq.get());
        before.map(|(_, at_ms)| *at_ms).max()
    }

    fn skew(&mut self, tx: &WriteTx<'_>, clock: u32) -> Stored<Option<i64>> {
        if let Some(skew) = self.skews.get(&clock) {
            return Ok(*skew);
        }
        let skew = tx.skew_of(self.device, clock)?;
        self.skews.insert(clock, skew);
        Ok(skew)
    }
}
