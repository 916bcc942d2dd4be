//! `GET /v1/areas`, `GET /v1/limits`, `GET /healthz`

use super::about::{About, Answer};
use super::body::malformed;
use super::etag::unless_known;
use super::{Gateway, Request, Response};
use crate::refusal::Refusal;
use sync_protocol::limits::Limits;
use sync_protocol::wire::AreasReply;

pub(super) static AREAS: About = About::new(
    "Codes and names of the kabupaten, its puskesmas and posyandu",
    &[
        Answer::json::<AreasReply>(200, "All of them; ETag names this state of the list."),
        Answer::nothing(304, "The list is the one that If-None-Match names."),
    ],
);

pub(super) static LIMITS: About = About::new(
    "What a client must keep to",
    &[Answer::json::<Limits>(200, "Every bound; units are in the names.")],
);

pub(super) static HEALTH: About = About::new(
    "Whether the server answers",
    &[Answer::media("The database can be read.", &[PLAIN])],
);

const PLAIN: &str = "text/plain; charset=utf-8";

/// Codes and names of the kabupaten, for any tablet that is enrolled.
pub(super) fn areas(
    gateway: &Gateway,
    request: &Request,
    token: &str,
) -> Result<Response, Refusal> {
    let reply = gateway.service.read_as_tablet(token, |tx, _, _| {
        Ok(AreasReply { areas: tx.areas()?, puskesmas: tx.puskesmas()?, posyandu: tx.posyandu()? })
    })?;
    let response = Response::json(200, &reply).map_err(malformed)?;
    Ok(unless_known(request, response))
}

pub(super) fn limits(gateway: &Gateway, _request: &Request) -> Result<Response, Refusal> {
    Response::json(200, &gateway.limits).map_err(malformed)
}

/// Answers once the database can be read.
pub(super) fn health(gateway: &Gateway, _request: &Request) -> Result<Response, Refusal> {
    gateway.service.check_readable()?;
    Ok(Response::text(PLAIN, "ok\n"))
}
