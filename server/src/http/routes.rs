//! The route table: every address of the server, on one screen.

use super::{Call, Request, Response, Service};
use super::{
    children, conflicts, devices, enrol, export, listing, metrics, parked, receipts, records,
    reference, reports, sync,
};
use crate::access::person::Right;
use crate::refusal::Refusal;
use std::fmt;
use sync_protocol::problem::ProblemCode;

/// An address and who may call it.
#[derive(Debug)]
pub struct Route {
    pub method: &'static str,
    /// `{}` stands for one segment.
    pub pattern: &'static str,
    pub(crate) handler: Handler,
}

/// A route's work.
pub(crate) enum Handler {
    /// For tablets and for everybody: the handler looks at the token itself, if it needs one.
    Plain(fn(&Service, &Request) -> Result<Response, Refusal>),
    /// For a person who has the right.
    Person(Right, fn(&Service, &Call<'_>) -> Result<Response, Refusal>),
}

pub static ROUTES: [Route; 22] = [
    plain("POST", "/v1/enrol", enrol::enrol),
    plain("POST", "/v1/sync", sync::sync),
    plain("GET", "/v1/receipts", receipts::receipts),
    plain("GET", "/v1/areas", reference::areas),
    plain("GET", "/v1/limits", reference::limits),
    person("GET", "/v1/devices", Right::ReadRecords, devices::devices),
    person("GET", "/v1/conflicts", Right::Review, conflicts::list),
    person("POST", "/v1/conflicts/{}", Right::Review, conflicts::rule),
    person("GET", "/v1/parked", Right::Review, parked::list),
    person("POST", "/v1/parked/{}", Right::Review, parked::settle_one),
    person("POST", "/v1/records", Right::Enter, records::post),
    person("GET", "/v1/children", Right::ReadRecords, listing::children),
    person("GET", "/v1/children/{}", Right::ReadRecords, children::child),
    person("GET", "/v1/measurements", Right::ReadRecords, listing::measurements),
    person("GET", "/v1/visits", Right::ReadRecords, listing::visits),
    // Figures, not names: those who may only look may take these along.
    person("GET", "/v1/export/recap.csv", Right::ReadFigures, export::export),
    person("GET", "/v1/export/recap.xlsx", Right::ReadFigures, export::export),
    person("GET", "/v1/export/{}", Right::ExportByName, export::export),
    person("GET", "/v1/reports/coverage", Right::ReadFigures, reports::coverage),
    person("GET", "/v1/reports/prevalence", Right::ReadFigures, reports::prevalence),
    plain("GET", "/healthz", reference::health),
    plain("GET", "/metrics", metrics::render),
];

const fn plain(
    method: &'static str,
    pattern: &'static str,
    handler: fn(&Service, &Request) -> Result<Response, Refusal>,
) -> Route {
    Route { method, pattern, handler: Handler::Plain(handler) }
}

const fn person(
    method: &'static str,
    pattern: &'static str,
    right: Right,
    handler: fn(&Service, &Call<'_>) -> Result<Response, Refusal>,
) -> Route {
    Route { method, pattern, handler: Handler::Person(right, handler) }
}

impl Route {
    /// The right that a person needs; none for tablets' and open routes.
    pub fn right(&self) -> Option<Right> {
        match self.handler {
            Handler::Plain(_) => None,
            Handler::Person(right, _) => Some(right),
        }
    }
}

/// The route of a request and what stands at its braces.
pub(super) fn find<'r>(
    method: &str,
    path: &'r str,
) -> Result<(&'static Route, Vec<&'r str>), Refusal> {
    let mut found = ProblemCode::NotFound;
    for route in &ROUTES {
        if let Some(parameters) = matches(route.pattern, path) {
            if route.method == method {
                return Ok((route, parameters));
            }
            found = ProblemCode::MethodNotAllowed;
        }
    }
    Err(Refusal::problem(found))
}

/// The pattern that a path belongs to: what metrics and logs may say of it. A path that is no route
/// could carry anything.
pub(super) fn pattern_of(path: &str) -> &'static str {
    ROUTES
        .iter()
        .map(|route| route.pattern)
        .find(|pattern| matches(pattern, path).is_some())
        .unwrap_or("other")
}

fn matches<'r>(pattern: &str, path: &'r str) -> Option<Vec<&'r str>> {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    let mut parameters = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(parameters),
            (Some("{}"), Some(segment)) if !segment.is_empty() => parameters.push(segment),
            (Some(one), Some(other)) if one == other => {}
            _ => return None,
        }
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Handler::Plain(_) => f.write_str("Plain"),
            Handler::Person(right, _) => write!(f, "Person({right:?})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_whole_segments() {
        assert_eq!(matches("/v1/children/{}", "/v1/children/abc"), Some(vec!["abc"]));
        assert_eq!(matches("/v1/children/{}", "/v1/children/"), None);
        assert_eq!(matches("/v1/children/{}", "/v1/children/a/b"), None);
        assert_eq!(matches("/v1/children", "/v1/children"), Some(vec![]));
    }
}
