//! HTTP for a machine with sockets: one blocking client with timeouts, gzip out, zstd or gzip in,
//! every answer bounded. It does not retry and does not follow redirects: a redirect is a login
//! page, never our server.

mod encoding;
mod url;

pub use url::{BadUrl, ServerUrl};

use super::{Cause, Request, Response, Transport, TransportError};
use std::io;
use std::time::Duration;
use ureq::http::{HeaderMap, Response as Answer};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, RequestBuilder};

/// How long to wait: for a connection, for the next bytes, and for a whole exchange. A village's
/// line is slow, but one that says nothing for half a minute is gone.
const CONNECT: Duration = Duration::from_secs(20);
const STALL: Duration = Duration::from_secs(30);
const WHOLE: Duration = Duration::from_secs(180);

/// Requests below this are sent as they are: gzip would not make them smaller.
const GZIP_FROM_BYTES: usize = 1024;

/// The server over HTTP.
#[derive(Debug)]
pub struct HttpTransport {
    agent: Agent,
    base: ServerUrl,
}

/// A file of certificates that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the certificate file cannot be used")]
pub struct BadCertificates(#[source] Option<ureq::Error>);

impl HttpTransport {
    /// With `certificates` (PEM) only servers that these vouch for are trusted; without, those that
    /// the public authorities vouch for.
    pub fn new(base: ServerUrl, certificates: Option<&[u8]>) -> Result<Self, BadCertificates> {
        let mut tls = TlsConfig::builder();
        if let Some(pem) = certificates {
            tls = tls.root_certs(RootCerts::new_with_certs(&read_certificates(pem)?));
        }
        let agent = Agent::config_builder()
            .tls_config(tls.build())
            .user_agent(crate::APP)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(CONNECT))
            .timeout_per_read(Some(STALL))
            .timeout_per_write(Some(STALL))
            .timeout_global(Some(WHOLE))
            .build()
            .new_agent();
        Ok(HttpTransport { agent, base })
    }

    fn send(&self, request: &Request) -> Result<Answer<Body>, ureq::Error> {
        let url = format!("{}{}", self.base, request.path);
        match &request.body {
            None => with_headers(self.agent.get(url), request).call(),
            Some(body) => {
                let builder = with_headers(self.agent.post(url), request)
                    .header("Content-Type", "application/json");
                if body.len() < GZIP_FROM_BYTES {
                    return builder.send(body.as_slice());
                }
                let packed = encoding::gzip(body).map_err(ureq::Error::Io)?;
                builder.header("Content-Encoding", "gzip").send(packed.as_slice())
            }
        }
    }
}

impl Transport for HttpTransport {
    fn call(&mut self, request: &Request) -> Result<Response, TransportError> {
        let mut answer = self.send(request).map_err(failure)?;
        let encoding = header(answer.headers(), "Content-Encoding").map(str::to_owned);
        let body = encoding::read(answer.body_mut().as_reader(), encoding.as_deref())
            .map_err(|error| failure(error.into()))?;
        let headers = answer.headers();
        Ok(Response {
            status: answer.status().as_u16(),
            retry_after_s: header(headers, "Retry-After").and_then(|s| s.trim().parse().ok()),
            etag: header(headers, "ETag").map(str::to_owned),
            body,
        })
    }
}

fn with_headers<Any>(mut builder: RequestBuilder<Any>, request: &Request) -> RequestBuilder<Any> {
    builder = builder.header("Accept-Encoding", "zstd, gzip").header("Accept", "application/json");
    if let Some(token) = &request.token {
        builder = builder.header("Authorization", format!("Bearer {token}"));
    }
    if let Some(etag) = &request.etag {
        builder = builder.header("If-None-Match", etag);
    }
    builder
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// By what can be done about it. Anything unknown counts as a bad line: trying again is harmless.
#[expect(clippy::wildcard_enum_match_arm, reason = "the client's errors are open-ended")]
fn failure(error: ureq::Error) -> TransportError {
    match error {
        ureq::Error::Timeout(_) => TransportError::Timeout,
        ureq::Error::Io(io) if is_timeout(&io) => TransportError::Timeout,
        ureq::Error::Io(io) if io.kind() == io::ErrorKind::InvalidData => classify(io),
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => TransportError::Untrusted(error.into()),
        ureq::Error::Protocol(_) | ureq::Error::Http(_) => TransportError::Garbled(error.into()),
        other => TransportError::Unreachable(other.into()),
    }
}

fn is_timeout(io: &io::Error) -> bool {
    [io::ErrorKind::TimedOut, io::ErrorKind::WouldBlock].contains(&io.kind())
}

/// TLS reports a certificate that it does not trust as invalid data; so do the decoders.
fn classify(io: io::Error) -> TransportError {
    let from_decoder = io.get_ref().is_none_or(|inner| inner.is::<encoding::Undecodable>());
    let cause: Cause = io.into();
    if from_decoder { TransportError::Garbled(cause) } else { TransportError::Untrusted(cause) }
}

fn read_certificates(pem: &[u8]) -> Result<Vec<Certificate<'static>>, BadCertificates> {
    let mut certificates = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|e| BadCertificates(Some(e)))? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() { Err(BadCertificates(None)) } else { Ok(certificates) }
}
