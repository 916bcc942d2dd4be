//! Kinds of record, described as data.
//!
//! A new kind is one new file beside [`child`], its line in `KINDS`, and a table in the two
//! databases with one column per field. Nothing else lists the kinds or their fields by hand.

pub mod child;
pub mod measurement;
pub mod visit;

use crate::body::Body;
use crate::ids::RecordId;
use crate::parked::{Fault, ParkCode};
use crate::time::{CivilDate, parse_date};
use serde_json::Value;
use std::fmt;

/// Every kind that syncs.
static KINDS: [&KindSpec; 3] = [&child::SPEC, &measurement::SPEC, &visit::SPEC];

/// What a kind is: its name (also of its table), its fields and its own rule.
#[derive(Debug)]
pub struct KindSpec {
    pub name: &'static str,
    /// The field that names the record it belongs to and lives with; none for a child.
    pub parent_field: Option<&'static str>,
    pub fields: &'static [Field],
    /// What must hold between fields; runs after each field was checked by itself.
    pub rule: fn(&Body) -> Result<(), Fault>,
}

/// One field of a body.
#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
}

/// What a field's value looks like. Units are integers, so that two encoders give the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text of at most 4 KiB.
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A civil date that has come: not after tomorrow.
    PastDate,
    /// A civil date, also one to come.
    Date,
    /// A whole number within bounds, both included.
    Whole { min: i64, max: i64 },
    /// true or false.
    Flag,
    /// The id of another record.
    Id,
    /// A list of texts.
    Texts,
    /// An object that no report looks into.
    Object,
}

impl Field {
    pub(crate) const fn required(name: &'static str, shape: Shape) -> Field {
        Field { name, shape, required: true }
    }

    pub(crate) const fn optional(name: &'static str, shape: Shape) -> Field {
        Field { name, shape, required: false }
    }
}

/// A kind of record. Two kinds are equal when their names are.
#[derive(Clone, Copy)]
pub struct Kind(&'static KindSpec);

impl Kind {
    pub const CHILD: Kind = Kind(&child::SPEC);
    pub const MEASUREMENT: Kind = Kind(&measurement::SPEC);
    pub const VISIT: Kind = Kind(&visit::SPEC);

    pub fn all() -> impl Iterator<Item = Kind> {
        KINDS.iter().map(|spec| Kind(spec))
    }

    pub fn named(name: &str) -> Option<Kind> {
        Kind::all().find(|kind| kind.name() == name)
    }

    pub fn name(self) -> &'static str {
        self.0.name
    }

    pub fn fields(self) -> &'static [Field] {
        self.0.fields
    }

    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.0.fields.iter().find(|field| field.name == name)
    }

    /// The field that names the child a record belongs to; a child has none.
    pub fn parent_field(self) -> Option<&'static str> {
        self.0.parent_field
    }

    /// The field that says on which day it was: what a child's records are listed by.
    pub fn day_field(self) -> Option<&'static str> {
        let is_day = |field: &&Field| field.required && field.shape == Shape::PastDate;
        self.0.fields.iter().find(is_day).map(|field| field.name)
    }

    /// Whether its place is its own (a child) or that of the record it belongs to.
    pub fn has_place(self) -> bool {
        self.0.parent_field.is_none()
    }

    /// The record a body of this kind belongs to.
    pub fn parent_of(self, body: &Body) -> Option<RecordId> {
        self.parent_field().and_then(|field| body.text(field)).and_then(|id| id.parse().ok())
    }

    /// Checks a body field by field, then as a whole. The same rule on tablet and server.
    ///
    /// `today` is the date in the kabupaten's zone; dates that have come may be one day ahead of
    /// it, since tablets cross midnight before the server does.
    pub fn check(self, body: &Body, today: CivilDate) -> Result<(), Fault> {
        for field in self.fields() {
            match body.get(field.name) {
                Some(value) => field.check(value, today)?,
                None if field.required => return Err(Fault::invalid(field.name)),
                None => {}
            }
        }
        (self.0.rule)(body)
    }
}

/// The rule of a kind whose fields do not depend on each other.
fn no_rule(_body: &Body) -> Result<(), Fault> {
    Ok(())
}

impl Field {
    fn check(&self, value: &Value, today: CivilDate) -> Result<(), Fault> {
        let fits = match self.shape {
            Shape::Text => {
                value.as_str().is_some_and(|text| !self.required || !text.trim().is_empty())
            }
            Shape::Choice(words) => value.as_str().is_some_and(|word| words.contains(&word)),
            Shape::Whole { min, max } => value.as_i64().is_some_and(|n| (min..=max).contains(&n)),
            Shape::Flag => value.is_boolean(),
            Shape::Id => value.as_str().is_some_and(|id| id.parse::<RecordId>().is_ok()),
            Shape::Texts => {
                value.as_array().is_some_and(|items| items.iter().all(Value::is_string))
            }
            Shape::Object => value.is_object(),
            Shape::Date => value.as_str().is_some_and(|text| parse_date(text).is_ok()),
            Shape::PastDate => match value.as_str().map(parse_date) {
                Some(Ok(date)) if is_after_tomorrow(date, today) => {
                    return Err(Fault::at(ParkCode::DateInFuture, self.name));
                }
                Some(Ok(_)) => true,
                Some(Err(_)) | None => false,
            },
        };
        if fits { Ok(()) } else { Err(Fault::invalid(self.name)) }
    }
}

fn is_after_tomorrow(date: CivilDate, today: CivilDate) -> bool {
    today.succ_opt().is_some_and(|tomorrow| date > tomorrow)
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Kind {}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests;
