//! Records as JSON: one a line, and the last line says what the file is a picture of.

use super::{AsOf, ExportError};
use crate::store::{LiveRow, ReadTx, Score, Stored};
use serde::Serialize;
use serde_json::json;
use std::fs::File;
use std::io::{BufWriter, Write};
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::record::{Kind, child};
use sync_protocol::schema::ListedBody;
use sync_protocol::stamp::Stamp;
use sync_protocol::time::Moment;
use utoipa::ToSchema;

/// A live record as lists and files give it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordRow {
    pub id: RecordId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child_id: Option<RecordId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child_name: Option<String>,
    pub area: Area,
    pub feed: i64,
    pub stamp: Stamp,
    /// The time of its stamp.
    pub at: Moment,
    pub by: String,
    #[schema(value_type = ListedBody)]
    pub body: Body,
    /// What the growth standards say of a measurement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub growth: Option<Score>,
}

impl RecordRow {
    /// A record with what is kept beside it.
    pub fn read(tx: &ReadTx<'_>, kind: Kind, row: LiveRow) -> Stored<Self> {
        let growth = if kind == Kind::MEASUREMENT { tx.score(row.no)? } else { None };
        let child_name = row.child.as_ref().and_then(|child| child.body.text(child::NAME));
        Ok(RecordRow {
            id: row.id,
            child_name: child_name.map(str::to_owned),
            child_id: row.child.map(|child| child.id),
            area: row.area,
            feed: row.feed,
            stamp: row.stamp,
            at: Moment::utc(row.stamp.tick.unix_ms()),
            by: row.by,
            body: row.body,
            growth,
        })
    }
}

#[derive(Debug)]
pub(super) struct NdjsonFile {
    file: BufWriter<File>,
}

impl NdjsonFile {
    pub(super) fn start(file: File) -> Self {
        NdjsonFile { file: BufWriter::new(file) }
    }

    pub(super) fn record(&mut self, row: &RecordRow) -> Result<(), ExportError> {
        serde_json::to_writer(&mut self.file, row).map_err(std::io::Error::from)?;
        self.file.write_all(b"\n")?;
        Ok(())
    }

    pub(super) fn finish(mut self, as_of: &AsOf, rows: u64) -> Result<(), ExportError> {
        let completeness = as_of.completeness;
        let last = json!({"as_of": {
            "feed": as_of.feed, "time": as_of.time(), "rows": rows,
            "devices": completeness.devices, "silent": completeness.silent,
            "parked": completeness.parked, "conflicts": completeness.conflicts,
        }});
        writeln!(self.file, "{last}")?;
        self.file.flush()?;
        Ok(())
    }
}
