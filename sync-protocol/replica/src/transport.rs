//! How a request reaches the server and an answer comes back. The core knows only this trait, so
//! that tests can put the server into the same process and a browser can use its own fetch.

#[cfg(feature = "http")]
pub mod http;

/// One request of the protocol.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path with query, from the first slash.
    pub path: String,
    /// For the Authorization header; never for a URL or a log.
    pub token: Option<String>,
    /// Uncompressed JSON.
    pub body: Option<Vec<u8>>,
    /// The ETag of what is held already, for `If-None-Match`.
    pub etag: Option<String>,
}

/// What came back, decompressed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// Seconds of a `Retry-After` header.
    pub retry_after_s: Option<u64>,
    pub body: Vec<u8>,
    pub etag: Option<String>,
}

impl Response {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Response { status, body: body.into(), ..Response::default() }
    }
}

/// Carries one request. Whoever implements it does not retry: that is decided above it.
pub trait Transport {
    fn call(&mut self, request: &Request) -> Result<Response, TransportError>;
}

/// Why no answer came, by what can be done about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// No connection: try again when there is a signal.
    #[error("the server cannot be reached")]
    Offline,
    /// No connection, and this is why: try again when there is a signal.
    #[error("the server cannot be reached")]
    Unreachable(#[source] Cause),
    /// The request or its answer took too long: try again with less.
    #[error("the server did not answer in time")]
    Timeout,
    /// The other side's certificate is not trusted: do not try again, ask for help.
    #[error("the connection is not safe")]
    Untrusted(#[source] Cause),
    /// Something answered, but not in the way of our server: try another network.
    #[error("the answer is unusable")]
    Garbled(#[source] Cause),
}

/// What went wrong underneath.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A token must not show up in a log.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body_bytes", &self.body.as_ref().map(Vec::len))
            .finish_non_exhaustive()
    }
}
