//! Everything but the tablets: the server, the line to it, and the ledgers that every request and
//! reply is held against.

use crate::book::{Book, News};
use crate::country::Country;
use crate::diary::Diary;
use crate::grants::Grants;
use crate::host::Host;
use crate::hours::Journey;
use crate::late::Late;
use crate::letter::{Letter, Reply};
use crate::random::Dice;
use crate::reach::{Reach, Sender};
use crate::sent::Sent;
use crate::time::{MINUTE, SECOND, TrueTime};
use crate::violation::{Checked, Guarantee, Violation, broken};
use server::platform::Clock as _;
use sync_protocol::wire::{ReceiptsReply, Row, SyncReply, SyncRequest};

#[derive(Debug)]
pub(crate) struct Hub {
    pub(crate) time: TrueTime,
    pub(crate) country: Country,
    pub(crate) host: Host,
    pub(crate) grants: Grants,
    pub(crate) book: Book,
    pub(crate) reach: Reach,
    pub(crate) late: Late,
    pub(crate) diary: Diary,
    /// Of the line.
    pub(crate) dice: Dice,
    /// What comes back is held against the ledgers. Not after a disaster, which they cannot follow.
    pub(crate) judges: bool,
    /// The first violation seen where nobody could be told.
    pub(crate) violation: Option<Violation>,
}

impl Hub {
    pub(crate) fn note(&mut self, event: impl AsRef<str>) {
        self.diary.note(self.time.ms(), event);
    }

    /// The violation that was seen, if any.
    pub(crate) fn verdict(&mut self) -> Checked {
        self.violation.take().map_or(Ok(()), Err)
    }

    pub(crate) fn keep(&mut self, checked: Checked) {
        if let Err(violation) = checked {
            self.violation.get_or_insert(violation);
        }
    }

    /// Carries a letter to the server, and examines what comes back.
    pub(crate) fn deliver(&mut self, letter: &Letter) -> Reply {
        self.time.pass(self.dice.between(20, 3 * SECOND));
        let (arrived_ms, truly_arrived_ms) = (self.host.clock.now_ms(), self.time.ms());
        // A body takes its time on a bad line; the head's arrival is what counts.
        if self.dice.percent(20) {
            self.time.pass(self.dice.between(0, 3 * MINUTE));
        }
        let response = self.host.answer(&letter.to_request(arrived_ms));
        self.diary.hear(response.status, &response.body);
        let reply = Reply::of(response);
        self.diary.tally.exchanges += 1;
        if self.judges {
            let journey = Journey {
                written_ms: letter.written_ms,
                arrived_ms: truly_arrived_ms,
                server_wrong_by_ms: arrived_ms + self.host.lag_ms() - truly_arrived_ms,
            };
            let checked = self.examine(letter, journey, &reply);
            self.keep(checked);
        }
        reply
    }

    /// Lets the ledgers take in what the server merged.
    pub(crate) fn catch_up(&mut self) {
        let (placed, feed) = self.host.placed_after(self.reach.feed, &Country::kabupaten());
        let now_ms = self.host.clock.now_ms();
        self.reach.catch_up(placed, feed, &self.grants, now_ms);
    }

    fn examine(&mut self, letter: &Letter, journey: Journey, reply: &Reply) -> Checked {
        let Some(device) = letter.token.as_ref().and_then(|token| self.book.device_of_token(token))
        else {
            return Ok(());
        };
        let sender = Sender { device, worker: self.book.device(device).worker };
        let erases_itself = says_that_it_erases_itself(letter);
        if erases_itself {
            self.book.ended.insert(device);
        }
        if erases_itself || (reply.status == 401 && self.book.ended.contains(&device)) {
            return Ok(());
        }
        if reply.status != 200 {
            let said = String::from_utf8_lossy(&reply.body).into_owned();
            return broken(
                Guarantee::NoBlock,
                format!("{} of device {device} was refused: {} {said}", letter.path, reply.status),
            );
        }
        match letter.path.as_str() {
            "/v1/sync" => self.examine_sync(sender, letter, journey, reply),
            "/v1/receipts" => self.examine_receipts(sender, reply),
            _ => Ok(()),
        }
    }

    fn examine_sync(
        &mut self,
        sender: Sender,
        letter: &Letter,
        journey: Journey,
        reply: &Reply,
    ) -> Checked {
        let request: SyncRequest = serde_json::from_slice(&letter.body).unwrap();
        let reply: SyncReply = serde_json::from_slice(&reply.body).unwrap();
        if !request.status.differs.is_empty() {
            return broken(
                Guarantee::NoSkip,
                format!(
                    "the mirror of device {} was not what the server said it is in {:?}",
                    sender.device, request.status.differs
                ),
            );
        }
        let sent_at_ms = request.sent_at.unix_ms();
        self.book.hours.measured(sender.device, request.clock, sent_at_ms, journey);
        let news = self.book.exchange(sender.device, &request, &reply)?;
        self.examine_news(sender, news)?;
        self.examine_scope(sender, &reply)?;
        self.reach.pulled(sender, &request, &reply, &self.grants)?;
        self.note_exchange(sender, &request, &reply);
        Ok(())
    }

    /// The areas of a reply are those of the present grants, village by village.
    fn examine_scope(&self, sender: Sender, reply: &SyncReply) -> Checked {
        for village in self.country.all() {
            let said = reply.areas.iter().any(|area| crate::country::lies_in(village, area));
            if said != self.grants.cover(sender.worker, village) {
                return broken(
                    Guarantee::Scope,
                    format!("device {} was told the scope {:?}", sender.device, reply.areas),
                );
            }
        }
        Ok(())
    }

    fn examine_receipts(&mut self, sender: Sender, reply: &Reply) -> Checked {
        let reply: ReceiptsReply = serde_json::from_slice(&reply.body).unwrap();
        let mut news = Vec::new();
        for receipt in &reply.receipts {
            news.extend(self.book.receipt(sender.device, receipt, None)?);
        }
        self.examine_news(sender, news)
    }

    /// Whether what became of changes may have become of them.
    fn examine_news(&mut self, sender: Sender, news: Vec<News>) -> Checked {
        let sent = &self.book.devices[&sender.device].sent;
        let batch: Vec<(News, Sent)> =
            news.into_iter().map(|news| (news.clone(), sent[&news.seq].clone())).collect();
        let standings = self.reach.arrived(sender, &batch, &self.grants)?;
        self.catch_up();
        for ((news, sent), standing) in batch.iter().zip(&standings) {
            self.diary.tally.released += u64::from(news.settled);
            self.reach.merged(sender, news, sent, standing, &self.grants)?;
        }
        Ok(())
    }

    fn note_exchange(&mut self, sender: Sender, request: &SyncRequest, reply: &SyncReply) {
        let outcomes: Vec<&str> =
            reply.receipts.iter().map(|receipt| receipt.outcome.as_str()).collect();
        let first = reply.receipts.first().map_or(0, |receipt| receipt.seq.get());
        let gone = reply.rows.iter().filter(|row| matches!(row, Row::Gone { .. })).count();
        let cursor = request
            .cursor
            .as_ref()
            .map_or("null", |cursor| cursor.0.rsplit_once('.').map_or("", |(_, feed)| feed));
        self.note(format!(
            "  server: device {:08x} from {first} {outcomes:?}, cursor {cursor}: {} rows, {gone} gone, \
             more {}, orders {:?}, parked {:?}",
            sender.device,
            reply.rows.len() - gone,
            reply.more,
            reply.orders,
            reply.parked.as_ref().map(|seqs| seqs.iter().map(|seq| seq.get()).collect::<Vec<_>>()),
        ));
    }
}

/// The last word of a tablet that was drained.
fn says_that_it_erases_itself(letter: &Letter) -> bool {
    let message = serde_json::from_slice::<SyncRequest>(&letter.body);
    letter.path == "/v1/sync" && message.is_ok_and(|message| message.status.wiping)
}
