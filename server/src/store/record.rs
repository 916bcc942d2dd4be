//! Records: what the merge says is true now.

use super::log::LogPos;
use super::text::{packed, parsed, record_id, stamp};
use super::{ReadTx, StoreError, Stored, WriteTx};
use rusqlite::{Row, named_params};
use sync_protocol::area::Area;
use sync_protocol::change::Tombstone;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;
use sync_protocol::stamp::Stamp;

/// The store's own number of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordNo(pub i64);

#[derive(Clone, Debug)]
pub struct Record {
    pub no: RecordNo,
    pub id: RecordId,
    pub kind: Kind,
    /// The child it belongs to; none for a child.
    pub child: Option<RecordNo>,
    pub area: Area,
    /// When it came to its area.
    pub arrived_ms: i64,
    pub feed: i64,
    /// The log entry whose state it has.
    pub state_pos: LogPos,
    pub state: Stamp,
    pub deleted: Option<Tombstone>,
    /// The stamp of a child's place.
    pub place: Option<Stamp>,
}

impl Record {
    /// The stamp of its row: the greater of the state's and the place's.
    pub fn row_stamp(&self) -> Stamp {
        self.place.map_or(self.state, |place| place.max(self.state))
    }
}

const COLUMNS: &str = "rid, id, kind, child, area, arrived_ms, feed, state_pos, state_tick, state_device, deleted, place_tick, place_device";

impl ReadTx<'_> {
    pub fn record(&self, id: RecordId) -> Stored<Option<Record>> {
        let sql = format!("SELECT {COLUMNS} FROM record WHERE id = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([id.as_bytes()])?;
        rows.next()?.map(read_record).transpose()
    }

    pub fn record_at(&self, no: RecordNo) -> Stored<Record> {
        let sql = format!("SELECT {COLUMNS} FROM record WHERE rid = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([no.0])?;
        rows.next()?.map(read_record).transpose()?.ok_or(StoreError::Unreadable("record number"))
    }

    /// What belongs to a child, in the order in which it was merged.
    pub fn records_of_child(&self, child: RecordNo) -> Stored<Vec<Record>> {
        let sql = format!("SELECT {COLUMNS} FROM record WHERE child = ?1 ORDER BY rid");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([child.0])?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            records.push(read_record(row)?);
        }
        Ok(records)
    }
}

impl WriteTx<'_> {
    /// Adds a record under its number, which [`WriteTx::next_record_no`] gave.
    pub fn add_record(&self, record: &Record) -> Stored<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO record (rid, id, kind, child, area, arrived_ms, feed, state_pos, state_tick,
                    state_device, deleted, place_tick, place_device)
                 VALUES (:rid, :id, :kind, :child, :area, :arrived, :feed, :pos, :tick, :device, :deleted, :ptick,
                    :pdevice)",
            )?
            .execute(named_params! {
                ":rid": record.no.0, ":id": record.id.as_bytes(), ":kind": record.kind.name(),
                ":child": record.child.map(|child| child.0), ":area": record.area.as_str(),
                ":arrived": record.arrived_ms, ":feed": record.feed, ":pos": record.state_pos.0,
                ":tick": packed(record.state.tick), ":device": record.state.device.0,
                ":deleted": record.deleted.map(Tombstone::as_str),
                ":ptick": record.place.map(|place| packed(place.tick)),
                ":pdevice": record.place.map(|place| place.device.0),
            })?;
        Ok(())
    }

    /// Puts the winner of the state register.
    pub fn put_state(&self, record: &Record) -> Stored<()> {
        self.connection
            .prepare_cached(
                "UPDATE record SET state_pos = :pos, state_tick = :tick, state_device = :device,
                    deleted = :deleted, feed = :feed WHERE rid = :rid",
            )?
            .execute(named_params! {
                ":rid": record.no.0, ":pos": record.state_pos.0,
                ":tick": packed(record.state.tick), ":device": record.state.device.0,
                ":deleted": record.deleted.map(Tombstone::as_str), ":feed": record.feed,
            })?;
        Ok(())
    }

    /// Puts where a record lives, and the stamp of a child's place.
    pub fn put_place(&self, record: &Record) -> Stored<()> {
        self.connection
            .prepare_cached(
                "UPDATE record SET area = :area, arrived_ms = :arrived, feed = :feed, place_tick = :tick,
                    place_device = :device WHERE rid = :rid",
            )?
            .execute(named_params! {
                ":rid": record.no.0, ":area": record.area.as_str(), ":arrived": record.arrived_ms,
                ":feed": record.feed,
                ":tick": record.place.map(|place| packed(place.tick)),
                ":device": record.place.map(|place| place.device.0),
            })?;
        Ok(())
    }
}

pub(super) fn read_record(row: &Row<'_>) -> Stored<Record> {
    let kind: String = row.get("kind")?;
    let area: String = row.get("area")?;
    let deleted: Option<String> = row.get("deleted")?;
    let place = match (
        row.get::<_, Option<i64>>("place_tick")?,
        row.get::<_, Option<u32>>("place_device")?,
    ) {
        (Some(tick), Some(device)) => Some(stamp(tick, device)),
        _ => None,
    };
    Ok(Record {
        no: RecordNo(row.get("rid")?),
        id: record_id(row, "id")?,
        kind: Kind::named(&kind).ok_or(StoreError::Unreadable("kind"))?,
        child: row.get::<_, Option<i64>>("child")?.map(RecordNo),
        area: parsed(&area, "area code")?,
        arrived_ms: row.get("arrived_ms")?,
        feed: row.get("feed")?,
        state_pos: LogPos(row.get("state_pos")?),
        state: stamp(row.get("state_tick")?, row.get("state_device")?),
        deleted: deleted.map(|reason| parsed(&reason, "reason of deletion")).transpose()?,
        place,
    })
}
