//! What workers do with their tablets: enter, edit, delete, revive and hand over.

use crate::bodies::{self, FOREIGN};
use crate::tablet::{Tablet, body_of};
use crate::time::Machine;
use crate::violation::{Guarantee, broken};
use crate::world::World;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::Tombstone;
use sync_protocol::ids::{DeviceNo, RecordId};
use sync_protocol::record::Kind;
use sync_protocol::time::Moment;
use sync_replica::{Platform as _, SaveError, Saved, date_of};

/// An app that writes what it should not lies about a base so many times in a hundred.
const FORGED_BASES: u64 = 40;

impl World {
    pub(crate) fn work(&mut self, at: usize) {
        match self.dice.weighed(&[22, 4, 30, 4, 22, 6, 4, 10, 5]) {
            0 => self.new_child(at, false),
            1 => self.new_child(at, true),
            2 => self.new_entry(at, false),
            3 => self.new_entry(at, true),
            4 => self.edit(at),
            5 => self.delete(at),
            6 => self.revive(at),
            7 => self.hand_over(at),
            _ => self.write_to_a_stranger(at),
        }
    }

    /// A child in a village that the tablet believes to be its own, or anywhere.
    fn new_child(&mut self, at: usize, anywhere: bool) {
        let believed = self.tablets[at].replica().status().unwrap().areas;
        let own = |village: &&Area| {
            anywhere || believed.iter().any(|area| crate::country::lies_in(village, area))
        };
        let villages: Vec<Area> = self.hub.country.all().filter(own).cloned().collect();
        let Some(village) = self.dice.one_of(&villages).cloned() else { return };
        let name = self.next_name();
        let body = bodies::child(&mut self.dice, &name);
        if let Some(saved) = self.save(at, Kind::CHILD, None, Some(village), body) {
            self.rumoured.push(saved.id);
        }
    }

    /// A measurement or visit of a child that is shown, or of one that was only heard of.
    fn new_entry(&mut self, at: usize, rumour: bool) {
        let child = if rumour { self.draw_rumour() } else { self.draw_shown(at, Kind::CHILD) };
        let Some(child) = child else { return };
        let day = self.draw_day(at);
        let (kind, body) = if self.dice.percent(70) {
            (Kind::MEASUREMENT, bodies::measurement(&mut self.dice, child, &day))
        } else {
            (Kind::VISIT, bodies::visit(&mut self.dice, child, &day))
        };
        self.save(at, kind, None, None, body);
    }

    fn edit(&mut self, at: usize) {
        let kind = self.draw_kind();
        let Some(id) = self.draw_shown(at, kind) else { return };
        let Some(body) = body_of(&self.tablets[at], kind, id) else { return };
        if self.dice.percent(25) {
            self.edit_with_an_old_app(at, kind, id, &body);
            return;
        }
        let body = bodies::edited(&mut self.dice, kind.name(), body);
        self.save(at, kind, Some(id), None, body);
    }

    /// An app that does not know every field writes what its form has; nothing else is erased by that.
    fn edit_with_an_old_app(&mut self, at: usize, kind: Kind, id: RecordId, held: &Body) {
        let form = bodies::of_an_old_app(&mut self.dice, kind, held);
        if self.save(at, kind, Some(id), None, form).is_none() {
            return;
        }
        let now = body_of(&self.tablets[at], kind, id).unwrap_or_default();
        let field = bodies::NEW_FIELD;
        if now.get(field) != held.get(field) {
            let what = format!("{:?} of {id} became {:?}", held.get(field), now.get(field));
            self.hub.keep(broken(Guarantee::NewFields, what));
        }
    }

    fn delete(&mut self, at: usize) {
        let kind = self.draw_kind();
        let Some(id) = self.draw_shown(at, kind) else { return };
        let reason = *self.dice.one_of(&Tombstone::ALL).unwrap();
        let result = self.tablets[at].replica_mut().delete(kind, id, reason);
        self.saved(at, &format!("deletes {kind} {id} as {reason}"), result);
    }

    fn revive(&mut self, at: usize) {
        let mirror = self.tablets[at].replica().mirror().unwrap();
        let deleted: Vec<_> = mirror.iter().filter(|row| row.deleted.is_some()).collect();
        let Some(row) = self.dice.one_of(&deleted) else { return };
        let Some(kind) = Kind::named(&row.kind) else { return };
        let day = self.draw_day(at);
        let body = match row.child_id {
            None => {
                let name = self.next_name();
                bodies::child(&mut self.dice, &name)
            }
            Some(child) if kind == Kind::VISIT => bodies::visit(&mut self.dice, child, &day),
            Some(child) => bodies::measurement(&mut self.dice, child, &day),
        };
        self.save(at, kind, Some(row.id), None, body);
    }

    fn hand_over(&mut self, at: usize) {
        let Some(child) = self.draw_shown(at, Kind::CHILD) else { return };
        let villages: Vec<Area> = self.hub.country.all().cloned().collect();
        // Mostly among the first few, so that children come back.
        let near = if self.dice.percent(70) { 3 } else { villages.len() };
        let Some(village) = self.dice.one_of(&villages[..near]).cloned() else { return };
        let result = self.tablets[at].replica_mut().move_child(child, village.clone());
        self.saved(at, &format!("hands {child} over to {village}"), result);
    }

    /// Somebody knows the id of a child that his tablet does not hold, and writes to it.
    fn write_to_a_stranger(&mut self, at: usize) {
        let Some(child) = self.draw_rumour() else { return };
        let village = self.dice.one_of(&self.hub.country.villages).cloned();
        let body = bodies::child(&mut self.dice, "Anak Orang Lain");
        self.save(at, Kind::CHILD, Some(child), village, body);
    }

    /// A newer or broken app leaves an entry in the log.
    pub(crate) fn newer_app(&mut self, at: usize) {
        if self.draining.contains(&self.tablets[at].device) {
            // No app saves anything on a tablet that may have begun to erase itself.
            return;
        }
        let Some(child) = self.draw_shown(at, Kind::CHILD) else { return };
        if self.dice.percent(FORGED_BASES) {
            return self.forge_base(at, child);
        }
        let what = *self.dice.one_of(&FOREIGN).unwrap();
        let mut random = [0; 6];
        self.dice.fill(&mut random);
        let tablet = &mut self.tablets[at];
        let id = RecordId::made_by(DeviceNo(tablet.device), tablet.machine.wall_ms(), random);
        let made_at = Moment::with_offset(tablet.machine.wall_ms(), 7 * 60).to_string();
        let kind = bodies::foreign_kind(what);
        let seq = tablet.log_foreign(kind, id, Some(child), |seq| {
            bodies::foreign(what, seq, id, child, &made_at)
        });
        self.hub.book.hours.saved(self.tablets[at].device, seq, self.hub.time.ms());
        self.hub.diary.tally.changes += 1;
        let event = format!("{}: a newer app wrote {what:?} {id}", self.tablets[at].name);
        self.hub.note(event);
    }

    pub(crate) fn save(
        &mut self,
        at: usize,
        kind: Kind,
        id: Option<RecordId>,
        area: Option<Area>,
        body: Body,
    ) -> Option<Saved> {
        let place = area.as_ref().map(|area| format!(" in {area}")).unwrap_or_default();
        let verb = if id.is_some() { "saves" } else { "enters" };
        let result = self.tablets[at].replica_mut().save(kind, id, area, body);
        self.saved(at, &format!("{verb} {kind}{place}"), result)
    }

    /// Notes a save, or that the tablet itself refused it.
    pub(crate) fn saved(
        &mut self,
        at: usize,
        deed: &str,
        result: Result<Saved, SaveError>,
    ) -> Option<Saved> {
        let name = &self.tablets[at].name;
        match result {
            Ok(saved) => {
                let event = format!("{name} {deed}: {}/{}", saved.id, saved.seq);
                let device = self.tablets[at].device;
                self.hub.book.hours.saved(device, saved.seq, self.hub.time.ms());
                self.hub.note(event);
                self.hub.diary.tally.changes += 1;
                Some(saved)
            }
            Err(
                SaveError::Fault(_)
                | SaveError::NoSuchRecord
                | SaveError::ChildIsFixed
                | SaveError::AreaNeeded,
            ) => None,
            // It died while it erased itself, and goes on with that at its next sync.
            Err(SaveError::Wiping) if self.draining.contains(&self.tablets[at].device) => None,
            Err(other) => panic!("{name} {deed}: {other:?}"),
        }
    }

    fn draw_kind(&mut self) -> Kind {
        let kinds: Vec<Kind> = Kind::all().collect();
        let weights: Vec<u64> = kinds.iter().map(|kind| weight_of(*kind)).collect();
        kinds[self.dice.weighed(&weights)]
    }

    fn draw_shown(&mut self, at: usize, kind: Kind) -> Option<RecordId> {
        let ids = shown_ids(&self.tablets[at], kind);
        self.dice.one_of(&ids).copied()
    }

    fn draw_rumour(&mut self) -> Option<RecordId> {
        self.dice.one_of(&self.rumoured).copied()
    }

    /// The day as the worker knows it, or as the tablet shows it.
    pub(crate) fn draw_day(&mut self, at: usize) -> String {
        let machine: &Machine = &self.tablets[at].machine;
        let (by_tablet, truly) = (machine.wall_ms(), self.hub.time.ms());
        let ms = if self.dice.percent(90) { truly } else { by_tablet };
        date_of(ms, machine.offset_minutes()).to_string()
    }
}

/// How often a kind is written, beside the others.
fn weight_of(kind: Kind) -> u64 {
    if kind == Kind::CHILD {
        60
    } else if kind == Kind::MEASUREMENT {
        30
    } else {
        10
    }
}

fn shown_ids(tablet: &Tablet, kind: Kind) -> Vec<RecordId> {
    tablet.replica().list(kind).unwrap().iter().map(|shown| shown.id).collect()
}
