//! How late what the worker sees of a record was said: by the server's stamp, or, of what has none
//! yet, by its place in this tablet's log.

use crate::as_text::AsText;
use crate::change_log::{self, LogEntry};
use rusqlite::Connection;
use std::collections::BTreeMap;
use sync_protocol::change::Register;
use sync_protocol::counted::Recency;
use sync_protocol::ids::RecordId;
use sync_protocol::stamp::Stamp;

/// Of a record that the feed said with a stamp, and of whose state an entry is open; none when it
/// has neither.
pub(crate) fn recency(under: Option<Stamp>, open: Option<&LogEntry>) -> Option<Recency> {
    match open {
        Some(LogEntry { seq, stamp: None, .. }) => Some(Recency::Logged(*seq)),
        Some(LogEntry { stamp, .. }) => under.max(*stamp).map(Recency::Stamped),
        None => under.map(Recency::Stamped),
    }
}

/// The newest entry of the state of each record of a kind, where it is open: few at any time.
pub(crate) fn open_states(
    db: &Connection,
    kind: &str,
) -> rusqlite::Result<BTreeMap<RecordId, LogEntry>> {
    let mut statement =
        db.prepare_cached("SELECT DISTINCT id FROM change_log WHERE open = 1 AND kind = ?1")?;
    let ids = statement.query_map([kind], |row| Ok(row.get::<_, AsText<RecordId>>(0)?.0))?;
    let mut states = BTreeMap::new();
    for id in ids {
        let id = id?;
        let newest = change_log::newest_open_entries(db, &id)?.into_iter();
        states.extend(newest.filter(|entry| entry.register == Register::State).map(|e| (id, e)));
    }
    Ok(states)
}
