//! `POST /v1/enrol`

use super::about::{About, Answer, Form};
use super::body::{malformed, read_message};
use super::{Request, Response, Service};
use crate::access::enrolment::{self, Enrolled};
use crate::refusal::Refusal;
use crate::sync::server_time;
use std::sync::Arc;
use sync_protocol::problem::ProblemCode;
use sync_protocol::wire::{EnrolReply, EnrolRequest};

pub(super) static ABOUT: About = About {
    body: Some(Form::of::<EnrolRequest>()),
    refusals: &[
        ProblemCode::CodeWrong,
        ProblemCode::CodeExpired,
        ProblemCode::CodeBurnt,
        ProblemCode::CodeUsed,
        ProblemCode::RateLimited,
    ],
    ..About::new(
        "A code that an administrator handed out becomes a tablet",
        &[Answer::json::<EnrolReply>(201, "The tablet and its token, which is shown once.")],
    )
};

pub(super) fn enrol(service: &Service, request: &Request) -> Result<Response, Refusal> {
    service.rates.admit_enrolment(&request.peer)?;
    let checked =
        enrolment::check_secret(&service.store, read_message(request)?, &*service.random)?;
    let (clock, random) = (Arc::clone(&service.clock), Arc::clone(&service.random));
    let enrolled = service.store.write::<_, Refusal, _>(move |tx| {
        let now = server_time::advance(tx, clock.now_ms())?;
        Ok(enrolment::enrol(tx, &checked, now.ms, &*random)?)
    })?;
    match enrolled {
        Enrolled::Device(reply) => Response::json(201, &reply).map_err(malformed),
        Enrolled::Refused(code) => Err(Refusal::problem(code)),
    }
}
