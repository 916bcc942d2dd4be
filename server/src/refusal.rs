//! Why something is not done, as values. How a refusal travels is the network's business: `http::problem`.

use crate::store::StoreError;
use sync_protocol::change::NoSeq;
use sync_protocol::ids::Seq;
use sync_protocol::parked::Fault;

#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Nobody who is known shows this.
    #[error("nobody who is known shows this credential")]
    Unauthorised,
    /// The tablet was shut out.
    #[error("this device was revoked")]
    Revoked,
    /// The caller has not the right.
    #[error("this caller may not do that")]
    Forbidden,
    /// It is missing, or out of the caller's scope: the two look alike.
    #[error("it is not there")]
    NotFound,
    /// It has changed since the caller saw it.
    #[error("it has changed since it was looked at")]
    Stale,
    /// This field has a value that it cannot have.
    #[error("the field {0} has a value that it cannot have")]
    Field(String),
    /// What parked a change is still there.
    #[error("what parked the change is still there: {0}")]
    StillParked(Fault),
    /// Changes are missing before the first one.
    #[error("changes are missing: seq {expected} is expected next")]
    Gap { expected: u64 },
    /// Another change is stored under this number: two tablets share one copy.
    #[error("another change is already stored under seq {seq}")]
    Cloned { seq: Seq },
    #[error("the enrolment code cannot be used: {0:?}")]
    Code(CodeFault),
    /// It is not what is taken here; why, where that is told.
    #[error("it is not what is taken here: {}", .0.as_deref().unwrap_or("unreadable"))]
    Malformed(Option<String>),
    #[error("the JSON is nested too deep")]
    TooDeep,
    #[error("this protocol version is not spoken here")]
    UnsupportedProtocol,
    #[error("this encoding is not taken here")]
    UnsupportedEncoding,
    #[error("this address does not take that method")]
    MethodNotAllowed,
    /// More than is taken or given at once; of what, where that is told.
    #[error("it is too large: {}", .0.as_deref().unwrap_or("the request"))]
    TooLarge(Option<String>),
    #[error("the request has too many changes")]
    TooManyChanges,
    /// The caller asks too often, and may again after so many seconds.
    #[error("too many requests")]
    RateLimited { seconds: u64 },
    /// Others are being served; the caller tries again after so many seconds.
    #[error("{why}")]
    Busy { why: &'static str, seconds: u64 },
    /// This program met what it never makes.
    #[error("the server failed")]
    Internal,
    /// Storage failed; the caller learns only what it can do about it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an enrolment code makes no tablet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFault {
    /// There is none, or its secret is another.
    Wrong,
    Expired,
    /// Tried wrongly too often.
    Burnt,
    /// By another tablet.
    Used,
}

impl Refusal {
    pub fn malformed(why: impl Into<String>) -> Self {
        Refusal::Malformed(Some(why.into()))
    }
}

/// The envelope is broken.
impl From<NoSeq> for Refusal {
    fn from(no_seq: NoSeq) -> Self {
        Refusal::malformed(no_seq.to_string())
    }
}
