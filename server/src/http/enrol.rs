//! `POST /v1/enrol`

use super::about::{About, Answer, Form};
use super::body::{malformed, read_message};
use super::{Gateway, Request, Response};
use crate::access::enrolment::Enrolled;
use crate::refusal::Refusal;
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

pub(super) fn enrol(gateway: &Gateway, request: &Request) -> Result<Response, Refusal> {
    gateway.rates.admit_enrolment(&request.peer)?;
    match gateway.service.enrol(read_message(request)?)? {
        Enrolled::Device(reply) => Response::json(201, &reply).map_err(malformed),
        Enrolled::Refused(code) => Err(Refusal::Code(code)),
    }
}
