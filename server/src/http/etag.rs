//! What a caller has already is not sent again.

use super::{Request, Response};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The answer with the name of its body, or word that the caller has this one.
pub(super) fn unless_known(request: &Request, response: Response) -> Response {
    let etag = etag_of(&response.body);
    if request.if_none_match.as_deref().is_some_and(|known| is_among(known, &etag)) {
        return Response::empty(304).with_header("ETag", etag);
    }
    response.with_header("ETag", etag)
}

/// Whether a caller has what is called so. A proxy that packs answers calls them weak.
fn is_among(known: &str, etag: &str) -> bool {
    let mut names = known.split(',').map(str::trim);
    names.any(|name| name.strip_prefix("W/").unwrap_or(name) == etag)
}

fn etag_of(body: &[u8]) -> String {
    let mut etag = String::from('"');
    for byte in Sha256::digest(body).iter().take(16) {
        write!(etag, "{byte:02x}").unwrap_or_default();
    }
    etag.push('"');
    etag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_caller_has_is_found_among_its_names_and_nothing_else_is() {
        for known in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "\"b\",W/\"a\""] {
            assert!(is_among(known, "\"a\""), "{known}");
        }
        for known in ["", "a", "\"b\"", "\"ab\"", "\"a"] {
            assert!(!is_among(known, "\"a\""), "{known}");
        }
    }
}
