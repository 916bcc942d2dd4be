//! Bytes in, bytes out: the routes, and every request as a value.
//!
//! [`Service::answer`] is blocking and knows no web framework, so that the simulator calls exactly
//! what the network does; [`serve`] puts it behind actix-web. Status codes come from the
//! protocol's problem codes and from nowhere else.

pub(crate) mod expiry;
pub mod metrics;
pub mod openapi;
pub mod proxy;
pub mod routes;
pub mod serve;
pub(crate) mod tls;
pub mod web;

mod about;
mod asked;
mod body;
mod children;
mod conflicts;
mod devices;
mod encoding;
mod enrol;
mod etag;
mod export;
mod history;
mod listing;
mod message;
mod params;
mod parked;
mod rate;
mod receipts;
mod records;
mod reference;
mod reports;
mod sync;

pub use message::{Channel, Request, Response};
pub(crate) use web::has_tablet_app;

use crate::access::caller_of_token;
use crate::access::person::{Credential, Person, Right, person_of, worker_of};
use crate::platform::{Clock, Random};
use crate::refusal::Refusal;
use crate::store::{FirstEpoch, ReadTx, Store, StoreError, Worker};
use crate::sync::{park, score, server_time};
use crate::thresholds::Thresholds;
use asked::Asked;
use metrics::Metrics;
use rate::{Asker, RateLimits};
use routes::Handler;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::{Arc, Mutex};
use sync_protocol::limits::{self, Limits};
use sync_protocol::problem::{Problem, ProblemCode};
use sync_protocol::record::Kind;

/// What an operator may set: how often one tablet, and one person, may ask.
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
    thresholds: Thresholds,
    exports: export::Turns,
    /// Checking a password takes memory: one at a time.
    login_turn: Mutex<()>,
    pub metrics: Metrics,
}

impl Service {
    /// Opens the database in `dir` and makes ready to answer.
    pub fn open(
        dir: &Path,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        settings: Settings,
    ) -> Result<Self, StoreError> {
        Self::open_with(dir, clock, random, settings, Thresholds::default())
    }

    /// The same with other thresholds than a server has.
    pub fn open_with(
        dir: &Path,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        settings: Settings,
        thresholds: Thresholds,
    ) -> Result<Self, StoreError> {
        let epoch = crate::platform::random_bytes(&*random);
        let epoch = *uuid::Builder::from_random_bytes(epoch).into_uuid().as_bytes();
        let store =
            Store::open_with(dir, FirstEpoch { epoch, now_ms: clock.now_ms() }, thresholds.few)?;
        let wall_ms = clock.now_ms();
        store.write(move |tx| {
            // A newer program may read what an older one had to park.
            let program = program();
            if tx.server()?.program != program {
                let now = server_time::advance(tx, wall_ms)?;
                park::release_for_upgrade(tx, now.ms)?;
                tx.keep_program(&program)?;
            }
            Ok::<(), StoreError>(())
        })?;
        score::renew(&store, thresholds.children_per_job)?;
        Ok(Service {
            store,
            clock,
            random,
            rates: RateLimits::new(settings),
            limits: Limits::with_rate(settings.requests_per_minute, settings.requests_burst),
            thresholds,
            exports: export::Turns::default(),
            login_turn: Mutex::new(()),
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
        let response = self.route(request).unwrap_or_else(|refusal| refuse(request, &refusal));
        let accepted = request.accept_encoding.as_deref();
        let response = encoding::encode(response, accepted, self.thresholds.packed_bytes);
        self.metrics.count_response(routes::pattern_of(&request.path), response.status);
        response
    }

    fn route(&self, request: &Request) -> Result<Response, Refusal> {
        if let Some(page) = web::find(request) {
            return Ok(page.answer(self, request));
        }
        let (route, parameters) = routes::find(&request.method, &request.path)?;
        match route.handler {
            Handler::Open(handler) => handler(self, request),
            Handler::Tablet(handler) => {
                let token = bearer(request)?;
                self.admit_tablet(token)?;
                handler(self, request, token)
            }
            Handler::Person(right, handler) => {
                let token = bearer(request)?;
                let credential = Credential::Token(token.to_owned());
                self.admit_person(&credential, right)?;
                let asked = Asked::read(&request.query, route.about.query)?;
                handler(self, &Call { request, parameters, asked, credential, right })
            }
        }
    }

    /// Turns strangers and hurried tablets away before anything of theirs is parsed. Handlers read
    /// the token again, in the transaction that does their work.
    fn admit_tablet(&self, token: &str) -> Result<(), Refusal> {
        let caller = self.store.read(|tx| caller_of_token(tx, token))?;
        self.rates.admit(Asker::Device(caller.device.number))
    }

    /// The same for a person, who must have the right besides.
    fn admit_person(&self, credential: &Credential, right: Right) -> Result<Worker, Refusal> {
        let worker = self.store.read(|tx| worker_of(tx, credential))?;
        self.rates.admit(Asker::Person(worker.id))?;
        worker.demand(right)?;
        Ok(worker)
    }
}

fn bearer(request: &Request) -> Result<&str, Refusal> {
    request.token.as_deref().ok_or_else(|| Refusal::problem(ProblemCode::Unauthorised))
}

/// A call of a person, as far as the route knows it.
#[derive(Debug)]
pub(crate) struct Call<'r> {
    pub(crate) request: &'r Request,
    /// What stood at the braces of the route's pattern, in order.
    pub(crate) parameters: Vec<&'r str>,
    /// The query, of which every parameter is one that the route describes.
    asked: Asked,
    credential: Credential,
    right: Right,
}

impl Call<'_> {
    /// The person who calls. Handlers ask in the transaction that does their work.
    pub(crate) fn person(&self, tx: &ReadTx<'_>) -> Result<Person, Refusal> {
        person_of(tx, &self.credential, self.right)
    }

    /// The same for a write job, which outlives the call.
    pub(crate) fn key(&self) -> PersonKey {
        PersonKey { credential: self.credential.clone(), right: self.right }
    }

    /// The number at one of the pattern's braces. What is no number names nothing.
    pub(crate) fn number_at(&self, position: usize) -> Result<i64, Refusal> {
        let text = self.parameters.get(position);
        text.and_then(|text| text.parse().ok())
            .ok_or_else(|| Refusal::problem(ProblemCode::NotFound))
    }
}

/// What a person showed, and what the route needs of them.
#[derive(Debug)]
pub(crate) struct PersonKey {
    credential: Credential,
    right: Right,
}

impl PersonKey {
    pub(crate) fn person(&self, tx: &ReadTx<'_>) -> Result<Person, Refusal> {
        person_of(tx, &self.credential, self.right)
    }
}

/// Which program works on a database, and what it takes for a good record: under another name,
/// parked changes are looked at again.
fn program() -> String {
    let kinds: Vec<String> =
        Kind::all().map(|kind| format!("{} {:?}", kind.name(), kind.fields())).collect();
    let sum = Sha256::digest(kinds.concat());
    let sum: String = sum.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{} {sum}", env!("CARGO_PKG_VERSION"))
}

/// How long a client waits before it tries again, by why it was refused.
const BUSY_RETRY_S: u64 = 2;
const FULL_RETRY_S: u64 = 300;

/// A refusal as the caller sees it: a page for those who asked for one.
fn refuse(request: &Request, refusal: &Refusal) -> Response {
    let (problem, retry_s) = explain(refusal);
    let response = if request.path.starts_with("/v1/") || !request.takes_html() {
        Response::problem(&problem)
    } else {
        web::refused(&problem)
    };
    retry_s.into_iter().fold(response, |response, seconds| {
        response.with_header("Retry-After", seconds.to_string())
    })
}

/// What the caller is told, and when to try again. What failed inside is logged and not told.
fn explain(refusal: &Refusal) -> (Problem, Option<u64>) {
    match refusal {
        Refusal::Problem(problem) => (Problem::clone(problem), None),
        Refusal::RetryLater { problem, seconds } => (Problem::clone(problem), Some(*seconds)),
        Refusal::Store(error) => {
            let (code, retry_s) = match error {
                StoreError::Busy | StoreError::RolledBack | StoreError::Stopped => {
                    (ProblemCode::Busy, Some(BUSY_RETRY_S))
                }
                StoreError::Full => (ProblemCode::StorageFull, Some(FULL_RETRY_S)),
                StoreError::Panicked
                | StoreError::Damaged(_)
                | StoreError::TooNew { .. }
                | StoreError::Unreadable(_)
                | StoreError::HalfRestored
                | StoreError::Database(_)
                | StoreError::File(_) => (ProblemCode::Internal, None),
            };
            tracing::error!(error = error as &dyn std::error::Error, "storage failed");
            (Problem::new(code), retry_s)
        }
    }
}
