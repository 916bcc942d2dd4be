//! The road between a tablet and its server, with the faults that a test asks for.

use std::fmt;
use std::time::Duration;
use sync_replica::transport::TransportError;
use sync_replica::{Request, Response, Transport};

const TIMEOUT: Duration = Duration::from_secs(60);
const ANSWER_BYTES_MAX: u64 = 64 << 20;

/// Real HTTP to one server.
pub struct Net {
    agent: ureq::Agent,
    pub base: String,
    /// No signal: nothing reaches the server.
    pub is_offline: bool,
    /// So many of the next answers are lost, after the server gave them.
    pub lose_answers: u32,
    /// The path of every request that reached the server.
    pub paths: Vec<String>,
}

impl fmt::Debug for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Net").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Net {
    pub fn to(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            .build();
        Net {
            agent: config.into(),
            base: base.to_owned(),
            is_offline: false,
            lose_answers: 0,
            paths: Vec::new(),
        }
    }

    fn carry(&self, request: &Request) -> Result<Response, ureq::Error> {
        let mut head = ureq::http::Request::builder()
            .method(request.method)
            .uri(format!("{}{}", self.base, request.path))
            .header("Content-Type", "application/json");
        if let Some(token) = &request.token {
            head = head.header("Authorization", format!("Bearer {token}"));
        }
        if let Some(etag) = &request.etag {
            head = head.header("If-None-Match", etag);
        }
        let mut answer = match &request.body {
            Some(body) => self.agent.run(head.body(body.as_slice())?)?,
            None => self.agent.run(head.body(())?)?,
        };
        let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec()?;
        let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
        Ok(Response {
            retry_after_s: header("Retry-After").and_then(|seconds| seconds.parse().ok()),
            etag: header("ETag").map(str::to_owned),
            ..Response::new(answer.status().as_u16(), body)
        })
    }
}

impl Transport for Net {
    fn call(&mut self, request: &Request) -> Result<Response, TransportError> {
        if self.is_offline {
            return Err(TransportError::Offline);
        }
        let response =
            self.carry(request).map_err(|error| TransportError::Unreachable(Box::new(error)))?;
        self.paths.push(request.path.clone());
        if self.lose_answers > 0 {
            self.lose_answers -= 1;
            return Err(TransportError::Timeout);
        }
        Ok(response)
    }
}
