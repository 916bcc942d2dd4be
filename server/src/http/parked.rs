//! `GET /v1/parked?area=&puskesmas=&code=&after=&limit=`, `POST /v1/parked/{id}`

use super::asked::Asked;
use super::body::{malformed, read_message};
use super::{Call, Response, Service};
use crate::refusal::Refusal;
use crate::store::LogPos;
use crate::sync::review::Part;
use crate::sync::review::parked::{ParkedView, parked_changes};
use crate::sync::review::settle::{Settlement, settle};
use crate::sync::server_time;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use sync_protocol::body::Body;
use sync_protocol::parked::ParkCode;
use sync_protocol::problem::ProblemCode;

#[derive(Debug, Serialize)]
struct ParkedReply {
    parked: Vec<ParkedView>,
    /// Asks for the next part with `after=`; none when this is the last.
    after: Option<i64>,
}

pub(super) fn list(service: &Service, call: &Call<'_>) -> Result<Response, Refusal> {
    let known = ["area", "puskesmas", "code", "after", "limit"];
    let asked = Asked::read(&call.request.query, &[&known])?;
    let filters = asked.filters()?;
    let code: Option<ParkCode> = asked.value("code")?;
    let part = Part { after: asked.value("after")?, limit: asked.value("limit")? };
    let page = service.store.read::<_, Refusal>(|tx| {
        let scope = filters.select(tx, &call.person(tx)?.scope)?.scope;
        parked_changes(tx, &scope, code, part)
    })?;
    let reply = ParkedReply { parked: page.items, after: page.after };
    Response::json(200, &reply).map_err(malformed)
}

#[derive(Debug, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case", deny_unknown_fields)]
enum SettlementRequest {
    Release,
    Discard { reason: String },
    Mend { body: Body },
}

pub(super) fn settle_one(service: &Service, call: &Call<'_>) -> Result<Response, Refusal> {
    let pos = LogPos(call.number_at(0)?);
    let settlement = match read_message(call.request)? {
        SettlementRequest::Release => Settlement::Release,
        SettlementRequest::Discard { reason } if reason.trim().is_empty() => {
            return Err(Refusal::with_detail(ProblemCode::Malformed, "discard needs a reason"));
        }
        SettlementRequest::Discard { reason } => Settlement::Discard(reason),
        SettlementRequest::Mend { body } => Settlement::Mend(body),
    };
    let (key, clock) = (call.key(), Arc::clone(&service.clock));
    let settled = service.store.write::<_, Refusal, _>(move |tx| {
        let person = key.person(tx)?;
        let now = server_time::advance(tx, clock.now_ms())?;
        settle(tx, &person, pos, &settlement, now.ms)
    })?;
    Response::json(200, &settled).map_err(malformed)
}
