//! Departures: children who left an area, and which device knows of it.

use super::text::parsed;
use super::{ReadTx, RecordNo, Stored, WriteTx};
use rusqlite::OptionalExtension;
use sync_protocol::area::{Area, Scope};
use sync_protocol::ids::DeviceNo;

/// A child's stay in an area that it left.
#[derive(Clone, Debug)]
pub struct Departure {
    /// Its place in the feed.
    pub feed: i64,
    pub area: Area,
    /// When the child had come there.
    pub arrived_ms: i64,
    /// When it left.
    pub at_ms: i64,
}

impl ReadTx<'_> {
    /// The areas that a child has left, each with its latest departure.
    pub fn departures_of(&self, child: RecordNo) -> Stored<Vec<Departure>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT feed, area, arrived_ms, at_ms FROM departure WHERE child = ?1 ORDER BY feed",
        )?;
        let rows = statement.query_map([child.0], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?))
        })?;
        rows.map(|row| {
            let (feed, area, arrived_ms, at_ms) = row?;
            Ok(Departure { feed, area: parsed(&area, "area code")?, arrived_ms, at_ms })
        })
        .collect()
    }

    /// When the device first showed that it knew of a departure.
    pub fn told_of_departure(&self, device: DeviceNo, feed: i64) -> Stored<Option<i64>> {
        let at = self
            .connection
            .prepare_cached("SELECT at_ms FROM told_departure WHERE device = ?1 AND feed = ?2")?
            .query_row((device.0, feed), |row| row.get(0))
            .optional()?;
        Ok(at)
    }

    /// When the device first showed that it knew of the end of a grant.
    pub fn told_of_grant_end(&self, device: DeviceNo, grant: i64) -> Stored<Option<i64>> {
        let at = self
            .connection
            .prepare_cached("SELECT at_ms FROM told_grant WHERE device = ?1 AND grant_id = ?2")?
            .query_row((device.0, grant), |row| row.get(0))
            .optional()?;
        Ok(at)
    }
}

impl WriteTx<'_> {
    /// A child leaves an area; an earlier departure from there is replaced.
    pub fn put_departure(&self, child: RecordNo, departure: &Departure) -> Stored<()> {
        let Departure { feed, area, arrived_ms, at_ms } = departure;
        self.connection
            .prepare_cached("DELETE FROM departure WHERE child = ?1 AND area = ?2")?
            .execute((child.0, area.as_str()))?;
        self.connection
            .prepare_cached(
                "INSERT INTO departure (feed, child, area, arrived_ms, at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((feed, child.0, area.as_str(), arrived_ms, at_ms))?;
        Ok(())
    }

    /// The device has received the feed up to `through`: it knows the departures in there.
    pub fn tell_departures(
        &self,
        device: DeviceNo,
        after: i64,
        through: i64,
        scope: &Scope,
        now_ms: i64,
    ) -> Stored<()> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT feed, area FROM departure WHERE feed > ?1 AND feed <= ?2")?;
        let rows = statement.query_map((after, through), |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        })?;
        for row in rows {
            let (feed, area) = row?;
            if scope.contains(&parsed(&area, "area code")?) {
                self.connection
                    .prepare_cached("INSERT INTO told_departure (device, feed, at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
                    .execute((device.0, feed, now_ms))?;
            }
        }
        self.connection
            .prepare_cached(
                "UPDATE device SET told_feed = ?2 WHERE number = ?1 AND told_feed < ?2",
            )?
            .execute((device.0, through))?;
        Ok(())
    }

    /// The device has shown that it knows of the end of a grant.
    pub fn tell_grant_end(&self, device: DeviceNo, grant: i64, now_ms: i64) -> Stored<()> {
        self.connection
            .prepare_cached("INSERT INTO told_grant (device, grant_id, at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
            .execute((device.0, grant, now_ms))?;
        Ok(())
    }
}
