//! A change: one log entry of a device, and how the server reads it.

use crate::area::Area;
use crate::body::Body;
use crate::ids::{DeviceNo, RecordId, Seq, parse_text};
use crate::json::read_value;
use crate::limits::{CHANGE_BYTES_MAX, RESEND_BYTES_MAX};
use crate::parked::{Fault, ParkCode};
use crate::record::Kind;
use crate::stamp::Stamp;
use crate::time::{CivilDate, Moment};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Why a record was deleted. Children who die or move away are not deleted: that is a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tombstone {
    /// `salah_input`: it should never have been entered.
    WrongEntry,
    /// `ganda`: it stands in the list twice.
    Double,
}

impl Tombstone {
    pub const ALL: [Tombstone; 2] = [Tombstone::WrongEntry, Tombstone::Double];

    pub fn as_str(self) -> &'static str {
        match self {
            Tombstone::WrongEntry => "salah_input",
            Tombstone::Double => "ganda",
        }
    }
}

impl fmt::Display for Tombstone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Tombstone {
    type Err = crate::ids::BadId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|t| t.as_str() == text)
            .ok_or(crate::ids::BadId("reason of deletion"))
    }
}

impl Serialize for Tombstone {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Tombstone {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        parse_text(d)
    }
}

/// What a change does. Exactly one of three.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A complete body. `area` is the place of a child that the server may not have yet; it is
    /// ignored when the server has the child.
    Body { body: Body, area: Option<Area> },
    /// A tombstone; a later body revives the record.
    Deleted(Tombstone),
    /// A child is handed over to another area.
    Move(Area),
}

/// The two registers of a record, which merge apart from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Register {
    /// Body or tombstone.
    State,
    /// A child's area.
    Place,
}

impl Edit {
    pub fn register(&self) -> Register {
        match self {
            Edit::Body { .. } | Edit::Deleted(_) => Register::State,
            Edit::Move(_) => Register::Place,
        }
    }
}

/// A well-formed change of a known kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub kind: Kind,
    pub id: RecordId,
    pub edit: Edit,
}

/// A tablet's earlier name for a change that it sends again under a new device number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Was {
    pub device: DeviceNo,
    pub seq: Seq,
}

/// SHA-256 of the change as RFC 8785 canonical JSON without top-level nulls, `stamp` and `was`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeHash(pub [u8; 32]);

/// A change as it arrived. What could be read of it is here even when the rest is at fault, so that
/// it can be stamped, parked and found again.
#[derive(Clone, Debug)]
pub struct Arrival {
    pub seq: Seq,
    /// The exact text.
    pub raw: String,
    pub hash: ChangeHash,
    pub id: Option<RecordId>,
    /// The record it belongs to, for kinds that belong to one.
    pub parent: Option<RecordId>,
    pub made_at: Option<Moment>,
    pub clock: u32,
    pub base: Option<Stamp>,
    /// The stamp of an earlier receipt, sent again after a restore.
    pub stamp: Option<Stamp>,
    pub was: Option<Was>,
    /// What it is a version of, also when the rest is at fault.
    pub register: Register,
    pub content: Result<Change, Fault>,
}

/// A change without a readable seq: the request's envelope is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a change without a readable seq")]
pub struct NoSeq;

/// Reads one raw member of `changes`. Whatever is wrong inside one whose seq can be read is a
/// fault of that change alone.
pub fn read_change(raw: &str, today: CivilDate) -> Result<Arrival, NoSeq> {
    // Too large a text is not taken apart: that would make many times its bytes of it.
    if raw.len() > CHANGE_BYTES_MAX + RESEND_BYTES_MAX {
        return read_only_seq(raw);
    }
    let Ok(Value::Object(members)) = read_value(raw) else { return read_only_seq(raw) };
    if raw.len() > CHANGE_BYTES_MAX && !says_what_it_was(&members) {
        return read_only_seq(raw);
    }
    let seq = members.get("seq").and_then(Value::as_u64).and_then(Seq::new).ok_or(NoSeq)?;
    Ok(Arrival {
        seq,
        raw: raw.to_owned(),
        hash: canonical_hash(&members),
        id: parsed(&members, "id"),
        parent: read_parent(&members),
        made_at: parsed(&members, "made_at"),
        clock: read_clock(&members).unwrap_or(0),
        base: parsed(&members, "base"),
        stamp: parsed(&members, "stamp"),
        was: read_was(&members),
        register: read_register(&members),
        content: read_content(&members, today),
    })
}

/// A change that cannot be read as JSON, or is too large to be: kept under its seq as it is.
fn read_only_seq(raw: &str) -> Result<Arrival, NoSeq> {
    #[derive(Deserialize)]
    struct OnlySeq {
        seq: Seq,
    }
    let code =
        if raw.len() > CHANGE_BYTES_MAX { ParkCode::TooLarge } else { ParkCode::InvalidField };
    let OnlySeq { seq } = serde_json::from_str(raw).or(Err(NoSeq))?;
    Ok(Arrival {
        seq,
        raw: raw.to_owned(),
        hash: ChangeHash(Sha256::digest(raw.as_bytes()).into()),
        id: None,
        parent: None,
        made_at: None,
        clock: 0,
        base: None,
        stamp: None,
        was: None,
        register: Register::State,
        content: Err(Fault::of(code)),
    })
}

fn read_content(members: &Map<String, Value>, today: CivilDate) -> Result<Change, Fault> {
    let kind_name =
        members.get("kind").and_then(Value::as_str).ok_or_else(|| Fault::invalid("kind"))?;
    let id = parsed(members, "id").ok_or_else(|| Fault::invalid("id"))?;
    let _: Moment = parsed(members, "made_at").ok_or_else(|| Fault::invalid("made_at"))?;
    read_clock(members).ok_or_else(|| Fault::invalid("clock"))?;
    let _: Option<Stamp> = parsed_if_present(members, "base")?;
    let kind = Kind::named(kind_name).ok_or(Fault::of(ParkCode::UnknownKind))?;
    Ok(Change { kind, id, edit: read_edit(kind, members, today)? })
}

fn read_edit(kind: Kind, members: &Map<String, Value>, today: CivilDate) -> Result<Edit, Fault> {
    let present = |field| members.get(field).filter(|value| !value.is_null());
    match (present("body"), present("deleted"), present("move")) {
        (Some(Value::Object(fields)), None, None) => {
            let body = Body::from(fields.clone());
            kind.check(&body, today)?;
            let area = if kind.has_place() { parsed_if_present(members, "area")? } else { None };
            Ok(Edit::Body { body, area })
        }
        (None, Some(_), None) => {
            parsed(members, "deleted").map(Edit::Deleted).ok_or_else(|| Fault::invalid("deleted"))
        }
        (None, None, Some(_)) if kind.has_place() => {
            parsed(members, "move").map(Edit::Move).ok_or_else(|| Fault::invalid("move"))
        }
        (_, None, None) => Err(Fault::invalid("body")),
        (None, None, Some(_)) => Err(Fault::invalid("move")),
        (_, Some(_), _) | (_, _, Some(_)) => Err(Fault::invalid("deleted")),
    }
}

fn read_parent(members: &Map<String, Value>) -> Option<RecordId> {
    let kind = Kind::named(members.get("kind")?.as_str()?)?;
    members.get("body")?.get(kind.parent_field()?)?.as_str()?.parse().ok()
}

fn read_register(members: &Map<String, Value>) -> Register {
    let present = |field| members.get(field).is_some_and(|value: &Value| !value.is_null());
    let only_moves = present("move") && !present("body") && !present("deleted");
    if only_moves { Register::Place } else { Register::State }
}

/// Whether it carries what only a change that is sent again does. These members are no part of its
/// hash, and what was taken once must be taken again with them.
fn says_what_it_was(members: &Map<String, Value>) -> bool {
    ["stamp", "was"].into_iter().any(|name| members.get(name).is_some_and(|value| !value.is_null()))
}

fn read_was(members: &Map<String, Value>) -> Option<Was> {
    members.get("was").and_then(|was| Was::deserialize(was).ok())
}

fn read_clock(members: &Map<String, Value>) -> Option<u32> {
    members.get("clock").and_then(Value::as_u64).and_then(|clock| u32::try_from(clock).ok())
}

fn parsed<T: FromStr>(members: &Map<String, Value>, field: &str) -> Option<T> {
    members.get(field).and_then(Value::as_str).and_then(|text| text.parse().ok())
}

/// `None` when absent or null; a fault when present and wrong.
fn parsed_if_present<T: FromStr>(
    members: &Map<String, Value>,
    field: &str,
) -> Result<Option<T>, Fault> {
    match members.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(_) => parsed(members, field).map(Some).ok_or_else(|| Fault::invalid(field)),
    }
}

fn canonical_hash(members: &Map<String, Value>) -> ChangeHash {
    let kept: BTreeMap<&str, &Value> = members
        .iter()
        .filter(|(name, value)| !value.is_null() && *name != "stamp" && *name != "was")
        .map(|(name, value)| (name.as_str(), value))
        .collect();
    let canonical = serde_json_canonicalizer::to_vec(&kept).unwrap_or_default();
    ChangeHash(Sha256::digest(canonical).into())
}

/// A change as a tablet writes it into its log, in the order of the members on the wire.
#[derive(Clone, Debug, Serialize)]
pub struct NewChange<'a> {
    pub seq: Seq,
    pub kind: &'a str,
    pub id: RecordId,
    pub made_at: Moment,
    pub clock: u32,
    pub base: Option<Stamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<&'a Area>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<&'a Body>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Tombstone>,
    #[serde(rename = "move", skip_serializing_if = "Option::is_none")]
    pub moved: Option<&'a Area>,
}

impl<'a> NewChange<'a> {
    /// A change that does `edit` to a record.
    pub fn new(
        seq: Seq,
        change: &'a Change,
        made_at: Moment,
        clock: u32,
        base: Option<Stamp>,
    ) -> Self {
        let (area, body, deleted, moved) = match &change.edit {
            Edit::Body { body, area } => (area.as_ref(), Some(body), None, None),
            Edit::Deleted(reason) => (None, None, Some(*reason), None),
            Edit::Move(area) => (None, None, None, Some(area)),
        };
        NewChange {
            seq,
            kind: change.kind.name(),
            id: change.id,
            made_at,
            clock,
            base,
            area,
            body,
            deleted,
            moved,
        }
    }
}

#[cfg(test)]
mod tests;
