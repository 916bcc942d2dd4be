//! How tablets come and go: new ones for lost ones, and those that are drained and erase themselves.

use crate::enrol;
use crate::line::{Line, Manners};
use crate::tablet::Tablet;
use crate::time::{Machine, SECOND};
use crate::violation::{Checked, Guarantee, broken};
use crate::world::World;
use server::admin::devices;
use sync_protocol::ids::{DeviceNo, WorkerId};

/// Exchanges after which a drained tablet must have erased itself.
const DRAINED_AFTER: usize = 3;

impl World {
    /// Gives a worker a tablet fresh from its box.
    pub(crate) fn new_tablet(&mut self, worker: WorkerId, in_full: bool) -> Tablet {
        self.boxes += 1;
        let n = self.boxes;
        let machine = Machine::new(&self.hub.time, self.dice.split());
        machine.set_wrong_by(self.draw_wrongness());
        let path = self.dir.path().join(format!("tablet-{n}.db"));
        let mut tablet = Tablet::new(format!("tablet {n}"), worker, path, machine);
        enrol::enrol(&mut self.hub, &mut tablet, in_full);
        let (device, clock) = (tablet.device, tablet.clock_text());
        self.hub.note(format!("tablet {n} is enrolled as {device:08x}, its clock is {clock}"));
        self.hub.diary.tally.tablets += 1;
        self.hub.time.pass(self.dice.between(1, 3_600) * SECOND);
        tablet
    }

    /// A tablet is lost, with what it had not sent; its worker gets another.
    pub(crate) fn reinstall(&mut self, at: usize) {
        self.hub.note(format!("{} is lost", self.tablets[at].name));
        self.hub.diary.tally.reinstalls += 1;
        self.draining.remove(&self.tablets[at].device);
        self.tablets[at] = self.new_tablet(self.tablets[at].worker, false);
    }

    /// The office wants a tablet back, once it has sent everything.
    pub(crate) fn drain(&mut self, at: usize) {
        let device = self.tablets[at].device;
        self.hub.note(format!("{} is to be drained", self.tablets[at].name));
        devices::drain(self.hub.host.service(), DeviceNo(device)).unwrap();
        self.draining.insert(device);
        self.after_administration();
    }

    /// A tablet has erased itself, by order and with nothing unsent: its `written` entries are all
    /// acknowledged.
    pub(crate) fn wiped(&mut self, at: usize, written: u64) -> Checked {
        self.hub.verdict()?;
        let tablet = &self.tablets[at];
        let (device, name) = (tablet.device, tablet.name.clone());
        self.hub.note(format!("{name} has erased itself"));
        if !self.draining.remove(&device) {
            return broken(Guarantee::Kept, format!("{name} erased itself without an order"));
        }
        let acked = self.hub.book.device(device).acked;
        if acked < written {
            let what = format!("{name} erased {written} entries, {acked} were acknowledged");
            return broken(Guarantee::Kept, what);
        }
        if tablet.written() > 0 {
            return broken(Guarantee::Kept, format!("{name} erased itself and its log is there"));
        }
        self.hub.diary.tally.wipes += 1;
        self.tablets[at] = self.new_tablet(self.tablets[at].worker, false);
        Ok(())
    }

    /// What is to be drained meets a good line.
    pub(crate) fn finish_draining(&mut self) -> Checked {
        for at in 0..self.tablets.len() {
            let device = self.tablets[at].device;
            for _ in 0..DRAINED_AFTER {
                if !self.draining.contains(&device) {
                    break;
                }
                let written = self.tablets[at].written();
                let mut line = Line::of(&mut self.hub, Manners::default());
                let result = self.tablets[at].replica_mut().sync(&mut line, &mut |_| ());
                match result {
                    Ok(report) if report.wiped => self.wiped(at, written)?,
                    other => self.hub.note(format!("it drains: {other:?}")),
                }
                self.hub.verdict()?;
            }
            if self.draining.contains(&device) {
                let what = format!("{} does not erase itself", self.tablets[at].name);
                return broken(Guarantee::NoBlock, what);
            }
        }
        Ok(())
    }
}
