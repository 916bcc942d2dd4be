//! The log: every change ever received, with its verdict. Entries are added and judged, never deleted.

use super::record::RecordNo;
use super::text::{packed, parsed, stamp, worker_id};
use super::{ReadTx, StoreError, Stored, WriteTx};
use rusqlite::{Row, named_params};
use sync_protocol::area::Area;
use sync_protocol::change::{ChangeHash, Edit};
use sync_protocol::ids::{DeviceNo, Seq, WorkerId};
use sync_protocol::parked::{Fault, ParkCode};
use sync_protocol::stamp::Stamp;
use sync_protocol::wire::Outcome;

/// A place in the log, in the order of admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogPos(pub i64);

/// That an entry is a version of its record, as [`Outcome::is_merged`] says it.
pub(super) const MERGED: &str = "outcome IN ('applied', 'superseded')";

/// What was decided of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub outcome: Outcome,
    /// Why it is or was parked.
    pub fault: Option<Fault>,
    /// Why a person discarded it.
    pub reason: Option<String>,
}

impl Verdict {
    pub fn of(outcome: Outcome) -> Self {
        Verdict { outcome, fault: None, reason: None }
    }

    pub fn parked(fault: Fault) -> Self {
        Verdict { outcome: Outcome::Parked, fault: Some(fault), reason: None }
    }
}

/// A change to be stored.
#[derive(Clone, Debug)]
pub struct NewEntry<'a> {
    pub device: DeviceNo,
    pub seq: Seq,
    pub hash: ChangeHash,
    pub raw: &'a str,
    /// What the change does; none when it cannot be read.
    pub edit: Option<&'a Edit>,
    pub stamp: Stamp,
    pub base: Option<Stamp>,
    pub made_ms: i64,
    pub received_ms: i64,
    pub worker: Option<WorkerId>,
    pub uncertain: bool,
    /// The record it is a version of; none while it is parked.
    pub record: Option<RecordNo>,
    /// The area of a new child: its first body is a version of its place, too.
    pub first_place: Option<&'a Area>,
    pub after_move: bool,
    pub verdict: &'a Verdict,
    /// The same change under an earlier device number.
    pub same_as: Option<LogPos>,
}

/// A stored change.
#[derive(Clone, Debug)]
pub struct Entry {
    pub pos: LogPos,
    pub device: DeviceNo,
    pub seq: Seq,
    pub hash: ChangeHash,
    pub raw: String,
    pub stamp: Stamp,
    pub base: Option<Stamp>,
    pub made_ms: i64,
    pub received_ms: i64,
    pub worker: Option<WorkerId>,
    pub verdict: Verdict,
    pub same_as: Option<LogPos>,
}

const COLUMNS: &str =
    "pos, device, seq, hash, raw, tick, stamp_device, base_tick, base_device, made_ms,
    received_ms, worker, outcome, code, field, reason, same_as";

impl ReadTx<'_> {
    pub fn entry(&self, device: DeviceNo, seq: Seq) -> Stored<Option<Entry>> {
        let sql = format!("SELECT {COLUMNS} FROM log WHERE device = ?1 AND seq = ?2");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((device.0, seq.get().cast_signed()))?;
        rows.next()?.map(read_entry).transpose()
    }

    pub fn entry_at(&self, pos: LogPos) -> Stored<Entry> {
        let sql = format!("SELECT {COLUMNS} FROM log WHERE pos = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([pos.0])?;
        rows.next()?.map(read_entry).transpose()?.ok_or(StoreError::Unreadable("log position"))
    }
}

impl WriteTx<'_> {
    pub fn append(&self, entry: &NewEntry<'_>) -> Stored<LogPos> {
        let columns = EditColumns::of(entry.raw, entry.edit);
        let fault = entry.verdict.fault.as_ref();
        self.connection
            .prepare_cached(
                "INSERT INTO log (device, seq, hash, raw, body_at, body_len, place, deleted, tick,
                    stamp_device, base_tick, base_device, made_ms, received_ms, worker, outcome, code, field, reason,
                    uncertain, record, after_move, same_as)
                 VALUES (:device, :seq, :hash, :raw, :body_at, :body_len, :place, :deleted, :tick,
                    :stamp_device, :base_tick, :base_device, :made, :received, :worker, :outcome, :code, :field, :reason,
                    :uncertain, :record, :after_move, :same_as)",
            )?
            .execute(named_params! {
                ":device": entry.device.0, ":seq": entry.seq.get().cast_signed(),
                ":hash": entry.hash.0, ":raw": entry.raw.as_bytes(),
                ":body_at": columns.body_at, ":body_len": columns.body_len,
                ":place": columns.place.or(entry.first_place.map(Area::as_str)),
                ":deleted": columns.deleted, ":tick": packed(entry.stamp.tick),
                ":stamp_device": entry.stamp.device.0,
                ":base_tick": entry.base.map(|base| packed(base.tick)),
                ":base_device": entry.base.map(|base| base.device.0),
                ":made": entry.made_ms, ":received": entry.received_ms,
                ":worker": entry.worker.map(|worker| *worker.0.as_bytes()),
                ":outcome": entry.verdict.outcome.as_str(),
                ":code": fault.map(|fault| fault.code.as_str()),
                ":field": fault.and_then(|fault| fault.field.as_deref()),
                ":reason": entry.verdict.reason, ":uncertain": entry.uncertain,
                ":record": entry.record.map(|record| record.0), ":after_move": entry.after_move,
                ":same_as": entry.same_as.map(|pos| pos.0),
            })?;
        Ok(LogPos(self.connection.last_insert_rowid()))
    }

    /// Keeps the verdict on a change, also of the entries that repeat it under another device.
    pub fn judge(&self, pos: LogPos, verdict: &Verdict) -> Stored<()> {
        let fault = verdict.fault.as_ref();
        self.connection
            .prepare_cached(
                "UPDATE log SET outcome = :outcome, code = :code, field = :field, reason = :reason
                 WHERE pos = :pos",
            )?
            .execute(named_params! {
                ":pos": pos.0, ":outcome": verdict.outcome.as_str(),
                ":code": fault.map(|fault| fault.code.as_str()),
                ":field": fault.and_then(|fault| fault.field.as_deref()), ":reason": verdict.reason,
            })?;
        Ok(())
    }

    /// Keeps what a change does, once a change that could not be read before can be.
    pub fn set_edit(&self, pos: LogPos, raw: &str, edit: &Edit) -> Stored<()> {
        let columns = EditColumns::of(raw, Some(edit));
        self.connection
            .prepare_cached("UPDATE log SET body_at = ?2, body_len = ?3, place = ?4, deleted = ?5 WHERE pos = ?1")?
            .execute((pos.0, columns.body_at, columns.body_len, columns.place, columns.deleted))?;
        Ok(())
    }

    /// Links a released change with its record. `place` is set when it gives a child its first place.
    pub fn link(
        &self,
        pos: LogPos,
        record: RecordNo,
        place: Option<&Area>,
        after_move: bool,
    ) -> Stored<()> {
        self.connection
            .prepare_cached(
                "UPDATE log SET record = ?2, place = coalesce(?3, place), after_move = ?4 WHERE pos = ?1",
            )?
            .execute((pos.0, record.0, place.map(Area::as_str), after_move))?;
        Ok(())
    }
}

/// The columns that say what a change does.
#[derive(Default)]
struct EditColumns<'a> {
    body_at: Option<i64>,
    body_len: Option<i64>,
    place: Option<&'a str>,
    deleted: Option<&'a str>,
}

impl<'a> EditColumns<'a> {
    fn of(raw: &str, edit: Option<&'a Edit>) -> Self {
        match edit {
            Some(Edit::Body { .. }) => {
                let (body_at, body_len) = body_slice(raw).unzip();
                EditColumns { body_at, body_len, ..Self::default() }
            }
            Some(Edit::Deleted(reason)) => {
                EditColumns { deleted: Some(reason.as_str()), ..Self::default() }
            }
            Some(Edit::Move(area)) => EditColumns { place: Some(area.as_str()), ..Self::default() },
            None => Self::default(),
        }
    }
}

/// Where the body lies in the text of a change: the value of its member `body`.
fn body_slice(raw: &str) -> Option<(i64, i64)> {
    #[derive(serde::Deserialize)]
    struct OnlyBody<'a> {
        #[serde(borrow)]
        body: &'a serde_json::value::RawValue,
    }
    let OnlyBody { body } = serde_json::from_str(raw).ok()?;
    let at = body.get().as_ptr().addr().checked_sub(raw.as_ptr().addr())?;
    Some((i64::try_from(at).ok()?, i64::try_from(body.get().len()).ok()?))
}

fn read_entry(row: &Row<'_>) -> Stored<Entry> {
    let outcome: String = row.get("outcome")?;
    let code: Option<String> = row.get("code")?;
    let raw: Vec<u8> = row.get("raw")?;
    let seq: i64 = row.get("seq")?;
    let device: u32 = row.get("device")?;
    let base = match (
        row.get::<_, Option<i64>>("base_tick")?,
        row.get::<_, Option<u32>>("base_device")?,
    ) {
        (Some(tick), Some(device)) => Some(stamp(tick, device)),
        _ => None,
    };
    let code: Option<ParkCode> = code.map(|code| parsed(&code, "parked code")).transpose()?;
    let field: Option<String> = row.get("field")?;
    Ok(Entry {
        pos: LogPos(row.get("pos")?),
        device: DeviceNo(device),
        seq: Seq::new(seq.cast_unsigned()).ok_or(StoreError::Unreadable("seq"))?,
        hash: ChangeHash(row.get("hash")?),
        raw: String::from_utf8(raw).map_err(|_| StoreError::Unreadable("change"))?,
        stamp: stamp(row.get("tick")?, row.get("stamp_device")?),
        base,
        made_ms: row.get("made_ms")?,
        received_ms: row.get("received_ms")?,
        worker: row.get::<_, Option<[u8; 16]>>("worker")?.map(worker_id),
        verdict: Verdict {
            outcome: Outcome::named(&outcome).ok_or(StoreError::Unreadable("outcome"))?,
            fault: code.map(|code| Fault { code, field }),
            reason: row.get("reason")?,
        },
        same_as: row.get::<_, Option<i64>>("same_as")?.map(LogPos),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sql_takes_for_merged_is_what_the_contract_does() {
        let merged = Outcome::ALL.into_iter().filter(|outcome| outcome.is_merged());
        let names: Vec<String> = merged.map(|outcome| format!("'{}'", outcome.as_str())).collect();
        assert_eq!(MERGED, format!("outcome IN ({})", names.join(", ")));
    }
}
