//! Bodies, made of what each kind says of its fields.

use super::{Parts, formatted, string, whole, words};
use crate::body::Body;
use crate::ids::RecordId;
use crate::limits::STRING_BYTES_MAX;
use crate::record::{Field, Kind, Shape};
use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, ArrayBuilder, ObjectBuilder, Type,
};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A body in a list: what it belongs to stands beside it.
#[derive(Clone, Copy, Debug)]
pub struct ListedBody;

impl PartialSchema for Body {
    fn schema() -> RefOr<Schema> {
        any_of("The complete content of a record.", whole_name)
    }
}

impl ToSchema for Body {
    fn schemas(parts: &mut Parts) {
        parts.extend(Kind::all().map(|kind| (whole_name(kind), body(kind, |_| true))));
    }
}

impl PartialSchema for ListedBody {
    fn schema() -> RefOr<Schema> {
        any_of("The content of a record; the id that it belongs to stands beside it.", listed_name)
    }
}

impl ToSchema for ListedBody {
    fn schemas(parts: &mut Parts) {
        parts.extend(Kind::all().map(|kind| {
            let beside = kind.parent_field();
            (listed_name(kind), body(kind, |field| Some(field.name) != beside))
        }));
    }
}

fn any_of(what: &str, name: fn(Kind) -> String) -> RefOr<Schema> {
    let any = AnyOfBuilder::new().description(Some(what));
    Kind::all().map(|kind| Ref::from_schema_name(name(kind))).fold(any, AnyOfBuilder::item).into()
}

fn whole_name(kind: Kind) -> String {
    let name = kind.name();
    let (first, rest) = name.split_at_checked(1).unwrap_or((name, ""));
    format!("{}{rest}Body", first.to_ascii_uppercase())
}

fn listed_name(kind: Kind) -> String {
    format!("Listed{}", whole_name(kind))
}

fn body(kind: Kind, has: impl Fn(&Field) -> bool) -> RefOr<Schema> {
    let empty = open().description(Some(format!(
        "The body of a {kind}. Fields that a newer app knows come beside these."
    )));
    let fields = kind.fields().iter().filter(|field| has(field));
    let described = fields.fold(empty, |body, field| {
        let body = body.property(field.name, of_field(field));
        if field.required { body.required(field.name) } else { body }
    });
    described.into()
}

fn of_field(field: &Field) -> RefOr<Schema> {
    match field.shape {
        Shape::Text => string().max_length(Some(STRING_BYTES_MAX)).into(),
        Shape::Choice(choices) => words(choices.iter().copied()),
        Shape::PastDate | Shape::Date => formatted("date").into(),
        Shape::Whole { min, max } => whole(min, max).into(),
        Shape::Flag => ObjectBuilder::new().schema_type(Type::Boolean).into(),
        Shape::Id => RecordId::schema(),
        Shape::Texts => ArrayBuilder::new().items(string()).into(),
        Shape::Object => open().into(),
    }
}

/// An object that may hold anything.
fn open() -> ObjectBuilder {
    ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(true)))
}
