//! The log as the worker asks for it: what waits, what is tertahan and how to mend it, what was
//! diganti, from what to what and by whom.

use crate::as_text::AsJson;
use crate::change_log::{self, LogEntry, SavedEdit};
use crate::error::StorageError;
use crate::open::Replica;
use crate::show::name_of_child;
use crate::sync_state::SyncState;
use rusqlite::Connection;
use serde_json::{Value, json};
use sync_protocol::body::Body;
use sync_protocol::change::Register;
use sync_protocol::conflict;
use sync_protocol::parked::ParkCode;
use sync_protocol::stamp::Stamp;
use sync_protocol::wire::Outcome;

/// The entries that are neither final nor outdone by a later save of the same record.
const PARKED: &str = "outcome = 'parked' AND NOT EXISTS (SELECT 1 FROM change_log AS later
     WHERE later.id = change_log.id AND later.register = change_log.register
       AND later.seq > change_log.seq)";
/// Values that another hand's took the place of, or that lost on arrival to a version not held here.
const REPLACED: &str = "replaced_stamp IS NOT NULL OR (outcome = 'superseded' AND open = 0
     AND NOT EXISTS (SELECT 1 FROM change_log AS later
         WHERE later.id = change_log.id AND later.register = change_log.register
           AND later.seq > change_log.seq))";

/// A tertahan change.
#[derive(Clone, Debug)]
pub struct ParkedChange {
    pub entry: LogEntry,
    /// The name of its child, where one is known.
    pub child_name: Option<String>,
    pub code: Option<ParkCode>,
    pub field: Option<String>,
    /// The server's sentence.
    pub message: Option<String>,
}

/// A value of this tablet that was diganti.
#[derive(Clone, Debug)]
pub struct ReplacedChange {
    pub entry: LogEntry,
    pub child_name: Option<String>,
    /// By whom; none when the winner is not held here.
    pub by: Option<String>,
    pub stamp: Option<Stamp>,
    /// Field by field: what was saved here, and what stands now. A deletion or a move is the field
    /// `deleted` or `area`.
    pub fields: Vec<(String, Value, Value)>,
}

impl Replica {
    /// The newest entries of the log, newest first.
    pub fn log(&self, limit: u32) -> Result<Vec<LogEntry>, StorageError> {
        Ok(change_log::select(&self.db, "ORDER BY seq DESC LIMIT ?1", [limit])?)
    }

    /// Entries without a receipt, oldest first.
    pub fn pending(&self) -> Result<Vec<LogEntry>, StorageError> {
        let sent = SyncState::load(&self.db)?.receipted_through;
        Ok(change_log::select(&self.db, "WHERE seq > ?1 ORDER BY seq", [sent.cast_signed()])?)
    }

    /// The server's verdict on one change; none while it has no receipt.
    pub fn outcome(&self, seq: u64) -> Result<Option<Outcome>, StorageError> {
        if seq > SyncState::load(&self.db)?.receipted_through {
            return Ok(None);
        }
        Ok(change_log::entry(&self.db, seq)?.and_then(|entry| entry.outcome))
    }

    /// Tertahan changes, oldest first. One that a later save mends is not listed.
    pub fn parked(&self) -> Result<Vec<ParkedChange>, StorageError> {
        let entries = change_log::select(&self.db, &format!("WHERE {PARKED} ORDER BY seq"), [])?;
        let named = entries.into_iter().map(|entry| {
            Ok(ParkedChange {
                child_name: child_of(&self.db, &entry)?,
                code: entry.code,
                field: entry.field.clone(),
                message: entry.message.clone(),
                entry,
            })
        });
        Ok(named.collect::<rusqlite::Result<_>>()?)
    }

    /// Values of this tablet that another hand's took the place of, newest first.
    pub fn superseded(&self) -> Result<Vec<ReplacedChange>, StorageError> {
        let tail = format!("WHERE {REPLACED} ORDER BY seq DESC");
        let entries = change_log::select(&self.db, &tail, [])?;
        let compared = entries.into_iter().map(|entry| {
            let new = replacement(&self.db, entry.seq)?;
            Ok(ReplacedChange {
                child_name: child_of(&self.db, &entry)?,
                by: entry.replaced_by.clone(),
                stamp: entry.replaced_stamp,
                fields: differences(&entry, new.as_ref())?,
                entry,
            })
        });
        Ok(compared.collect::<rusqlite::Result<_>>()?)
    }
}

pub(crate) fn count_parked(db: &Connection) -> rusqlite::Result<u64> {
    count(db, PARKED)
}

pub(crate) fn count_replaced(db: &Connection) -> rusqlite::Result<u64> {
    count(db, REPLACED)
}

fn count(db: &Connection, which: &str) -> rusqlite::Result<u64> {
    let sql = format!("SELECT count(*) FROM change_log WHERE {which}");
    let count: i64 = db.query_row(&sql, [], |row| row.get(0))?;
    Ok(count.cast_unsigned())
}

fn child_of(db: &Connection, entry: &LogEntry) -> rusqlite::Result<Option<String>> {
    name_of_child(db, &entry.child_id.unwrap_or(entry.id))
}

fn replacement(db: &Connection, seq: u64) -> rusqlite::Result<Option<SavedEdit>> {
    let content: Option<AsJson<SavedEdit>> = db
        .prepare_cached("SELECT replaced_content FROM change_log WHERE seq = ?1")?
        .query_row([seq.cast_signed()], |row| row.get(0))?;
    Ok(content.map(|json| json.0))
}

/// What an entry said against what stands now.
fn differences(
    entry: &LogEntry,
    new: Option<&SavedEdit>,
) -> rusqlite::Result<Vec<(String, Value, Value)>> {
    let old = entry.edit()?;
    if entry.register == Register::Place {
        let area = new.and_then(|new| new.moved.as_ref());
        return Ok(vec![("area".to_owned(), json!(old.moved), json!(area))]);
    }
    let Some(new) = new else {
        let fields = old.body.iter().flat_map(Body::fields);
        return Ok(fields.map(|(name, v)| (name.to_owned(), v.clone(), Value::Null)).collect());
    };
    if old.deleted.is_some() || new.deleted.is_some() {
        return Ok(vec![("deleted".to_owned(), json!(old.deleted), json!(new.deleted))]);
    }
    let (old, new) = (old.body.unwrap_or_default(), new.body.clone().unwrap_or_default());
    let diff = conflict::diff(&Body::new(), &old, &new);
    Ok(diff.into_iter().map(|field| (field.field, field.one, field.other)).collect())
}
