//! `POST /v1/records`

use super::about::{About, Answer, Form};
use super::body::{malformed, read_message};
use super::{Call, Response};
use crate::refusal::Refusal;
use crate::sync::enter::{Entered, enter};
use crate::sync::office::new_record_id;
use serde::Deserialize;
use std::sync::Arc;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::{Change, Edit, Tombstone};
use sync_protocol::ids::RecordId;
use sync_protocol::problem::ProblemCode;
use sync_protocol::record::Kind;
use sync_protocol::schema::kind;
use sync_protocol::stamp::Stamp;
use utoipa::ToSchema;

/// A person's change, in the words of a tablet's.
#[derive(Debug, Deserialize, ToSchema)]
struct EntryRequest {
    #[schema(schema_with = kind)]
    kind: String,
    /// None for a record that gets its id here.
    id: Option<RecordId>,
    /// Of a new child.
    area: Option<Area>,
    body: Option<Body>,
    deleted: Option<Tombstone>,
    #[serde(rename = "move")]
    moved: Option<Area>,
    /// The stamp of the row that the person saw; none for a new record.
    base: Option<Stamp>,
}

pub(super) static ABOUT: About = About {
    body: Some(Form::of::<EntryRequest>()),
    refusals: &[ProblemCode::NotFound, ProblemCode::Stale, ProblemCode::InvalidField],
    ..About::new(
        "Enter or correct a record in the office: exactly one of body, deleted and move",
        &[Answer::json::<Entered>(201, "It is stored.")],
    )
};

pub(super) fn post(call: &Call<'_>) -> Result<Response, Refusal> {
    let request: EntryRequest = read_message(call.request)?;
    let kind = Kind::named(&request.kind).ok_or_else(|| Refusal::Field("kind".to_owned()))?;
    let edit = match (request.body, request.deleted, request.moved) {
        (Some(body), None, None) => Edit::Body { body, area: request.area },
        (None, Some(reason), None) => Edit::Deleted(reason),
        (None, None, Some(area)) => Edit::Move(area),
        _ => {
            let detail = "exactly one of body, deleted and move is wanted";
            return Err(Refusal::malformed(detail));
        }
    };
    let (id, base) = (request.id, request.base);
    let random = Arc::clone(call.random());
    let entered = call.write(move |tx, person, now| {
        let id = id.unwrap_or_else(|| new_record_id(now.ms, &*random));
        enter(tx, &person, Change { kind, id, edit }, base, now.ms)
    })?;
    Response::json(201, &entered).map_err(malformed)
}
