//! A record's body: a JSON object that keeps the fields it does not know.

use crate::time::{CivilDate, parse_date};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The complete content of a record at one change. An absent field has no value, the same as null.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Body(Map<String, Value>);

impl Body {
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a field; `None` when it is absent or null.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field).filter(|value| !value.is_null())
    }

    pub fn text(&self, field: &str) -> Option<&str> {
        self.get(field).and_then(Value::as_str)
    }

    pub fn whole(&self, field: &str) -> Option<i64> {
        self.get(field).and_then(Value::as_i64)
    }

    pub fn flag(&self, field: &str) -> Option<bool> {
        self.get(field).and_then(Value::as_bool)
    }

    pub fn date(&self, field: &str) -> Option<CivilDate> {
        self.text(field).and_then(|text| parse_date(text).ok())
    }

    /// Sets a field, or clears it with null.
    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        let value = value.into();
        if value.is_null() {
            self.0.remove(field);
        } else {
            self.0.insert(field.to_owned(), value);
        }
    }

    /// The same body with a field set.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.set(field, value);
        self
    }

    /// Fields that have a value, in the order of their names.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.as_str(), value))
    }

    /// Whether both say the same: null and absent are alike.
    pub fn says_the_same(&self, other: &Body) -> bool {
        self.fields().eq(other.fields())
    }
}

impl From<Map<String, Value>> for Body {
    fn from(fields: Map<String, Value>) -> Self {
        Body(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_and_absent_say_the_same() {
        let with_null: Body = serde_json::from_str(r#"{"name":"A","nik":null}"#).unwrap();
        let without: Body = serde_json::from_str(r#"{"name":"A"}"#).unwrap();
        assert!(with_null.says_the_same(&without));
        assert!(!without.says_the_same(&Body::new()));
    }

    #[test]
    fn unknown_fields_survive_a_round_trip() {
        let text = r#"{"born_at_home":true,"name":"A","scores":[1,{"x":2.5}]}"#;
        let body: Body = serde_json::from_str(text).unwrap();
        assert_eq!(
            serde_json::to_string(&body.with("name", "B")).unwrap(),
            text.replace("\"A\"", "\"B\"")
        );
    }
}
