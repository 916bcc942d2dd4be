//! Half-filled sheets, kept on the server for the one who fills them in: an office laptop is shared,
//! and a browser that is closed has lost everything.

use super::lines::Texts;
use super::{Which, query_of, title_of};
use crate::access::person::Person;
use crate::http::web::local::Local;
use crate::refusal::Refusal;
use crate::store::{ReadTx, SheetOf, StoreError, Stored, WriteTx};
use std::collections::BTreeSet;
use sync_protocol::time::DAY_MS;
use views::sheet::Draft;

/// Bytes of one draft.
const BYTES_MAX: usize = 256 * 1024;
/// Drafts of one person; the oldest are forgotten.
const DRAFTS_MAX: usize = 30;
/// A draft that nobody touched for so long is forgotten.
const DAYS_KEPT: i64 = 30;

/// What the person typed and did not save, and when it was kept.
pub(super) fn read(tx: &ReadTx<'_>, person: &Person, of: &SheetOf) -> Stored<Option<(Texts, i64)>> {
    let Some((fields, saved_ms)) = tx.draft(person.worker.id, of)? else { return Ok(None) };
    let texts = serde_json::from_str(&fields).map_err(|_| StoreError::Unreadable("draft"))?;
    Ok(Some((texts, saved_ms)))
}

/// The person's drafts that lie in their scope.
pub(super) fn list(tx: &ReadTx<'_>, local: &Local<'_>, person: &Person) -> Stored<Vec<Draft>> {
    let drafts = tx.drafts(person.worker.id)?;
    let seen = drafts.into_iter().filter(|draft| person.scope.contains(&draft.of.area));
    seen.map(|draft| {
        Ok(Draft {
            href: format!("{}?{}", super::HERE, query_of(&draft.of).finish()),
            title: title_of(local, &draft.of),
            saved: local.moment(draft.saved_ms)?,
        })
    })
    .collect()
}

/// Keeps what is left of the lines that were sent; the other lines of the sheet's draft stay. Returns
/// whether anything is kept.
pub(super) fn keep(
    tx: &WriteTx<'_>,
    person: &Person,
    which: &Which,
    sent: &BTreeSet<String>,
    left: Texts,
    now_ms: i64,
) -> Result<bool, Refusal> {
    let worker = person.worker.id;
    let mut kept = read(tx, person, &which.of)?.map(|(kept, _)| kept).unwrap_or_default();
    kept.retain(|child, _| !sent.contains(child));
    kept.extend(left);
    if kept.is_empty() {
        tx.drop_draft(worker, &which.of)?;
        return Ok(false);
    }
    let fields =
        serde_json::to_string(&kept).map_err(|error| Refusal::malformed(error.to_string()))?;
    if fields.len() > BYTES_MAX {
        return Err(Refusal::TooLarge(None));
    }
    tx.put_draft(worker, &which.of, &fields, now_ms)?;
    tx.forget_drafts(now_ms - DAYS_KEPT * DAY_MS, worker, DRAFTS_MAX)?;
    Ok(true)
}
