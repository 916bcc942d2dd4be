//! Behind a reverse proxy the caller's address stands in X-Forwarded-For, and how the caller asked in
//! X-Forwarded-Proto. Anybody can write them: they count only as far as proxies wrote them that the
//! operator named.

use super::Channel;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// One address, or all with the same beginning: `127.0.0.1`, `10.1.0.0/16`, `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an address like 127.0.0.1 or a network like 10.1.0.0/16 is wanted")]
pub struct BadNetwork;

impl FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().map_err(|_| BadNetwork)?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| BadNetwork)?;
        let width = width(address);
        let bits = bits.unwrap_or(width);
        if bits > width { Err(BadNetwork) } else { Ok(Network { address, bits }) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl Network {
    fn contains(&self, address: IpAddr) -> bool {
        let shift = width(self.address) - self.bits;
        width(address) == width(self.address)
            && number(address).checked_shr(shift) == number(self.address).checked_shr(shift)
    }
}

fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(u32::from(v4)),
        IpAddr::V6(v6) => u128::from(v6),
    }
}

/// The caller's address: the connection's own, or the last one in `forwarded` (the values of
/// X-Forwarded-For, in order) that no trusted proxy has.
pub fn caller<'h>(
    connection: IpAddr,
    forwarded: impl DoubleEndedIterator<Item = &'h str>,
    trusted: &[Network],
) -> IpAddr {
    let mut caller = connection.to_canonical();
    for text in forwarded.rev().flat_map(|value| value.rsplit(',')) {
        if !is_trusted(caller, trusted) {
            break;
        }
        // What cannot be read was not written by a proxy that was named: stop at what is known.
        let Some(before) = read(text.trim()) else { break };
        caller = before;
    }
    caller
}

/// How a request came that is not encrypted itself. `protocols` are the values of X-Forwarded-Proto,
/// in order: the proxy that asks wrote the last.
pub fn channel<'h>(
    connection: IpAddr,
    protocols: impl DoubleEndedIterator<Item = &'h str>,
    trusted: &[Network],
) -> Channel {
    let last = protocols.rev().flat_map(|value| value.rsplit(',')).map(str::trim).next();
    match (is_trusted(connection, trusted), last) {
        (true, Some("https")) => Channel::Https,
        (true, _) => Channel::Plain,
        (false, _) if connection.to_canonical().is_loopback() => Channel::Loopback,
        (false, _) => Channel::Plain,
    }
}

/// Whether an address is one of the proxies that were named.
fn is_trusted(address: IpAddr, trusted: &[Network]) -> bool {
    let address = address.to_canonical();
    trusted.iter().any(|network| network.contains(address))
}

/// An address, with or without a port.
fn read(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.split(']').next()).unwrap_or(text);
    let address: Option<IpAddr> = bare.parse().ok();
    let with_port = || text.parse().ok().map(|socket: std::net::SocketAddr| socket.ip());
    address.or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(connection: &str, forwarded: &[&str], expected: &str) {
        let trusted = ["127.0.0.1", "10.1.0.0/16", "fd00::/8"].map(|text| text.parse().unwrap());
        let found = caller(connection.parse().unwrap(), forwarded.iter().copied(), &trusted);
        assert_eq!(found.to_string(), expected);
    }

    #[test]
    fn the_last_address_that_no_trusted_proxy_has_is_the_caller() {
        check("203.0.113.9", &[], "203.0.113.9");
        check("203.0.113.9", &["198.51.100.7"], "203.0.113.9");
        check("127.0.0.1", &[], "127.0.0.1");
        check("127.0.0.1", &["198.51.100.7"], "198.51.100.7");
        check("::ffff:127.0.0.1", &["198.51.100.7"], "198.51.100.7");
        // The caller wrote the first one himself.
        check("127.0.0.1", &["192.0.2.1, 198.51.100.7"], "198.51.100.7");
        check("127.0.0.1", &["192.0.2.1", "198.51.100.7"], "198.51.100.7");
        check("127.0.0.1", &["198.51.100.7, 10.1.2.3"], "198.51.100.7");
        check("10.2.0.1", &["198.51.100.7"], "10.2.0.1");
        check("fd00::1", &["2001:db8::7"], "2001:db8::7");
        check("127.0.0.1", &["198.51.100.7:4711"], "198.51.100.7");
        check("127.0.0.1", &["[2001:db8::7]:4711"], "2001:db8::7");
        check("127.0.0.1", &["198.51.100.7, unknown"], "127.0.0.1");
        check("127.0.0.1", &["198.51.100.7, unknown, 10.1.2.3"], "10.1.2.3");
    }

    #[track_caller]
    fn check_channel(connection: &str, protocols: &[&str], expected: Channel) {
        let trusted = ["127.0.0.1", "10.1.0.0/16"].map(|text| text.parse().unwrap());
        let found = channel(connection.parse().unwrap(), protocols.iter().copied(), &trusted);
        assert_eq!(found, expected, "{connection} {protocols:?}");
    }

    #[test]
    fn a_request_came_encrypted_when_a_proxy_that_was_named_says_so_and_by_nobody_elses_word() {
        check_channel("10.1.2.3", &["https"], Channel::Https);
        check_channel("127.0.0.1", &["https"], Channel::Https);
        check_channel("::ffff:10.1.2.3", &["https"], Channel::Https);
        check_channel("10.1.2.3", &["http"], Channel::Plain);
        check_channel("10.1.2.3", &[], Channel::Plain);
        check_channel("127.0.0.1", &["http"], Channel::Plain);
        check_channel("203.0.113.9", &["https"], Channel::Plain);
        check_channel("10.2.0.1", &["https"], Channel::Plain);
        // The caller wrote the first one himself.
        check_channel("10.1.2.3", &["https", "http"], Channel::Plain);
        check_channel("10.1.2.3", &["https, http"], Channel::Plain);
        check_channel("10.1.2.3", &["http, https"], Channel::Https);
        // This machine, without a proxy.
        check_channel("::1", &[], Channel::Loopback);
        check_channel("::1", &["https"], Channel::Loopback);
        check_channel("::ffff:127.0.0.2", &[], Channel::Loopback);
    }

    #[test]
    fn networks_are_read_or_refused() {
        let read = |text: &str| text.parse::<Network>().map(|network| network.to_string());
        assert_eq!(read("10.1.0.0/16").unwrap(), "10.1.0.0/16");
        assert_eq!(read("::1").unwrap(), "::1/128");
        assert_eq!(read("0.0.0.0/0").unwrap(), "0.0.0.0/0");
        for bad in ["", "proxy.example", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "/8"] {
            assert_eq!(read(bad), Err(BadNetwork), "{bad}");
        }
        let everybody: Network = "::/0".parse().unwrap();
        assert!(everybody.contains("2001:db8::1".parse().unwrap()));
        assert!(!everybody.contains("10.0.0.1".parse().unwrap()));
    }
}
