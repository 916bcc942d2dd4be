//! Which live records a question is about: a scope, and what narrows it.

use sync_protocol::area::Scope;
use sync_protocol::month::Month;

/// Live records of a scope. What is none of them is not said apart from what does not exist.
#[derive(Clone, Debug)]
pub struct Selection {
    pub scope: Scope,
    /// By name; case does not count.
    pub posyandu: Option<String>,
    /// The month of the measuring or the visit. Children have no such day.
    pub month: Option<Month>,
}

impl Selection {
    /// Everything in a scope.
    pub fn of(scope: Scope) -> Self {
        Selection { scope, posyandu: None, month: None }
    }
}
