//! Changes drawn by the dice: to a child that all devices hold, to one that only its maker has, and to
//! what belongs to them.

use super::scene::Deed;
use serde_json::{Value, json};
use sync_protocol::ids::RecordId;
use sync_tests::{Device, Dice, OTHER_DESA, SADAN, child_body, measurement_body};

pub(super) const THIRD_DESA: &str = "16.04.06.2010";
const DESA: [&str; 3] = [SADAN, OTHER_DESA, THIRD_DESA];
/// All deeds fall in so many minutes, so that some are of the same.
const MINUTES: u64 = 45;

/// What everybody held when the deeds were done, and could base an edit on.
pub(super) struct Known {
    child: RecordId,
    measurement: RecordId,
    /// Stamps of the child's versions and of the measurement.
    versions: Vec<String>,
    weighed: String,
}

impl Known {
    /// A child with two versions and a measurement, stored.
    pub(super) fn stored(devices: &mut [Device], dice: &mut Dice) -> Self {
        let (child, measurement) =
            (RecordId::from_bytes(dice.bytes()), RecordId::from_bytes(dice.bytes()));
        let first = devices[0].child(child, SADAN, &child_body("Ani"));
        let first = devices[0].push_one(first).stamp.to_string();
        let edit = devices[1].body("child", child, Some(&first), &child_body("Ani B."));
        let second = devices[1].push_one(edit).stamp.to_string();
        let weighing =
            devices[0].body("measurement", measurement, None, &measurement_body(child, 9_000));
        let weighed = devices[0].push_one(weighing).stamp.to_string();
        Known { child, measurement, versions: vec![first, second], weighed }
    }

    fn base(&self, dice: &mut Dice) -> Value {
        match dice.below(4) {
            0 => Value::Null,
            1 => json!(self.versions[0]),
            _ => json!(self.versions[1]),
        }
    }
}

/// One deed of each device. One of them, and no other, makes a child that the others heard of.
pub(super) fn one_each(devices: usize, known: &Known, dice: &mut Dice) -> Vec<Vec<Deed>> {
    let fresh = RecordId::from_bytes(dice.bytes());
    let maker = usize::try_from(dice.below(devices as u64)).unwrap();
    let mut deeds: Vec<Vec<Deed>> = Vec::new();
    for n in 0..devices {
        let minute = minute(dice);
        deeds.push(vec![if n == maker {
            make(minute, fresh, dice)
        } else {
            deed(minute, known, fresh, dice)
        }]);
    }
    deeds
}

fn minute(dice: &mut Dice) -> i64 {
    i64::try_from(dice.below(MINUTES)).unwrap()
}

fn make(minute: i64, child: RecordId, dice: &mut Dice) -> Deed {
    (minute, "child", child, json!({"area": dice.pick(&DESA), "body": child_body("Baru")}))
}

fn deed(minute: i64, known: &Known, fresh: RecordId, dice: &mut Dice) -> Deed {
    let id = RecordId::from_bytes(dice.bytes());
    let weight = 5_000 + i64::try_from(dice.below(9_000)).unwrap();
    let of_fresh = dice.below(3) == 0;
    let (child, base) =
        if of_fresh { (fresh, Value::Null) } else { (known.child, known.base(dice)) };
    let name = format!("Ani {weight}");
    match dice.below(12) {
        0..4 => (minute, "child", child, json!({"base": base, "body": child_body(&name)})),
        4 => (minute, "child", child, json!({"base": base, "deleted": "ganda"})),
        5..8 => (minute, "child", child, json!({"base": base, "move": dice.pick(&DESA)})),
        8 => (minute, "measurement", id, json!({"body": measurement_body(child, weight)})),
        9 => {
            let body =
                json!({"child_id": child, "visited_on": "2026-11-24", "purpose": "konseling"});
            (minute, "visit", id, json!({ "body": body }))
        }
        10 => {
            let body = measurement_body(known.child, weight);
            (minute, "measurement", known.measurement, json!({"base": known.weighed, "body": body}))
        }
        _ => {
            let edit = json!({"base": known.weighed, "deleted": "salah_input"});
            (minute, "measurement", known.measurement, edit)
        }
    }
}

/// A season of work: so many deeds of each device, to children that it or another made.
pub(super) fn many_each(
    devices: usize,
    each: usize,
    known: &Known,
    dice: &mut Dice,
) -> Vec<Vec<Deed>> {
    let children: Vec<RecordId> =
        (0..devices * each / 10).map(|_| RecordId::from_bytes(dice.bytes())).collect();
    let mut unmade = children.clone();
    let mut deeds = vec![Vec::new(); devices];
    for at in 0..each {
        for deeds in &mut deeds {
            let minute = i64::try_from(at * 60 / each).unwrap();
            let makes = dice.below(9) == 0 || at * 9 > each * 8;
            deeds.push(match unmade.pop_if(|_| makes) {
                Some(child) => make(minute, child, dice),
                None => deed(minute, known, dice.pick(&children), dice),
            });
        }
    }
    assert_eq!(unmade, [], "every child is made");
    deeds
}
