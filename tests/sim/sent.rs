//! A change as it went over the line, read just far enough to judge what became of it.

use serde_json::Value;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::json::read_value;
use sync_protocol::limits::CHANGE_BYTES_MAX;
use sync_protocol::stamp::Stamp;
use sync_protocol::time::Moment;

/// What a change does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Deed {
    Body(Body),
    Deleted(String),
    Move(Area),
    /// Nothing that can be merged.
    Unreadable,
}

#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) bytes: String,
    /// It is JSON, and not too large: what is not, is kept as its exact bytes and never merged.
    pub(crate) is_readable: bool,
    pub(crate) kind: String,
    pub(crate) id: Option<RecordId>,
    pub(crate) base: Option<Stamp>,
    /// What its tablet's clock showed when it was saved, and the number of that clock.
    pub(crate) made_at_ms: Option<i64>,
    pub(crate) clock: u32,
    pub(crate) area: Option<Area>,
    pub(crate) child_id: Option<RecordId>,
    pub(crate) deed: Deed,
}

impl Sent {
    pub(crate) fn read(bytes: &str) -> Self {
        let members: Value = serde_json::from_str(bytes).unwrap_or(Value::Null);
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        let deed = match (members.get("body"), text("deleted"), text("move")) {
            (Some(Value::Object(fields)), None, None) => Deed::Body(Body::from(fields.clone())),
            (None, Some(reason), None) => Deed::Deleted(reason.to_owned()),
            (None, None, Some(area)) => area.parse().map_or(Deed::Unreadable, Deed::Move),
            _ => Deed::Unreadable,
        };
        let child_id = match &deed {
            Deed::Body(body) => body.text("child_id").and_then(|id| id.parse().ok()),
            Deed::Deleted(_) | Deed::Move(_) | Deed::Unreadable => None,
        };
        Sent {
            bytes: bytes.to_owned(),
            is_readable: bytes.len() <= CHANGE_BYTES_MAX && read_value(bytes).is_ok(),
            kind: text("kind").unwrap_or_default().to_owned(),
            id: text("id").and_then(|id| id.parse().ok()),
            base: text("base").and_then(|base| base.parse().ok()),
            made_at_ms: text("made_at")
                .and_then(|made_at| made_at.parse().ok())
                .map(|made_at: Moment| made_at.unix_ms()),
            clock: members
                .get("clock")
                .and_then(Value::as_u64)
                .map_or(0, |clock| u32::try_from(clock).unwrap_or(0)),
            area: text("area").and_then(|area| area.parse().ok()),
            child_id,
            deed,
        }
    }

    pub(crate) fn is_of_child(&self) -> bool {
        self.kind == "child"
    }

    /// Where the change would put its child.
    pub(crate) fn destination(&self) -> Option<&Area> {
        match &self.deed {
            Deed::Move(area) => Some(area),
            Deed::Body(_) => self.area.as_ref().filter(|_| self.is_of_child()),
            Deed::Deleted(_) | Deed::Unreadable => None,
        }
    }

    pub(crate) fn is_of_state(&self) -> bool {
        matches!(self.deed, Deed::Body(_) | Deed::Deleted(_))
    }
}
