//! Parked changes as a supervisor sees them: as they were typed, and why they wait.

use super::version::name_of;
use super::{Filling, Page, Part, child_name};
use crate::access::mask::mask_field;
use crate::access::scope_of;
use crate::refusal::Refusal;
use crate::store::{Entry, LogPos, ParkedName, ReadTx, Stored};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::str::FromStr;
use sync_protocol::area::{Area, Scope};
use sync_protocol::body::Body;
use sync_protocol::ids::{DeviceNo, RecordId};
use sync_protocol::limits::{CHANGE_BYTES_MAX, RESEND_BYTES_MAX};
use sync_protocol::mask::mask;
use sync_protocol::parked::ParkCode;
use sync_protocol::record::{Kind, child};
use sync_protocol::time::Moment;
use utoipa::ToSchema;

/// A larger change is not taken apart: that would make many times its bytes of it.
const SHOWN_BYTES_MAX: usize = CHANGE_BYTES_MAX + RESEND_BYTES_MAX;
/// Characters of a text that cannot be taken apart.
const RAW_CHARS_MAX: usize = 2_000;
/// Digits in a row that may be a person's number.
const NUMBER_DIGITS_MIN: usize = 10;

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ParkedView {
    pub id: i64,
    pub device: u32,
    pub device_name: String,
    pub worker: String,
    pub seq: u64,
    pub received_at: Moment,
    /// The tablet's clock, repaired.
    pub made_at: Moment,
    pub code: Option<ParkCode>,
    pub field: Option<String>,
    /// What the worker reads.
    pub message: Option<&'static str>,
    pub kind: Option<String>,
    pub record: Option<RecordId>,
    pub child_name: Option<String>,
    /// The change as it was typed, NIK masked; none of one too large or nested too deep to show.
    pub change: Option<Value>,
    /// The beginning of the text of one that cannot be taken apart, numbers of persons masked.
    #[serde(skip)]
    pub raw: Option<String>,
}

/// The parked changes that concern a scope, of one code or of all, oldest first.
pub fn parked_changes(
    tx: &ReadTx<'_>,
    scope: &Scope,
    code: Option<ParkCode>,
    part: Part,
) -> Result<Page<ParkedView>, Refusal> {
    let mut page = Filling::of(part);
    let mut concerns = Concerns::of(tx, scope);
    for name in tx.parked_after(LogPos(part.after.unwrap_or(0)), code)? {
        let entry = tx.entry_at(name.pos)?;
        let about = About::read(&entry);
        if !concerns.has(&name, &about)? {
            continue;
        }
        if page.is_full() {
            return Ok(page.end(true));
        }
        let bytes = entry.raw.len().min(SHOWN_BYTES_MAX);
        page.put(name.pos.0, bytes, show(tx, scope, (&name, &entry), about)?);
    }
    Ok(page.end(false))
}

/// One parked change that concerns a scope.
pub fn parked_change(tx: &ReadTx<'_>, scope: &Scope, pos: LogPos) -> Result<ParkedView, Refusal> {
    let not_there = || Refusal::NotFound;
    let name = tx.parked_at(pos)?.ok_or_else(not_there)?;
    let entry = tx.entry_at(pos)?;
    let about = About::read(&entry);
    if !Concerns::of(tx, scope).has(&name, &about)? {
        return Err(not_there());
    }
    Ok(show(tx, scope, (&name, &entry), about)?)
}

/// The body of a parked change as it was typed, for a mending; none when it has none to mend.
pub fn body_to_mend(tx: &ReadTx<'_>, pos: LogPos) -> Stored<Option<Body>> {
    Ok(About::read(&tx.entry_at(pos)?).body())
}

fn show(
    tx: &ReadTx<'_>,
    scope: &Scope,
    (name, entry): (&ParkedName, &Entry),
    about: About,
) -> Stored<ParkedView> {
    let device = tx.device(name.device)?;
    let fault = entry.verdict.fault.as_ref();
    Ok(ParkedView {
        id: name.pos.0,
        device: name.device.0,
        device_name: device.map(|device| device.name).unwrap_or_default(),
        worker: name_of(tx, entry.worker)?,
        seq: name.seq.get(),
        received_at: Moment::utc(entry.received_ms),
        made_at: Moment::utc(entry.made_ms),
        code: fault.map(|fault| fault.code),
        field: fault.and_then(|fault| fault.field.clone()),
        message: fault.map(|fault| fault.code.message()),
        kind: about.text("kind").map(str::to_owned),
        record: about.id(),
        child_name: about.child_name(tx, scope)?,
        raw: about.members.is_none().then(|| beginning(&entry.raw)),
        change: about.members.map(|members| masked(Value::Object(members))),
    })
}

/// What a parked change is about, as far as it can be read.
pub(super) struct About {
    members: Option<Map<String, Value>>,
}

impl About {
    pub(super) fn read(entry: &Entry) -> Self {
        let text = Some(&entry.raw).filter(|raw| raw.len() <= SHOWN_BYTES_MAX);
        About { members: text.and_then(|raw| serde_json::from_str(raw).ok()) }
    }

    pub(super) fn kind(&self) -> Option<Kind> {
        self.text("kind").and_then(Kind::named)
    }

    pub(super) fn id(&self) -> Option<RecordId> {
        self.parsed("id")
    }

    pub(super) fn area(&self) -> Option<Area> {
        self.parsed("area")
    }

    pub(super) fn is_move(&self) -> bool {
        let present = |member| {
            self.members
                .as_ref()
                .is_some_and(|members| members.get(member).is_some_and(|value| !value.is_null()))
        };
        present("move") && !present("body")
    }

    /// The body as it was typed.
    pub(super) fn body(&self) -> Option<Body> {
        match self.members.as_ref()?.get("body")? {
            Value::Object(fields) => Some(Body::from(fields.clone())),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => None,
        }
    }

    fn text(&self, member: &str) -> Option<&str> {
        self.members.as_ref()?.get(member)?.as_str()
    }

    fn parsed<T: FromStr>(&self, member: &str) -> Option<T> {
        self.text(member).and_then(|text| text.parse().ok())
    }

    /// A text of the body as it was typed.
    fn typed(&self, field: &str) -> Option<&str> {
        self.members.as_ref()?.get("body")?.get(field)?.as_str()
    }

    /// The record that it names as the one it belongs to.
    fn parent(&self) -> Option<RecordId> {
        let field = self.kind()?.parent_field()?;
        self.typed(field).and_then(|id| id.parse().ok())
    }

    /// The name of its child: as it is stored when it lies in the scope, else as it was typed.
    fn child_name(&self, tx: &ReadTx<'_>, scope: &Scope) -> Stored<Option<String>> {
        for id in [self.id(), self.parent()].into_iter().flatten() {
            if let Some(record) = tx.record(id)?.filter(|record| scope.contains(&record.area)) {
                return child_name(tx, record.child.unwrap_or(record.no));
            }
        }
        let is_child = self.kind().is_some_and(Kind::has_place);
        Ok(self.typed(child::NAME).filter(|_| is_child).map(str::to_owned))
    }
}

/// Which parked changes concern a scope.
pub(super) struct Concerns<'a> {
    tx: &'a ReadTx<'a>,
    scope: &'a Scope,
    /// Whether the holder of a device works in the scope.
    devices: HashMap<DeviceNo, bool>,
}

impl<'a> Concerns<'a> {
    pub(super) fn of(tx: &'a ReadTx<'a>, scope: &'a Scope) -> Self {
        Concerns { tx, scope, devices: HashMap::new() }
    }

    /// Whether its maker works in the scope, or what it is about lies there.
    pub(super) fn has(&mut self, name: &ParkedName, about: &About) -> Stored<bool> {
        if self.holder_works_here(name.device)? {
            return Ok(true);
        }
        let named = [about.area(), about.parsed("move")];
        if named.iter().flatten().any(|area| self.scope.contains(area)) {
            return Ok(true);
        }
        for id in [about.id(), about.parent()].into_iter().flatten() {
            if self.tx.record(id)?.is_some_and(|record| self.scope.contains(&record.area)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn holder_works_here(&mut self, device: DeviceNo) -> Stored<bool> {
        if let Some(known) = self.devices.get(&device) {
            return Ok(*known);
        }
        let worker = self.tx.device(device)?.and_then(|device| device.worker);
        let works_here = match worker {
            Some(worker) => meet(self.scope, &scope_of(self.tx, worker)?),
            None => false,
        };
        self.devices.insert(device, works_here);
        Ok(works_here)
    }
}

/// Whether two scopes have any area in common.
fn meet(one: &Scope, other: &Scope) -> bool {
    one.areas().iter().any(|area| other.contains(area))
        || other.areas().iter().any(|area| one.contains(area))
}

/// A change as it is shown: every NIK masked, wherever it was typed.
fn masked(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(name, value)| {
                    let value = mask_field(&name, masked(value));
                    (name, value)
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(masked).collect()),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}

/// The beginning of a text, with every long number masked.
fn beginning(raw: &str) -> String {
    let (mut shown, mut number) = (String::new(), String::new());
    let mask_if_long = |number: &str| {
        if number.len() < NUMBER_DIGITS_MIN { number.to_owned() } else { mask(number) }
    };
    for c in raw.chars().take(RAW_CHARS_MAX) {
        if c.is_ascii_digit() {
            number.push(c);
        } else {
            shown.push_str(&mask_if_long(&std::mem::take(&mut number)));
            shown.push(c);
        }
    }
    shown + &mask_if_long(&number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn scopes_meet_where_one_holds_an_area_of_the_other() {
        let scope = |areas: &[&str]| Scope::of(areas.iter().map(|area| area.parse().unwrap()));
        assert!(meet(&scope(&["16.04"]), &scope(&["16.04.06.2008"])));
        assert!(meet(&scope(&["16.04.06.2008", "16.04.07"]), &scope(&["16.04.06"])));
        assert!(!meet(&scope(&["16.04.06"]), &scope(&["16.04.07"])));
        assert!(!meet(&scope(&[]), &scope(&["16.04"])));
    }

    #[test]
    fn a_text_that_cannot_be_taken_apart_is_cut_and_its_long_numbers_masked() {
        let raw = format!("{{\"nik\":\"1604064105250001\",\"rt\":\"12\"{}", "x".repeat(9_000));
        let shown = beginning(&raw);
        assert!(shown.starts_with("{\"nik\":\"160406********01\",\"rt\":\"12\""), "{shown}");
        assert_eq!(shown.chars().count(), RAW_CHARS_MAX);
    }

    #[test]
    fn a_nik_is_masked_wherever_it_was_typed() {
        let typed = json!({"nik": "1604064105250001", "body": {"nik": 1_604_064_105_250_001_u64,
            "guardian_nik": null, "name": "Ani", "other": [{"guardian_nik": "1604064105250001"}]}});
        let shown = "160406********01";
        assert_eq!(
            masked(typed),
            json!({"nik": shown, "body": {"nik": shown, "guardian_nik": null, "name": "Ani",
                "other": [{"guardian_nik": shown}]}})
        );
    }
}
