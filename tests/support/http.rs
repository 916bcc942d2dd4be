//! A plain HTTP client: what was sent is what the test wrote, and every status is an answer.

use crate::described::Described;
use crate::patience::PATIENCE;
use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use sync_protocol::problem::ProblemCode;
use sync_protocol::wire::SyncReply;
use ureq::http::Request;

const ANSWER_BYTES_MAX: u64 = 64 << 20;

/// Keeps its connections open between calls.
#[derive(Clone)]
pub struct Client {
    pub base: String,
    agent: ureq::Agent,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Client {
    pub fn new(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            .build();
        Client { base: base.to_owned(), agent: config.into() }
    }

    pub fn get(&self, path: &str) -> Call<'_> {
        self.call("GET", path)
    }

    pub fn post(&self, path: &str) -> Call<'_> {
        self.call("POST", path)
    }

    pub fn call(&self, method: &'static str, path: &str) -> Call<'_> {
        Call { client: self, method, path: path.to_owned(), headers: Vec::new(), body: None }
    }
}

/// A request that is being put together.
#[derive(Debug)]
pub struct Call<'a> {
    client: &'a Client,
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Call<'_> {
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    #[must_use]
    pub fn token(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    #[must_use]
    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("Content-Type", "application/json").bytes(body.to_string())
    }

    #[track_caller]
    pub fn send(self) -> Reply {
        self.try_send().expect("the server answers")
    }

    /// Sends, where the server may be gone.
    pub fn try_send(self) -> Result<Reply, ureq::Error> {
        let uri = format!("{}{}", self.client.base, self.path);
        let head = self
            .headers
            .iter()
            .fold(Request::builder().method(self.method).uri(uri), |head, (name, value)| {
                head.header(name, value)
            });
        let agent = &self.client.agent;
        let mut answer = match self.body {
            Some(body) => agent.run(head.body(body)?)?,
            None => agent.run(head.body(())?)?,
        };
        let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec()?;
        let headers = answer.headers().iter().map(|(name, value)| {
            (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned())
        });
        let reply = Reply { status: answer.status().as_u16(), headers: headers.collect(), body };
        check_described(self.method, &self.path, &reply);
        Ok(reply)
    }
}

/// Whatever a test asks, the answer is one that the server describes.
#[track_caller]
fn check_described(method: &str, path: &str, reply: &Reply) {
    let described = Described::get();
    let Some(operation) = described.operation(method, path) else { return };
    if let Err(fault) = described.check_answer(operation, reply) {
        panic!("{method} {path} answers what is not described: {fault}");
    }
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    /// By lower-case name.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("{error} in the answer {}", self.text()),
        }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The stable code of a refusal; empty in any other answer.
    pub fn code(&self) -> String {
        let problem: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        problem["code"].as_str().unwrap_or_default().to_owned()
    }

    /// It is this refusal, in the whole form that a client may rely on.
    #[track_caller]
    pub fn check_problem(&self, code: ProblemCode) {
        assert_eq!(self.code(), code.as_str(), "{} {}", self.status, self.text());
        assert_eq!(self.status, code.status());
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let problem = self.json();
        assert_eq!(problem["type"], format!("urn:timbang:problem:{}", code.as_str()));
        assert_eq!(problem["status"], code.status());
        assert_eq!(problem["title"], code.title());
    }

    /// The answer to a sync that was taken.
    #[track_caller]
    pub fn sync(&self) -> SyncReply {
        assert_eq!(self.status, 200, "{}", self.text());
        serde_json::from_slice(&self.body).expect("the reply of a sync")
    }
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}
