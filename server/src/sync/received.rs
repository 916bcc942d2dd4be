//! The changes of one request, read ahead of the transaction as far as that takes little memory.

use crate::thresholds::Thresholds;
use serde_json::value::RawValue;
use std::borrow::Cow;
use sync_protocol::change::{Arrival, NoSeq, read_change};
use sync_protocol::ids::Seq;
use sync_protocol::time::CivilDate;

/// Changes in the order in which they were sent.
#[derive(Debug)]
pub struct Received {
    today: CivilDate,
    changes: Vec<Change>,
}

#[derive(Debug)]
enum Change {
    Read(Box<Arrival>),
    /// Read again when it is its turn, one at a time.
    Unread {
        seq: Seq,
        raw: Box<RawValue>,
    },
}

impl Received {
    /// Reads the raw members of `changes`. `today` is the day in the kabupaten's zone.
    pub fn read(raw: Vec<Box<RawValue>>, today: CivilDate) -> Result<Self, NoSeq> {
        Self::read_ahead(raw, today, Thresholds::default().read_ahead_bytes)
    }

    /// The same; of so many bytes what was read is kept.
    pub fn read_ahead(
        raw: Vec<Box<RawValue>>,
        today: CivilDate,
        read_ahead_bytes: usize,
    ) -> Result<Self, NoSeq> {
        let mut ahead = 0;
        let changes = raw.into_iter().map(|raw| {
            ahead += raw.get().len();
            let arrival = read_change(raw.get(), today)?;
            Ok(if ahead <= read_ahead_bytes {
                Change::Read(Box::new(arrival))
            } else {
                Change::Unread { seq: arrival.seq, raw }
            })
        });
        Ok(Received { changes: changes.collect::<Result<_, _>>()?, today })
    }

    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub fn seqs(&self) -> impl Iterator<Item = Seq> {
        self.changes.iter().map(|change| match change {
            Change::Read(arrival) => arrival.seq,
            Change::Unread { seq, .. } => *seq,
        })
    }

    pub(super) fn arrivals(&self) -> impl Iterator<Item = Result<Cow<'_, Arrival>, NoSeq>> {
        self.changes.iter().map(|change| match change {
            Change::Read(arrival) => Ok(Cow::Borrowed(&**arrival)),
            Change::Unread { raw, .. } => read_change(raw.get(), self.today).map(Cow::Owned),
        })
    }
}
