//! Comparing the mirror with the server's digest at the end of a pull. On disagreement the tablet
//! pulls once more from the start and reports it; it never loops.

use crate::mirror;
use crate::sync_state::SyncState;
use rusqlite::Connection;
use std::collections::BTreeMap;
use sync_protocol::area::Area;
use sync_protocol::digest::AreaDigest;
use sync_protocol::time::DAY_MS;

/// A disagreement that a new pull did not mend is tried again after a day, not at every sync: a
/// whole pull is dear on a village's line.
const REPULL_AGAIN_MS: i64 = DAY_MS;

/// Areas on either side whose digests differ.
pub(crate) fn differing(
    db: &Connection,
    server: &BTreeMap<Area, AreaDigest>,
) -> rusqlite::Result<Vec<Area>> {
    let own = mirror::digest(db)?;
    let areas = own.keys().chain(server.keys().filter(|area| !own.contains_key(*area)));
    let of = |side: &BTreeMap<Area, AreaDigest>, area| side.get(area).copied().unwrap_or_default();
    Ok(areas.filter(|area| of(&own, area) != of(server, area)).cloned().collect())
}

/// Notes the outcome of a comparison. Says whether to pull once more from the start.
pub(crate) fn note(differs: Vec<Area>, now_ms: i64, state: &mut SyncState) -> bool {
    let seen_before = !state.differs.is_empty();
    let tried_today =
        state.repulled_ms.is_some_and(|tried| now_ms.saturating_sub(tried) < REPULL_AGAIN_MS);
    state.differs = differs;
    if state.differs.is_empty() {
        state.repulled_ms = None;
        return false;
    }
    if seen_before && tried_today {
        return false;
    }
    state.repulled_ms = Some(now_ms);
    true
}
