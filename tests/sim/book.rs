//! The book: every change ever sent and every receipt ever given, also in replies that nobody got.
//! It holds the server to guarantees 2, 4, 5 and 9, reply by reply.

use crate::hours::{Admitted, Hours};
use crate::sent::Sent;
use crate::violation::{Checked, Guarantee, broken};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use sync_protocol::ids::{RecordId, WorkerId};
use sync_protocol::parked::ParkCode;
use sync_protocol::stamp::Stamp;
use sync_protocol::wire::{Outcome, Receipt, Row, SyncReply, SyncRequest};

/// What is known of one device.
#[derive(Clone, Debug)]
pub(crate) struct DeviceBook {
    pub(crate) worker: WorkerId,
    pub(crate) token: String,
    pub(crate) sent: BTreeMap<u64, Sent>,
    pub(crate) receipts: BTreeMap<u64, Receipt>,
    /// What was parked once: a later change may have replaced it before it was merged.
    pub(crate) parked_once: BTreeSet<u64>,
    pub(crate) acked: u64,
    /// Server time, and how long the log was then, of the enrolment and every exchange.
    heard: Vec<(u64, i64)>,
}

/// What a receipt says that was not known before.
#[derive(Clone, Debug)]
pub(crate) struct News {
    pub(crate) seq: u64,
    pub(crate) outcome: Outcome,
    pub(crate) code: Option<ParkCode>,
    pub(crate) stamp_ms: i64,
    /// It was parked before, and no longer is.
    pub(crate) settled: bool,
    /// It may have been replaced by a later change before it was merged.
    pub(crate) perhaps_replaced: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Book {
    pub(crate) devices: BTreeMap<u32, DeviceBook>,
    /// Those that said that they erase themselves.
    pub(crate) ended: BTreeSet<u32>,
    /// Every version of a record that a reply ever named.
    versions: HashSet<(RecordId, Stamp)>,
    pub(crate) hours: Hours,
    /// Whose state a record has had, by tablets.
    authors: BTreeSet<(RecordId, u32)>,
    /// What was merged on a base that never was, beside another device's version: a conflict.
    pub(crate) contested: BTreeSet<(u32, u64)>,
}

impl Book {
    pub(crate) fn enrolled(&mut self, device: u32, worker: WorkerId, token: String, at_ms: i64) {
        let known = self.devices.entry(device).or_insert_with(|| DeviceBook {
            worker,
            token: String::new(),
            sent: BTreeMap::new(),
            receipts: BTreeMap::new(),
            parked_once: BTreeSet::new(),
            acked: 0,
            heard: vec![(0, at_ms)],
        });
        known.token = token;
    }

    pub(crate) fn device_of_token(&self, token: &str) -> Option<u32> {
        self.devices.iter().find(|(_, book)| book.token == token).map(|(device, _)| *device)
    }

    pub(crate) fn device(&self, device: u32) -> &DeviceBook {
        &self.devices[&device]
    }

    pub(crate) fn count_receipts(&self, outcome: Outcome) -> usize {
        let receipts = self.devices.values().flat_map(|book| book.receipts.values());
        receipts.filter(|receipt| receipt.outcome == outcome).count()
    }

    /// Takes the server's word of what was parked of a device whose tablet is gone: nobody asks for it.
    pub(crate) fn learn(&mut self, device: u32, told: impl Fn(u64) -> Option<Outcome>) {
        let book = self.devices.get_mut(&device).unwrap();
        for (seq, receipt) in &mut book.receipts {
            if receipt.outcome == Outcome::Parked
                && let Some(outcome) = told(*seq).filter(|outcome| *outcome != Outcome::Parked)
            {
                receipt.outcome = outcome;
                receipt.code = None;
            }
        }
    }

    /// Holds one exchange against what is known, and says what was new in it.
    pub(crate) fn exchange(
        &mut self,
        device: u32,
        request: &SyncRequest,
        reply: &SyncReply,
    ) -> Checked<Vec<News>> {
        let book = self.devices.get_mut(&device).unwrap();
        let mut seqs = Vec::new();
        for raw in &request.changes {
            let seq = seq_of(raw.get());
            book.sent.entry(seq).or_insert_with(|| Sent::read(raw.get()));
            seqs.push(seq);
        }
        let receipted: Vec<u64> = reply.receipts.iter().map(|receipt| receipt.seq.get()).collect();
        if receipted != seqs {
            return broken(
                Guarantee::NoBlock,
                format!("device {device} sent {seqs:?} and got receipts for {receipted:?}"),
            );
        }
        let reached = seqs.last().copied().unwrap_or(0);
        if reply.acked_through < book.acked.max(reached) {
            return broken(
                Guarantee::Kept,
                format!(
                    "acked_through of device {device} is {} after {reached} was sent and {} was \
                     acknowledged",
                    reply.acked_through, book.acked
                ),
            );
        }
        book.acked = reply.acked_through;
        let now_ms = reply.server_time.unix_ms();
        if book.heard.iter().any(|(_, heard_ms)| *heard_ms > now_ms) {
            return broken(Guarantee::Clocks, format!("server time went back to {now_ms}"));
        }
        let mut news = Vec::new();
        for receipt in &reply.receipts {
            news.extend(self.receipt(device, receipt, Some(now_ms))?);
        }
        self.note_replaced(device, &mut news);
        for one in news.iter().filter(|one| !one.settled && !one.perhaps_replaced) {
            if matches!(one.outcome, Outcome::Applied | Outcome::Superseded) {
                self.note_merged(device, one.seq);
            }
        }
        let length = request.last_seq.max(reached);
        self.devices.get_mut(&device).unwrap().heard.push((length, now_ms));
        for row in &reply.rows {
            if let Row::State { id, stamp, .. } = row {
                self.versions.insert((*id, *stamp));
            }
        }
        Ok(news)
    }

    /// Receipts tell the verdict after the whole request: a change that its successor in the same
    /// request replaced was never seen to be parked.
    fn note_replaced(&mut self, device: u32, news: &mut [News]) {
        let book = self.devices.get_mut(&device).unwrap();
        let seqs: Vec<u64> = news.iter().map(|news| news.seq).collect();
        for one in news.iter_mut().filter(|one| one.outcome == Outcome::Superseded) {
            let sent = &book.sent[&one.seq];
            let successor = |seq: &u64| {
                let later = &book.sent[seq];
                *seq > one.seq && later.id == sent.id && later.is_of_state() == sent.is_of_state()
            };
            if seqs.iter().any(successor) || book.parked_once.contains(&one.seq) {
                one.perhaps_replaced = true;
                book.parked_once.insert(one.seq);
            }
        }
    }

    /// Holds one receipt against the one before, or against the rules of admission when it is the
    /// first.
    pub(crate) fn receipt(
        &mut self,
        device: u32,
        receipt: &Receipt,
        now_ms: Option<i64>,
    ) -> Checked<Option<News>> {
        let book = self.devices.get_mut(&device).unwrap();
        let seq = receipt.seq.get();
        let news = |settled| News {
            seq,
            outcome: receipt.outcome,
            code: receipt.code,
            stamp_ms: receipt.stamp.tick.unix_ms(),
            settled,
            perhaps_replaced: settled && receipt.outcome == Outcome::Superseded,
        };
        if receipt.outcome == Outcome::Parked {
            book.parked_once.insert(seq);
        }
        let Some(before) = book.receipts.insert(seq, receipt.clone()) else {
            self.admitted(device, receipt, now_ms)?;
            return Ok(Some(news(false)));
        };
        let was_parked = before.outcome == Outcome::Parked;
        let same = if was_parked { before.stamp == receipt.stamp } else { before == *receipt };
        if !same {
            return broken(
                Guarantee::Once,
                format!("the receipt of {device}/{seq} was {before:?} and became {receipt:?}"),
            );
        }
        Ok((was_parked && receipt.outcome != Outcome::Parked).then(|| news(true)))
    }

    /// The rules that a fresh stamp keeps.
    fn admitted(&mut self, device: u32, receipt: &Receipt, now_ms: Option<i64>) -> Checked {
        let book = &self.devices[&device];
        let (seq, stamp) = (receipt.seq.get(), receipt.stamp);
        let name = format!("{device}/{seq} with stamp {stamp}");
        let Some(sent) = book.sent.get(&seq) else {
            return broken(Guarantee::Once, format!("a receipt for {name}, which was never sent"));
        };
        if stamp.device.0 != device {
            return broken(Guarantee::Clocks, format!("{name} has another device's stamp"));
        }
        let earlier = book.receipts.range(..seq).next_back();
        if let Some((_, earlier)) = earlier.filter(|(_, earlier)| earlier.stamp >= stamp) {
            return broken(
                Guarantee::Clocks,
                format!("{name} is not after {} of the same tablet", earlier.stamp),
            );
        }
        let ms = stamp.tick.unix_ms();
        if let Some(now_ms) = now_ms.filter(|now_ms| ms > *now_ms) {
            return broken(Guarantee::Clocks, format!("{name} is later than server time {now_ms}"));
        }
        let not_before =
            book.heard.iter().filter(|(length, _)| *length < seq).map(|(_, at_ms)| *at_ms).max();
        // One of which nothing can be read stands right behind the one before it.
        let is_readable = sent.is_readable;
        if let Some(lo) = not_before.filter(|lo| ms < *lo && is_readable) {
            return broken(
                Guarantee::Clocks,
                format!("{name} is before {lo}, when the tablet had not written it yet"),
            );
        }
        let base = sent.id.zip(sent.base).filter(|named| self.versions.contains(named));
        let base = base.map(|(_, base)| base);
        if let Some(base) = base.filter(|base| *base >= stamp) {
            return broken(Guarantee::Clocks, format!("{name} does not beat its base {base}"));
        }
        if let (Some(now_ms), Some(lo_ms)) = (now_ms, not_before) {
            let previous = earlier.filter(|(before, _)| **before + 1 == seq);
            let after = [previous.map(|(_, receipt)| receipt.stamp), base];
            let after = after.map(|stamp| stamp.map(|stamp| stamp.tick));
            let admitted = Admitted { device, seq, tick: stamp.tick, after, lo_ms, now_ms };
            self.hours.judge(sent, admitted)?;
        }
        if let Some(id) = sent.id {
            self.versions.insert((id, stamp));
        }
        Ok(())
    }

    /// A change was merged when it came: its base was a version that somebody had seen, or it is a
    /// conflict with what other tablets had merged before.
    fn note_merged(&mut self, device: u32, seq: u64) {
        let sent = &self.devices[&device].sent[&seq];
        let Some(id) = sent.id.filter(|_| sent.is_of_state()) else { return };
        let is_made_up = sent.base.is_some_and(|base| !self.versions.contains(&(id, base)));
        let others =
            self.authors.range((id, 0)..=(id, u32::MAX)).any(|(_, author)| *author != device);
        if is_made_up && others {
            self.contested.insert((device, seq));
        }
        self.authors.insert((id, device));
    }
}

pub(crate) fn seq_of(raw: &str) -> u64 {
    #[derive(serde::Deserialize)]
    struct OnlySeq {
        seq: u64,
    }
    serde_json::from_str::<OnlySeq>(raw).unwrap().seq
}
