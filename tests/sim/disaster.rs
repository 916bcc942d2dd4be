//! Disasters, after which the ledgers know nothing any more: a tablet is copied, the server is restored
//! from an old backup. What must be true then is simple: everything that is in any tablet's log is in
//! the server's, under the stamp that it had, and every mirror is the server's view.

use crate::country::Country;
use crate::enrol;
use crate::line::{Line, Manners};
use crate::sent::Sent;
use crate::time::{HOUR, MINUTE, Machine, SECOND};
use crate::violation::{Checked, Guarantee, broken};
use crate::world::World;
use server::admin::outbox::{OutboxError, import_outbox};
use server::admin::{people, reference};
use server::check::check;
use server::store::StoreError;
use std::collections::BTreeMap;
use sync_protocol::change::{ChangeHash, read_change};
use sync_protocol::ids::{DeviceNo, Seq};
use sync_protocol::stamp::Stamp;
use sync_protocol::time::CivilDate;
use sync_replica::SyncError;

/// Rounds after which everything must have come to rest.
const ROUNDS: usize = 8;
/// Things that happen after a disaster.
const STEPS: (i64, i64) = (10, 30);

/// The stamps that tablets have receipts for, by the content of the change.
type Stamps = BTreeMap<[u8; 32], Stamp>;

impl World {
    pub(crate) fn back_up(&mut self) {
        let file = self.dir.path().join("backup.db");
        self.hub.host.back_up(&file);
        self.hub.note("the server is backed up");
        self.backup = Some(file);
    }

    /// Copies, restores and files carried by hand, with work in between.
    pub(crate) fn suffer_disasters(&mut self) -> Checked {
        self.hub.judges = false;
        self.hub.late = crate::late::Late::default();
        let before = self.stamps();
        if self.dice.percent(60) {
            self.copy_a_tablet()?;
        }
        self.go_on()?;
        if self.dice.percent(60) {
            self.restore()?;
            self.go_on()?;
        }
        if self.dice.percent(20) {
            self.copy_a_tablet()?;
            self.go_on()?;
        }
        self.rest()?;
        self.check_everything_is_there(&before)
    }

    /// Two tablets have one log from here on. Both write; which of them is heard first is open, and so
    /// is whether the copy's entries lie below what the server has of the other.
    fn copy_a_tablet(&mut self) -> Checked {
        let at = self.dice.below(self.tablets.len());
        self.boxes += 1;
        let name = format!("{}, copied as {}", self.tablets[at].name, self.boxes);
        self.hub.note(&name);
        self.hub.diary.tally.clones += 1;
        let machine = Machine::new(&self.hub.time, self.dice.split());
        let path = self.dir.path().join(format!("tablet-{}.db", self.boxes));
        let copy = self.tablets[at].copied(name, path, machine);
        let of_copy = self.tablets.len();
        self.tablets.push(copy);
        let (more, fewer) = if self.dice.percent(50) { (at, of_copy) } else { (of_copy, at) };
        for (at, saves) in [(more, self.dice.between(2, 6)), (fewer, self.dice.between(0, 2))] {
            for _ in 0..saves {
                self.hub.time.pass(self.dice.between(SECOND, 30 * MINUTE));
                self.work(at);
            }
        }
        self.sync_somehow(more, Manners::default())
    }

    /// An old backup takes the server's place. Places and grants are given again by hand.
    fn restore(&mut self) -> Checked {
        let Some(backup) = self.backup.clone() else { return Ok(()) };
        self.hub.note("the server is restored from its backup");
        self.hub.diary.tally.restores += 1;
        self.hub.host.restore(&backup);
        let service = self.hub.host.service();
        if self.late_is_known {
            let file = self.hub.country.late_csv();
            reference::import_areas(service, file.as_bytes()).unwrap();
        }
        for worker in &self.workers {
            for of in self.hub.grants.held(*worker) {
                people::grant(service, *worker, vec![of]).unwrap();
            }
        }
        Ok(())
    }

    /// Work, bad lines, and now and then a file in place of a line.
    fn go_on(&mut self) -> Checked {
        for _ in 0..self.dice.between(STEPS.0, STEPS.1) {
            self.hub.time.pass(self.dice.between(SECOND, 2 * HOUR));
            let at = self.dice.below(self.tablets.len());
            match self.dice.weighed(&[45, 40, 10, 5]) {
                0 => self.work(at),
                3 => self.newer_app(at),
                1 => {
                    let trouble = [0, 30][self.dice.below(2)];
                    self.sync_somehow(at, Manners { trouble, ..Manners::default() })?;
                }
                _ => self.carry_by_hand(at)?,
            }
        }
        Ok(())
    }

    fn carry_by_hand(&mut self, at: usize) -> Checked {
        let whole = self.dice.percent(50);
        let outbox = match self.tablets[at].replica_mut().outbox(whole) {
            Ok(outbox) => outbox,
            Err(SyncError::EnrolAnew(_)) => return Ok(()),
            Err(error) => return broken(Guarantee::NoBlock, format!("no outbox: {error:?}")),
        };
        let file = serde_json::to_vec(&outbox).unwrap();
        self.hub.diary.tally.outboxes += 1;
        let taken = import_outbox(self.hub.host.service(), &file);
        self.hub.note(format!("{} is carried by hand", self.tablets[at].name));
        match taken {
            Ok(_)
            | Err(
                OutboxError::UnknownDevice(_)
                | OutboxError::Gap { .. }
                | OutboxError::Cloned { .. },
            ) => Ok(()),
            Err(error) => broken(Guarantee::NoBlock, format!("an outbox is refused: {error}")),
        }
    }

    /// Syncs, and enrols anew when the tablet is told to. Bad lines are excused.
    fn sync_somehow(&mut self, at: usize, manners: Manners) -> Checked {
        let tablet = &mut self.tablets[at];
        let mut line = Line::of(&mut self.hub, manners);
        let result = tablet.replica_mut().sync(&mut line, &mut |_| ());
        self.hub.note(format!("{} syncs: {result:?}", tablet.name));
        match result {
            Ok(_) => Ok(()),
            Err(SyncError::EnrolAnew(_) | SyncError::Unauthorised { revoked: false }) => {
                enrol::enrol(&mut self.hub, tablet, false);
                Ok(())
            }
            Err(
                SyncError::Offline(_)
                | SyncError::Timeout
                | SyncError::BadReply(_)
                | SyncError::ServerFault { status: 502 },
            ) if manners.trouble > 0 => Ok(()),
            Err(error) => {
                broken(Guarantee::NoBlock, format!("{} cannot sync: {error:?}", tablet.name))
            }
        }
    }

    /// Everybody syncs on good lines until nothing changes any more.
    fn rest(&mut self) -> Checked {
        for _ in 0..ROUNDS {
            let before = self.hub.host.digests(vec![Country::kabupaten()]);
            for at in 0..self.tablets.len() {
                self.sync_somehow(at, Manners::default())?;
            }
            let after = self.hub.host.digests(vec![Country::kabupaten()]);
            let done = |world: &World| {
                world.tablets.iter().all(|tablet| {
                    let status = tablet.replica().status().unwrap();
                    status.pending == 0 && status.pull_complete && status.differs.is_empty()
                })
            };
            if before == after && done(self) {
                return Ok(());
            }
        }
        broken(Guarantee::SameView, format!("no rest after {ROUNDS} rounds"))
    }

    /// What the tablets have receipts for. What cannot be read is sent again without its stamp.
    fn stamps(&self) -> Stamps {
        let logs = self.tablets.iter().flat_map(|tablet| tablet.whole_log());
        let readable = logs.filter(|entry| Sent::read(&entry.bytes).is_readable);
        readable.filter_map(|entry| Some((hash_of(&entry.bytes)?, entry.stamp?))).collect()
    }

    fn check_everything_is_there(&self, before: &Stamps) -> Checked {
        let service = self.hub.host.service();
        let now_ms =
            service.read_as_operator::<_, StoreError>(|tx, _| Ok(tx.server()?.now_ms)).unwrap();
        for tablet in &self.tablets {
            let device = tablet.replica().identity().unwrap().device.unwrap_or(DeviceNo::OFFICE);
            for entry in tablet.whole_log() {
                let Some(hash) = hash_of(&entry.bytes) else { continue };
                let name = format!("{}/{}", tablet.name, entry.seq);
                let found = service
                    .read_as_operator::<_, StoreError>(|tx, _| {
                        tx.entry(device, Seq::new(entry.seq).unwrap())
                    })
                    .unwrap();
                let Some(kept) = found.clone().filter(|kept| kept.hash.0 == hash) else {
                    let what = format!("{name} ({entry:?}) is not in the server's log: {found:?}");
                    return broken(Guarantee::Restored, what);
                };
                if kept.stamp.tick.unix_ms() > now_ms {
                    let what = format!("{name} stands in the future: {}", kept.stamp);
                    return broken(Guarantee::Clocks, what);
                }
                let stamp = before.get(&hash).copied();
                if stamp.is_some_and(|stamp| stamp != kept.stamp) || entry.outcome.is_none() {
                    let what = format!("{name} had {stamp:?}, has {:?}: {entry:?}", kept.stamp);
                    return broken(Guarantee::Restored, what);
                }
            }
            let (theirs, areas) =
                (tablet.replica().digest().unwrap(), self.hub.grants.areas(tablet.worker));
            let ours = self.hub.host.digests(areas);
            if theirs != ours {
                let what = format!("{} has {theirs:?}, the server {ours:?}", tablet.name);
                return broken(Guarantee::SameView, what);
            }
        }
        let faults = check(service).unwrap().faults;
        if faults.is_empty() { Ok(()) } else { broken(Guarantee::Kept, format!("{faults:?}")) }
    }
}

/// What names a change by its content; none of what cannot be read.
fn hash_of(bytes: &str) -> Option<[u8; 32]> {
    let ChangeHash(hash) = read_change(bytes, CivilDate::default()).ok()?.hash;
    Some(hash)
}
