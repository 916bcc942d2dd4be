//! `GET /v1/conflicts?area=&puskesmas=&after=&limit=`, `POST /v1/conflicts/{id}`

use super::about::{About, Answer, Form};
use super::body::{malformed, read_message};
use super::params::{AREA, CONFLICT, PART, PUSKESMAS};
use super::{Call, Response};
use crate::refusal::Refusal;
use crate::sync::review::Part;
use crate::sync::review::conflicts::{ConflictView, open_conflicts};
use crate::sync::review::decide::{Decided, Decision, Ruling, decide};
use serde::{Deserialize, Serialize};
use sync_protocol::body::Body;
use sync_protocol::problem::ProblemCode;
use sync_protocol::stamp::Stamp;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
struct ConflictsReply {
    conflicts: Vec<ConflictView>,
    /// Asks for the next part with `after=`; none when this is the last.
    after: Option<i64>,
}

pub(super) static LIST: About = About {
    query: &[&[AREA, PUSKESMAS], &PART],
    ..About::new(
        "Open conflicts: overlaps first, then the oldest",
        &[Answer::json::<ConflictsReply>(200, "A part of the list; NIK masked.")],
    )
};

pub(super) static RULE: About = About {
    path: &[CONFLICT],
    body: Some(Form::of::<RulingRequest>()),
    refusals: &[ProblemCode::NotFound, ProblemCode::Stale, ProblemCode::InvalidField],
    ..About::new("Decide a conflict", &[Answer::json::<Decided>(200, "It is decided.")])
};

pub(super) fn list(call: &Call<'_>) -> Result<Response, Refusal> {
    let asked = &call.asked;
    let filters = asked.filters()?;
    let bytes = call.thresholds().review_bytes;
    let part = Part { after: asked.value("after")?, limit: asked.value("limit")?, bytes };
    let page = call.read(|tx, person, _| {
        let scope = filters.select(tx, &person.scope)?.scope;
        open_conflicts(tx, &scope, part)
    })?;
    let reply = ConflictsReply { conflicts: page.items, after: page.after };
    Response::json(200, &reply).map_err(malformed)
}

#[derive(Debug, Deserialize, ToSchema)]
struct RulingRequest {
    decision: DecisionName,
    /// The `winner_stamp` that the person saw.
    winner: Stamp,
    /// Wanted with `dismiss`.
    reason: Option<String>,
    /// Wanted with `body`, and with nothing else.
    body: Option<Body>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DecisionName {
    Keep,
    Take,
    Body,
    Dismiss,
}

pub(super) fn rule(call: &Call<'_>) -> Result<Response, Refusal> {
    let id: i64 = call.number_at(0)?;
    let ruling = read_ruling(read_message(call.request)?)?;
    let decided = call.write(move |tx, person, now| decide(tx, &person, id, &ruling, now.ms))?;
    Response::json(200, &decided).map_err(malformed)
}

fn read_ruling(request: RulingRequest) -> Result<Ruling, Refusal> {
    let wrong = |detail| Err(Refusal::malformed(detail));
    let reason = request.reason.filter(|reason| !reason.trim().is_empty());
    let decision = match (request.decision, request.body) {
        (DecisionName::Keep, None) => Decision::Keep,
        (DecisionName::Take, None) => Decision::Take,
        (DecisionName::Body, Some(body)) => Decision::Body(body),
        (DecisionName::Dismiss, None) if reason.is_some() => Decision::Dismiss,
        (DecisionName::Dismiss, None) => return wrong("dismiss needs a reason"),
        (DecisionName::Body, None) => return wrong("body needs a body"),
        (DecisionName::Keep | DecisionName::Take | DecisionName::Dismiss, Some(_)) => {
            return wrong("only the decision body has a body");
        }
    };
    Ok(Ruling { decision, winner: request.winner, reason })
}
