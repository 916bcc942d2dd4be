//! Strict reading of JSON from outside: bounded depth, bounded strings, no duplicate names.

use crate::limits::{ENVELOPE_BYTES_MAX, JSON_DEPTH_MAX, STRING_BYTES_MAX};
use serde::de::{self, Deserialize, Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
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

/// A value as compact JSON. The same writer as every message has: the one that `Display` brings
/// besides would be a second in the tablet's download.
pub fn text(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Reads one JSON value under the limits of the protocol.
pub fn read_value(text: &str) -> Result<Value, JsonFault> {
    read_value_below(text, 0)
}

/// Reads a value that stands `above` levels deep in its message.
fn read_value_below(text: &str, above: usize) -> Result<Value, JsonFault> {
    if !depth_is_bounded_below(text.as_bytes(), above) {
        return Err(JsonFault::TooDeep);
    }
    match serde_json::from_str::<Strict>(text) {
        Ok(Strict(value)) => Ok(value),
        Err(_) => Err(JsonFault::Broken),
    }
}

/// Checks a message under the limits of the protocol, all but what its member `apart` holds: that
/// is only passed over, since each piece of it is checked by itself.
pub fn check_envelope(text: &[u8], apart: Option<&str>) -> Result<(), JsonFault> {
    let text = std::str::from_utf8(text).map_err(|_| JsonFault::Broken)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let checked = deserializer.deserialize_map(EnvelopeVisitor { apart });
    let checked = checked.and_then(|checked| deserializer.end().map(|()| checked));
    checked.unwrap_or(Err(JsonFault::Broken))
}

/// Goes through the members of a message, one at a time, and keeps none of them.
struct EnvelopeVisitor<'a> {
    apart: Option<&'a str>,
}

impl<'de> Visitor<'de> for EnvelopeVisitor<'_> {
    type Value = Result<(), JsonFault>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let (mut names, mut bytes, mut fault) = (BTreeSet::new(), 0, None);
        while let Some((name, value)) = members.next_entry::<String, &RawValue>()? {
            if Some(name.as_str()) != self.apart {
                bytes += name.len() + value.get().len();
                fault = fault.or(fault_of_member(&name, value.get(), bytes));
            }
            // What is refused is only read to its end: nothing more is kept of it.
            if fault.is_none() && !names.insert(name) {
                fault = Some(JsonFault::Broken);
            }
        }
        Ok(fault.map_or(Ok(()), Err))
    }
}

/// `bytes` is how much of its message has been read with it.
fn fault_of_member(name: &str, value: &str, bytes: usize) -> Option<JsonFault> {
    if !depth_is_bounded_below(value.as_bytes(), 1) {
        Some(JsonFault::TooDeep)
    } else if bytes > ENVELOPE_BYTES_MAX || name.len() > STRING_BYTES_MAX {
        Some(JsonFault::Broken)
    } else {
        read_value_below(value, 1).err()
    }
}

/// Whether objects and arrays nest at most [`JSON_DEPTH_MAX`] deep. One pass, no allocation; run
/// before any parser that recurses.
pub fn depth_is_bounded(text: &[u8]) -> bool {
    depth_is_bounded_below(text, 0)
}

fn depth_is_bounded_below(text: &[u8], above: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (above, false, false);
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
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
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

    #[track_caller]
    fn check_message(text: &str, expected: Result<(), JsonFault>) {
        assert_eq!(check_envelope(text.as_bytes(), Some("changes")), expected, "{text:.80}");
    }

    #[test]
    fn a_message_is_checked_but_for_the_member_apart() {
        check_message(r#" {"protocol":1,"changes":[{"seq":1},"#, Err(JsonFault::Broken));
        check_message(r#"{"protocol":1,"changes":[{"seq":1,"a":1,"a":2}],"x":null} "#, Ok(()));
        check_message(r#"{"ch\u0061nges":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}"#, Ok(()));
        for broken in
            ["", "[]", "{}{}", r#"{"a":1,"a":1}"#, r#"{"a":{"x":1,"x":1}}"#, r#"{"changes":[}"#]
        {
            check_message(broken, Err(JsonFault::Broken));
        }
        check_message(r#"{"changes":1,"changes":1}"#, Err(JsonFault::Broken));
        assert_eq!(check_envelope(br#"{"a":{"x":1,"x":2}}"#, None), Err(JsonFault::Broken));
        assert_eq!(check_envelope(b"{\"a\":\"\xe9\"}", None), Err(JsonFault::Broken));
    }

    #[test]
    fn the_depth_of_a_message_counts_from_its_own_braces() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let beside = |depth| format!(r#"{{"changes":[],"a":{}}}"#, nested(depth));
        check_message(&beside(JSON_DEPTH_MAX - 1), Ok(()));
        check_message(&beside(JSON_DEPTH_MAX), Err(JsonFault::TooDeep));
        check_message(&beside(1_000_000), Err(JsonFault::TooDeep));
        check_message(&format!(r#"{{"changes":{}}}"#, nested(1_000_000)), Ok(()));
    }

    #[test]
    fn a_message_beside_its_changes_is_bounded() {
        let members = |count: usize| {
            let members: Vec<String> = (0..count).map(|n| format!("\"m{n:06}\":1")).collect();
            format!("{{\"changes\":\"{}\",{}}}", "x".repeat(1 << 20), members.join(","))
        };
        check_message(&members(ENVELOPE_BYTES_MAX / 8), Ok(()));
        check_message(&members(ENVELOPE_BYTES_MAX / 8 + 1), Err(JsonFault::Broken));
        let text = |bytes: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes));
        check_message(&text(STRING_BYTES_MAX), Ok(()));
        check_message(&text(STRING_BYTES_MAX + 1), Err(JsonFault::Broken));
    }

    #[test]
    fn what_json_cannot_say_is_refused() {
        for broken in ["", "{", "{\"a\":1e999}", "\"\\ud800\"", "nan", "1 2"] {
            check(broken, Err(JsonFault::Broken));
        }
    }
}
