//! Rows of the feed.

use crate::area::Area;
use crate::change::Tombstone;
use crate::ids::RecordId;
use crate::stamp::Stamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// One entry of the feed: a record's present state, or word that a child left the scope.
#[derive(Clone, Debug)]
pub enum Row {
    State {
        /// By name: a tablet keeps rows of kinds that it does not know yet.
        kind: String,
        id: RecordId,
        /// For records that belong to a child, also when deleted.
        child_id: Option<RecordId>,
        area: Area,
        /// The greater of the state's and the place's.
        stamp: Stamp,
        /// The worker whose change the state is.
        by: String,
        content: Content,
    },
    /// Not a delete: this child is no longer in the reader's scope.
    Gone { kind: String, id: RecordId },
}

/// A record's state.
#[derive(Clone, Debug)]
pub enum Content {
    Body(Box<RawValue>),
    Deleted(Tombstone),
}

/// A row's members in their order on the wire. Flat, since raw JSON cannot pass through an enum.
#[derive(Serialize, Deserialize)]
struct Members<Text, Raw> {
    kind: Text,
    id: RecordId,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    child_id: Option<RecordId>,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    area: Option<Area>,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    stamp: Option<Stamp>,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    by: Option<Text>,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    body: Option<Raw>,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    deleted: Option<Tombstone>,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    gone: Option<bool>,
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Row::State { kind, id, child_id, area, stamp, by, content } => {
                let (body, deleted) = match content {
                    Content::Body(body) => (Some(&**body), None),
                    Content::Deleted(reason) => (None, Some(*reason)),
                };
                Members {
                    kind: kind.as_str(),
                    id: *id,
                    child_id: *child_id,
                    area: Some(area.clone()),
                    stamp: Some(*stamp),
                    by: Some(by.as_str()),
                    body,
                    deleted,
                    gone: None,
                }
                .serialize(serializer)
            }
            Row::Gone { kind, id } => Members::<&str, &RawValue> {
                kind,
                id: *id,
                child_id: None,
                area: None,
                stamp: None,
                by: None,
                body: None,
                deleted: None,
                gone: Some(true),
            }
            .serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let row = Members::<String, Box<RawValue>>::deserialize(deserializer)?;
        let content = match (row.body, row.deleted, row.gone) {
            (None, None, Some(true)) => return Ok(Row::Gone { kind: row.kind, id: row.id }),
            (Some(body), None, None) => Content::Body(body),
            (None, Some(reason), None) => Content::Deleted(reason),
            _ => {
                return Err(serde::de::Error::custom(
                    "a row has exactly one of body, deleted and gone",
                ));
            }
        };
        match (row.area, row.stamp, row.by) {
            (Some(area), Some(stamp), Some(by)) => Ok(Row::State {
                kind: row.kind,
                id: row.id,
                child_id: row.child_id,
                area,
                stamp,
                by,
                content,
            }),
            _ => Err(serde::de::Error::custom("a row needs area, stamp and by")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_round_trip(text: &str) {
        let row: Row = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&row).unwrap(), text);
    }

    #[test]
    fn each_form_of_a_row_survives_a_round_trip_with_its_exact_body() {
        check_round_trip(
            r#"{"kind":"child","id":"acd0f1a7-0193-85b2-84d1-ffffffffffff","area":"16.04.06.2008","stamp":"0193a5b2c4d10003-acd0f1a7","by":"Siti A.","body":{"z":1, "a":[2.50]}}"#,
        );
        check_round_trip(
            r#"{"kind":"measurement","id":"acd0f1a7-0193-85b2-84d1-ffffffffffff","child_id":"acd0f1a7-0193-85b2-84d1-fffffffffff0","area":"16.04.06.2008","stamp":"0193a5b2c4d10003-acd0f1a7","by":"Siti A.","deleted":"salah_input"}"#,
        );
        check_round_trip(
            r#"{"kind":"child","id":"acd0f1a7-0193-85b2-84d1-ffffffffffff","gone":true}"#,
        );
    }

    #[test]
    fn a_row_that_is_two_things_or_none_is_refused() {
        for members in [r#""gone":false"#, r#""gone":true,"deleted":"ganda""#, r#""body":{}"#, ""] {
            let text = format!(
                r#"{{"kind":"child","id":"acd0f1a7-0193-85b2-84d1-ffffffffffff","x":1{}{members}}}"#,
                if members.is_empty() { "" } else { "," }
            );
            assert!(serde_json::from_str::<Row>(&text).is_err(), "{text}");
        }
    }
}
