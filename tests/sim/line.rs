//! The line from a tablet to the server: it loses, repeats, delays, cuts and garbles.

use crate::crash::die;
use crate::hub::Hub;
use crate::letter::{Letter, Reply};
use crate::time::{DAY, MINUTE, SECOND};
use sync_replica::{Request, Response, Transport, TransportError};

/// How a line behaves during one sync.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Manners {
    /// Calls in a hundred that something happens to.
    pub(crate) trouble: u64,
    /// Rows of a page, in place of what the tablet asks for.
    pub(crate) page: Option<u32>,
    /// Calls after which the signal is gone.
    pub(crate) calls: Option<u32>,
    /// The tablet may die while it waits for an answer.
    pub(crate) deadly: bool,
}

/// What may happen to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The server never hears of it.
    RequestLost,
    /// The server handled it, and nobody hears of that.
    ReplyLost,
    /// The server handles it twice.
    Twice,
    /// It is handled, and once more hours later.
    Echo,
    /// It is lost for the tablet, and arrives hours later.
    Delayed,
    /// It is handled, and a proxy says that it failed.
    ProxyError,
    /// A login page answers in place of the server.
    Portal,
    /// Half of the reply comes through.
    Torn,
    /// The server dies before it handles the request, or after, and starts again.
    ServerDies,
    /// The tablet dies when the request is on its way, or the reply.
    TabletDies,
}

const FAULTS: [Fault; 10] = [
    Fault::RequestLost,
    Fault::ReplyLost,
    Fault::Twice,
    Fault::Echo,
    Fault::Delayed,
    Fault::ProxyError,
    Fault::Portal,
    Fault::Torn,
    Fault::ServerDies,
    Fault::TabletDies,
];

const PORTAL: &str = "<html><body>Selamat datang di WiFi gratis</body></html>";

#[derive(Debug)]
pub(crate) struct Line<'h> {
    pub(crate) hub: &'h mut Hub,
    pub(crate) manners: Manners,
    calls: u32,
}

impl<'h> Line<'h> {
    pub(crate) fn of(hub: &'h mut Hub, manners: Manners) -> Self {
        Line { hub, manners, calls: 0 }
    }

    /// A line on which nothing goes wrong.
    pub(crate) fn clean(hub: &'h mut Hub) -> Self {
        Line::of(hub, Manners::default())
    }

    fn dress(&mut self, request: &Request) -> Letter {
        let gzip = self.hub.dice.percent(40);
        let accept = match self.hub.dice.below(4) {
            0 => Some("gzip"),
            1 => Some("zstd, gzip"),
            _ => None,
        };
        let letter = Letter::of(request, "198.51.100.7", self.hub.time.ms()).encoded(gzip, accept);
        match self.manners.page.filter(|_| request.path == "/v1/sync") {
            Some(rows) => letter.with_page(rows),
            None => letter,
        }
    }

    fn fault(&mut self) -> Option<Fault> {
        if !self.hub.dice.percent(self.manners.trouble) {
            return None;
        }
        let fault = self.hub.dice.one_of(&FAULTS).copied()?;
        let spared = fault == Fault::TabletDies && !self.manners.deadly;
        let fault = if spared { Fault::ReplyLost } else { fault };
        self.hub.diary.tally.faults += 1;
        self.hub.note(format!("  line: {fault:?}"));
        Some(fault)
    }

    /// Holds a letter back for minutes or for a day.
    fn hold_back(&mut self, letter: Letter) {
        let longest = if self.hub.dice.percent(70) { 3 * 60 * MINUTE } else { DAY };
        let until_ms = self.hub.time.ms() + self.hub.dice.between(MINUTE, longest);
        self.hub.late.hold(letter, until_ms);
    }

    fn silence(&mut self) -> TransportError {
        self.hub.time.pass(self.hub.dice.between(5, 60) * SECOND);
        if self.hub.dice.percent(50) { TransportError::Timeout } else { TransportError::Offline }
    }

    fn suffer(&mut self, fault: Fault, letter: Letter) -> Result<Response, TransportError> {
        match fault {
            Fault::RequestLost => Err(self.silence()),
            Fault::ReplyLost => {
                self.hub.deliver(&letter);
                Err(self.silence())
            }
            Fault::Twice => {
                let first = self.hub.deliver(&letter);
                let second = self.hub.deliver(&letter);
                let heard = if self.hub.dice.percent(50) { first } else { second };
                Ok(heard.to_response())
            }
            Fault::Echo => {
                let reply = self.hub.deliver(&letter);
                self.hold_back(letter);
                Ok(reply.to_response())
            }
            Fault::Delayed => {
                self.hold_back(letter);
                Err(self.silence())
            }
            Fault::ProxyError => {
                self.hub.deliver(&letter);
                Ok(Response::new(502, "Bad Gateway"))
            }
            Fault::Portal => Ok(Response::new(200, PORTAL)),
            Fault::Torn => {
                let Reply { status, mut body } = self.hub.deliver(&letter);
                body.truncate(self.hub.dice.below(body.len()));
                Ok(Response::new(status, body))
            }
            Fault::ServerDies => {
                if self.hub.dice.percent(50) {
                    self.hub.deliver(&letter);
                }
                self.hub.host.restart();
                self.hub.diary.tally.crashes += 1;
                Err(self.silence())
            }
            Fault::TabletDies => {
                if self.hub.dice.percent(50) {
                    self.hub.deliver(&letter);
                }
                die()
            }
        }
    }
}

impl Transport for Line<'_> {
    fn call(&mut self, request: &Request) -> Result<Response, TransportError> {
        self.calls += 1;
        if self.manners.calls.is_some_and(|calls| self.calls > calls) {
            self.hub.note("  line: the signal is gone");
            return Err(TransportError::Offline);
        }
        let letter = self.dress(request);
        match self.fault() {
            Some(fault) => self.suffer(fault, letter),
            None => Ok(self.hub.deliver(&letter).to_response()),
        }
    }
}
