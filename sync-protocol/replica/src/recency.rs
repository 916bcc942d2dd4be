//! How late what the worker sees of a record was said: by the server's stamp, or, of what has none
//! yet, by its place in this tablet's log.

use crate::change_log::{self, LogEntry};
use rusqlite::Connection;
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

/// The newest entry of the state of each record of a kind, where it is open, by id: few at any time.
/// In order, and no map: a map of its own type would be more to download.
pub(crate) fn open_states(db: &Connection, kind: &str) -> rusqlite::Result<Vec<LogEntry>> {
    change_log::select(
        db,
        "WHERE open = 1 AND kind = ?1 AND register = 'state' AND seq = (SELECT max(later.seq)
             FROM change_log AS later WHERE later.id = change_log.id AND later.register = 'state')
         ORDER BY id",
        [kind],
    )
}

/// The one of a record among them.
pub(crate) fn open_state<'e>(open: &'e [LogEntry], id: &RecordId) -> Option<&'e LogEntry> {
    let at = open.binary_search_by(|entry| entry.id.cmp(id)).ok()?;
    open.get(at)
}
