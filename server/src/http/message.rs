//! A request and a response as values.

use serde::Serialize;
use std::fs::File;
use std::io::{Read, Seek};
use std::sync::Arc;
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
    /// The media types that the caller asks for.
    pub accept: Option<String>,
    /// The name by which the caller knows this server, with its port.
    pub host: Option<String>,
    /// What the session cookie holds.
    pub session: Option<String>,
    /// Whether the form's page was of another site, as the browser says.
    pub from_other_site: bool,
    pub channel: Channel,
    /// The caller's network address, for the limits on enrolment.
    pub peer: String,
    /// When the head arrived, by the server's wall clock.
    pub arrived_ms: i64,
    pub body: Vec<u8>,
}

/// How a request came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Channel {
    /// Encrypted, as far as the server can know.
    Https,
    /// From this machine itself.
    #[default]
    Loopback,
    /// Readable for everybody on the way.
    Plain,
}

impl Request {
    /// This server as the caller's browser knows it. What is no host name is not repeated.
    pub(super) fn origin(&self) -> String {
        let is_host =
            |host: &&str| host.chars().all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c));
        let host = self.host.as_deref().filter(is_host).unwrap_or("localhost");
        let scheme = if self.channel == Channel::Https { "https" } else { "http" };
        format!("{scheme}://{host}")
    }

    pub(super) fn takes_html(&self) -> bool {
        self.accept.as_deref().is_some_and(|accept| accept.contains("text/html"))
    }
}

#[derive(Clone, Debug)]
pub struct Response {
    pub status: u16,
    pub content_type: &'static str,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// A file that is the body instead of [`Response::body`], from its start. Whoever sends it reads
    /// it in pieces.
    pub file: Option<Arc<File>>,
}

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";
const PROBLEM_JSON: &str = "application/problem+json";

impl Response {
    pub fn json(status: u16, body: &impl Serialize) -> Result<Self, serde_json::Error> {
        let body = serde_json::to_vec(body)?;
        Ok(Response::of(status, JSON, body))
    }

    pub fn text(content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Response::of(200, content_type, body.into())
    }

    pub(super) fn html(status: u16, page: String) -> Self {
        Response::of(status, HTML, page.into_bytes())
    }

    /// On to another page, which is asked for with GET.
    pub(super) fn redirect(to: impl Into<String>) -> Self {
        Response::of(303, HTML, Vec::new()).with_header("Location", to)
    }

    pub fn empty(status: u16) -> Self {
        Response::of(status, JSON, Vec::new())
    }

    pub fn problem(problem: &Problem) -> Self {
        let body = serde_json::to_vec(problem).unwrap_or_default();
        Response::of(problem.status, PROBLEM_JSON, body)
    }

    /// A whole file, whose writer has it open at its end.
    pub fn file(content_type: &'static str, mut file: File) -> std::io::Result<Self> {
        file.rewind()?;
        let file = Some(Arc::new(file));
        Ok(Response { file, ..Response::of(200, content_type, Vec::new()) })
    }

    fn of(status: u16, content_type: &'static str, body: Vec<u8>) -> Self {
        Response { status, content_type, headers: Vec::new(), body, file: None }
    }

    /// Bytes of what is sent after the head.
    pub fn length(&self) -> std::io::Result<u64> {
        match &self.file {
            Some(file) => Ok(file.metadata()?.len()),
            None => Ok(u64::try_from(self.body.len()).unwrap_or(u64::MAX)),
        }
    }

    /// All that is sent after the head, for callers without a network.
    pub fn bytes(&self) -> std::io::Result<Vec<u8>> {
        let Some(file) = &self.file else { return Ok(self.body.clone()) };
        let mut file = file.as_ref();
        let mut bytes = Vec::new();
        file.rewind()?;
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
