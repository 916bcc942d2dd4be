//! `timbang import mirror`: what supervisors decided after the backup lives only in the mirrors of
//! tablets. From there the office's own changes come back, under the stamps that they had; what
//! tablets wrote comes back from their logs and is only counted here.

use crate::access::Actor;
use crate::refusal::Refusal;
use crate::service::Service;
use crate::store::{
    Act, MirrorRow, ReadTx, Record, StoreError, VersionContent, Who, WriteTx, mirror_rows,
};
use crate::sync::office::Office;
use crate::sync::server_time::ServerNow;
use serde_json::json;
use std::path::Path;
use sync_protocol::body::Body;
use sync_protocol::change::{Change, Edit, Register};
use sync_protocol::ids::{DeviceNo, RecordId};
use sync_protocol::record::Kind;

/// Rows looked at in one write job.
const ROWS_PER_JOB: usize = 500;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MirrorError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the changes were refused: {0}")]
    Refused(Refusal),
}

impl From<Refusal> for MirrorError {
    fn from(refusal: Refusal) -> Self {
        let Refusal::Store(error) = refusal else { return MirrorError::Refused(refusal) };
        MirrorError::Store(error)
    }
}

/// What a tablet's mirrors held that the server did not.
#[derive(Clone, Debug, Default)]
pub struct Recovered {
    pub rows: usize,
    /// The office's changes that are in again.
    pub put_in: Vec<RecordId>,
    /// The office's, too, but something later stands there now, or it cannot be told what was
    /// changed: a person looks at them.
    pub left_out: Vec<(RecordId, &'static str)>,
    /// What tablets wrote and the server does not have: it comes with their logs.
    pub of_tablets: usize,
}

/// Reads a tablet's file and puts in what the office lost.
pub fn import_mirror(service: &Service, file: &Path) -> Result<Recovered, MirrorError> {
    let rows = mirror_rows(file)?;
    let mut recovered = Recovered { rows: rows.len(), ..Recovered::default() };
    for part in rows.chunks(ROWS_PER_JOB) {
        let part = part.to_vec();
        let found = service
            .write_as_operator::<_, MirrorError, _>(move |tx, now| take_rows(tx, &part, now))?;
        recovered.put_in.extend(found.put_in);
        recovered.left_out.extend(found.left_out);
        recovered.of_tablets += found.of_tablets;
    }
    note(service, &recovered)?;
    Ok(recovered)
}

fn take_rows(
    tx: &WriteTx<'_>,
    rows: &[MirrorRow],
    now: ServerNow,
) -> Result<Recovered, MirrorError> {
    let mut office = Office::begin(tx, Actor::office(), now.ms)?;
    let mut recovered = Recovered::default();
    for row in rows {
        let record = tx.record(row.id)?;
        if is_known(tx, record.as_ref(), row)? {
            continue;
        }
        if row.stamp.device != DeviceNo::OFFICE {
            recovered.of_tablets += 1;
            continue;
        }
        match missing_edit(tx, record.as_ref(), row)? {
            Ok(change) => {
                let base = record.as_ref().map(Record::row_stamp);
                office.change_again(&change, base, row.stamp)?;
                recovered.put_in.push(row.id);
            }
            Err(why) => recovered.left_out.push((row.id, why)),
        }
    }
    office.finish()?;
    Ok(recovered)
}

fn is_known(tx: &ReadTx<'_>, record: Option<&Record>, row: &MirrorRow) -> Result<bool, StoreError> {
    match record {
        Some(record) => Ok(tx.version(record.no, row.stamp)?.is_some()),
        None => Ok(false),
    }
}

/// The change that the office once made, or why that cannot be told or must not be repeated.
fn missing_edit(
    tx: &ReadTx<'_>,
    record: Option<&Record>,
    row: &MirrorRow,
) -> Result<Result<Change, &'static str>, StoreError> {
    let Some(kind) = Kind::named(&row.kind) else { return Ok(Err("of an unknown kind")) };
    let body: Option<Body> = match row.body.as_deref().map(serde_json::from_str).transpose() {
        Ok(body) => body,
        Err(_) => return Ok(Err("its body cannot be read")),
    };
    let state = match (body, row.deleted) {
        (Some(body), None) => Edit::Body { body, area: kind.has_place().then(|| row.area.clone()) },
        (None, Some(reason)) => Edit::Deleted(reason),
        _ => return Ok(Err("neither a body nor deleted")),
    };
    let Some(record) = record else {
        let change = Change { kind, id: row.id, edit: state };
        return Ok(match change.edit {
            Edit::Deleted(_) => Err("deleted, and the server does not have the record yet"),
            Edit::Body { .. } | Edit::Move(_) => Ok(change),
        });
    };
    if row.stamp <= record.row_stamp() {
        return Ok(Err("something later stands there now"));
    }
    let same_state = is_state(tx, record, &state)?;
    let moved = kind.has_place() && record.area != row.area;
    let edit = match (same_state, moved) {
        (true, true) => Edit::Move(row.area.clone()),
        (false, false) => state,
        (true, false) => return Ok(Err("it says what stands there already")),
        (false, true) => return Ok(Err("both its content and its area differ")),
    };
    Ok(Ok(Change { kind, id: row.id, edit }))
}

fn is_state(tx: &ReadTx<'_>, record: &Record, state: &Edit) -> Result<bool, StoreError> {
    let present = tx.content(record.state_pos, Register::State)?;
    Ok(match (state, present) {
        (Edit::Body { body, .. }, VersionContent::Body(present)) => *body == present,
        (Edit::Deleted(reason), VersionContent::Deleted(present)) => *reason == present,
        _ => false,
    })
}

fn note(service: &Service, recovered: &Recovered) -> Result<(), StoreError> {
    let subject = json!({"kind": "mirror", "rows": recovered.rows,
        "put_in": recovered.put_in.len(), "left_out": recovered.left_out.len()});
    service.write_as_operator(move |tx, now| {
        tx.audit(Who::CommandLine, Act::FileImported, &subject, now.ms)
    })
}
