//! Strict reading of JSON from outside: bounded depth, bounded strings, no duplicate names.

use crate::limits::{JSON_DEPTH_MAX, STRING_BYTES_MAX};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// Why a JSON text was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonFault {
    #[error("nested deeper than {JSON_DEPTH_MAX}")]
    TooDeep,
    #[error(
        "not valid JSON, a name given twice, or a string of more than {STRING_BYTES_MAX} bytes"
    )]
    Broken,
}

/// Reads one JSON value under the limits of the protocol.
pub fn read_value(text: &str) -> Result<Value, JsonFault> {
    if !depth_is_bounded(text.as_bytes()) {
        return Err(JsonFault::TooDeep);
    }
    match serde_json::from_str::<Strict>(text) {
        Ok(Strict(value)) => Ok(value),
        Err(_) => Err(JsonFault::Broken),
    }
}

/// Whether objects and arrays nest at most [`JSON_DEPTH_MAX`] deep. One pass, no allocation; run
/// before any parser that recurses.
pub fn depth_is_bounded(text: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                if depth > JSON_DEPTH_MAX {
                    return false;
                }
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    true
}

/// A value whose objects name nothing twice and whose strings are bounded.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        bounded(value)?;
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Strict(value))) = members.next_entry::<String, Strict>()? {
            bounded(&name)?;
            if object.insert(name, value).is_some() {
                return Err(de::Error::custom("a name is given twice"));
            }
        }
        Ok(Value::Object(object))
    }
}

fn bounded<E: de::Error>(text: &str) -> Result<(), E> {
    if text.len() > STRING_BYTES_MAX { Err(E::custom("a string is too long")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, JsonFault>) {
        assert_eq!(read_value(text).map(|value| value.to_string()), expected.map(str::to_owned));
    }

    #[test]
    fn ordinary_json_is_read() {
        check(
            r#"{"b":[1,-2,2.5,true,null],"a":"\u00e9\"{"}"#,
            Ok(r#"{"a":"é\"{","b":[1,-2,2.5,true,null]}"#),
        );
    }

    #[test]
    fn a_name_given_twice_is_refused() {
        check(r#"{"a":1,"a":1}"#, Err(JsonFault::Broken));
        check(r#"{"x":{"a":1,"a":2}}"#, Err(JsonFault::Broken));
    }

    #[test]
    fn depth_is_refused_one_past_the_limit() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read_value(&nested(JSON_DEPTH_MAX)).is_ok());
        check(&nested(JSON_DEPTH_MAX + 1), Err(JsonFault::TooDeep));
        check(&nested(1_000_000), Err(JsonFault::TooDeep));
        assert!(depth_is_bounded(br#"{"a":"[[[[[[[[[[[[[[[[[[[[\"[[[[[["}"#));
    }

    #[test]
    fn a_string_is_refused_one_byte_past_the_limit() {
        let text = |bytes: usize| format!("\"{}\"", "x".repeat(bytes));
        assert!(read_value(&text(STRING_BYTES_MAX)).is_ok());
        check(&text(STRING_BYTES_MAX + 1), Err(JsonFault::Broken));
    }

    #[test]
    fn what_json_cannot_say_is_refused() {
        for broken in ["", "{", "{\"a\":1e999}", "\"\\ud800\"", "nan", "1 2"] {
            check(broken, Err(JsonFault::Broken));
        }
    }
}
