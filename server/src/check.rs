//! `timbang check`: every comparison that proves the database, and what its log holds.

use crate::service::Service;
use crate::store::{Finding, ReadTx, StoreError};
use std::collections::BTreeMap;

/// What a check found.
#[derive(Debug)]
pub struct Report {
    /// Everything that is not as it must be, in words.
    pub faults: Vec<String>,
    /// Changes in the log, by outcome.
    pub changes: BTreeMap<String, i64>,
}

/// Checks the whole database on one snapshot.
pub fn check(service: &Service) -> Result<Report, StoreError> {
    service.read_as_operator(|tx, _| check_snapshot(tx))
}

/// Checks everything that a snapshot shows, also one of a file that no server works on.
pub fn check_snapshot(tx: &ReadTx<'_>) -> Result<Report, StoreError> {
    let faults = tx.find_faults()?.iter().map(Finding::to_string).collect();
    Ok(Report { faults, changes: tx.count_outcomes()? })
}
