//! What a start does to a database that another program left.

use super::Service;
use crate::store::{RecordNo, StoreError};
use crate::sync::{park, server_time};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use sync_protocol::growth::VERSION;
use sync_protocol::record::Kind;

/// Jobs between two words about the progress.
const JOBS_PER_REPORT: u32 = 20;

impl Service {
    /// A newer program may read what an older one had to park.
    pub(super) fn release_for_this_program(&self) -> Result<(), StoreError> {
        let clock = Arc::clone(&self.clock);
        self.store.write(move |tx| {
            let program = program();
            if tx.server()?.program != program {
                let now = server_time::advance(tx, clock.now_ms())?;
                park::release_for_upgrade(tx, now.ms)?;
                tx.keep_program(&program)?;
            }
            Ok(())
        })
    }

    /// Scores every child anew when the growth rules are others than those that the scores were made
    /// by. A pass that was interrupted starts again and writes only what it had not written.
    pub(super) fn renew_scores(&self) -> Result<(), StoreError> {
        if self.store.read(|tx| tx.server())?.growth == VERSION {
            return Ok(());
        }
        let children_per_job = self.thresholds.children_per_job;
        let (mut after, mut jobs) = (RecordNo(0), 0_u32);
        while let Some(last) =
            self.store.write(move |tx| tx.touch_series_after(after, children_per_job))?
        {
            after = last;
            jobs += 1;
            if jobs.is_multiple_of(JOBS_PER_REPORT) {
                let children = u64::from(jobs) * u64::from(children_per_job);
                tracing::info!(children, version = VERSION, "scoring every child anew");
            }
        }
        self.store.write(|tx| tx.keep_growth_version(VERSION))
    }
}

/// Which program works on a database, and what it takes for a good record: under another name,
/// parked changes are looked at again.
fn program() -> String {
    let kinds: Vec<String> =
        Kind::all().map(|kind| format!("{} {:?}", kind.name(), kind.fields())).collect();
    let sum = Sha256::digest(kinds.concat());
    let sum: String = sum.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{} {sum}", env!("CARGO_PKG_VERSION"))
}
