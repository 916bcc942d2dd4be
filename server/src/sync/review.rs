//! What supervisors review, as they are shown it and as they settle it: conflicts and parked
//! changes. Every rule holds inside the scope of the person who asks.

pub mod combine;
pub mod conflicts;
pub mod decide;
pub mod parked;
pub mod settle;
pub mod stakes;

mod version;

pub use version::VersionView;

use crate::store::{ReadTx, RecordNo, Stored, VersionContent};
use serde::Serialize;
use sync_protocol::change::Register;
use sync_protocol::limits::PAGE_ROWS_MAX;
use sync_protocol::record::child;

const PAGE_ROWS_DEFAULT: usize = 50;

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The last one that the caller has.
    pub after: Option<i64>,
    pub limit: Option<usize>,
    /// Bytes of what is shown; one always fits.
    pub bytes: usize,
}

impl Part {
    fn rows(self) -> usize {
        self.limit.unwrap_or(PAGE_ROWS_DEFAULT).clamp(1, PAGE_ROWS_MAX)
    }
}

/// A part of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Where the next part begins; none when this is the last.
    pub after: Option<i64>,
}

/// Fills a page, of so many rows and so many bytes; one row always fits.
struct Filling<T> {
    part: Part,
    bytes: usize,
    last: Option<i64>,
    items: Vec<T>,
}

impl<T> Filling<T> {
    fn of(part: Part) -> Self {
        Filling { part, bytes: 0, last: None, items: Vec::new() }
    }

    fn is_full(&self) -> bool {
        self.items.len() >= self.part.rows() || self.bytes >= self.part.bytes
    }

    fn put(&mut self, id: i64, bytes: usize, item: T) {
        self.bytes += bytes;
        self.last = Some(id);
        self.items.push(item);
    }

    fn end(self, more: bool) -> Page<T> {
        Page { items: self.items, after: self.last.filter(|_| more) }
    }
}

/// The name of a child, also of one that is deleted now.
fn child_name(tx: &ReadTx<'_>, child: RecordNo) -> Stored<Option<String>> {
    let Some(pos) = tx.latest_body(child)? else { return Ok(None) };
    Ok(match tx.content(pos, Register::State)? {
        VersionContent::Body(body) => body.text(child::NAME).map(str::to_owned),
        VersionContent::Deleted(_) | VersionContent::Place(_) => None,
    })
}
