//! Reading records of any kind, as the worker sees them and as the feed said them.

use crate::as_text::AsText;
use crate::error::StorageError;
use crate::mirror::{self, MirrorRow};
use crate::movement::{self, Movement};
use crate::open::Replica;
use crate::show::{self, Shown};
use std::collections::BTreeMap;
use sync_protocol::area::Area;
use sync_protocol::digest::AreaDigest;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;

impl Replica {
    /// One record, overlay over mirror; also a deleted one.
    pub fn record(&self, kind: Kind, id: RecordId) -> Result<Option<Shown>, StorageError> {
        Ok(show::compose(&self.db, kind, &id)?)
    }

    /// Every record of a kind that is not deleted, by id.
    pub fn list(&self, kind: Kind) -> Result<Vec<Shown>, StorageError> {
        let ids = self.ids(&format!("SELECT id FROM \"{kind}\" ORDER BY id"), [])?;
        self.shown(kind, &ids)
    }

    /// The records of a kind that belong to a child, by their day, those of one day by their recency.
    pub fn list_of(&self, kind: Kind, child: RecordId) -> Result<Vec<Shown>, StorageError> {
        let Some(parent) = kind.parent_field() else { return Ok(Vec::new()) };
        let day = kind.day_field().unwrap_or("id");
        let sql = format!("SELECT id FROM \"{kind}\" WHERE \"{parent}\" = ?1 ORDER BY \"{day}\"");
        let ids = self.ids(&sql, [AsText(child)])?;
        let rank = |record: &Shown| (record.body().and_then(|body| body.date(day)), record.recency);
        // They come by day: each has its place found near the end.
        let mut records: Vec<Shown> = Vec::with_capacity(ids.len());
        for record in self.shown(kind, &ids)? {
            let place = records.partition_point(|known| rank(known) <= rank(&record));
            records.insert(place, record);
        }
        Ok(records)
    }

    /// The mirror's digest of each area that has rows.
    pub fn digest(&self) -> Result<BTreeMap<Area, AreaDigest>, StorageError> {
        Ok(mirror::digest(&self.db)?)
    }

    /// The whole mirror, by id.
    pub fn mirror(&self) -> Result<Vec<MirrorRow>, StorageError> {
        Ok(mirror::all(&self.db)?)
    }

    /// Children that moved in, out or between desa, newest first.
    pub fn movements(&self, limit: u32) -> Result<Vec<Movement>, StorageError> {
        Ok(movement::latest(&self.db, limit)?)
    }

    /// Rebuilds every typed row from mirror and log.
    pub fn rebuild(&mut self) -> Result<(), StorageError> {
        let tx = self.begin()?;
        show::rebuild_all(&tx)?;
        tx.commit()?;
        Ok(())
    }

    fn ids(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<RecordId>, StorageError> {
        let mut statement = self.db.prepare_cached(sql)?;
        let ids = statement.query_map(params, |row| Ok(row.get::<_, AsText<RecordId>>(0)?.0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    fn shown(&self, kind: Kind, ids: &[RecordId]) -> Result<Vec<Shown>, StorageError> {
        let mut records = Vec::with_capacity(ids.len());
        for id in ids {
            records.extend(show::compose(&self.db, kind, id)?);
        }
        Ok(records)
    }
}
