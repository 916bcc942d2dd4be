//! Bytes in, bytes out: the routes, and every request as a value.
//!
//! [`Service::answer`] is blocking and knows no web framework, so that the simulator calls exactly
//! what the network does; [`serve`] puts it behind actix-web. Status codes come from the
//! protocol's problem codes and from nowhere else.

pub mod metrics;
pub mod serve;

mod body;
mod encoding;
mod enrol;
mod message;
mod rate;
mod receipts;
mod reference;
mod sync;

pub use message::{Request, Response};

use crate::platform::{Clock, Random};
use crate::refusal::Refusal;
use crate::store::{FirstEpoch, Store, StoreError};
use crate::sync::{park, server_time};
use metrics::Metrics;
use rate::RateLimits;
use std::path::Path;
use std::sync::Arc;
use sync_protocol::limits::{self, Limits};
use sync_protocol::problem::{Problem, ProblemCode};

/// What an operator may set.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub requests_per_minute: u32,
    pub requests_burst: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            requests_per_minute: limits::DEVICE_REQUESTS_PER_MINUTE,
            requests_burst: limits::DEVICE_REQUESTS_BURST,
        }
    }
}

/// The server without its network.
#[derive(Debug)]
pub struct Service {
    store: Store,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    rates: RateLimits,
    limits: Limits,
    pub metrics: Metrics,
}

/// A route's work.
type Handler = fn(&Service, &Request) -> Result<Response, Refusal>;

/// Every route of the server, by method and path.
const ROUTES: [(&str, &str, Handler); 7] = [
    ("POST", "/v1/enrol", enrol::enrol),
    ("POST", "/v1/sync", sync::sync),
    ("GET", "/v1/receipts", receipts::receipts),
    ("GET", "/v1/areas", reference::areas),
    ("GET", "/v1/limits", reference::limits),
    ("GET", "/healthz", reference::health),
    ("GET", "/metrics", metrics::render),
];

/// Whether a path is one of the routes.
fn is_route(path: &str) -> bool {
    ROUTES.iter().any(|(_, route, _)| *route == path)
}

impl Service {
    /// Opens the database in `dir` and makes ready to answer.
    pub fn open(
        dir: &Path,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        settings: Settings,
    ) -> Result<Self, StoreError> {
        let epoch = crate::platform::random_bytes(&*random);
        let epoch = *uuid::Builder::from_random_bytes(epoch).into_uuid().as_bytes();
        let store = Store::open(dir, FirstEpoch { epoch, now_ms: clock.now_ms() })?;
        let wall_ms = clock.now_ms();
        store.write(move |tx| {
            // A newer program may read what an older one had to park.
            if tx.server()?.protocol != limits::PROTOCOL {
                let now = server_time::advance(tx, wall_ms)?;
                park::release_for_upgrade(tx, now.ms)?;
                tx.keep_protocol(limits::PROTOCOL)?;
            }
            Ok::<(), StoreError>(())
        })?;
        Ok(Service {
            store,
            clock,
            random,
            rates: RateLimits::new(settings),
            limits: Limits::with_rate(settings.requests_per_minute, settings.requests_burst),
            metrics: Metrics::new(),
        })
    }

    /// The storage, for administration in the same process.
    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub fn random(&self) -> &Arc<dyn Random> {
        &self.random
    }

    /// Answers one request. Blocks until what it acknowledges is on the disk.
    pub fn answer(&self, request: &Request) -> Response {
        let response = self.route(request).unwrap_or_else(|refusal| refuse(&refusal));
        let response = encoding::encode(response, request.accept_encoding.as_deref());
        self.metrics.count_response(&request.path, response.status);
        response
    }

    fn route(&self, request: &Request) -> Result<Response, Refusal> {
        let wanted = |(method, path, _): &&(&str, &str, Handler)| {
            *path == request.path && *method == request.method
        };
        match ROUTES.iter().find(wanted) {
            Some((_, _, handler)) => handler(self, request),
            None if is_route(&request.path) => Err(Refusal::problem(ProblemCode::MethodNotAllowed)),
            None => Err(Refusal::problem(ProblemCode::NotFound)),
        }
    }
}

/// How long a client waits before it tries again, by why it was refused.
const BUSY_RETRY_S: u32 = 2;
const FULL_RETRY_S: u32 = 300;

/// A refusal as the caller sees it. What failed inside is logged and not told.
fn refuse(refusal: &Refusal) -> Response {
    match refusal {
        Refusal::Problem(problem) => Response::problem(problem),
        Refusal::RetryLater { problem, seconds } => {
            Response::problem(problem).with_header("Retry-After", seconds.to_string())
        }
        Refusal::Store(error) => {
            let (code, retry_s) = if matches!(error, StoreError::Busy | StoreError::Stopped) {
                (ProblemCode::Busy, Some(BUSY_RETRY_S))
            } else if matches!(error, StoreError::Full) {
                (ProblemCode::StorageFull, Some(FULL_RETRY_S))
            } else {
                (ProblemCode::Internal, None)
            };
            tracing::error!(error = error as &dyn std::error::Error, "storage failed");
            let response = Response::problem(&Problem::new(code));
            retry_s.into_iter().fold(response, |response, seconds| {
                response.with_header("Retry-After", seconds.to_string())
            })
        }
    }
}
