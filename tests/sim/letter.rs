//! A request on its way and a reply on its way back, as bytes.

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use server::http;
use std::io::{Read, Write};
use sync_protocol::wire::SyncRequest;

/// A request as the network may keep, repeat and delay it.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) method: String,
    pub(crate) path: String,
    query: String,
    pub(crate) token: Option<String>,
    /// As the tablet wrote it.
    pub(crate) body: Vec<u8>,
    gzip: bool,
    accept: Option<&'static str>,
    peer: String,
    /// When it was truly written.
    pub(crate) written_ms: i64,
}

impl Letter {
    pub(crate) fn of(request: &sync_replica::Request, peer: &str, written_ms: i64) -> Self {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        Letter {
            method: request.method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            token: request.token.clone(),
            body: request.body.clone().unwrap_or_default(),
            gzip: false,
            accept: None,
            peer: peer.to_owned(),
            written_ms,
        }
    }

    pub(crate) fn encoded(mut self, gzip: bool, accept: Option<&'static str>) -> Self {
        self.gzip = gzip && !self.body.is_empty();
        self.accept = accept;
        self
    }

    /// Asks for pages of so many rows, in place of what the tablet asks for.
    pub(crate) fn with_page(mut self, rows: u32) -> Self {
        if let Ok(mut message) = serde_json::from_slice::<SyncRequest>(&self.body) {
            message.limit = Some(rows);
            self.body = serde_json::to_vec(&message).unwrap();
        }
        self
    }

    pub(crate) fn to_request(&self, arrived_ms: i64) -> http::Request {
        http::Request {
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            token: self.token.clone(),
            content_encoding: self.gzip.then(|| "gzip".to_owned()),
            accept_encoding: self.accept.map(str::to_owned),
            peer: self.peer.clone(),
            arrived_ms,
            body: if self.gzip { gzipped(&self.body) } else { self.body.clone() },
            ..http::Request::default()
        }
    }
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A reply, decompressed.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn of(response: http::Response) -> Self {
        let encoding = response.headers.iter().find(|(name, _)| *name == "Content-Encoding");
        let body = match encoding.map(|(_, value)| value.as_str()) {
            None => response.body,
            Some("gzip") => {
                let mut body = Vec::new();
                GzDecoder::new(response.body.as_slice()).read_to_end(&mut body).unwrap();
                body
            }
            Some("zstd") => zstd::decode_all(response.body.as_slice()).unwrap(),
            Some(other) => panic!("the server encoded its reply as {other}"),
        };
        Reply { status: response.status, body }
    }

    pub(crate) fn to_response(&self) -> sync_replica::Response {
        sync_replica::Response::new(self.status, self.body.clone())
    }
}
