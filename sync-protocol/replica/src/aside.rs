//! The mirror of a server history that a restore replaced. It may hold what nobody else has any
//! more, so it is kept half a year and can be handed in.

use crate::as_text::AsText;
use rusqlite::Connection;
use sync_protocol::ids::Epoch;
use sync_protocol::limits::OLD_MIRROR_DAYS;
use sync_protocol::time::DAY_MS;

/// Copies the whole mirror under its old epoch.
pub(crate) fn set_aside(db: &Connection, old: Epoch, now_ms: i64) -> rusqlite::Result<()> {
    db.execute(
        "INSERT OR REPLACE INTO mirror_aside
             (epoch, set_aside_ms, id, kind, child_id, area, stamp, \"by\", deleted, body)
         SELECT ?1, ?2, id, kind, child_id, area, stamp, \"by\", deleted, body FROM mirror",
        (AsText(old), now_ms),
    )?;
    Ok(())
}

/// Forgets what was set aside too long ago, by the server's clock.
pub(crate) fn forget_old(db: &Connection, now_ms: i64) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM mirror_aside WHERE set_aside_ms < ?1")?
        .execute([now_ms.saturating_sub(OLD_MIRROR_DAYS * DAY_MS)])?;
    Ok(())
}
