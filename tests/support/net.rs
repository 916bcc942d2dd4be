//! The road between a tablet and its server, with the faults that a test asks for.

use sync_replica::transport::TransportError;
use sync_replica::transport::http::{HttpTransport, ServerUrl};
use sync_replica::{Request, Response, Transport};

/// The tablet's own HTTP, to one server.
#[derive(Debug)]
pub struct Net {
    http: HttpTransport,
    pub base: String,
    /// No signal: nothing reaches the server.
    pub is_offline: bool,
    /// So many of the next answers are lost, after the server gave them.
    pub lose_answers: u32,
    /// The path of every request that reached the server.
    pub paths: Vec<String>,
}

impl Net {
    pub fn to(base: &str) -> Self {
        let url: ServerUrl = base.parse().expect("the address of a server");
        Net {
            http: HttpTransport::new(url, None).expect("no certificates to read"),
            base: base.to_owned(),
            is_offline: false,
            lose_answers: 0,
            paths: Vec::new(),
        }
    }
}

impl Transport for Net {
    fn call(&mut self, request: &Request) -> Result<Response, TransportError> {
        if self.is_offline {
            return Err(TransportError::Offline);
        }
        let response = self.http.call(request)?;
        self.paths.push(request.path.clone());
        if self.lose_answers > 0 {
            self.lose_answers -= 1;
            return Err(TransportError::Timeout);
        }
        Ok(response)
    }
}
