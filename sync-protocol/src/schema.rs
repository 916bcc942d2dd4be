//! What the messages look like, for the OpenAPI of the server: the types whose JSON is not the shape
//! of their Rust. All others are described by what they derive.

mod body;

pub use body::ListedBody;

use crate::area::Area;
use crate::body::Body;
use crate::change::{Tombstone, Was};
use crate::ids::{DeviceNo, Epoch, InstallId, RecordId, Seq, WorkerId};
use crate::parked::ParkCode;
use crate::problem::ProblemCode;
use crate::record::Kind;
use crate::stamp::Stamp;
use crate::time::Moment;
use crate::wire::{Cursor, Row};
use std::borrow::Cow;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, SchemaFormat, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A named schema and all that it names.
type Parts = Vec<(String, RefOr<Schema>)>;

/// A text of a form.
pub fn text(what: &str, pattern: &str) -> RefOr<Schema> {
    string().description(Some(what)).pattern(Some(pattern)).into()
}

/// One of these words.
pub fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> RefOr<Schema> {
    string().enum_values(Some(words)).into()
}

/// A reference to the named schema of a type.
pub fn named<T: ToSchema>() -> RefOr<Schema> {
    Ref::from_schema_name(T::name()).into()
}

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn formatted(format: &str) -> ObjectBuilder {
    string().format(Some(SchemaFormat::Custom(format.to_owned())))
}

fn uuid(what: &str) -> RefOr<Schema> {
    formatted("uuid")
        .description(Some(what))
        .pattern(Some("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"))
        .into()
}

fn whole(min: i64, max: i64) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(number(min)))
        .maximum(Some(number(max)))
}

#[expect(clippy::cast_precision_loss, reason = "no bound is above 2^53, what a JSON number holds")]
fn number(bound: i64) -> f64 {
    bound as f64
}

/// The name of a kind.
pub fn kind() -> RefOr<Schema> {
    words(Kind::all().map(Kind::name))
}

pub(crate) fn problem_code() -> RefOr<Schema> {
    words(ProblemCode::ALL.map(ProblemCode::as_str))
}

/// Implements a schema by an expression.
macro_rules! schema_is {
    ($($type:ty => $schema:expr;)+) => {$(
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                $schema
            }
        }
        impl ToSchema for $type {}
    )+};
}

schema_is! {
    Area => text(
        "A Kemendagri code: 16, 16.04, 16.04.06 or 16.04.06.2008.",
        r"^\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?$",
    );
    RecordId => uuid("A record.");
    WorkerId => uuid("A person who works with Timbang.");
    InstallId => uuid("One installation of the tablet app, made by the tablet.");
    Epoch => uuid("One unbroken history of a server; a restore makes a new one.");
    DeviceNo => whole(0, u32::MAX.into()).description(Some("A device; 0 is the server.")).into();
    Seq => whole(1, Seq::MAX.cast_signed())
        .description(Some("The number of a change in its device's log."))
        .into();
    Stamp => text(
        "When the server says that a change was made, and by which device; sorts as text.",
        "^[0-9a-f]{16}-[0-9a-f]{8}$",
    );
    Moment => formatted("date-time")
        .description(Some("RFC 3339 with an offset, to the millisecond."))
        .into();
    Cursor => string().description(Some("A place in the feed; opaque.")).into();
    ParkCode => words(ParkCode::ALL.map(ParkCode::as_str));
    Tombstone => words(Tombstone::ALL.map(Tombstone::as_str));
}

/// A member of an object: its name, its schema, and whether it is always there.
type Member = (&'static str, RefOr<Schema>, bool);

/// An object of exactly these members: name, schema, and whether it is always there.
pub fn object<N: Into<String> + Clone>(
    members: impl IntoIterator<Item = (N, RefOr<Schema>, bool)>,
) -> ObjectBuilder {
    members.into_iter().fold(ObjectBuilder::new(), |object, (name, schema, required)| {
        let object = object.property(name.clone(), schema);
        if required { object.required(name) } else { object }
    })
}

/// Puts a type and all that it names among the parts.
pub fn collect<T: ToSchema>(parts: &mut Parts) {
    parts.push((T::name().into_owned(), T::schema()));
    T::schemas(parts);
}

/// A change as a tablet sends it.
#[derive(Clone, Copy, Debug)]
pub struct SentChange;

impl PartialSchema for SentChange {
    fn schema() -> RefOr<Schema> {
        let with = |member: Vec<Member>| {
            let common = [
                ("seq", named::<Seq>(), true),
                ("kind", kind(), true),
                ("id", named::<RecordId>(), true),
                ("made_at", named::<Moment>(), true),
                ("clock", whole(0, u32::MAX.into()).into(), true),
                ("base", nullable::<Stamp>(), false),
                ("stamp", nullable::<Stamp>(), false),
                ("was", nullable::<Was>(), false),
            ];
            object(common.into_iter().chain(member))
        };
        OneOfBuilder::new()
            .description(Some("A change of a tablet's log. What is wrong in one parks that one."))
            .item(with(vec![("body", named::<Body>(), true), ("area", nullable::<Area>(), false)]))
            .item(with(vec![("deleted", named::<Tombstone>(), true)]))
            .item(with(vec![("move", named::<Area>(), true)]))
            .into()
    }
}

impl ToSchema for SentChange {
    fn schemas(parts: &mut Parts) {
        collect::<Seq>(parts);
        collect::<RecordId>(parts);
        collect::<Moment>(parts);
        collect::<Stamp>(parts);
        collect::<Was>(parts);
        collect::<Body>(parts);
        collect::<Area>(parts);
        collect::<Tombstone>(parts);
    }
}

/// A schema, or null.
fn nullable<T: ToSchema>() -> RefOr<Schema> {
    let null = ObjectBuilder::new().schema_type(Type::Null);
    OneOfBuilder::new().item(null).item(named::<T>()).into()
}

impl PartialSchema for Row {
    fn schema() -> RefOr<Schema> {
        let state = |content: Member| {
            object([
                ("kind", kind(), true),
                ("id", named::<RecordId>(), true),
                ("child_id", named::<RecordId>(), false),
                ("area", named::<Area>(), true),
                ("stamp", named::<Stamp>(), true),
                ("by", string().into(), true),
                content,
            ])
        };
        let is_true = ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([true]));
        OneOfBuilder::new()
            .description(Some("An entry of the feed."))
            .item(state(("body", named::<Body>(), true)))
            .item(state(("deleted", named::<Tombstone>(), true)))
            .item(object([
                ("kind", kind(), true),
                ("id", named::<RecordId>(), true),
                ("gone", is_true.into(), true),
            ]))
            .into()
    }
}

impl ToSchema for Row {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Row")
    }

    fn schemas(parts: &mut Parts) {
        collect::<RecordId>(parts);
        collect::<Area>(parts);
        collect::<Stamp>(parts);
        collect::<Body>(parts);
        collect::<Tombstone>(parts);
    }
}
