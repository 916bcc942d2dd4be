//! The tablet's app under `/app/`: packed files that were built apart and lie in this program. Where it
//! was built without them, a page says so.

use crate::http::encoding::accepts;
use crate::http::etag::unless_known;
use crate::http::{Gateway, Request, Response};
use crate::refusal::Refusal;
use flate2::read::GzDecoder;
use std::io::Read;
use views::html;
use views::shell::bare_page;

/// A file of the app, packed twice.
struct File {
    name: &'static str,
    brotli: &'static [u8],
    gzip: &'static [u8],
}

static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/tablet_app.rs"));

/// Whether this program was built with the app.
pub(crate) fn has_tablet_app() -> bool {
    !FILES.is_empty()
}

/// The page of the app itself.
const SHELL: &str = "index.html";

/// What the app may do: run its own files, WebAssembly among them, and talk to this server.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; \
     manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// To the folder, which is the app's scope.
pub(super) fn door(_gateway: &Gateway, _request: &Request) -> Result<Response, Refusal> {
    Ok(Response::redirect("/app/"))
}

pub(super) fn shell(_gateway: &Gateway, request: &Request) -> Result<Response, Refusal> {
    if has_tablet_app() { serve(SHELL, request) } else { Ok(not_built()) }
}

pub(super) fn file(_gateway: &Gateway, request: &Request) -> Result<Response, Refusal> {
    serve(request.path.trim_start_matches("/app/"), request)
}

fn serve(name: &str, request: &Request) -> Result<Response, Refusal> {
    let not_found = || Refusal::NotFound;
    let file = FILES.iter().find(|file| file.name == name).ok_or_else(not_found)?;
    let accepted = request.accept_encoding.as_deref().unwrap_or_default();
    let (encoding, body) = if accepts(accepted, "br") {
        (Some("br"), file.brotli.to_vec())
    } else if accepts(accepted, "gzip") {
        (Some("gzip"), file.gzip.to_vec())
    } else {
        (None, unpacked(file).ok_or(Refusal::Internal)?)
    };
    let mut response = Response::text(media_type(name), body);
    if let Some(encoding) = encoding {
        response = response.with_header("Content-Encoding", encoding);
    }
    // Kept, and asked for again each time: a new version is seen at once. What a browser keeps takes
    // on the head of the answer that says it is still so.
    Ok(unless_known(request, response)
        .with_header("Cache-Control", "no-cache")
        .with_header("Content-Security-Policy", POLICY)
        .with_header("Vary", "Accept-Encoding"))
}

fn unpacked(file: &File) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    match GzDecoder::new(file.gzip).read_to_end(&mut plain) {
        Ok(_) => Some(plain),
        Err(error) => {
            tracing::error!(%error, name = file.name, "a file of the tablet app is damaged");
            None
        }
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("wasm") => "application/wasm",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

fn not_built() -> Response {
    let content = html! {
        p { "Server ini dibangun tanpa aplikasi tablet. Semua yang lain berjalan." }
        p { "Pengelola membangunnya dengan satu perintah di folder sumber, lalu membangun server lagi:" }
        p { code { "cargo run --release -p web-build && cargo build --release" } }
    };
    Response::html(404, bare_page("Aplikasi tablet belum dibangun", None, &content).into_string())
}
