//! Bases that never were: an app that lies, a version that a restored backup has lost. An edit on
//! such a base is good, and neither wins for ever nor hides what others wrote meanwhile.

use crate::tablet::body_of;
use crate::time::{MINUTE, YEAR};
use crate::world::World;
use serde_json::json;
use sync_protocol::ids::{DeviceNo, RecordId};
use sync_protocol::record::Kind;
use sync_protocol::stamp::{Stamp, Tick};
use sync_protocol::time::Moment;
use sync_replica::Platform as _;

impl World {
    /// An app edits a child that it shows, and says that it saw a version which never was.
    pub(crate) fn forge_base(&mut self, at: usize, child: RecordId) {
        let Some(base) = self.draw_forged(at) else { return };
        let Some(body) = body_of(&self.tablets[at], Kind::CHILD, child) else { return };
        // Unlike what anybody else writes, so that it is never the same as theirs.
        let body = body.with("address", self.next_name());
        let tablet = &mut self.tablets[at];
        let made_at =
            Moment::with_offset(tablet.machine.wall_ms(), tablet.machine.offset_minutes());
        let clock = tablet.replica().status().unwrap().clock;
        let seq = tablet.log_foreign(Kind::CHILD.name(), child, None, |seq| {
            json!({"seq": seq, "kind": Kind::CHILD.name(), "id": child, "made_at": made_at,
                "clock": clock, "base": base, "body": body})
            .to_string()
        });
        let event = format!("{} edits {child} on a base that never was: {base}", tablet.name);
        let device = tablet.device;
        self.hub.note(event);
        self.hub.book.hours.saved(device, seq, self.hub.time.ms());
        self.hub.diary.tally.changes += 1;
    }

    /// In the far future, a little ahead, or the stamp of another record.
    fn draw_forged(&mut self, at: usize) -> Option<Stamp> {
        let device = if self.dice.percent(50) { self.tablets[at].device } else { 0x0bad_bad0 };
        let ahead_ms = match self.dice.below(3) {
            0 => self.dice.between(YEAR, 5_000 * YEAR),
            1 => self.dice.between(MINUTE, 600 * MINUTE),
            _ => {
                let rows = self.tablets[at].replica().mirror().unwrap();
                let others: Vec<Stamp> = rows
                    .iter()
                    .filter(|row| row.kind != Kind::CHILD.name())
                    .map(|row| row.stamp)
                    .collect();
                return self.dice.one_of(&others).copied();
            }
        };
        let tick = Tick::at(self.hub.time.ms() + ahead_ms);
        Some(Stamp { tick, device: DeviceNo(device) })
    }
}
