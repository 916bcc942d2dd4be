//! The gateway behind actix-web: sockets, TLS, bounds while a body arrives, one log line a request.

mod file_body;

use super::proxy::{self, Network};
use super::web::cookie;
use super::{Channel, Gateway, Request, Response, tls};
use crate::certificate::CertificateError;
use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, COOKIE, HOST, IF_NONE_MATCH, ORIGIN,
};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use file_body::FileBody;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use sync_protocol::limits::REQUEST_SENT_BYTES_MAX;
use sync_protocol::problem::{Problem, ProblemCode};
use tokio::time::timeout;

/// A body must have arrived after this time.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);
/// Requests in flight get this long when the server stops.
const SHUTDOWN_TIMEOUT_S: u64 = 30;
/// Connections that one worker holds at most.
const CONNECTIONS_MAX: usize = 2_000;

/// Where proxies write whom they ask for.
const FORWARDED_FOR: &str = "X-Forwarded-For";
/// Where proxies write how they were asked.
const FORWARDED_PROTO: &str = "X-Forwarded-Proto";
/// Where browsers write whose page a request comes from.
const FETCH_SITE: &str = "Sec-Fetch-Site";

/// Where and how to listen.
#[derive(Clone, Debug)]
pub struct Listen {
    pub address: SocketAddr,
    pub tls: Option<Tls>,
    /// Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.
    pub trusted_proxies: Vec<Network>,
}

impl Listen {
    /// Without TLS, and without a proxy in front.
    pub fn plain(address: SocketAddr) -> Self {
        Listen { address, tls: None, trusted_proxies: Vec::new() }
    }
}

/// The proxies that were named.
#[derive(Debug)]
struct Trusted(Vec<Network>);

#[derive(Clone, Debug)]
pub struct Tls {
    /// PEM files: the certificate chain, and its private key.
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// A server that is listening already.
pub struct Running {
    pub address: SocketAddr,
    handle: ServerHandle,
    server: actix_web::dev::Server,
}

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("cannot listen on {address}")]
    Listen {
        address: SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    #[error("the server stopped")]
    Stopped(#[source] std::io::Error),
}

/// Takes an address; nobody is answered there yet.
pub fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).map_err(|source| ServeError::Listen { address, source })
}

/// Binds the address and starts to accept. Must be called inside an actix system.
pub fn start(gateway: Arc<Gateway>, listen: &Listen) -> Result<Running, ServeError> {
    start_on(bind(listen.address)?, gateway, listen)
}

/// Starts to accept where `listener` listens. Must be called inside an actix system.
pub fn start_on(
    listener: TcpListener,
    gateway: Arc<Gateway>,
    listen: &Listen,
) -> Result<Running, ServeError> {
    let failed = |source| ServeError::Listen { address: listen.address, source };
    let address = listener.local_addr().map_err(failed)?;
    let requests = Arc::new(AtomicU64::new(0));
    let data = web::Data::from(gateway);
    let trusted = web::Data::new(Trusted(listen.trusted_proxies.clone()));
    let http = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .app_data(web::Data::from(Arc::clone(&requests)))
            .app_data(trusted.clone())
            .default_service(web::to(handle))
    })
    .max_connections(CONNECTIONS_MAX)
    .shutdown_timeout(SHUTDOWN_TIMEOUT_S);
    let server = match &listen.tls {
        None => http.listen(listener),
        Some(tls) => http.listen_rustls_0_23(listener, tls::config(tls)?),
    }
    .map_err(failed)?
    .run();
    Ok(Running { address, handle: server.handle(), server })
}

/// Stops a running server; requests in flight are answered first.
#[derive(Clone, Debug)]
pub struct StopHandle(ServerHandle);

impl StopHandle {
    pub fn stop(&self) {
        // The order is given when the future is made; whoever waits for the end waits in `wait`.
        drop(self.0.stop(true));
    }
}

/// Runs a server's future on this thread.
pub fn block_on<F: Future>(future: F) -> F::Output {
    actix_web::rt::System::new().block_on(future)
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Running {
    /// Stops the server from anywhere.
    pub fn handle(&self) -> StopHandle {
        StopHandle(self.handle.clone())
    }

    /// Serves until a signal or the handle stops it; requests in flight are answered first.
    pub async fn wait(self) -> Result<(), ServeError> {
        self.server.await.map_err(ServeError::Stopped)
    }
}

async fn handle(
    gateway: web::Data<Gateway>,
    requests: web::Data<AtomicU64>,
    trusted: web::Data<Trusted>,
    head: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let started = Instant::now();
    let number = requests.fetch_add(1, Ordering::Relaxed);
    let arrived_ms = gateway.service.clock().now_ms();
    let mut request = read_head(&head, &trusted.0, arrived_ms);
    let response = match read_payload(payload).await {
        Err(code) => Response::problem(&Problem::new(code)),
        Ok(body) => {
            request.body = body;
            let gateway = gateway.clone();
            let path = request.path.clone();
            let answered = web::block(move || gateway.answer(&request)).await;
            request = Request { path, ..Request::default() };
            answered.unwrap_or_else(|_| Response::problem(&Problem::new(ProblemCode::Internal)))
        }
    };
    let route = super::routes::pattern_of(&request.path);
    tracing::info!(
        request = number,
        method = head.method().as_str(),
        route,
        status = response.status,
        bytes = response.length().unwrap_or_default(),
        took_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
    to_http(response, number)
}

/// A HEAD is answered as a GET, whose body is left out when the answer is written.
fn method_of(head: &HttpRequest) -> &str {
    match head.method().as_str() {
        "HEAD" => "GET",
        method => method,
    }
}

fn read_head(head: &HttpRequest, trusted: &[Network], arrived_ms: i64) -> Request {
    let header =
        |name| head.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let bearer =
        header(AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer ").map(str::to_owned));
    Request {
        method: method_of(head).to_owned(),
        path: head.path().to_owned(),
        query: head.query_string().to_owned(),
        token: bearer,
        content_encoding: header(CONTENT_ENCODING).map(|name| name.to_ascii_lowercase()),
        accept_encoding: header(ACCEPT_ENCODING),
        if_none_match: header(IF_NONE_MATCH),
        accept: header(ACCEPT),
        host: header(HOST),
        session: header(COOKIE).and_then(|cookies| cookie::read(&cookies).map(str::to_owned)),
        from_other_site: is_from_other_site(head),
        channel: channel(head, trusted),
        peer: peer(head, trusted).unwrap_or_default(),
        arrived_ms,
        body: Vec::new(),
    }
}

fn channel(head: &HttpRequest, trusted: &[Network]) -> Channel {
    if head.app_config().secure() {
        return Channel::Https;
    }
    let Some(connection) = head.peer_addr() else { return Channel::Plain };
    proxy::channel(connection.ip(), values(head, FORWARDED_PROTO), trusted)
}

/// The caller's address, which the limits on enrolment count by.
fn peer(head: &HttpRequest, trusted: &[Network]) -> Option<String> {
    let connection = head.peer_addr()?.ip();
    Some(proxy::caller(connection, values(head, FORWARDED_FOR), trusted).to_string())
}

/// The values of a header that may come more than once, in order.
fn values<'h>(head: &'h HttpRequest, name: &str) -> impl DoubleEndedIterator<Item = &'h str> {
    let values: Vec<&str> =
        head.headers().get_all(name).filter_map(|value| value.to_str().ok()).collect();
    values.into_iter()
}

/// Whether a browser says that a form's page was of another site, however near. Browsers that are too
/// old to say it name the page's origin.
fn is_from_other_site(head: &HttpRequest) -> bool {
    if let Some(site) = head.headers().get(FETCH_SITE) {
        return site != "same-origin" && site != "none";
    }
    let text = |name| head.headers().get(name).and_then(|value| value.to_str().ok());
    let host = |origin: &str| origin.split_once("://").map(|(_, host)| host.to_owned());
    text(ORIGIN).is_some_and(|origin| host(origin).as_deref() != text(HOST))
}

/// The body as it was sent: actix would decompress it before any limit applies.
async fn read_payload(payload: web::Payload) -> Result<Vec<u8>, ProblemCode> {
    let body = timeout(BODY_TIMEOUT, payload.to_bytes_limited(REQUEST_SENT_BYTES_MAX)).await;
    match body {
        Err(_) => Err(ProblemCode::RequestTimeout),
        Ok(Err(_)) => Err(ProblemCode::TooLarge),
        Ok(Ok(Err(_))) => Err(ProblemCode::Malformed),
        Ok(Ok(Ok(bytes))) => Ok(bytes.to_vec()),
    }
}

fn to_http(response: Response, number: u64) -> HttpResponse {
    let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut http = HttpResponse::build(status);
    http.content_type(response.content_type)
        .insert_header(("Cache-Control", "no-store"))
        .insert_header(("X-Content-Type-Options", "nosniff"))
        .insert_header(("X-Request-Id", number.to_string()));
    for (name, value) in response.headers {
        http.insert_header((name, value));
    }
    match response.file {
        None => http.body(response.body),
        Some(file) => match FileBody::of(file) {
            Ok(body) => http.body(body),
            Err(error) => {
                tracing::error!(%error, "a file that was written cannot be read");
                HttpResponse::InternalServerError().finish()
            }
        },
    }
}
