//! What pages are drawn with: it is the same for everybody, so a browser may keep it.

use crate::http::etag::unless_known;
use crate::http::{Gateway, Request, Response};
use crate::refusal::Refusal;
use views::sheet::SCRIPT;
use views::{CSS, ICON};

/// Path, media type, content.
const ASSETS: [(&str, &str, &str); 3] = [
    ("/aset/timbang.css", "text/css; charset=utf-8", CSS),
    ("/aset/entri.js", "text/javascript; charset=utf-8", SCRIPT),
    ("/aset/timbang.svg", "image/svg+xml", ICON),
];

pub(super) fn asset(_gateway: &Gateway, request: &Request) -> Result<Response, Refusal> {
    let found = ASSETS.iter().find(|(path, _, _)| *path == request.path);
    let (_, media_type, content) = found.ok_or(Refusal::NotFound)?;
    // Kept, and asked for again each time: a new version is seen at once.
    let response = Response::text(media_type, *content).with_header("Cache-Control", "no-cache");
    Ok(unless_known(request, response))
}
