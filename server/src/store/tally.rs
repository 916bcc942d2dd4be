//! What many changes of one job move a little: the feed counter, the next record number, the
//! digests, the series of measurements to score. Kept in memory while the job runs and written once at its end, inside its savepoint.

use super::{RecordNo, Stored, WriteTx};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use sync_protocol::area::Area;
use sync_protocol::digest::AreaDigest;

#[derive(Debug, Default)]
pub(super) struct Tally {
    feed: Cell<Option<i64>>,
    last_record: Cell<Option<i64>>,
    digests: RefCell<BTreeMap<Area, AreaDigest>>,
    /// Children whose measurements, sex or birth date changed.
    series: RefCell<BTreeSet<RecordNo>>,
}

impl Tally {
    pub(super) fn touch_series(&self, child: RecordNo) {
        self.series.borrow_mut().insert(child);
    }
}

impl WriteTx<'_> {
    /// The next place in the feed, given out once.
    pub fn next_feed_place(&self) -> Stored<i64> {
        let last = match self.tally.feed.get() {
            Some(last) => last,
            None => self.server()?.feed,
        };
        self.tally.feed.set(Some(last + 1));
        Ok(last + 1)
    }

    /// The number of the next new record.
    pub fn next_record_no(&self) -> Stored<RecordNo> {
        let last = match self.tally.last_record.get() {
            Some(last) => last,
            None => self.connection.query_row(
                "SELECT coalesce(max(rid), 0) FROM record",
                [],
                |row| row.get(0),
            )?,
        };
        self.tally.last_record.set(Some(last + 1));
        Ok(RecordNo(last + 1))
    }

    /// Changes the digest of one desa.
    pub fn change_digest(&self, area: &Area, change: impl FnOnce(&mut AreaDigest)) -> Stored<()> {
        let mut digests = self.tally.digests.borrow_mut();
        if let Some(digest) = digests.get_mut(area) {
            change(digest);
            return Ok(());
        }
        let mut digest = self.digest(area)?;
        change(&mut digest);
        digests.insert(area.clone(), digest);
        Ok(())
    }

    /// Writes what the job moved. The writer calls it before it keeps the job.
    pub(super) fn write_tally(&self) -> Stored<()> {
        if let Some(feed) = self.tally.feed.get() {
            self.connection.prepare_cached("UPDATE server SET feed = ?1")?.execute([feed])?;
        }
        for (area, digest) in self.tally.digests.borrow().iter() {
            self.put_digest(area, *digest)?;
        }
        for child in self.tally.series.borrow().iter() {
            self.score_series(*child)?;
        }
        Ok(())
    }
}
