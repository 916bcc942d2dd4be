//! Digests of each desa, kept up in the transaction that merges.

use super::text::parsed;
use super::{ReadTx, Stored, WriteTx};
use rusqlite::OptionalExtension;
use std::collections::BTreeMap;
use sync_protocol::area::{Area, Scope};
use sync_protocol::digest::AreaDigest;

impl ReadTx<'_> {
    /// The digests of every desa in scope that has rows.
    pub fn digests(&self, scope: &Scope) -> Stored<BTreeMap<Area, AreaDigest>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT area, count, sum FROM digest WHERE count <> 0")?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        })?;
        let mut digests = BTreeMap::new();
        for row in rows {
            let (area, count, sum) = row?;
            let area: Area = parsed(&area, "area code")?;
            if scope.contains(&area) {
                digests.insert(
                    area,
                    AreaDigest { count: count.cast_unsigned(), sum: sum.cast_unsigned() },
                );
            }
        }
        Ok(digests)
    }

    pub(super) fn digest(&self, area: &Area) -> Stored<AreaDigest> {
        let found = self
            .connection
            .prepare_cached("SELECT count, sum FROM digest WHERE area = ?1")?
            .query_row([area.as_str()], |row| {
                let (count, sum): (i64, i64) = (row.get(0)?, row.get(1)?);
                Ok(AreaDigest { count: count.cast_unsigned(), sum: sum.cast_unsigned() })
            })
            .optional()?;
        Ok(found.unwrap_or_default())
    }
}

impl WriteTx<'_> {
    pub(super) fn put_digest(&self, area: &Area, digest: AreaDigest) -> Stored<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO digest (area, count, sum) VALUES (?1, ?2, ?3)
                 ON CONFLICT (area) DO UPDATE SET count = excluded.count, sum = excluded.sum",
            )?
            .execute((area.as_str(), digest.count.cast_signed(), digest.sum.cast_signed()))?;
        Ok(())
    }
}
