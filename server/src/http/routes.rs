//! The route table: every address of the server, on one screen.

use super::about::About;
use super::{Call, Gateway, Request, Response};
use super::{
    children, conflicts, devices, enrol, export, listing, metrics, openapi, parked, receipts,
    records, reference, reports, sync, web,
};
use crate::access::person::Right;
use crate::refusal::Refusal;
use std::fmt;

/// An address, who may call it, and what is said of it.
#[derive(Debug)]
pub struct Route {
    pub method: &'static str,
    /// A name in braces stands for one segment.
    pub pattern: &'static str,
    pub(crate) handler: Handler,
    pub(super) about: &'static About,
}

/// A route's work.
pub(crate) enum Handler {
    /// For everybody: no token is looked at.
    Open(fn(&Gateway, &Request) -> Result<Response, Refusal>),
    /// For a tablet that showed this token.
    Tablet(fn(&Gateway, &Request, &str) -> Result<Response, Refusal>),
    /// For a person who has the right.
    Person(Right, fn(&Call<'_>) -> Result<Response, Refusal>),
}

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callers {
    Anyone,
    Tablets,
    People(Right),
}

pub static ROUTES: [Route; 23] = [
    open("POST", "/v1/enrol", enrol::enrol, &enrol::ABOUT),
    tablet("POST", "/v1/sync", sync::sync, &sync::ABOUT),
    tablet("GET", "/v1/receipts", receipts::receipts, &receipts::ABOUT),
    tablet("GET", "/v1/areas", reference::areas, &reference::AREAS),
    open("GET", "/v1/limits", reference::limits, &reference::LIMITS),
    open("GET", "/v1/openapi.json", openapi::openapi, &openapi::ABOUT),
    person("GET", "/v1/devices", Right::Enrol, devices::devices, &devices::ABOUT),
    person("GET", "/v1/conflicts", Right::Review, conflicts::list, &conflicts::LIST),
    person("POST", "/v1/conflicts/{id}", Right::Review, conflicts::rule, &conflicts::RULE),
    person("GET", "/v1/parked", Right::Review, parked::list, &parked::LIST),
    person("POST", "/v1/parked/{id}", Right::Review, parked::settle_one, &parked::SETTLE),
    person("POST", "/v1/records", Right::Enter, records::post, &records::ABOUT),
    person("GET", "/v1/children", Right::ReadRecords, listing::children, &listing::CHILDREN),
    person("GET", "/v1/children/{id}", Right::ReadRecords, children::child, &children::ABOUT),
    person(
        "GET",
        "/v1/measurements",
        Right::ReadRecords,
        listing::measurements,
        &listing::MEASUREMENTS,
    ),
    person("GET", "/v1/visits", Right::ReadRecords, listing::visits, &listing::VISITS),
    // Figures, not names: those who may only look may take these along.
    person("GET", "/v1/export/recap.csv", Right::ReadFigures, export::export, &export::RECAP_CSV),
    person("GET", "/v1/export/recap.xlsx", Right::ReadFigures, export::export, &export::RECAP_XLSX),
    person("GET", "/v1/export/{file}", Right::ExportByName, export::export, &export::BY_NAME),
    person(
        "GET",
        "/v1/reports/coverage",
        Right::ReadFigures,
        reports::coverage,
        &reports::COVERAGE,
    ),
    person(
        "GET",
        "/v1/reports/prevalence",
        Right::ReadFigures,
        reports::prevalence,
        &reports::PREVALENCE,
    ),
    open("GET", "/healthz", reference::health, &reference::HEALTH),
    open("GET", "/metrics", metrics::render, &metrics::ABOUT),
];

const fn open(
    method: &'static str,
    pattern: &'static str,
    handler: fn(&Gateway, &Request) -> Result<Response, Refusal>,
    about: &'static About,
) -> Route {
    Route { method, pattern, handler: Handler::Open(handler), about }
}

const fn tablet(
    method: &'static str,
    pattern: &'static str,
    handler: fn(&Gateway, &Request, &str) -> Result<Response, Refusal>,
    about: &'static About,
) -> Route {
    Route { method, pattern, handler: Handler::Tablet(handler), about }
}

const fn person(
    method: &'static str,
    pattern: &'static str,
    right: Right,
    handler: fn(&Call<'_>) -> Result<Response, Refusal>,
    about: &'static About,
) -> Route {
    Route { method, pattern, handler: Handler::Person(right, handler), about }
}

impl Route {
    pub fn callers(&self) -> Callers {
        match self.handler {
            Handler::Open(_) => Callers::Anyone,
            Handler::Tablet(_) => Callers::Tablets,
            Handler::Person(right, _) => Callers::People(right),
        }
    }
}

/// The route of a request and what stands at its braces.
pub(super) fn find<'r>(
    method: &str,
    path: &'r str,
) -> Result<(&'static Route, Vec<&'r str>), Refusal> {
    let mut found = Refusal::NotFound;
    for route in &ROUTES {
        if let Some(parameters) = matches(route.pattern, path) {
            if route.method == method {
                return Ok((route, parameters));
            }
            found = Refusal::MethodNotAllowed;
        }
    }
    Err(found)
}

/// The pattern that a path belongs to: what metrics and logs may say of it. A path that is no route
/// could carry anything.
pub(super) fn pattern_of(path: &str) -> &'static str {
    let patterns = ROUTES.iter().map(|route| route.pattern);
    patterns
        .chain(web::PAGES.iter().map(|page| page.pattern))
        .find(|pattern| matches(pattern, path).is_some())
        .unwrap_or("other")
}

pub(super) fn matches<'r>(pattern: &str, path: &'r str) -> Option<Vec<&'r str>> {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    let mut parameters = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(parameters),
            (Some(name), Some(segment)) if name.starts_with('{') && !segment.is_empty() => {
                parameters.push(segment);
            }
            (Some(one), Some(other)) if one == other => {}
            _ => return None,
        }
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Handler::Open(_) => f.write_str("Open"),
            Handler::Tablet(_) => f.write_str("Tablet"),
            Handler::Person(right, _) => write!(f, "Person({right:?})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_whole_segments() {
        assert_eq!(matches("/v1/children/{id}", "/v1/children/abc"), Some(vec!["abc"]));
        assert_eq!(matches("/v1/children/{id}", "/v1/children/"), None);
        assert_eq!(matches("/v1/children/{id}", "/v1/children/a/b"), None);
        assert_eq!(matches("/v1/children", "/v1/children"), Some(vec![]));
    }
}
