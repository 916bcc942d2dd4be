//! Everything that was ever said of what belongs to a child.

use super::log::{LogPos, MERGED};
use super::record::RecordNo;
use super::{ReadTx, StoreError, Stored};
use sync_protocol::body::Body;
use sync_protocol::record::Kind;

/// One version of one record, merged or superseded, whatever became of the record.
#[derive(Clone, Debug)]
pub struct Said {
    pub record: RecordNo,
    pub pos: LogPos,
    pub body: Body,
}

impl ReadTx<'_> {
    /// Every version of every record of a kind that belongs to a child, deleted ones too, in the
    /// order of their stamps.
    pub fn said_of_child(&self, child: RecordNo, kind: Kind) -> Stored<Vec<Said>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT l.record, l.pos, l.raw, l.body_at, l.body_len
             FROM record r JOIN log l ON l.record = r.rid
             WHERE r.child = ?1 AND r.kind = ?2 AND l.body_at IS NOT NULL
               AND l.{MERGED} ORDER BY l.tick, l.stamp_device",
        ))?;
        let mut rows = statement.query((child.0, kind.name()))?;
        let mut said = Vec::new();
        while let Some(row) = rows.next()? {
            let raw = row.get_ref("raw")?.as_bytes().map_err(rusqlite::Error::from)?;
            let (at, len): (u32, u32) = (row.get("body_at")?, row.get("body_len")?);
            let (at, len) = (at as usize, len as usize);
            let body = raw.get(at..at + len).and_then(|body| serde_json::from_slice(body).ok());
            said.push(Said {
                record: RecordNo(row.get("record")?),
                pos: LogPos(row.get("pos")?),
                body: body.ok_or(StoreError::Unreadable("body"))?,
            });
        }
        Ok(said)
    }
}
