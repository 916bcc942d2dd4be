//! Conflicts: pairs of versions made without sight of each other.

use super::log::LogPos;
use super::record::RecordNo;
use super::text::{parsed, record_id};
use super::{ReadTx, Stored, WriteTx};
use rusqlite::{OptionalExtension, Row, Rows, named_params};
use sync_protocol::area::{Area, Scope};
use sync_protocol::change::Register;
use sync_protocol::conflict::Label;
use sync_protocol::ids::{RecordId, WorkerId};

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

/// A conflict as a supervisor works on it.
#[derive(Clone, Debug)]
pub struct Conflict {
    pub id: i64,
    pub record: RecordNo,
    /// What the two changes are versions of.
    pub register: Register,
    pub incoming: LogPos,
    pub other: LogPos,
    pub base: Option<LogPos>,
    pub label: String,
    pub found_ms: i64,
    /// When a person decided it.
    pub closed_ms: Option<i64>,
}

/// What a person decided of a conflict.
#[derive(Clone, Copy, Debug)]
pub struct Closing<'a> {
    pub decision: &'static str,
    pub by: WorkerId,
    pub reason: Option<&'a str>,
    /// The change of device 0 that the decision became.
    pub change: Option<LogPos>,
    pub at_ms: i64,
}

/// Overlaps come first.
const RANK: &str = "(conflict.label <> 'overlap')";

const COLUMNS: &str =
    "conflict.id, conflict.record, conflict.incoming, conflict.other, conflict.base,
    conflict.label, conflict.found_ms, conflict.closed_ms, record.area,
    log.body_at IS NULL AND log.deleted IS NULL AS is_move
    FROM conflict JOIN record ON record.rid = conflict.record JOIN log ON log.pos = conflict.incoming";

impl ReadTx<'_> {
    pub fn conflict(&self, id: i64) -> Stored<Option<Conflict>> {
        let sql = format!("SELECT {COLUMNS} WHERE conflict.id = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row([id], read_conflict).optional()?)
    }

    /// Up to `limit` open conflicts of a scope after one of them: overlaps first, then the oldest.
    pub fn open_conflicts_in(
        &self,
        scope: &Scope,
        after: Option<i64>,
        limit: usize,
    ) -> Stored<Vec<Conflict>> {
        let sql = format!(
            "SELECT {COLUMNS} WHERE conflict.closed_ms IS NULL AND conflict.label <> 'identical'
               AND (?1 IS NULL OR ({RANK}, conflict.id) >
                    (SELECT {RANK}, conflict.id FROM conflict WHERE conflict.id = ?1))
             ORDER BY {RANK}, conflict.id"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        take_in_scope(statement.query([after])?, scope, limit)
    }

    /// Up to `limit` open conflicts of a scope that were found before one of them: the newest first.
    pub fn newest_conflicts_in(
        &self,
        scope: &Scope,
        before: Option<i64>,
        limit: usize,
    ) -> Stored<Vec<Conflict>> {
        let sql = format!(
            "SELECT {COLUMNS} WHERE conflict.closed_ms IS NULL AND conflict.label <> 'identical'
               AND (?1 IS NULL OR conflict.id < ?1) ORDER BY conflict.id DESC"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        take_in_scope(statement.query([before])?, scope, limit)
    }

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
    /// Closes a conflict by a person's decision.
    pub fn close_conflict(&self, id: i64, closing: &Closing<'_>) -> Stored<()> {
        self.connection
            .prepare_cached(
                "UPDATE conflict SET closed_ms = :at, decision = :decision, decided_by = :by,
                    reason = :reason, decided = :change WHERE id = :id",
            )?
            .execute(named_params! {
                ":id": id, ":at": closing.at_ms, ":decision": closing.decision,
                ":by": closing.by.0.as_bytes(), ":reason": closing.reason,
                ":change": closing.change.map(|pos| pos.0),
            })?;
        Ok(())
    }

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

/// The first so many rows that lie in a scope.
fn take_in_scope(mut rows: Rows<'_>, scope: &Scope, limit: usize) -> Stored<Vec<Conflict>> {
    let mut conflicts = Vec::new();
    while conflicts.len() < limit
        && let Some(row) = rows.next()?
    {
        let area: Area = parsed(&row.get::<_, String>("area")?, "area code")?;
        if scope.contains(&area) {
            conflicts.push(read_conflict(row)?);
        }
    }
    Ok(conflicts)
}

fn read_conflict(row: &Row<'_>) -> rusqlite::Result<Conflict> {
    let register = if row.get::<_, bool>("is_move")? { Register::Place } else { Register::State };
    Ok(Conflict {
        id: row.get("id")?,
        record: RecordNo(row.get("record")?),
        register,
        incoming: LogPos(row.get("incoming")?),
        other: LogPos(row.get("other")?),
        base: row.get::<_, Option<i64>>("base")?.map(LogPos),
        label: row.get("label")?,
        found_ms: row.get("found_ms")?,
        closed_ms: row.get("closed_ms")?,
    })
}
