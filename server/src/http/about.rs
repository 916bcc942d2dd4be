//! What a route is about: how it is described, and what its query is read by. The route table holds
//! one for every route, so that none is without.

use std::borrow::Cow;
use sync_protocol::problem::ProblemCode;
use sync_protocol::schema::collect;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// The description of a route.
#[derive(Debug)]
pub(crate) struct About {
    pub(crate) summary: &'static str,
    /// What stands at the braces of the pattern, in order.
    pub(crate) path: &'static [Param],
    /// Every parameter of the query; a person's query with another one is refused.
    pub(crate) query: &'static [&'static [Param]],
    pub(crate) body: Option<Form>,
    pub(crate) answers: &'static [Answer],
    /// Why it refuses, beside what any route of the same callers can say.
    pub(crate) refusals: &'static [ProblemCode],
}

impl About {
    /// A route that takes nothing.
    pub(crate) const fn new(summary: &'static str, answers: &'static [Answer]) -> Self {
        About { summary, path: &[], query: &[], body: None, answers, refusals: &[] }
    }
}

/// One parameter of an address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Param {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) required: bool,
    pub(crate) schema: fn() -> RefOr<Schema>,
}

impl Param {
    pub(crate) const fn optional(
        name: &'static str,
        what: &'static str,
        schema: fn() -> RefOr<Schema>,
    ) -> Self {
        Param { name, what, required: false, schema }
    }

    pub(crate) const fn required(
        name: &'static str,
        what: &'static str,
        schema: fn() -> RefOr<Schema>,
    ) -> Self {
        Param { name, what, required: true, schema }
    }
}

/// What a JSON body looks like: the schema of its type, and of all that it names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    pub(crate) name: fn() -> Cow<'static, str>,
    pub(crate) collect: fn(&mut Vec<(String, RefOr<Schema>)>),
}

impl Form {
    pub(crate) const fn of<T: ToSchema>() -> Self {
        Form { name: T::name, collect: collect::<T> }
    }
}

/// An answer that is no refusal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) what: &'static str,
    pub(crate) content: Content,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Content {
    Json(Form),
    /// One of these media types, whose inside is not described.
    Media(&'static [&'static str]),
    Nothing,
}

impl Answer {
    pub(crate) const fn json<T: ToSchema>(status: u16, what: &'static str) -> Self {
        Answer { status, what, content: Content::Json(Form::of::<T>()) }
    }

    pub(crate) const fn media(what: &'static str, types: &'static [&'static str]) -> Self {
        Answer { status: 200, what, content: Content::Media(types) }
    }

    pub(crate) const fn nothing(status: u16, what: &'static str) -> Self {
        Answer { status, what, content: Content::Nothing }
    }
}
