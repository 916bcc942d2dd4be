//! `timbang check`: the file, the digests, the records against the log, the log
//! against its hashes, the chain of the audit log.

use crate::store::{Finding, ReadTx, Store, StoreError};
use std::collections::BTreeMap;
use sync_protocol::change::read_change;
use sync_protocol::time::CivilDate;

/// What a check found.
#[derive(Debug)]
pub struct Report {
    /// Everything that is not as it must be, in words.
    pub faults: Vec<String>,
    /// Changes in the log, by outcome.
    pub changes: BTreeMap<String, i64>,
}

/// Checks the whole database on one snapshot.
pub fn check(store: &Store) -> Result<Report, StoreError> {
    store.read(check_snapshot)
}

/// Checks everything that a snapshot shows, also one of a file that no server works on.
pub fn check_snapshot(tx: &ReadTx<'_>) -> Result<Report, StoreError> {
    let mut faults: Vec<String> = tx.find_faults()?.iter().map(Finding::to_string).collect();
    let mut altered = 0_u64;
    tx.for_each_change(|raw, hash| {
        // Dates do not matter for the hash.
        let reread = read_change(raw, CivilDate::default());
        if !reread.is_ok_and(|change| change.hash.0 == hash) {
            altered += 1;
        }
    })?;
    if altered > 0 {
        faults.push(format!(
            "{altered} changes in the log whose text is not the one that was received"
        ));
    }
    if let Some(row) = tx.first_broken_audit_row()? {
        faults.push(format!("the audit log does not hold from row {row} on"));
    }
    Ok(Report { faults, changes: tx.count_outcomes()? })
}
