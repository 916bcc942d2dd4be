//! The feed: records in the order of their latest merged change, each at its one place.

use super::text::{parsed, record_id, stamp};
use super::{ReadTx, Stored};
use rusqlite::Row;
use sync_protocol::area::{Area, Scope};
use sync_protocol::change::Tombstone;
use sync_protocol::ids::RecordId;
use sync_protocol::stamp::Stamp;

/// A scope of more desa than this is read in feed order and filtered; a smaller one desa by desa.
const NARROW_VILLAGES_MAX: usize = 64;

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
        let mut places = if villages.len() <= NARROW_VILLAGES_MAX {
            self.places_by_village(&villages, after, limit)?
        } else {
            self.places_in_feed_order(scope, after, limit)?
        };
        places.sort_unstable_by_key(|place| place.feed);
        places.truncate(limit);
        places.into_iter().map(|place| self.entry_of(place)).collect()
    }

    /// The desa of a scope that the feed has anything of.
    fn villages_with_rows(&self, scope: &Scope) -> Stored<Vec<Area>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT area FROM digest UNION SELECT area FROM departure ORDER BY area",
        )?;
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

    fn places_by_village(&self, villages: &[Area], after: i64, limit: usize) -> Stored<Vec<Place>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut places = Vec::new();
        for village in villages {
            for (sql, is_departure) in [
                (
                    "SELECT feed FROM record WHERE area = ?1 AND feed > ?2 ORDER BY feed LIMIT ?3",
                    false,
                ),
                (
                    "SELECT feed FROM departure WHERE area = ?1 AND feed > ?2 ORDER BY feed LIMIT ?3",
                    true,
                ),
            ] {
                let mut statement = self.connection.prepare_cached(sql)?;
                let rows =
                    statement.query_map((village.as_str(), after, limit), |row| row.get(0))?;
                for feed in rows {
                    places.push(Place { feed: feed?, is_departure });
                }
            }
        }
        Ok(places)
    }

    fn places_in_feed_order(&self, scope: &Scope, after: i64, limit: usize) -> Stored<Vec<Place>> {
        let mut places = Vec::new();
        for (sql, is_departure) in [
            ("SELECT feed, area FROM record WHERE feed > ?1 ORDER BY feed", false),
            ("SELECT feed, area FROM departure WHERE feed > ?1 ORDER BY feed", true),
        ] {
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query([after])?;
            let mut found = 0;
            while found < limit
                && let Some(row) = rows.next()?
            {
                if scope.contains(&parsed(&row.get::<_, String>(1)?, "area code")?) {
                    places.push(Place { feed: row.get(0)?, is_departure });
                    found += 1;
                }
            }
        }
        Ok(places)
    }

    fn entry_of(&self, place: Place) -> Stored<FeedEntry> {
        if place.is_departure {
            let mut statement = self.connection.prepare_cached(
                "SELECT d.feed, r.id, r.area FROM departure d JOIN record r ON r.rid = d.child WHERE d.feed = ?1",
            )?;
            let (id, area) = statement.query_row([place.feed], |row| {
                Ok((record_id(row, "id")?, row.get::<_, String>("area")?))
            })?;
            return Ok(FeedEntry::Departure {
                feed: place.feed,
                id,
                area: parsed(&area, "area code")?,
            });
        }
        let sql = format!("SELECT {RECORD_COLUMNS} WHERE r.feed = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([place.feed])?;
        match rows.next()? {
            Some(row) => read_feed_record(row),
            None => Err(super::StoreError::Unreadable("feed place")),
        }
    }
}

struct Place {
    feed: i64,
    is_departure: bool,
}

fn read_feed_record(row: &Row<'_>) -> Stored<FeedEntry> {
    let area: String = row.get("area")?;
    let deleted: Option<String> = row.get("deleted")?;
    let body: Option<Vec<u8>> = row.get("body")?;
    let state = stamp(row.get("state_tick")?, row.get("state_device")?);
    let place = match (
        row.get::<_, Option<i64>>("place_tick")?,
        row.get::<_, Option<u32>>("place_device")?,
    ) {
        (Some(tick), Some(device)) => Some(stamp(tick, device)),
        _ => None,
    };
    Ok(FeedEntry::Record {
        feed: row.get("feed")?,
        kind: row.get("kind")?,
        id: record_id(row, "id")?,
        child_id: row.get::<_, Option<[u8; 16]>>("child_id")?.map(RecordId::from_bytes),
        area: parsed(&area, "area code")?,
        stamp: place.map_or(state, |place| place.max(state)),
        by: row.get("by_name")?,
        deleted: deleted.map(|reason| parsed(&reason, "reason of deletion")).transpose()?,
        body: body
            .map(|body| String::from_utf8(body).map_err(|_| super::StoreError::Unreadable("body")))
            .transpose()?,
    })
}
