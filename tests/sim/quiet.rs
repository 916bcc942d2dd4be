//! The end of a history: the network heals, every tablet syncs, and nothing changes any more.

use crate::line::Line;
use crate::tablet::Seen;
use crate::violation::{Checked, Guarantee, broken};
use crate::world::World;
use server::store::StoreError;
use sync_protocol::ids::{DeviceNo, Seq};

/// Rounds after which everything must have come to rest: what one tablet sends may release what
/// another waits with.
const ROUNDS: usize = 5;

impl World {
    pub(crate) fn come_to_rest(&mut self) -> Checked {
        while let Some(letter) = self.hub.late.due(i64::MAX) {
            self.hub.note("a last letter arrives late");
            self.hub.deliver(&letter);
        }
        self.hub.verdict()?;
        for _ in 0..ROUNDS {
            let before = self.merged_so_far();
            for at in 0..self.tablets.len() {
                self.sync_cleanly(at)?;
            }
            if self.merged_so_far() == before {
                self.learn_of_the_gone();
                return Ok(());
            }
        }
        broken(Guarantee::SameView, format!("the server still merges after {ROUNDS} rounds"))
    }

    /// What became of the changes of devices without a tablet.
    fn learn_of_the_gone(&mut self) {
        let has_tablet = |device: &u32| self.tablets.iter().any(|tablet| tablet.device == *device);
        let devices = self.hub.book.devices.keys().copied();
        let gone: Vec<u32> = devices.filter(|device| !has_tablet(device)).collect();
        for device in gone {
            let service = self.hub.host.service();
            self.hub.book.learn(device, |seq| {
                let seq = Seq::new(seq)?;
                let entry = service
                    .read_as_operator::<_, StoreError>(|tx, _| tx.entry(DeviceNo(device), seq));
                entry.unwrap().map(|entry| entry.verdict.outcome)
            });
        }
    }

    /// Changes with it whenever a change arrives, whatever becomes of it.
    fn merged_so_far(&self) -> (i64, usize) {
        let receipts = self.hub.book.devices.values().map(|device| device.receipts.len());
        (self.hub.host.feed(), receipts.sum())
    }

    pub(crate) fn sync_cleanly(&mut self, at: usize) -> Checked {
        let tablet = &mut self.tablets[at];
        self.hub.note(format!("{} syncs at last", tablet.name));
        let report = tablet.replica_mut().sync(&mut Line::clean(&mut self.hub), &mut |_| ());
        self.hub.verdict()?;
        let name = tablet.name.clone();
        match report {
            Ok(report) if report.complete => tablet.check_display(Seen::OnlyTheEnd),
            Ok(report) => {
                broken(Guarantee::SameView, format!("{name} does not come to an end: {report:?}"))
            }
            Err(error) => broken(Guarantee::NoBlock, format!("{name} cannot sync: {error:?}")),
        }
    }
}
