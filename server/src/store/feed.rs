//! The feed: records in the order of their latest merged change, each at its one place.

use super::text::{parsed, record_id, stamp};
use super::{ReadTx, StoreError, Stored};
use rusqlite::Row;
use sync_protocol::area::{Area, Scope};
use sync_protocol::change::Tombstone;
use sync_protocol::ids::RecordId;
use sync_protocol::stamp::Stamp;

/// What stands at one place of the feed.
#[derive(Clone, Debug)]
pub enum FeedEntry {
    Record {
        feed: i64,
        kind: String,
        id: RecordId,
        child_id: Option<RecordId>,
        area: Area,
        stamp: Stamp,
        by: String,
        deleted: Option<Tombstone>,
        /// The exact text of the body; none of a tombstone.
        body: Option<String>,
    },
    /// A child left an area of the scope; `area` is where it lives now.
    Departure { feed: i64, id: RecordId, area: Area },
}

impl FeedEntry {
    pub fn feed(&self) -> i64 {
        match self {
            FeedEntry::Record { feed, .. } | FeedEntry::Departure { feed, .. } => *feed,
        }
    }
}

const RECORD_COLUMNS: &str =
    "r.feed, r.kind, r.id, c.id AS child_id, r.area, r.state_tick, r.state_device,
    r.place_tick, r.place_device, r.deleted, coalesce(w.name, 'Kantor') AS by_name,
    CASE WHEN r.deleted IS NULL THEN substr(l.raw, l.body_at + 1, l.body_len) END AS body
    FROM record r JOIN log l ON l.pos = r.state_pos LEFT JOIN record c ON c.rid = r.child
    LEFT JOIN worker w ON w.id = l.worker";

impl ReadTx<'_> {
    /// Up to `limit` entries of a scope after a place, in feed order.
    pub fn feed_page(&self, scope: &Scope, after: i64, limit: usize) -> Stored<Vec<FeedEntry>> {
        let villages = self.villages_with_rows(scope)?;
        let mut entries = if villages.len() <= self.few.villages {
            self.records_by_village(&villages, after, limit)?
        } else {
            self.records_in_feed_order(scope, after, limit)?
        };
        entries.extend(self.departures_after(scope, after, limit)?);
        entries.sort_by_key(FeedEntry::feed);
        entries.truncate(limit);
        Ok(entries)
    }

    /// The desa of a scope that have records.
    pub(super) fn villages_with_rows(&self, scope: &Scope) -> Stored<Vec<Area>> {
        let mut statement =
            self.connection.prepare_cached("SELECT area FROM digest WHERE count <> 0")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        let mut villages = Vec::new();
        for row in rows {
            let area: Area = parsed(&row?, "area code")?;
            if scope.contains(&area) {
                villages.push(area);
            }
        }
        Ok(villages)
    }

    /// The first places of each desa from its own index range, then the rows at the first of them.
    fn records_by_village(
        &self,
        villages: &[Area],
        after: i64,
        limit: usize,
    ) -> Stored<Vec<FeedEntry>> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut places: Vec<i64> = Vec::new();
        let mut statement = self.connection.prepare_cached(
            "SELECT feed FROM record WHERE area = ?1 AND feed > ?2 ORDER BY feed LIMIT ?3",
        )?;
        for village in villages {
            for place in statement.query_map((village.as_str(), after, most), |row| row.get(0))? {
                places.push(place?);
            }
        }
        places.sort_unstable();
        places.truncate(limit);
        let sql = format!("SELECT {RECORD_COLUMNS} WHERE r.feed = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut entries = Vec::with_capacity(places.len());
        for place in places {
            let mut rows = statement.query([place])?;
            if let Some(row) = rows.next()? {
                entries.push(read_feed_record(row)?);
            }
        }
        Ok(entries)
    }

    fn records_in_feed_order(
        &self,
        scope: &Scope,
        after: i64,
        limit: usize,
    ) -> Stored<Vec<FeedEntry>> {
        let sql = format!("SELECT {RECORD_COLUMNS} WHERE r.feed > ?1 ORDER BY r.feed");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([after])?;
        let mut entries = Vec::new();
        while entries.len() < limit
            && let Some(row) = rows.next()?
        {
            if scope.contains(&read_area(row)?) {
                entries.push(read_feed_record(row)?);
            }
        }
        Ok(entries)
    }

    fn departures_after(&self, scope: &Scope, after: i64, limit: usize) -> Stored<Vec<FeedEntry>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT d.feed, d.area AS from_area, r.id, r.area FROM departure d JOIN record r ON r.rid = d.child
             WHERE d.feed > ?1 ORDER BY d.feed",
        )?;
        let mut rows = statement.query([after])?;
        let mut entries = Vec::new();
        while entries.len() < limit
            && let Some(row) = rows.next()?
        {
            if scope.contains(&parsed(&row.get::<_, String>("from_area")?, "area code")?) {
                let area: String = row.get("area")?;
                entries.push(FeedEntry::Departure {
                    feed: row.get("feed")?,
                    id: record_id(row, "id")?,
                    area: parsed(&area, "area code")?,
                });
            }
        }
        Ok(entries)
    }
}

/// Reads a row of [`RECORD_COLUMNS`], by position: a page has five hundred of them.
fn read_feed_record(row: &Row<'_>) -> Stored<FeedEntry> {
    let deleted: Option<String> = row.get(9)?;
    let body: Option<Vec<u8>> = row.get(11)?;
    let state = stamp(row.get(5)?, row.get(6)?);
    let place = row.get::<_, Option<i64>>(7)?.zip(row.get::<_, Option<u32>>(8)?);
    Ok(FeedEntry::Record {
        feed: row.get(0)?,
        kind: row.get(1)?,
        id: RecordId::from_bytes(row.get(2)?),
        child_id: row.get::<_, Option<[u8; 16]>>(3)?.map(RecordId::from_bytes),
        area: read_area(row)?,
        stamp: place.map_or(state, |(tick, device)| stamp(tick, device).max(state)),
        by: row.get(10)?,
        deleted: deleted.map(|reason| parsed(&reason, "reason of deletion")).transpose()?,
        body: body
            .map(|body| String::from_utf8(body).map_err(|_| StoreError::Unreadable("body")))
            .transpose()?,
    })
}

/// The area of a row of [`RECORD_COLUMNS`].
fn read_area(row: &Row<'_>) -> Stored<Area> {
    parsed(row.get_ref(4)?.as_str().unwrap_or_default(), "area code")
}
