//! `POST /v1/sync`: one exchange, both directions.

use super::Row;
use crate::area::Area;
use crate::digest::AreaDigest;
use crate::ids::{Epoch, Seq};
use crate::limits::REQUEST_CHANGES_MAX;
use crate::parked::ParkCode;
use crate::stamp::Stamp;
use crate::time::Moment;
use serde::de::{DeserializeOwned, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SyncRequest {
    pub protocol: u32,
    /// The tablet's raw clock when it sent this.
    pub sent_at: Moment,
    /// The number of the tablet's present clock.
    pub clock: u32,
    /// The newest entry of the tablet's log; 0 when it is empty.
    pub last_seq: u64,
    /// Whatever of it cannot be read is left out: what a tablet says of itself must not stop work.
    #[serde(default, deserialize_with = "readable_status")]
    pub status: Status,
    /// Raw, so that one bad change cannot break the others; [`crate::change::read_change`] reads each.
    /// Of too many, one too many is kept.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<crate::schema::SentChange>))]
    #[serde(default, deserialize_with = "no_more_than_needed")]
    pub changes: Vec<Box<RawValue>>,
    #[serde(default)]
    pub cursor: Option<Cursor>,
    #[serde(default)]
    pub limit: Option<u32>,
}

/// Reads changes up to the first one that is too many: a request of a million empty ones must not
/// fill the memory before it is refused.
fn no_more_than_needed<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Box<RawValue>>, D::Error> {
    struct Changes;

    impl<'de> Visitor<'de> for Changes {
        type Value = Vec<Box<RawValue>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array of changes")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let mut changes = Vec::new();
            while changes.len() <= REQUEST_CHANGES_MAX
                && let Some(change) = items.next_element()?
            {
                changes.push(change);
            }
            while let Some(IgnoredAny) = items.next_element()? {}
            Ok(changes)
        }
    }

    d.deserialize_seq(Changes)
}

fn readable_status<'de, D: Deserializer<'de>>(d: D) -> Result<Status, D::Error> {
    let value = Value::deserialize(d)?;
    // Out of an array, serde would read the members by their order.
    Ok(if value.is_object() {
        Status::deserialize(value).unwrap_or_default()
    } else {
        Status::default()
    })
}

/// A member of the status, or its absence when it cannot be read.
fn readable<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(d: D) -> Result<T, D::Error> {
    Ok(T::deserialize(Value::deserialize(d)?).unwrap_or_default())
}

/// What the tablet reports of itself, for the supervisor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Status {
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "Option::is_none")]
    pub pending: Option<u64>,
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "Option::is_none")]
    pub oldest_pending_at: Option<Moment>,
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "Option::is_none")]
    pub parked: Option<u64>,
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "Option::is_none")]
    pub free_mb: Option<u64>,
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// Areas whose digest did not agree at the end of the last pull.
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "Vec::is_empty")]
    pub differs: Vec<Area>,
    /// The tablet is about to erase itself, as it was ordered.
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "std::ops::Not::not")]
    pub wiping: bool,
}

/// A place in the feed, opaque to the tablet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SyncReply {
    pub server_time: Moment,
    pub epoch: Epoch,
    /// Every change up to here is stored; 0 when none is.
    pub acked_through: u64,
    pub receipts: Vec<Receipt>,
    pub rows: Vec<Row>,
    pub areas: Vec<Area>,
    pub cursor: Option<Cursor>,
    pub more: bool,
    pub orders: Vec<Order>,
    /// The device's parked seqs; only when `more` is false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parked: Option<Vec<Seq>>,
    /// Only when `more` is false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<BTreeMap<Area, AreaDigest>>,
    /// Records that the scope holds now, for a progress bar; only when `more` is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

/// The present verdict on one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Receipt {
    pub seq: Seq,
    pub outcome: Outcome,
    pub stamp: Stamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ParkCode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// For the worker, in Bahasa Indonesia: why it is parked, or why it was discarded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It became the record's value.
    Applied,
    /// A later stamp holds the record; this version is kept beside it.
    Superseded,
    /// Kept, not merged; see the code.
    Parked,
    /// A named person decided that a parked change is not merged.
    Discarded,
}

impl Outcome {
    pub const ALL: [Outcome; 4] =
        [Outcome::Applied, Outcome::Superseded, Outcome::Parked, Outcome::Discarded];

    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Applied => "applied",
            Outcome::Superseded => "superseded",
            Outcome::Parked => "parked",
            Outcome::Discarded => "discarded",
        }
    }

    /// Whether a change of a record became a version of it. A parked change that was replaced before
    /// it was merged is superseded, too, but of no record.
    pub fn is_merged(self) -> bool {
        match self {
            Outcome::Applied | Outcome::Superseded => true,
            Outcome::Parked | Outcome::Discarded => false,
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == name)
    }
}

/// `GET /v1/receipts?seq=41,43`: what became of changes. A seq the server does not have is absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReceiptsReply {
    pub receipts: Vec<Receipt>,
}

/// What the server asks of the tablet. Obeyed only from a 200 of this route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// These rows start the feed anew: on the last page, drop mirror rows not seen in it.
    Reset,
    /// This app is too old to pull; it may still push.
    Upgrade,
    /// Erase key and files; the queue is empty and the device was drained.
    Wipe,
}

#[cfg(test)]
mod tests;
