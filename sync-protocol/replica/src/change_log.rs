//! The change log: every save of this tablet, for ever. `bytes` is written once and never again,
//! since its hash is the change's identity at the server.

use crate::as_text::{AsJson, AsText, plain, text};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde::Deserialize;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::{Register, Tombstone};
use sync_protocol::ids::{BadId, DeviceNo, RecordId};
use sync_protocol::parked::ParkCode;
use sync_protocol::stamp::Stamp;
use sync_protocol::wire::Outcome;

/// One save of this tablet, and what became of it.
#[derive(Clone, Debug)]
pub struct LogEntry {
    pub seq: u64,
    /// The device number under which it was first saved.
    pub device: DeviceNo,
    pub kind: String,
    pub id: RecordId,
    pub child_id: Option<RecordId>,
    pub register: Register,
    /// The exact JSON that is sent.
    pub bytes: String,
    pub made_at_ms: i64,
    pub clock: u32,
    pub base: Option<Stamp>,
    pub outcome: Option<Outcome>,
    pub stamp: Option<Stamp>,
    pub code: Option<ParkCode>,
    pub field: Option<String>,
    pub message: Option<String>,
    /// Part of the overlay.
    pub open: bool,
    pub replaced_by: Option<String>,
    pub replaced_stamp: Option<Stamp>,
}

/// What an entry does, read from its bytes.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SavedEdit {
    pub(crate) body: Option<Body>,
    pub(crate) deleted: Option<Tombstone>,
    #[serde(rename = "move")]
    pub(crate) moved: Option<Area>,
    pub(crate) area: Option<Area>,
}

impl LogEntry {
    pub(crate) fn edit(&self) -> rusqlite::Result<SavedEdit> {
        let as_value = rusqlite::types::ValueRef::Text(self.bytes.as_bytes());
        let AsJson(edit) = rusqlite::types::FromSql::column_result(as_value)?;
        Ok(edit)
    }
}

/// A save that is about to be logged.
#[derive(Debug)]
pub(crate) struct NewEntry<'a> {
    pub(crate) seq: u64,
    pub(crate) device: DeviceNo,
    pub(crate) kind: &'a str,
    pub(crate) id: RecordId,
    pub(crate) child_id: Option<RecordId>,
    pub(crate) register: Register,
    pub(crate) bytes: &'a str,
    pub(crate) made_at_ms: i64,
    pub(crate) clock: u32,
    pub(crate) base: Option<Stamp>,
}

pub(crate) fn append(db: &Connection, entry: &NewEntry<'_>) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO change_log (seq, device, kind, id, child_id, register, bytes, made_at_ms,
             clock, base)
         VALUES (:seq, :device, :kind, :id, :child_id, :register, :bytes, :made_at_ms,
             :clock, :base)",
    )?
    .execute(named_params! {
        ":seq": entry.seq.cast_signed(),
        ":device": entry.device.0,
        ":kind": entry.kind,
        ":id": AsText(entry.id),
        ":child_id": text(entry.child_id),
        ":register": register_name(entry.register),
        ":bytes": entry.bytes,
        ":made_at_ms": entry.made_at_ms,
        ":clock": entry.clock,
        ":base": text(entry.base),
    })?;
    Ok(())
}

/// The newest seq; 0 when the log is empty.
pub(crate) fn last_seq(db: &Connection) -> rusqlite::Result<u64> {
    let seq: Option<i64> =
        db.prepare_cached("SELECT max(seq) FROM change_log")?.query_row([], |row| row.get(0))?;
    Ok(seq.unwrap_or(0).cast_unsigned())
}

/// When the oldest entry after a seq was made.
pub(crate) fn oldest_after(db: &Connection, seq: u64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT made_at_ms FROM change_log WHERE seq > ?1 ORDER BY seq LIMIT 1")?
        .query_row([seq.cast_signed()], |row| row.get(0))
        .optional()
}

pub(crate) fn count_parked(db: &Connection) -> rusqlite::Result<u64> {
    let count: i64 = db
        .prepare_cached("SELECT count(*) FROM change_log WHERE outcome = 'parked'")?
        .query_row([], |row| row.get(0))?;
    Ok(count.cast_unsigned())
}

/// Runs `SELECT * FROM change_log` with a tail that says which and in which order.
pub(crate) fn select(
    db: &Connection,
    tail: &str,
    params: impl rusqlite::Params,
) -> rusqlite::Result<Vec<LogEntry>> {
    let mut statement = db.prepare_cached(&format!("SELECT * FROM change_log {tail}"))?;
    statement.query_map(params, read)?.collect()
}

pub(crate) fn entry(db: &Connection, seq: u64) -> rusqlite::Result<Option<LogEntry>> {
    db.prepare_cached("SELECT * FROM change_log WHERE seq = ?1")?
        .query_row([seq.cast_signed()], read)
        .optional()
}

/// The newest entry of each register of a record, where it is open. An older open one (tertahan,
/// and mended since) is not shown any more.
pub(crate) fn newest_open_entries(
    db: &Connection,
    id: &RecordId,
) -> rusqlite::Result<Vec<LogEntry>> {
    select(
        db,
        "WHERE id = ?1 AND open = 1 AND seq = (SELECT max(later.seq) FROM change_log AS later
             WHERE later.id = ?1 AND later.register = change_log.register)
         ORDER BY seq",
        [AsText(id)],
    )
}

/// Whether an entry of this child or of what belongs to it is open.
pub(crate) fn has_open_entries_of(db: &Connection, child: &RecordId) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM change_log WHERE id = ?1 AND open = 1)
             OR EXISTS (SELECT 1 FROM change_log WHERE child_id = ?1 AND open = 1)",
    )?
    .query_row([AsText(child)], |row| row.get(0))
}

pub(crate) fn register_name(register: Register) -> &'static str {
    match register {
        Register::State => "state",
        Register::Place => "place",
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<LogEntry> {
    Ok(LogEntry {
        seq: row.get::<_, i64>("seq")?.cast_unsigned(),
        device: DeviceNo(row.get("device")?),
        kind: row.get("kind")?,
        id: row.get::<_, AsText<RecordId>>("id")?.0,
        child_id: plain(row.get("child_id")?),
        register: match row.get::<_, String>("register")?.as_str() {
            "place" => Register::Place,
            _ => Register::State,
        },
        bytes: row.get("bytes")?,
        made_at_ms: row.get("made_at_ms")?,
        clock: row.get("clock")?,
        base: plain(row.get("base")?),
        outcome: row.get::<_, Option<AsText<OutcomeName>>>("outcome")?.map(|name| name.0.0),
        stamp: plain(row.get("stamp")?),
        code: plain(row.get("code")?),
        field: row.get("field")?,
        message: row.get("message")?,
        open: row.get("open")?,
        replaced_by: row.get("replaced_by")?,
        replaced_stamp: plain(row.get("replaced_stamp")?),
    })
}

struct OutcomeName(Outcome);

impl std::str::FromStr for OutcomeName {
    type Err = BadId;
    fn from_str(name: &str) -> Result<Self, BadId> {
        Outcome::named(name).map(OutcomeName).ok_or(BadId("outcome"))
    }
}
