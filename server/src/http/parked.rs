//! `GET /v1/parked?area=&puskesmas=&code=&after=&limit=`, `POST /v1/parked/{id}`

use super::about::{About, Answer, Form};
use super::body::{malformed, read_message};
use super::params::{AREA, CODE, PARKED, PART, PUSKESMAS};
use super::{Call, Response};
use crate::refusal::Refusal;
use crate::store::LogPos;
use crate::sync::review::Part;
use crate::sync::review::parked::{ParkedView, parked_changes};
use crate::sync::review::settle::{Settled, Settlement, settle};
use serde::{Deserialize, Serialize};
use sync_protocol::body::Body;
use sync_protocol::parked::ParkCode;
use sync_protocol::problem::ProblemCode;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
struct ParkedReply {
    parked: Vec<ParkedView>,
    /// Asks for the next part with `after=`; none when this is the last.
    after: Option<i64>,
}

pub(super) static LIST: About = About {
    query: &[&[AREA, PUSKESMAS, CODE], &PART],
    ..About::new(
        "Parked changes, oldest first",
        &[Answer::json::<ParkedReply>(200, "A part of the list; NIK masked.")],
    )
};

pub(super) static SETTLE: About = About {
    path: &[PARKED],
    body: Some(Form::of::<SettlementRequest>()),
    refusals: &[ProblemCode::NotFound, ProblemCode::StillParked, ProblemCode::InvalidField],
    ..About::new(
        "Release, mend or discard a parked change",
        &[Answer::json::<Settled>(200, "It is settled.")],
    )
};

pub(super) fn list(call: &Call<'_>) -> Result<Response, Refusal> {
    let asked = &call.asked;
    let filters = asked.filters()?;
    let code: Option<ParkCode> = asked.value("code")?;
    let bytes = call.thresholds().review_bytes;
    let part = Part { after: asked.value("after")?, limit: asked.value("limit")?, bytes };
    let page = call.read(|tx, person, _| {
        let scope = filters.select(tx, &person.scope)?.scope;
        parked_changes(tx, &scope, code, part)
    })?;
    let reply = ParkedReply { parked: page.items, after: page.after };
    Response::json(200, &reply).map_err(malformed)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "snake_case", deny_unknown_fields)]
enum SettlementRequest {
    Release,
    Discard { reason: String },
    Mend { body: Body },
}

pub(super) fn settle_one(call: &Call<'_>) -> Result<Response, Refusal> {
    let pos = LogPos(call.number_at(0)?);
    let settlement = match read_message(call.request)? {
        SettlementRequest::Release => Settlement::Release,
        SettlementRequest::Discard { reason } if reason.trim().is_empty() => {
            return Err(Refusal::malformed("discard needs a reason"));
        }
        SettlementRequest::Discard { reason } => Settlement::Discard(reason),
        SettlementRequest::Mend { body } => Settlement::Mend(body),
    };
    let settled =
        call.write(move |tx, person, now| settle(tx, &person, pos, &settlement, now.ms))?;
    Response::json(200, &settled).map_err(malformed)
}
