//! The history of a child in words.

use super::body_of;
use crate::http::history::{FieldChange, Version};
use crate::http::web::places::Places;
use crate::store::{ReadTx, Record, Stored, day_field};
use crate::sync::server_time;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use sync_protocol::area::Area;
use sync_protocol::ids::{DeviceNo, RecordId};
use sync_protocol::record::Kind;
use sync_protocol::time::DAY_MS;
use sync_protocol::wire::Outcome;
use views::growth::Tone;
use views::history::{FieldChange as ShownChange, Version as Shown};
use views::tag::Tag;
use views::{labels, words};

/// What comes later than this after it was made is said to have come.
const LATE_MS: i64 = DAY_MS;
/// What a child's place is called among the fields.
const AREA: &str = "area";

/// What is needed to say a version in words.
pub(super) struct Told<'r> {
    records: HashMap<RecordId, (&'r Record, String)>,
    places: &'r Places,
    offset_minutes: i32,
}

impl<'r> Told<'r> {
    pub(super) fn new(tx: &ReadTx<'_>, records: &'r [Record], places: &'r Places) -> Stored<Self> {
        let newest = records.iter().map(|record| record.row_stamp().tick.unix_ms()).max();
        let named = records.iter().map(|record| Ok((record.id, (record, name(tx, record)?))));
        Ok(Told {
            records: named.collect::<Stored<_>>()?,
            places,
            offset_minutes: server_time::offset_minutes(tx, newest.unwrap_or(0))?,
        })
    }

    /// The latest first.
    pub(super) fn versions(&self, versions: &[Version]) -> Vec<Shown> {
        let mut known = HashSet::new();
        let mut shown: Vec<Shown> = versions
            .iter()
            .map(|version| {
                // Where older ones are left out, the oldest that is shown replaced something.
                let replaces = version.changes.iter().any(|change| !change.old.is_null());
                self.version(version, known.insert(version.id) && !replaces)
            })
            .collect();
        shown.reverse();
        shown
    }

    fn version(&self, version: &Version, is_first: bool) -> Shown {
        let record = self.records.get(&version.id);
        let changes =
            version.changes.iter().filter(|change| !is_parent(version.kind, &change.field));
        let mut changes: Vec<ShownChange> = changes.map(|change| self.change(change)).collect();
        if let Some(reason) = version.deleted {
            changes.push(ShownChange {
                label: "Dihapus".to_owned(),
                old: "ada".to_owned(),
                new: labels::choice(reason.as_str()).to_lowercase(),
                saw: None,
            });
        }
        let made_ms = version.at.unix_ms();
        let came_ms = version.received_at.unix_ms();
        let moment = |ms| words::moment(ms, self.offset_minutes);
        let device =
            if version.device == DeviceNo::OFFICE { "di kantor" } else { &version.device_name };
        Shown {
            at: moment(made_ms),
            received: (came_ms - made_ms > LATE_MS).then(|| moment(came_ms)),
            by: version.by.clone(),
            device: device.to_owned(),
            what: record.map(|(_, name)| name.clone()).unwrap_or_default(),
            outcome: outcome(version, record.map(|(record, _)| *record)),
            notes: notes(version),
            is_first,
            changes,
        }
    }

    fn change(&self, change: &FieldChange) -> ShownChange {
        let said = |value: &Value| self.value(&change.field, value);
        ShownChange {
            label: labels::field(&change.field).to_owned(),
            old: said(&change.old),
            new: said(&change.new),
            saw: change.saw.as_ref().map(said),
        }
    }

    fn value(&self, field: &str, value: &Value) -> String {
        let area =
            value.as_str().filter(|_| field == AREA).and_then(|code| code.parse::<Area>().ok());
        match area {
            Some(area) => self.places.name(&area),
            None => labels::value(field, value),
        }
    }
}

fn is_parent(kind: &str, field: &str) -> bool {
    Kind::named(kind).and_then(Kind::parent_field) == Some(field)
}

/// What a record is called: `pengukuran 12-11-2026`.
fn name(tx: &ReadTx<'_>, record: &Record) -> Stored<String> {
    let Some(day) = day_field(record.kind) else { return Ok("data anak".to_owned()) };
    let day = body_of(tx, record)?.date(day).map(words::date).unwrap_or_default();
    Ok(format!("{} {day}", labels::kind(record.kind.name())).trim_end().to_owned())
}

fn outcome(version: &Version, record: Option<&Record>) -> Tag {
    // A child's first version is of both registers: what it says of the child is what counts here.
    let is_move =
        !version.changes.is_empty() && version.changes.iter().all(|change| change.field == AREA);
    let is_present = record.is_some_and(|record| {
        let register = if is_move { record.place } else { Some(record.state) };
        register == Some(version.stamp)
    });
    match version.outcome {
        Outcome::Applied if is_present => Tag::new(Tone::Good, "berlaku"),
        Outcome::Applied => Tag::plain("digantikan"),
        Outcome::Superseded | Outcome::Parked | Outcome::Discarded => {
            Tag::new(Tone::Warn, labels::outcome(Some(version.outcome)))
        }
    }
}

fn notes(version: &Version) -> Vec<String> {
    let uncertain = "Jam tablet tidak pasti; waktunya perkiraan.";
    let moved = "Dibuat sebelum tablet tahu bahwa anak ini pindah desa.";
    let lost = "Kalah dari perubahan yang lebih baru; isinya tetap tersimpan di sini.";
    [
        (version.time_uncertain, uncertain),
        (version.after_move, moved),
        (version.outcome == Outcome::Superseded, lost),
    ]
    .into_iter()
    .filter(|(is_so, _)| *is_so)
    .map(|(_, note)| note.to_owned())
    .collect()
}
