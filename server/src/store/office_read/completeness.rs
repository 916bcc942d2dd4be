//! What is still on its way or undecided, by where it belongs.

use crate::store::text::parsed;
use crate::store::{ReadTx, Stored};
use sync_protocol::area::Area;
use sync_protocol::ids::DeviceNo;

impl ReadTx<'_> {
    /// How many changes of each device are parked; devices without any are left out.
    pub fn parked_by_device(&self) -> Stored<Vec<(DeviceNo, u64)>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT device, count(*) FROM parked GROUP BY device")?;
        let rows = statement.query_map([], |row| {
            Ok((DeviceNo(row.get(0)?), row.get::<_, i64>(1)?.cast_unsigned()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many listed conflicts are open in each desa; desa without any are left out.
    pub fn open_conflicts_by_area(&self) -> Stored<Vec<(Area, u64)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT record.area, count(*) FROM conflict JOIN record ON record.rid = conflict.record
             WHERE closed_ms IS NULL AND label <> 'identical' GROUP BY record.area",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
        })?;
        rows.map(|row| {
            let (area, count) = row?;
            Ok((parsed(&area, "area code")?, count))
        })
        .collect()
    }
}
