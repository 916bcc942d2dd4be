//! Bytes in, bytes out: the routes, and every request as a value.
//!
//! [`Gateway::answer`] is blocking and knows no web framework, so that the simulator calls exactly
//! what the network does; [`serve`] puts it behind actix-web. Status codes come from the
//! protocol's problem codes and from nowhere else.

pub mod metrics;
pub mod openapi;
pub mod proxy;
pub mod routes;
pub mod serve;
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
mod problem;
mod rate;
mod receipts;
mod records;
mod reference;
mod reports;
mod sync;
mod tls;

pub use message::{Channel, Request, Response};
pub(crate) use web::has_tablet_app;

use crate::access::person::{Credential, Person, Right};
use crate::platform::Random;
use crate::refusal::Refusal;
use crate::service::Service;
use crate::store::{ReadTx, Worker, WriteTx};
use crate::sync::server_time::ServerNow;
use crate::thresholds::Thresholds;
use asked::Asked;
use metrics::Metrics;
use problem::{problem_of, retry_s};
use rate::{Asker, RateLimits};
use routes::Handler;
use std::sync::{Arc, Mutex};
use sync_protocol::limits::{self, Limits};

/// What an operator may set: how often one tablet, and one person, may ask, and one address enrol.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub requests_per_minute: u32,
    pub requests_burst: u32,
    pub enrolments_per_minute: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            requests_per_minute: limits::DEVICE_REQUESTS_PER_MINUTE,
            requests_burst: limits::DEVICE_REQUESTS_BURST,
            enrolments_per_minute: limits::ENROL_TRIES_PER_MINUTE,
        }
    }
}

/// The server without its sockets: what answers requests, and all that is of the network only.
#[derive(Debug)]
pub struct Gateway {
    service: Arc<Service>,
    rates: RateLimits,
    limits: Limits,
    exports: export::Turns,
    /// Checking a password takes memory: one at a time.
    login_turn: Mutex<()>,
    pub metrics: Metrics,
}

impl Gateway {
    pub fn new(service: Arc<Service>, settings: Settings) -> Self {
        Gateway {
            service,
            rates: RateLimits::new(settings),
            limits: Limits::with_rate(settings.requests_per_minute, settings.requests_burst),
            exports: export::Turns::default(),
            login_turn: Mutex::new(()),
            metrics: Metrics::new(),
        }
    }

    /// Answers one request. Blocks until what it acknowledges is on the disk.
    pub fn answer(&self, request: &Request) -> Response {
        let response = self.route(request).unwrap_or_else(|refusal| refuse(request, &refusal));
        let accepted = request.accept_encoding.as_deref();
        let response = encoding::encode(response, accepted, self.service.thresholds().packed_bytes);
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
                handler(&Call { gateway: self, request, parameters, asked, credential, right })
            }
        }
    }

    /// Turns strangers and hurried tablets away before anything of theirs is parsed. The transaction
    /// that does their work reads the token again.
    fn admit_tablet(&self, token: &str) -> Result<(), Refusal> {
        let device = self.service.read_as_tablet(token, |_, caller, _| Ok(caller.device.number))?;
        self.rates.admit(Asker::Device(device))
    }

    /// The same for a person, who must have the right besides.
    fn admit_person(&self, credential: &Credential, right: Right) -> Result<Worker, Refusal> {
        let worker = self.service.recognise(credential)?;
        self.rates.admit(Asker::Person(worker.id))?;
        worker.demand(right)?;
        Ok(worker)
    }
}

fn bearer(request: &Request) -> Result<&str, Refusal> {
    request.token.as_deref().ok_or(Refusal::Unauthorised)
}

/// A call of a person, as far as the route knows it.
#[derive(Debug)]
pub(crate) struct Call<'r> {
    pub(crate) gateway: &'r Gateway,
    pub(crate) request: &'r Request,
    /// What stood at the braces of the route's pattern, in order.
    pub(crate) parameters: Vec<&'r str>,
    /// The query, of which every parameter is one that the route describes.
    asked: Asked,
    credential: Credential,
    right: Right,
}

impl Call<'_> {
    /// One snapshot for the person who calls.
    pub(crate) fn read<T>(
        &self,
        job: impl FnOnce(&ReadTx<'_>, Person, ServerNow) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.gateway.service.read_as(&self.credential, self.right, job)
    }

    /// One write job for the person who calls.
    pub(crate) fn write<T, F>(&self, job: F) -> Result<T, Refusal>
    where
        F: FnOnce(&WriteTx<'_>, Person, ServerNow) -> Result<T, Refusal> + Send + 'static,
        T: Send + 'static,
    {
        self.gateway.service.write_as(&self.credential, self.right, job)
    }

    pub(crate) fn thresholds(&self) -> &Thresholds {
        self.gateway.service.thresholds()
    }

    /// For ids and passwords.
    pub(crate) fn random(&self) -> &Arc<dyn Random> {
        self.gateway.service.random()
    }

    /// The number at one of the pattern's braces. What is no number names nothing.
    pub(crate) fn number_at(&self, position: usize) -> Result<i64, Refusal> {
        let text = self.parameters.get(position);
        text.and_then(|text| text.parse().ok()).ok_or(Refusal::NotFound)
    }
}

/// A refusal as the caller sees it: a page for those who asked for one.
fn refuse(request: &Request, refusal: &Refusal) -> Response {
    let response = if request.path.starts_with("/v1/") || !request.takes_html() {
        note_failure(refusal);
        Response::problem(&problem_of(refusal))
    } else {
        web::refused(refusal)
    };
    retry_s(refusal).into_iter().fold(response, |response, seconds| {
        response.with_header("Retry-After", seconds.to_string())
    })
}

/// What failed inside is logged, since it is not told.
fn note_failure(refusal: &Refusal) {
    if let Refusal::Store(error) = refusal {
        tracing::error!(error = error as &dyn std::error::Error, "storage failed");
    }
}
