//! The plain program: the server's own schema, rusqlite, one connection, nothing else.

use crate::Figures;
use crate::data::{BATCH, Prepared, Tablet};
use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, params, params_from_iter};
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Instant;
use sync_protocol::change::Edit;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;

const SCHEMA: &str = include_str!("../../server/sql/0001_initial.sql");

/// The server's settings, with checkpoints as rare as they are useful.
const PRAGMAS: &str =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768;
    PRAGMA wal_autocheckpoint = 16000;";

pub(crate) fn measure(tablets: &[Tablet]) -> Figures {
    let dir = tempfile::tempdir().unwrap();
    let connection = Connection::open(dir.path().join("plain.db")).unwrap();
    connection.set_prepared_statement_cache_capacity(64);
    connection.execute_batch(PRAGMAS).unwrap();
    connection.execute_batch(SCHEMA).unwrap();
    connection
        .execute(
            "INSERT INTO server (id, epoch, zone) VALUES (1, zeroblob(16), 'Asia/Jakarta')",
            [],
        )
        .unwrap();
    for tablet in tablets {
        let number = tablet.device.0;
        connection
            .execute("INSERT INTO device (number, name, state, enrolled_ms) VALUES (?1, 'x', 'active', 0)", [number])
            .unwrap();
    }
    let started = Instant::now();
    let mut writer = Writer { connection: &connection, rids: HashMap::new(), feed: 0 };
    for tablet in tablets {
        for (batch, changes) in tablet.changes.chunks(BATCH).enumerate() {
            writer.write(tablet, batch * BATCH, changes);
        }
    }
    let push = started.elapsed();
    let started = Instant::now();
    let (rows, bytes) = read_all(&connection);
    assert!(bytes > 0);
    Figures { push, pull: started.elapsed(), rows }
}

struct Writer<'c> {
    connection: &'c Connection,
    rids: HashMap<RecordId, i64>,
    feed: i64,
}

impl Writer<'_> {
    fn write(&mut self, tablet: &Tablet, first: usize, changes: &[Prepared]) {
        self.connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        for (offset, change) in changes.iter().enumerate() {
            self.write_one(tablet, first + offset + 1, change);
        }
        let mut progress = self
            .connection
            .prepare_cached("UPDATE device SET acked = ?2 WHERE number = ?1")
            .unwrap();
        progress
            .execute(params![tablet.device.0, i64::try_from(first + changes.len()).unwrap()])
            .unwrap();
        self.connection.execute("UPDATE server SET feed = ?1", [self.feed]).unwrap();
        self.connection.execute_batch("COMMIT").unwrap();
    }

    fn write_one(&mut self, tablet: &Tablet, seq: usize, prepared: &Prepared) {
        self.feed += 1;
        let seq = i64::try_from(seq).unwrap();
        let tick = (1_793_491_200_000_i64 << 16) + seq;
        let rid = self.feed;
        let id = prepared.change.id;
        let child = prepared.child.map(|child| self.rids[&child]);
        self.connection
            .prepare_cached(
                "INSERT INTO log (device, seq, hash, raw, body_at, body_len, tick, stamp_device, made_ms,
                    received_ms, outcome) VALUES (?1, ?2, zeroblob(32), ?3, 10, 20, ?4, ?1, 0, 0, 'applied')",
            )
            .unwrap()
            .execute(params![tablet.device.0, seq, prepared.raw.as_bytes(), tick])
            .unwrap();
        let pos = self.connection.last_insert_rowid();
        self.connection
            .prepare_cached(
                "INSERT INTO record (rid, id, kind, child, area, arrived_ms, feed, state_pos, state_tick,
                    state_device, place_tick, place_device)
                 VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8, ?9, ?8, ?9)",
            )
            .unwrap()
            .execute(params![
                rid, id.as_bytes(), prepared.change.kind.name(), child, tablet.area.as_str(), self.feed, pos,
                tick, tablet.device.0
            ])
            .unwrap();
        self.connection
            .prepare_cached("UPDATE log SET record = ?2 WHERE pos = ?1")
            .unwrap()
            .execute([pos, rid])
            .unwrap();
        self.write_typed(prepared, rid);
        if prepared.change.kind == Kind::MEASUREMENT {
            self.write_score(rid);
        }
        self.connection
            .prepare_cached(
                "INSERT INTO digest (area, count, sum) VALUES (?1, 1, ?2)
                 ON CONFLICT (area) DO UPDATE SET count = count + 1, sum = excluded.sum",
            )
            .unwrap()
            .execute(params![tablet.area.as_str(), tick])
            .unwrap();
        self.rids.insert(id, rid);
    }

    /// A row as large as the server's; what is in it is given here, and computed there.
    fn write_score(&self, rid: i64) {
        self.connection
            .prepare_cached(
                "INSERT INTO measurement_score (rid, age_months, zlen, zwei, zwfl, zbmi, tbu, bbu, bbtb, imtu,
                    gain, twice_not_gained, below_red_line)
                 VALUES (?1, 18, -123, -98, -45, -31, 'normal', 'normal', 'normal', 'normal', 'N', 0, 0)",
            )
            .unwrap()
            .execute([rid])
            .unwrap();
    }

    fn write_typed(&self, prepared: &Prepared, rid: i64) {
        let kind = prepared.change.kind;
        let Edit::Body { body, .. } = &prepared.change.edit else { return };
        let fields: Vec<&str> = kind
            .fields()
            .iter()
            .map(|field| field.name)
            .filter(|field| Some(*field) != kind.parent_field())
            .collect();
        let values = fields.iter().map(|field| match body.get(field) {
            Some(Value::String(text)) => SqlValue::Text(text.clone()),
            Some(Value::Number(number)) => {
                number.as_i64().map_or(SqlValue::Null, SqlValue::Integer)
            }
            _ => SqlValue::Null,
        });
        self.connection
            .prepare_cached(&insert_sql(kind, &fields))
            .unwrap()
            .execute(params_from_iter(std::iter::once(SqlValue::Integer(rid)).chain(values)))
            .unwrap();
    }
}

fn insert_sql(kind: Kind, fields: &[&str]) -> String {
    let mut sql = format!("INSERT INTO {} (rid, {}) VALUES (?1", kind.name(), fields.join(", "));
    for position in 2..fields.len() + 2 {
        write!(sql, ", ?{position}").unwrap();
    }
    sql + ")"
}

/// Everything a pull says of each row, joined and serialised, pages of 500.
fn read_all(connection: &Connection) -> (usize, usize) {
    let mut statement = connection
        .prepare_cached(
            "SELECT r.feed, r.kind, r.id, c.id, r.area, r.state_tick, r.state_device, l.raw
             FROM record r JOIN log l ON l.pos = r.state_pos LEFT JOIN record c ON c.rid = r.child
             WHERE r.feed > ?1 ORDER BY r.feed LIMIT 500",
        )
        .unwrap();
    let (mut after, mut rows, mut bytes) = (0_i64, 0, 0);
    loop {
        let mut page: Vec<serde_json::Map<String, Value>> = Vec::new();
        let mut found = statement.query([after]).unwrap();
        while let Some(row) = found.next().unwrap() {
            after = row.get(0).unwrap();
            let id = RecordId::from_bytes(row.get(2).unwrap());
            let child = row.get::<_, Option<[u8; 16]>>(3).unwrap().map(RecordId::from_bytes);
            let raw: Vec<u8> = row.get(7).unwrap();
            let mut change: serde_json::Map<String, Value> = serde_json::from_slice(&raw).unwrap();
            change.insert("id".to_owned(), id.to_string().into());
            change.insert("child_id".to_owned(), child.map(|child| child.to_string()).into());
            change.insert("kind".to_owned(), row.get::<_, String>(1).unwrap().into());
            change.insert("area".to_owned(), row.get::<_, String>(4).unwrap().into());
            change.insert("stamp".to_owned(), row.get::<_, i64>(5).unwrap().into());
            page.push(change);
        }
        if page.is_empty() {
            return (rows, bytes);
        }
        rows += page.len();
        bytes += serde_json::to_vec(&page).unwrap().len();
    }
}
