//! Conflicts: pairs of versions made without sight of each other.

use super::log::LogPos;
use super::record::RecordNo;
use super::text::record_id;
use super::{ReadTx, Stored, WriteTx};
use rusqlite::named_params;
use sync_protocol::conflict::Label;
use sync_protocol::ids::RecordId;

#[derive(Clone, Copy, Debug)]
pub struct NewConflict {
    pub record: RecordNo,
    /// The change whose arrival showed it.
    pub incoming: LogPos,
    /// The latest version that it had not seen.
    pub other: LogPos,
    pub base: Option<LogPos>,
    pub label: Label,
    pub found_ms: i64,
}

/// A conflict that nobody has decided yet.
#[derive(Clone, Debug)]
pub struct OpenConflict {
    pub record: RecordId,
    pub incoming: LogPos,
    pub other: LogPos,
    pub label: String,
}

impl ReadTx<'_> {
    /// Open conflicts that are listed: all but those whose sides say the same. Oldest first.
    pub fn open_conflicts(&self) -> Stored<Vec<OpenConflict>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT record.id, incoming, other, label FROM conflict JOIN record ON record.rid = conflict.record
             WHERE closed_ms IS NULL AND label <> 'identical' ORDER BY conflict.id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(OpenConflict {
                record: record_id(row, "id")?,
                incoming: LogPos(row.get("incoming")?),
                other: LogPos(row.get("other")?),
                label: row.get("label")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many open conflicts are listed.
    pub fn count_open_conflicts(&self) -> Stored<u64> {
        let count: i64 = self
            .connection
            .prepare_cached(
                "SELECT count(*) FROM conflict WHERE closed_ms IS NULL AND label <> 'identical'",
            )?
            .query_row([], |row| row.get(0))?;
        Ok(count.cast_unsigned())
    }
}

impl WriteTx<'_> {
    pub fn add_conflict(&self, conflict: &NewConflict) -> Stored<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO conflict (record, incoming, other, base, label, found_ms)
                 VALUES (:record, :incoming, :other, :base, :label, :found) ON CONFLICT DO NOTHING",
            )?
            .execute(named_params! {
                ":record": conflict.record.0, ":incoming": conflict.incoming.0,
                ":other": conflict.other.0, ":base": conflict.base.map(|pos| pos.0),
                ":label": conflict.label.as_str(), ":found": conflict.found_ms,
            })?;
        Ok(())
    }
}
