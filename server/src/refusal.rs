//! Why a request is refused, until it becomes an answer on the wire.

use crate::store::StoreError;
use sync_protocol::change::NoSeq;
use sync_protocol::problem::{Problem, ProblemCode};

#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The caller is told this.
    #[error("{}", .0.title)]
    Problem(Box<Problem>),
    /// The same, and when to try again.
    #[error("{}", .problem.title)]
    RetryLater { problem: Box<Problem>, seconds: u64 },
    /// Storage failed; the caller learns only what it can do about it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Refusal {
    pub fn problem(code: ProblemCode) -> Self {
        Refusal::Problem(Box::new(Problem::new(code)))
    }

    pub fn with_detail(code: ProblemCode, detail: impl Into<String>) -> Self {
        Refusal::Problem(Box::new(Problem::new(code).with_detail(detail)))
    }
}

/// The envelope is broken.
impl From<NoSeq> for Refusal {
    fn from(no_seq: NoSeq) -> Self {
        Refusal::with_detail(ProblemCode::Malformed, no_seq.to_string())
    }
}
