//! Reading answers. Only a 200 that parses is believed; a login page of a public network, a proxy's
//! error or half an answer must never be taken for the server's word.

use crate::error::{BadReply, SyncError};
use crate::transport::Response;
use serde::de::DeserializeOwned;
use sync_protocol::json::depth_is_bounded;
use sync_protocol::problem::{Problem, ProblemCode};

/// What a refused sync request asks for.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Send from this seq on.
    Gap(u64),
    /// Two tablets share one device number.
    Cloned,
    /// Send less.
    TooLarge,
    /// Nothing that the exchange can mend by itself.
    Final(SyncError),
}

/// The body of a good answer.
pub(crate) fn read<T: DeserializeOwned>(response: &Response) -> Result<T, SyncError> {
    if !depth_is_bounded(&response.body) {
        return Err(BadReply::TooDeep.into());
    }
    parse(&response.body).map_err(|error| BadReply::NotOurs(error).into())
}

/// By way of text, as all other JSON is read: one reader on the tablet and not two.
fn parse<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    let text = str::from_utf8(body).map_err(serde::de::Error::custom)?;
    serde_json::from_str(text)
}

pub(crate) fn refusal(response: &Response) -> Refusal {
    let problem = problem(response);
    let code = problem.as_ref().and_then(Problem::code);
    let expected = problem.as_ref().and_then(|problem| problem.expected);
    match (code, expected) {
        (Some(ProblemCode::Gap), Some(expected)) => Refusal::Gap(expected),
        (Some(ProblemCode::DeviceCloned), _) => Refusal::Cloned,
        _ if response.status == 413 => Refusal::TooLarge,
        _ => Refusal::Final(failure(response, code)),
    }
}

/// What a refused request means when nothing in it can be done better.
pub(crate) fn failure(response: &Response, code: Option<ProblemCode>) -> SyncError {
    match response.status {
        401 => SyncError::Unauthorised { revoked: code == Some(ProblemCode::Revoked) },
        408 => SyncError::Timeout,
        429 | 503 | 507 => SyncError::Busy { retry_after_s: response.retry_after_s },
        500..600 => SyncError::ServerFault { status: response.status },
        400..500 if code.is_some() => SyncError::Refused { status: response.status, code },
        status => BadReply::Status(status).into(),
    }
}

pub(crate) fn problem(response: &Response) -> Option<Problem> {
    if depth_is_bounded(&response.body) { parse(&response.body).ok() } else { None }
}
