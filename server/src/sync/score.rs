//! Scoring everything anew when the growth rules are others than those that the scores were made by.

use crate::store::{RecordNo, Store, StoreError};
use sync_protocol::growth::VERSION;

/// Jobs between two words about the progress.
const JOBS_PER_REPORT: u32 = 20;

/// Scores every child when the rules have another name. A pass that was interrupted starts again and
/// writes only what it had not written.
pub fn renew(store: &Store, children_per_job: u32) -> Result<(), StoreError> {
    if store.read(|tx| tx.server())?.growth == VERSION {
        return Ok(());
    }
    let (mut after, mut jobs) = (RecordNo(0), 0_u32);
    while let Some(last) = store.write(move |tx| tx.touch_series_after(after, children_per_job))? {
        after = last;
        jobs += 1;
        if jobs.is_multiple_of(JOBS_PER_REPORT) {
            let children = u64::from(jobs) * u64::from(children_per_job);
            tracing::info!(children, version = VERSION, "scoring every child anew");
        }
    }
    store.write(|tx| tx.keep_growth_version(VERSION))
}
