//! What the log leaves of every child, read anew and naively: of each record the state with the
//! greatest stamp, of each child every place that it had.

use super::calendar::civil;
use chrono::NaiveDate;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A change that the server has merged, with the stamp of its receipt.
#[derive(Clone, Debug)]
pub(super) struct Merged {
    pub(super) stamp: String,
    pub(super) change: Value,
}

/// A child that is not deleted, with what is not deleted of it.
#[derive(Clone, Debug)]
pub(super) struct Child {
    pub(super) id: String,
    pub(super) body: Value,
    /// Its places with their stamps, the first one first.
    places: Vec<(String, String)>,
    pub(super) rows: Vec<Row>,
    pub(super) visits: Vec<Row>,
}

/// A measurement or a visit.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: String,
    /// Of the change that is its state.
    pub(super) stamp: String,
    pub(super) body: Value,
}

/// Every child that is not deleted.
pub(super) fn children(log: &[Merged]) -> Vec<Child> {
    let mut states: BTreeMap<&str, &Merged> = BTreeMap::new();
    let mut places: BTreeMap<&str, BTreeSet<(String, String)>> = BTreeMap::new();
    for merged in log {
        let id = merged.change["id"].as_str().unwrap();
        for field in ["area", "move"] {
            if let Some(area) = merged.change[field].as_str() {
                let place = (merged.stamp.clone(), area.to_owned());
                places.entry(id).or_default().insert(place);
            }
        }
        if merged.change["move"].is_string() {
            continue;
        }
        let held = states.entry(id).or_insert(merged);
        if merged.stamp > held.stamp {
            *held = merged;
        }
    }
    let live = |kind: &str| -> Vec<Row> {
        let of_kind = states.iter().filter(|(_, held)| held.change["kind"] == kind);
        let live = of_kind.filter(|(_, held)| held.change["body"].is_object());
        let row = |(id, held): (&&str, &&Merged)| Row {
            id: (*id).to_owned(),
            stamp: held.stamp.clone(),
            body: held.change["body"].clone(),
        };
        live.map(row).collect()
    };
    let (rows, visits) = (live("measurement"), live("visit"));
    let of = |rows: &[Row], child: &str| -> Vec<Row> {
        rows.iter().filter(|row| row.body["child_id"] == child).cloned().collect()
    };
    let child = |Row { id, body, .. }: Row| Child {
        places: places[id.as_str()].iter().cloned().collect(),
        rows: of(&rows, &id),
        visits: of(&visits, &id),
        id,
        body,
    };
    live("child").into_iter().map(child).collect()
}

impl Child {
    pub(super) fn name(&self) -> &str {
        self.body["name"].as_str().unwrap()
    }

    pub(super) fn born(&self) -> NaiveDate {
        civil(&self.body["birth_date"]).unwrap()
    }

    /// Where it lives now.
    pub(super) fn place(&self) -> &str {
        &self.places.last().unwrap().1
    }
}

impl Row {
    /// The day of a measuring.
    pub(super) fn day(&self) -> NaiveDate {
        civil(&self.body["measured_on"]).unwrap()
    }

    pub(super) fn number(&self, field: &str) -> Option<i64> {
        self.body[field].as_i64()
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.number(field).is_some()
    }
}
