//! A kabupaten of children that were made, moved, edited and deleted at random, and what must be
//! told of it.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use sync_protocol::ids::RecordId;
use sync_tests::{Device, Dice, World, child_body, measurement_body};

const VILLAGES: [&str; 9] = [
    "16.04.06.2008",
    "16.04.06.2009",
    "16.04.06.2010",
    "16.04.07.2001",
    "16.04.07.2002",
    "16.04.07.2003",
    "16.04.10.1031",
    "16.04.17.2001",
    "16.04.17.2002",
];
const WIDER: [&str; 5] = ["16.04", "16.04.06", "16.04.07", "16.04.10", "16.04.17"];

pub(super) struct Kabupaten {
    pub(super) world: World,
    children: BTreeMap<RecordId, Place>,
    /// What belongs to a child, and which list it is in.
    belonging: BTreeMap<RecordId, (RecordId, &'static str)>,
    deleted: BTreeSet<RecordId>,
}

/// Where a child lives, and where it lived.
struct Place {
    village: &'static str,
    left: BTreeSet<&'static str>,
}

impl Kabupaten {
    pub(super) fn random(dice: &mut Dice) -> Self {
        let world = World::default();
        let mut writer = world.device("Penulis", &["16.04"]);
        let mut kabupaten = Kabupaten {
            world,
            children: BTreeMap::new(),
            belonging: BTreeMap::new(),
            deleted: BTreeSet::new(),
        };
        for _ in 0..12 {
            let changes: Vec<Value> =
                (0..25).map(|_| kabupaten.any_change(&mut writer, dice)).collect();
            let reply = writer.push(&changes);
            assert!(reply.receipts.iter().all(|r| r.outcome.as_str() == "applied"), "{reply:?}");
            kabupaten.world.time.pass(1_000);
        }
        kabupaten
    }

    fn any_change(&mut self, writer: &mut Device, dice: &mut Dice) -> Value {
        let known: Vec<RecordId> = self.children.keys().copied().collect();
        if known.len() < 3 || dice.below(4) == 0 {
            return self.new_child(writer, dice);
        }
        let child = dice.pick(&known);
        match dice.below(8) {
            0 => self.move_child(writer, child, dice.pick(&VILLAGES)),
            1 => self.delete(writer, dice),
            2 | 3 => {
                let id = RecordId::from_bytes(dice.bytes());
                self.belonging.insert(id, (child, "visits"));
                let day = dice.pick(&["2026-10-02", "2026-11-03"]);
                let body = json!({"child_id": child, "visited_on": day, "purpose": "konseling"});
                writer.change("visit", id, json!({"body": body}))
            }
            _ => {
                let id = RecordId::from_bytes(dice.bytes());
                self.belonging.insert(id, (child, "measurements"));
                let day = dice.pick(&["2026-10-02", "2026-11-03"]);
                let body = measurement_body(child, 8_000).with("measured_on", day);
                writer.body("measurement", id, None, &body)
            }
        }
    }

    fn new_child(&mut self, writer: &mut Device, dice: &mut Dice) -> Value {
        let (id, village) = (RecordId::from_bytes(dice.bytes()), dice.pick(&VILLAGES));
        self.children.insert(id, Place { village, left: BTreeSet::new() });
        let body = child_body(&format!("Anak {}", self.children.len()))
            .with("posyandu", dice.pick(&["Melati", "Mawar"]));
        writer.child(id, village, &body)
    }

    fn move_child(&mut self, writer: &mut Device, id: RecordId, to: &'static str) -> Value {
        let place = self.children.get_mut(&id).unwrap();
        if place.village != to {
            place.left.insert(place.village);
        }
        place.village = to;
        writer.change("child", id, json!({"move": to}))
    }

    /// A later edit would revive it; none comes here.
    fn delete(&mut self, writer: &mut Device, dice: &mut Dice) -> Value {
        let all: Vec<RecordId> =
            self.children.keys().chain(self.belonging.keys()).copied().collect();
        let id = dice.pick(&all);
        self.deleted.insert(id);
        let kind = match self.belonging.get(&id) {
            None => "child",
            Some((_, "visits")) => "visit",
            Some(_) => "measurement",
        };
        writer.change(kind, id, json!({"deleted": "salah_input"}))
    }

    /// Some areas that somebody may be granted.
    pub(super) fn any_areas(&self, dice: &mut Dice) -> Vec<&'static str> {
        let all = [WIDER.as_slice(), &VILLAGES, &VILLAGES].concat();
        (0..=dice.below(4)).map(|_| dice.pick(&all)).collect()
    }

    /// Everything that lives in these areas, deleted or not.
    pub(super) fn records_in(&self, areas: &[&str]) -> BTreeSet<String> {
        let children = self.children.keys().copied();
        let all = children.chain(self.belonging.keys().copied());
        all.filter(|id| is_in(areas, self.village(id))).map(|id| id.to_string()).collect()
    }

    /// Children that were in one of these areas and are in none.
    pub(super) fn gone_from(&self, areas: &[&str]) -> BTreeSet<String> {
        let was_in = |place: &Place| place.left.iter().any(|village| is_in(areas, village));
        let gone = self.children.iter();
        let gone = gone.filter(|(_, place)| was_in(place) && !is_in(areas, place.village));
        gone.map(|(id, _)| id.to_string()).collect()
    }

    /// What a list shows of these areas.
    pub(super) fn live_in(&self, list: &str, areas: &[&str]) -> BTreeSet<String> {
        let is_live = |id: &RecordId| !self.deleted.contains(id);
        let of_list: Vec<RecordId> = if list == "children" {
            self.children.keys().copied().collect()
        } else {
            let of_kind = self.belonging.iter().filter(|(_, (_, kind))| *kind == list);
            of_kind.filter(|(_, (child, _))| is_live(child)).map(|(id, _)| *id).collect()
        };
        let shown = of_list.iter().filter(|id| is_live(id) && is_in(areas, self.village(id)));
        shown.map(ToString::to_string).collect()
    }

    fn village(&self, id: &RecordId) -> &'static str {
        let child = self.belonging.get(id).map_or(id, |(child, _)| child);
        self.children[child].village
    }
}

fn is_in(areas: &[&str], village: &str) -> bool {
    areas.iter().any(|area| village == *area || village.starts_with(&format!("{area}.")))
}
