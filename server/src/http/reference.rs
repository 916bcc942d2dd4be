//! `GET /v1/areas`, `GET /v1/limits`, `GET /healthz`

use super::body::malformed;
use super::{Request, Response, Service};
use crate::access::caller_of_token;
use crate::refusal::Refusal;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use sync_protocol::problem::ProblemCode;
use sync_protocol::wire::AreasReply;

/// Codes and names of the kabupaten, for any tablet that is enrolled.
pub(super) fn areas(service: &Service, request: &Request) -> Result<Response, Refusal> {
    let token =
        request.token.as_deref().ok_or_else(|| Refusal::problem(ProblemCode::Unauthorised))?;
    let reply = service.store.read::<_, Refusal>(|tx| {
        let caller = caller_of_token(tx, token)?;
        service.rates.admit_device(caller.device.number)?;
        Ok(AreasReply { areas: tx.areas()?, puskesmas: tx.puskesmas()?, posyandu: tx.posyandu()? })
    })?;
    let response = Response::json(200, &reply).map_err(malformed)?;
    let etag = etag_of(&response.body);
    if request.if_none_match.as_deref() == Some(etag.as_str()) {
        return Ok(Response::empty(304).with_header("ETag", etag));
    }
    Ok(response.with_header("ETag", etag))
}

fn etag_of(body: &[u8]) -> String {
    let mut etag = String::from('"');
    for byte in Sha256::digest(body).iter().take(16) {
        write!(etag, "{byte:02x}").unwrap_or_default();
    }
    etag.push('"');
    etag
}

pub(super) fn limits(service: &Service, _request: &Request) -> Result<Response, Refusal> {
    Response::json(200, &service.limits).map_err(malformed)
}

/// Answers once the database can be read.
pub(super) fn health(service: &Service, _request: &Request) -> Result<Response, Refusal> {
    service.store.read(|tx| tx.server())?;
    Ok(Response::text("text/plain; charset=utf-8", "ok\n"))
}
