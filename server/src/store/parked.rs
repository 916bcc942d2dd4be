//! Parked changes, by what they wait for.

use super::log::LogPos;
use super::{ReadTx, StoreError, Stored, WriteTx};
use rusqlite::{Row, named_params};
use sync_protocol::change::Register;
use sync_protocol::ids::{DeviceNo, RecordId, Seq};
use sync_protocol::parked::ParkCode;

/// What a change that is being parked is about, as far as it could be read.
#[derive(Clone, Copy, Debug)]
pub struct ParkedWait {
    pub device: DeviceNo,
    pub record: Option<RecordId>,
    pub parent: Option<RecordId>,
    pub register: Register,
    pub code: ParkCode,
}

#[derive(Clone, Copy, Debug)]
pub struct ParkedEntry {
    pub pos: LogPos,
    pub device: DeviceNo,
}

/// A parked change under the name that its tablet knows now.
#[derive(Clone, Copy, Debug)]
pub struct ParkedName {
    pub pos: LogPos,
    pub device: DeviceNo,
    pub seq: Seq,
}

impl ReadTx<'_> {
    /// A change, while it is parked.
    pub fn parked_at(&self, pos: LogPos) -> Stored<Option<ParkedName>> {
        Ok(self.parked_names("parked.pos = ?1 AND ?2 IS NULL", pos, None)?.pop())
    }

    /// The parked changes after a place in the log, of one code or of all, oldest first.
    pub fn parked_after(&self, after: LogPos, code: Option<ParkCode>) -> Stored<Vec<ParkedName>> {
        self.parked_names("parked.pos > ?1 AND (?2 IS NULL OR parked.code = ?2)", after, code)
    }

    fn parked_names(
        &self,
        condition: &str,
        pos: LogPos,
        code: Option<ParkCode>,
    ) -> Stored<Vec<ParkedName>> {
        let sql = format!(
            "SELECT parked.pos, parked.device, coalesce(again.seq, log.seq) FROM parked JOIN log USING (pos)
               LEFT JOIN log again ON again.same_as = parked.pos AND again.device = parked.device
             WHERE {condition} ORDER BY parked.pos"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map((pos.0, code.map(ParkCode::as_str)), |row| {
            Ok((LogPos(row.get(0)?), DeviceNo(row.get(1)?), row.get::<_, i64>(2)?))
        })?;
        rows.map(|row| {
            let (pos, device, seq) = row?;
            let seq = Seq::new(seq.cast_unsigned()).ok_or(StoreError::Unreadable("seq"))?;
            Ok(ParkedName { pos, device, seq })
        })
        .collect()
    }

    /// The seqs of a device's changes that are parked now, in order.
    pub fn parked_seqs(&self, device: DeviceNo) -> Stored<Vec<Seq>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT coalesce(again.seq, log.seq) AS seq FROM parked JOIN log USING (pos)
               LEFT JOIN log again ON again.same_as = parked.pos AND again.device = parked.device
             WHERE parked.device = ?1 ORDER BY seq",
        )?;
        let rows = statement.query_map([device.0], |row| row.get::<_, i64>(0))?;
        let seqs = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(seqs.into_iter().filter_map(|seq| Seq::new(seq.cast_unsigned())).collect())
    }

    /// What the device's own later change of a register replaces.
    pub fn parked_of_record(
        &self,
        device: DeviceNo,
        record: RecordId,
        register: Register,
    ) -> Stored<Vec<ParkedEntry>> {
        self.find_parked(
            "device = ?1 AND record_id = ?2 AND is_move = ?3",
            (device.0, record.as_bytes(), register == Register::Place),
        )
    }

    /// What waits for a record: its own changes, and those of what belongs to it.
    pub fn parked_for_record(&self, record: RecordId) -> Stored<Vec<ParkedEntry>> {
        self.find_parked(
            "code = 'not_in_scope' AND pos IN (SELECT pos FROM parked WHERE record_id = ?1
                UNION SELECT pos FROM parked WHERE parent_id = ?1)",
            [record.as_bytes()],
        )
    }

    /// What waits for a grant of the device's worker.
    pub fn parked_for_scope(&self, device: DeviceNo) -> Stored<Vec<ParkedEntry>> {
        self.find_parked("code = 'not_in_scope' AND device = ?1", [device.0])
    }

    /// What a newer server, or new reference data, may be able to merge.
    pub fn parked_for_upgrade(&self) -> Stored<Vec<ParkedEntry>> {
        self.find_parked("code <> 'date_in_future' AND 1 = ?1", [1])
    }

    /// How many changes are parked in all.
    pub fn count_parked(&self) -> Stored<u64> {
        let count: i64 = self
            .connection
            .prepare_cached("SELECT count(*) FROM parked")?
            .query_row([], |row| row.get(0))?;
        Ok(count.cast_unsigned())
    }

    /// Whether any change is parked.
    pub fn has_parked(&self) -> Stored<bool> {
        let any = self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM parked)")?
            .query_row([], |row| row.get(0))?;
        Ok(any)
    }

    /// Whether any change of this device is parked.
    pub fn has_parked_of(&self, device: DeviceNo) -> Stored<bool> {
        let any = self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM parked WHERE device = ?1)")?
            .query_row([device.0], |row| row.get(0))?;
        Ok(any)
    }

    fn find_parked(&self, condition: &str, key: impl rusqlite::Params) -> Stored<Vec<ParkedEntry>> {
        let sql = format!("SELECT pos, device FROM parked WHERE {condition} ORDER BY pos");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(key, read_parked)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl WriteTx<'_> {
    pub fn add_parked(&self, pos: LogPos, wait: &ParkedWait) -> Stored<()> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO parked (pos, device, record_id, parent_id, is_move, code)
                 VALUES (:pos, :device, :record, :parent, :is_move, :code)",
            )?
            .execute(named_params! {
                ":pos": pos.0, ":device": wait.device.0,
                ":record": wait.record.map(|id| *id.as_bytes()),
                ":parent": wait.parent.map(|id| *id.as_bytes()),
                ":is_move": wait.register == Register::Place, ":code": wait.code.as_str(),
            })?;
        Ok(())
    }

    /// A re-enrolled tablet takes over what its earlier device number has parked.
    pub fn hand_over_parked(&self, pos: LogPos, device: DeviceNo) -> Stored<()> {
        self.connection
            .prepare_cached("UPDATE parked SET device = ?2 WHERE pos = ?1")?
            .execute((pos.0, device.0))?;
        Ok(())
    }

    pub fn drop_parked(&self, pos: LogPos) -> Stored<()> {
        self.connection.prepare_cached("DELETE FROM parked WHERE pos = ?1")?.execute([pos.0])?;
        Ok(())
    }
}

fn read_parked(row: &Row<'_>) -> rusqlite::Result<ParkedEntry> {
    Ok(ParkedEntry { pos: LogPos(row.get(0)?), device: DeviceNo(row.get(1)?) })
}
