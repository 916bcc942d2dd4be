//! A refusal as it travels: the one place where it becomes a problem with a code.

use crate::refusal::{CodeFault, Refusal};
use crate::store::StoreError;
use sync_protocol::problem::{Problem, ProblemCode};

/// How long a client waits before it tries again, by why it was refused.
const BUSY_RETRY_S: u64 = 2;
const FULL_RETRY_S: u64 = 300;

/// What the caller is told. What failed inside is not.
pub(super) fn problem_of(refusal: &Refusal) -> Problem {
    let plain = |code| Problem::new(code);
    match refusal {
        Refusal::Unauthorised => plain(ProblemCode::Unauthorised),
        Refusal::Revoked => plain(ProblemCode::Revoked),
        Refusal::Forbidden => plain(ProblemCode::Forbidden),
        Refusal::NotFound => plain(ProblemCode::NotFound),
        Refusal::Stale => plain(ProblemCode::Stale),
        Refusal::Field(field) => plain(ProblemCode::InvalidField).with_detail(field),
        Refusal::StillParked(fault) => {
            plain(ProblemCode::StillParked).with_detail(fault.to_string())
        }
        Refusal::Gap { expected } => {
            Problem { expected: Some(*expected), ..plain(ProblemCode::Gap) }
        }
        Refusal::Cloned { seq } => {
            plain(ProblemCode::DeviceCloned).with_detail(format!("seq {seq}"))
        }
        Refusal::Code(CodeFault::Wrong) => plain(ProblemCode::CodeWrong),
        Refusal::Code(CodeFault::Expired) => plain(ProblemCode::CodeExpired),
        Refusal::Code(CodeFault::Burnt) => plain(ProblemCode::CodeBurnt),
        Refusal::Code(CodeFault::Used) => plain(ProblemCode::CodeUsed),
        Refusal::Malformed(why) => Problem { detail: why.clone(), ..plain(ProblemCode::Malformed) },
        Refusal::TooDeep => plain(ProblemCode::TooDeep),
        Refusal::UnsupportedProtocol => plain(ProblemCode::UnsupportedProtocol),
        Refusal::UnsupportedEncoding => plain(ProblemCode::UnsupportedEncoding),
        Refusal::MethodNotAllowed => plain(ProblemCode::MethodNotAllowed),
        Refusal::TooLarge(why) => Problem { detail: why.clone(), ..plain(ProblemCode::TooLarge) },
        Refusal::TooManyChanges => plain(ProblemCode::TooManyChanges),
        Refusal::RateLimited { .. } => plain(ProblemCode::RateLimited),
        Refusal::Busy { why, .. } => plain(ProblemCode::Busy).with_detail(*why),
        Refusal::Internal => plain(ProblemCode::Internal),
        Refusal::Store(error) => plain(of_store(error).0),
    }
}

/// Seconds after which the caller may try again, where that helps.
pub(super) fn retry_s(refusal: &Refusal) -> Option<u64> {
    if let Refusal::RateLimited { seconds } | Refusal::Busy { seconds, .. } = refusal {
        return Some(*seconds);
    }
    let Refusal::Store(error) = refusal else { return None };
    of_store(error).1
}

fn of_store(error: &StoreError) -> (ProblemCode, Option<u64>) {
    match error {
        StoreError::Busy | StoreError::RolledBack | StoreError::Stopped => {
            (ProblemCode::Busy, Some(BUSY_RETRY_S))
        }
        StoreError::Full => (ProblemCode::StorageFull, Some(FULL_RETRY_S)),
        StoreError::Panicked
        | StoreError::Damaged(_)
        | StoreError::TooNew { .. }
        | StoreError::Unreadable(_)
        | StoreError::HalfRestored
        | StoreError::Database(_)
        | StoreError::File(_) => (ProblemCode::Internal, None),
    }
}
