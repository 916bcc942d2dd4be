//! Whether what goes over the wire is what the server says of its API: every answer that a
//! [`crate::Client`] gets is held against the description of its route, stricter than a client
//! must be: a member that is not described is a fault.

use crate::http::Reply;
use regex_lite::Regex;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use sync_protocol::ids::RecordId;
use sync_protocol::time::{Moment, parse_date};

static DESCRIBED: LazyLock<Described> =
    LazyLock::new(|| Described { document: server::http::openapi::document() });

/// The server's description of itself.
#[derive(Debug)]
pub struct Described {
    pub document: Value,
}

/// What is wrong, and where.
type Fault = String;

impl Described {
    pub fn get() -> &'static Self {
        &DESCRIBED
    }

    /// What is said of a route; none of an address that is none.
    pub fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let method = method.to_ascii_lowercase();
        let paths = self.document["paths"].as_object()?;
        // An address without braces comes before one that has them.
        let mut found: Vec<(&String, &Value)> =
            paths.iter().filter(|(pattern, _)| fits(pattern, path)).collect();
        found.sort_by_key(|(pattern, _)| pattern.contains('{'));
        found.into_iter().find_map(|(_, item)| item.get(&method))
    }

    /// An answer of a route is one of those that are described.
    pub fn check_answer(&self, operation: &Value, reply: &Reply) -> Result<(), Fault> {
        let answer = operation["responses"].get(reply.status.to_string());
        let answer = answer.ok_or_else(|| format!("{} is not described", reply.status))?;
        let Some(contents) = answer.get("content").and_then(Value::as_object) else {
            return if reply.body.is_empty() { Ok(()) } else { Err("a body".to_owned()) };
        };
        let media = reply.header("content-type").unwrap_or_default();
        let content = contents.get(media).ok_or_else(|| format!("{media} is not described"))?;
        let Some(schema) = content.get("schema") else { return Ok(()) };
        if reply.header("content-encoding").is_some() {
            return Ok(());
        }
        self.check(schema, &reply.json())?;
        match answer.get("x-codes").and_then(Value::as_array) {
            Some(codes) if !codes.iter().any(|code| *code == reply.code()) => {
                Err(format!("{} is not described", reply.code()))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// A body that was taken is what is described.
    pub fn check_body(&self, operation: &Value, body: &Value) -> Result<(), Fault> {
        self.check(&operation["requestBody"]["content"]["application/json"]["schema"], body)
    }

    /// A value fits a schema, and has no member beside those that it names.
    pub fn check(&self, schema: &Value, value: &Value) -> Result<(), Fault> {
        self.fit(schema, value, true).map_err(|fault| format!("{fault} in {value}"))
    }

    fn fit(&self, schema: &Value, value: &Value, closed: bool) -> Result<(), Fault> {
        let Some(keywords) = schema.as_object() else { return Err(format!("schema {schema}")) };
        for (keyword, wanted) in keywords {
            self.fit_keyword(keyword, wanted, value, closed)?;
        }
        let Value::Object(members) = value else { return Ok(()) };
        self.fit_members(keywords, members)?;
        match self.names(schema) {
            Some(names) if closed => {
                let unknown = members.keys().find(|name| !names.contains(name.as_str()));
                unknown.map_or(Ok(()), |name| Err(format!("{name} is not described")))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn fit_keyword(
        &self,
        keyword: &str,
        wanted: &Value,
        value: &Value,
        closed: bool,
    ) -> Result<(), Fault> {
        let list = || wanted.as_array().into_iter().flatten();
        let fits = |schema: &&Value| self.fit(schema, value, closed).is_ok();
        let count = value.as_array().map(Vec::len);
        let is_met = match keyword {
            "$ref" => return self.fit(self.target(wanted)?, value, closed),
            "allOf" => return list().try_for_each(|schema| self.fit(schema, value, false)),
            "oneOf" => list().filter(fits).count() == 1,
            "anyOf" => list().any(|schema| fits(&schema)),
            "type" => {
                let types = wanted.as_array().map_or(std::slice::from_ref(wanted), Vec::as_slice);
                types.iter().any(|name| is_of_type(name, value))
            }
            "enum" => list().any(|one| one == value),
            "pattern" => {
                let pattern = Regex::new(wanted.as_str().unwrap_or_default());
                let pattern = pattern.map_err(|error| error.to_string())?;
                value.as_str().is_none_or(|text| pattern.is_match(text))
            }
            "format" => is_of_format(wanted.as_str().unwrap_or_default(), value),
            "minimum" => value.as_f64().is_none_or(|number| Some(number) >= wanted.as_f64()),
            "maximum" => value.as_f64().is_none_or(|number| Some(number) <= wanted.as_f64()),
            "maxLength" => {
                let most = wanted.as_u64().unwrap_or_default();
                value.as_str().is_none_or(|text| text.chars().count() as u64 <= most)
            }
            "minItems" => count.is_none_or(|count| Some(count as u64) >= wanted.as_u64()),
            "maxItems" => count.is_none_or(|count| Some(count as u64) <= wanted.as_u64()),
            "items" => {
                let items = value.as_array().into_iter().flatten();
                return items.into_iter().try_for_each(|item| self.fit(wanted, item, true));
            }
            // Read with the members.
            "properties" | "required" | "additionalProperties" | "propertyNames" => true,
            "description" | "default" => true,
            _ => return Err(format!("{keyword} is a keyword that this check does not know")),
        };
        if is_met { Ok(()) } else { Err(format!("{value} is not {keyword} {wanted}")) }
    }

    fn fit_members(
        &self,
        keywords: &Map<String, Value>,
        members: &Map<String, Value>,
    ) -> Result<(), Fault> {
        let required = keywords.get("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                return Err(format!("{name} is missing"));
            }
        }
        let properties = keywords.get("properties").and_then(Value::as_object);
        let others = keywords.get("additionalProperties").filter(|others| others.is_object());
        for (name, member) in members {
            if let Some(names) = keywords.get("propertyNames") {
                self.fit(names, &Value::from(name.as_str()), true)?;
            }
            let schema = properties.and_then(|properties| properties.get(name)).or(others);
            if let Some(schema) = schema {
                self.fit(schema, member, true).map_err(|fault| format!("{name}: {fault}"))?;
            }
        }
        Ok(())
    }

    /// The members that a schema names; none when it takes any.
    fn names<'d>(&'d self, schema: &'d Value) -> Option<BTreeSet<&'d str>> {
        if let Some(target) = schema.get("$ref") {
            return self.names(self.target(target).ok()?);
        }
        let others = schema.get("additionalProperties").is_some_and(|others| *others != false);
        if others {
            return None;
        }
        if let Some(all) = schema.get("allOf").and_then(Value::as_array) {
            let each = all.iter().map(|schema| self.names(schema)).collect::<Option<Vec<_>>>()?;
            return Some(each.into_iter().flatten().collect());
        }
        let properties = schema.get("properties")?.as_object()?;
        Some(properties.keys().map(String::as_str).collect())
    }

    fn target(&self, reference: &Value) -> Result<&Value, Fault> {
        let pointer = reference.as_str().and_then(|text| text.strip_prefix('#'));
        let target = pointer.and_then(|pointer| self.document.pointer(pointer));
        target.ok_or_else(|| format!("{reference} names nothing"))
    }
}

fn fits(pattern: &str, path: &str) -> bool {
    let (wanted, given) = (pattern.split('/'), path.split('/'));
    wanted.clone().count() == given.clone().count()
        && wanted.zip(given).all(|(wanted, given)| {
            wanted == given || (wanted.starts_with('{') && !given.is_empty())
        })
}

fn is_of_type(name: &Value, value: &Value) -> bool {
    match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        Some(_) | None => false,
    }
}

/// A format says something of the type that it is of, and nothing of others.
fn is_of_format(format: &str, value: &Value) -> bool {
    let text = |fits: fn(&str) -> bool| value.as_str().is_none_or(fits);
    match format {
        "date-time" => text(|text| text.parse::<Moment>().is_ok()),
        "date" => text(|text| parse_date(text).is_ok()),
        "uuid" => text(|text| text.parse::<RecordId>().is_ok()),
        "int64" => !value.is_number() || value.is_i64(),
        "uint64" => !value.is_number() || value.is_u64(),
        "uint16" => value.as_u64().is_none_or(|number| u16::try_from(number).is_ok()),
        "uint32" => value.as_u64().is_none_or(|number| u32::try_from(number).is_ok()),
        "double" => !value.is_number() || value.as_f64().is_some(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_that_is_not_what_is_described_is_found() {
        let described = Described {
            document: json!({"components": {"schemas": {"Place": {
                "type": "object", "required": ["code"],
                "properties": {"code": {"type": "string", "pattern": "^\\d+$"}}}}}}),
        };
        let place = json!({"$ref": "#/components/schemas/Place"});
        let flat = json!({"allOf": [place, {"type": "object", "required": ["n"],
            "properties": {"n": {"type": ["integer", "null"]}}}]});
        let either = json!({"oneOf": [{"type": "null"}, place]});
        let check = |schema: &Value, value: Value| described.check(schema, &value).is_ok();
        assert!(check(&place, json!({"code": "16"})));
        assert!(check(&flat, json!({"code": "16", "n": null})));
        assert!(check(&either, Value::Null));
        for wrong in [json!({}), json!({"code": 16}), json!({"code": "x"}), json!([])] {
            assert!(!check(&place, wrong.clone()), "{wrong}");
            assert!(!check(&either, wrong.clone()), "{wrong}");
        }
        assert!(!check(&place, json!({"code": "16", "name": "A"})), "an undescribed member");
        assert!(!check(&flat, json!({"code": "16", "n": 1, "m": 1})), "an undescribed member");
        assert!(!check(&json!({"typo": 1}), json!({})), "an unknown keyword");
    }
}
