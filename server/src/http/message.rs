//! A request and a response as values.

use serde::Serialize;
use sync_protocol::problem::Problem;

/// A request whose head and body have arrived. The body is still as it was sent.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub query: String,
    /// The bearer token of the Authorization header.
    pub token: Option<String>,
    pub content_encoding: Option<String>,
    pub accept_encoding: Option<String>,
    pub if_none_match: Option<String>,
    /// The caller's network address, for the limits on enrolment.
    pub peer: String,
    /// When the head arrived, by the server's wall clock.
    pub arrived_ms: i64,
    pub body: Vec<u8>,
}

#[derive(Clone, Debug)]
pub struct Response {
    pub status: u16,
    pub content_type: &'static str,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

const JSON: &str = "application/json";
const PROBLEM_JSON: &str = "application/problem+json";

impl Response {
    pub fn json(status: u16, body: &impl Serialize) -> Result<Self, serde_json::Error> {
        let body = serde_json::to_vec(body)?;
        Ok(Response { status, content_type: JSON, headers: Vec::new(), body })
    }

    pub fn text(content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Response { status: 200, content_type, headers: Vec::new(), body: body.into() }
    }

    pub fn empty(status: u16) -> Self {
        Response { status, content_type: JSON, headers: Vec::new(), body: Vec::new() }
    }

    pub fn problem(problem: &Problem) -> Self {
        let body = serde_json::to_vec(problem).unwrap_or_default();
        Response { status: problem.status, content_type: PROBLEM_JSON, headers: Vec::new(), body }
    }

    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
