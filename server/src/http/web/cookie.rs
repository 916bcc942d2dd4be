//! The session cookie: the browser keeps it, no script reads it, no other site sends it.

use crate::http::Response;

const NAME: &str = "__Host-timbang";

/// What the session cookie holds, out of the Cookie header.
pub(crate) fn read(cookies: &str) -> Option<&str> {
    let pairs = cookies.split(';').filter_map(|cookie| cookie.trim().split_once('='));
    pairs.filter(|(name, _)| *name == NAME).map(|(_, value)| value).next()
}

/// Browsers let this machine's own address pass as secure.
pub(super) fn set(response: Response, session: &str) -> Response {
    response.with_header(
        "Set-Cookie",
        format!("{NAME}={session}; Path=/; Secure; HttpOnly; SameSite=Strict"),
    )
}

pub(super) fn forget(response: Response) -> Response {
    response.with_header(
        "Set-Cookie",
        format!("{NAME}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_is_found_among_other_cookies() {
        assert_eq!(read("a=1; __Host-timbang=tbg_x; b=2"), Some("tbg_x"));
        assert_eq!(read("timbang=1; x"), None);
    }
}
