//! What must be true once all tablets have synced: guarantees 2, 3, 4 and what the worker is shown.

use crate::enrol;
use crate::letter::Letter;
use crate::line::Line;
use crate::sent::{Deed, Sent};
use crate::tablet::{Tablet, says};
use crate::time::Machine;
use crate::violation::{Checked, Guarantee, broken};
use crate::world::World;
use serde_json::value::RawValue;
use server::check::check;
use server::store::StoreError;
use std::collections::BTreeMap;
use sync_protocol::area::Area;
use sync_protocol::ids::{DeviceNo, RecordId, Seq, WorkerId};
use sync_protocol::parked::ParkCode;
use sync_protocol::record::Kind;
use sync_protocol::stamp::Stamp;
use sync_protocol::time::Moment;
use sync_protocol::wire::{Outcome, Status, SyncReply, SyncRequest};
use sync_replica::{Content, MirrorRow, Platform as _, Request};

impl World {
    /// Looks at everything.
    pub(crate) fn examine(&mut self) -> Checked {
        self.check_digests()?;
        self.check_fresh_replicas()?;
        self.check_winners()?;
        self.check_displays()?;
        self.check_parked()?;
        self.check_contested()?;
        self.check_log()?;
        self.push_all_again()
    }

    /// Every mirror has the server's digest of each desa in its scope.
    fn check_digests(&self) -> Checked {
        for tablet in &self.tablets {
            let theirs = tablet.replica().digest().unwrap();
            let ours = self.hub.host.digests(self.hub.grants.areas(tablet.worker));
            if theirs != ours {
                let what = format!("{} has {theirs:?}, the server {ours:?}", tablet.name);
                return broken(Guarantee::SameView, what);
            }
        }
        Ok(())
    }

    /// A replica that pulls for the first time sees what one sees that was there all along.
    fn check_fresh_replicas(&mut self) -> Checked {
        for worker in self.workers.clone() {
            let of_worker: Vec<usize> =
                (0..self.tablets.len()).filter(|at| self.tablets[*at].worker == worker).collect();
            if of_worker.is_empty() {
                continue;
            }
            let fresh = self.pull_afresh(worker);
            self.hub.verdict()?;
            for at in of_worker {
                let tablet = &self.tablets[at];
                if let Some(difference) = difference(&fresh, &tablet.replica().mirror().unwrap()) {
                    let what = format!("{} and a fresh replica: {difference}", tablet.name);
                    return broken(Guarantee::SameView, what);
                }
            }
        }
        Ok(())
    }

    fn pull_afresh(&mut self, worker: WorkerId) -> Vec<MirrorRow> {
        let n = self.hub.book.devices.len();
        let machine = Machine::new(&self.hub.time, self.dice.split());
        let path = self.dir.path().join(format!("fresh-{n}.db"));
        let mut fresh = Tablet::new(format!("fresh replica {n}"), worker, path, machine);
        enrol::enrol(&mut self.hub, &mut fresh, false);
        let report = fresh.replica_mut().sync(&mut Line::clean(&mut self.hub), &mut |_| ());
        self.hub.keep(match report {
            Ok(report) if report.complete => Ok(()),
            other => broken(Guarantee::SameView, format!("a fresh replica got {other:?}")),
        });
        fresh.replica().mirror().unwrap()
    }

    /// Of all versions that tablets sent and the server merged, the one with the greatest stamp is
    /// what every mirror shows; and no merged record is missing in a scope.
    fn check_winners(&self) -> Checked {
        let winners = self.winners();
        for tablet in &self.tablets {
            let mirror = tablet.replica().mirror().unwrap();
            let rows: BTreeMap<RecordId, &MirrorRow> =
                mirror.iter().map(|row| (row.id, row)).collect();
            for (id, (stamp, sent)) in &winners {
                let child = self.hub.reach.subject(sent);
                let place = child.and_then(|child| self.hub.reach.places.get(&child));
                let expected =
                    place.is_some_and(|place| self.hub.grants.cover(tablet.worker, place));
                match rows.get(id) {
                    Some(row) => check_winner(tablet, row, *stamp, sent)?,
                    None if expected => {
                        let what = format!("{} does not have {id} of {place:?}", tablet.name);
                        return broken(Guarantee::NoSkip, what);
                    }
                    None => {}
                }
            }
        }
        Ok(())
    }

    /// The greatest merged version of each record's state that tablets sent.
    fn winners(&self) -> BTreeMap<RecordId, (Stamp, &Sent)> {
        let mut winners: BTreeMap<RecordId, (Stamp, &Sent)> = BTreeMap::new();
        for device in self.hub.book.devices.values() {
            for (seq, receipt) in &device.receipts {
                let merged = match receipt.outcome {
                    Outcome::Applied => true,
                    Outcome::Superseded => !device.parked_once.contains(seq),
                    Outcome::Parked | Outcome::Discarded => false,
                };
                let sent = &device.sent[seq];
                let Some(id) = sent.id.filter(|_| merged && sent.is_of_state()) else { continue };
                let best = winners.entry(id).or_insert((receipt.stamp, sent));
                if best.0 < receipt.stamp {
                    *best = (receipt.stamp, sent);
                }
            }
        }
        winners
    }

    /// With nothing pending, the worker sees the mirror, but for what is parked.
    fn check_displays(&self) -> Checked {
        for tablet in &self.tablets {
            for row in tablet.replica().mirror().unwrap() {
                let Some(kind) = Kind::named(&row.kind) else { continue };
                let shown = tablet.replica().record(kind, row.id).unwrap().unwrap();
                let same = match (&shown.content, &row.deleted, &row.body) {
                    (Content::Deleted(shown), Some(held), _) => shown == held,
                    (Content::Body(shown), None, Some(held)) => {
                        serde_json::from_str(held).is_ok_and(|held| shown.says_the_same(&held))
                    }
                    _ => false,
                };
                if shown.pending || !(same || shown.parked) {
                    let what = format!("{} shows {shown:?} in place of {row:?}", tablet.name);
                    return broken(Guarantee::Overlay, what);
                }
            }
        }
        Ok(())
    }

    /// What is parked for its scope is still out of it: its cause has not gone.
    fn check_parked(&self) -> Checked {
        for (device, book) in &self.hub.book.devices {
            for (seq, receipt) in &book.receipts {
                let sent = &book.sent[seq];
                if receipt.code == Some(ParkCode::NotInScope)
                    && let Some(place) = self.reachable_place(book.worker, sent)
                {
                    let what = format!(
                        "{device}/{seq} of {:?} ({:?}) is parked although its child is in {place}, \
                         in scope",
                        sent.id, sent.deed
                    );
                    return broken(Guarantee::Kept, what);
                }
            }
        }
        Ok(())
    }

    /// Where a change would be merged, when nothing stands against that.
    fn reachable_place(&self, worker: WorkerId, sent: &Sent) -> Option<Area> {
        let is_known = |area: &Area| self.late_is_known || *area != self.hub.country.late;
        if let Deed::Move(to) = &sent.deed
            && !is_known(to)
        {
            return None;
        }
        let child = self.hub.reach.subject(sent)?;
        let place = match self.hub.reach.places.get(&child) {
            Some(place) => place.clone(),
            // It would make the child.
            None => sent.area.clone().filter(|area| sent.is_of_child() && is_known(area))?,
        };
        self.hub.grants.cover(worker, &place).then_some(place)
    }

    /// What named a base that never was is a conflict with what another tablet had merged before.
    fn check_contested(&mut self) -> Checked {
        let service = self.hub.host.service();
        let listed =
            service.read_as_operator::<_, StoreError>(|tx, _| tx.open_conflicts()).unwrap();
        for (device, seq) in &self.hub.book.contested {
            let found = service.read_as_operator::<_, StoreError>(|tx, _| {
                tx.entry(DeviceNo(*device), Seq::new(*seq).unwrap())
            });
            let pos = found.unwrap().unwrap().pos;
            if !listed.iter().any(|conflict| conflict.incoming == pos) {
                let what = format!("{device}/{seq} named a base that never was: no conflict");
                return broken(Guarantee::Clocks, what);
            }
        }
        self.hub.diary.tally.contested += u64::try_from(self.hub.book.contested.len()).unwrap();
        Ok(())
    }

    /// Every acknowledged change is in the log, once, as it was sent, and the counts add up.
    fn check_log(&self) -> Checked {
        let service = self.hub.host.service();
        for (device, book) in &self.hub.book.devices {
            for (seq, receipt) in &book.receipts {
                let found = service
                    .read_as_operator::<_, StoreError>(|tx, _| {
                        tx.entry(DeviceNo(*device), Seq::new(*seq).unwrap())
                    })
                    .unwrap();
                let kept = found.as_ref().is_some_and(|entry| {
                    entry.raw == book.sent[seq].bytes
                        && entry.stamp == receipt.stamp
                        && entry.verdict.outcome == receipt.outcome
                });
                if !kept {
                    let what = format!("{device}/{seq} has {receipt:?} and is stored as {found:?}");
                    return broken(Guarantee::Kept, what);
                }
            }
            let receipted = u64::try_from(book.receipts.len()).unwrap();
            if receipted != book.acked {
                let what = format!("{device}: {} acknowledged, {receipted} receipts", book.acked);
                return broken(Guarantee::Kept, what);
            }
        }
        let report = check(service).unwrap();
        if !report.faults.is_empty() {
            return broken(Guarantee::Kept, format!("timbang check: {:?}", report.faults));
        }
        self.check_counts(&report.changes)
    }

    fn check_counts(&self, counted: &BTreeMap<String, i64>) -> Checked {
        let service = self.hub.host.service();
        let office =
            service.read_as_operator::<_, StoreError>(|tx, _| tx.device(DeviceNo::OFFICE)).unwrap();
        let office = office.map_or(0, |office| office.acked);
        let acked: u64 = self.hub.book.devices.values().map(|book| book.acked).sum();
        let total: i64 = counted.values().sum();
        if u64::try_from(total).unwrap() != acked + office {
            let what = format!("{counted:?} do not add up to {acked} of tablets and {office}");
            return broken(Guarantee::Kept, what);
        }
        let parked = self.hub.book.count_receipts(Outcome::Parked);
        let counted = counted.get("parked").copied().unwrap_or(0);
        if usize::try_from(counted).unwrap() != parked {
            let what = format!("{counted} are parked, the receipts say {parked}");
            return broken(Guarantee::Kept, what);
        }
        Ok(())
    }

    /// Every tablet sends its whole log once more: same receipts, nothing merged.
    fn push_all_again(&mut self) -> Checked {
        let everywhere = vec![crate::country::Country::kabupaten()];
        let before = (self.hub.host.feed(), self.hub.host.digests(everywhere.clone()));
        self.hub.note("every tablet sends its whole log once more");
        for at in 0..self.tablets.len() {
            let letter = self.whole_log_letter(at);
            let reply = self.hub.deliver(&letter);
            self.hub.verdict()?;
            let reply: SyncReply = serde_json::from_slice(&reply.body).unwrap();
            let device = self.tablets[at].device;
            for receipt in &reply.receipts {
                let before = &self.hub.book.device(device).receipts[&receipt.seq.get()];
                if before != receipt {
                    let what = format!("{device}: {before:?} became {receipt:?} when sent again");
                    return broken(Guarantee::Once, what);
                }
            }
        }
        if (self.hub.host.feed(), self.hub.host.digests(everywhere)) != before {
            return broken(Guarantee::Once, "sending all logs once more changed the server");
        }
        Ok(())
    }

    fn whole_log_letter(&self, at: usize) -> Letter {
        let tablet = &self.tablets[at];
        let log = tablet.whole_log();
        let message = SyncRequest {
            protocol: 1,
            sent_at: Moment::utc(tablet.machine.wall_ms()),
            clock: tablet.replica().status().unwrap().clock,
            last_seq: log.last().map_or(0, |entry| entry.seq),
            status: Status::default(),
            changes: log
                .iter()
                .map(|entry| RawValue::from_string(entry.bytes.clone()).unwrap())
                .collect(),
            cursor: None,
            limit: Some(1),
        };
        let request = Request {
            method: "POST",
            path: "/v1/sync".to_owned(),
            token: Some(self.hub.book.device(tablet.device).token.clone()),
            body: Some(serde_json::to_vec(&message).unwrap()),
            etag: None,
        };
        Letter::of(&request, "198.51.100.8", self.hub.time.ms())
    }
}

/// A row shows the winner, unless the office changed the record after it.
fn check_winner(tablet: &Tablet, row: &MirrorRow, stamp: Stamp, sent: &Sent) -> Checked {
    let by_office = row.id.as_bytes().starts_with(&[0, 0, 0, 0]);
    let content = match (&row.deleted, &row.body) {
        (Some(reason), _) => Content::Deleted(*reason),
        (None, Some(body)) => Content::Body(serde_json::from_str(body).unwrap()),
        (None, None) => return broken(Guarantee::SameView, format!("{} is nothing", row.id)),
    };
    let stamp_fits = if sent.is_of_child() { row.stamp >= stamp } else { row.stamp == stamp };
    if by_office || (stamp_fits && says(Some(&content), &sent.deed)) {
        return Ok(());
    }
    let what =
        format!("{} holds {row:?}, the greatest version is {stamp} ({:?})", tablet.name, sent.deed);
    broken(Guarantee::SameView, what)
}

/// The first row in which two mirrors differ.
fn difference(one: &[MirrorRow], other: &[MirrorRow]) -> Option<String> {
    let missing = |row: &&MirrorRow, among: &[MirrorRow]| !among.iter().any(|held| held == *row);
    let only_one = one.iter().find(|row| missing(row, other));
    let only_other = other.iter().find(|row| missing(row, one));
    match (only_one, only_other) {
        (None, None) => None,
        (one, other) => Some(format!("{other:?} against {one:?}")),
    }
}
