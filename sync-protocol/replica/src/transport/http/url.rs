//! The server's address. Children's names travel only over TLS; plain HTTP is for a server on the
//! same machine.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use ureq::http::Uri;

/// Where the server is: scheme, host, and a path without the last slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerUrl(String);

/// An address that is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    #[error("not an address like https://timbang.example")]
    NotAUrl,
    /// Use https, or say that an open line is wanted.
    #[error("plain http is only for this machine")]
    NotEncrypted,
}

impl ServerUrl {
    /// An address of any host, also without encryption; for a closed network only.
    pub fn insecure(text: &str) -> Result<Self, BadUrl> {
        let (url, _) = parse(text)?;
        Ok(url)
    }
}

impl FromStr for ServerUrl {
    type Err = BadUrl;
    fn from_str(text: &str) -> Result<Self, BadUrl> {
        let (url, is_safe) = parse(text)?;
        if is_safe { Ok(url) } else { Err(BadUrl::NotEncrypted) }
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn parse(text: &str) -> Result<(ServerUrl, bool), BadUrl> {
    let trimmed = text.trim().trim_end_matches('/');
    let uri: Uri = trimmed.parse().or(Err(BadUrl::NotAUrl))?;
    let host = uri.host().ok_or(BadUrl::NotAUrl)?;
    let is_safe = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => is_this_machine(host),
        Some(_) | None => return Err(BadUrl::NotAUrl),
    };
    if uri.query().is_some() || trimmed.contains('@') {
        return Err(BadUrl::NotAUrl);
    }
    Ok((ServerUrl(trimmed.to_owned()), is_safe))
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, BadUrl>) {
        assert_eq!(
            text.parse::<ServerUrl>().map(|url| url.0),
            expected.map(str::to_owned),
            "{text}"
        );
    }

    #[test]
    fn only_an_encrypted_line_leaves_this_machine() {
        check("https://timbang.example/", Ok("https://timbang.example"));
        check("https://timbang.example:8443/lahat/", Ok("https://timbang.example:8443/lahat"));
        check("http://127.0.0.1:8080", Ok("http://127.0.0.1:8080"));
        check("http://[::1]:8080", Ok("http://[::1]:8080"));
        check("http://localhost:8080", Ok("http://localhost:8080"));
        check("http://timbang.example", Err(BadUrl::NotEncrypted));
        check("http://127.0.0.1.example", Err(BadUrl::NotEncrypted));
        assert!(ServerUrl::insecure("http://192.168.1.5:8080").is_ok());
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "timbang",
            "ftp://timbang.example",
            "https://",
            "https://a@b.example",
            "https://a/?q=1",
        ] {
            check(text, Err(BadUrl::NotAUrl));
        }
    }
}
