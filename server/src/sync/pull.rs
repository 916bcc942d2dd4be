//! The reading half of an exchange: a page of the feed, its position and the digests, all from one
//! snapshot.

use super::cursor::Position;
use crate::access::Caller;
use crate::store::{DeviceState, FeedEntry, ReadTx, StoreError, Stored};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use sync_protocol::area::{Area, Scope};
use sync_protocol::digest::AreaDigest;
use sync_protocol::ids::{Epoch, Seq};
use sync_protocol::limits::{PAGE_BYTES_MAX, PAGE_ROWS_MAX};
use sync_protocol::record::Kind;
use sync_protocol::wire::{Content, Cursor, Order, Row};

/// Bytes of a row beside its body: ids, stamp, area and names of members.
const ROW_FRAME_BYTES: usize = 256;

/// What a tablet asks for.
#[derive(Debug)]
pub struct Pull<'a> {
    pub cursor: Option<&'a Cursor>,
    pub limit: Option<u32>,
    pub last_seq: u64,
}

#[derive(Debug)]
pub struct Pulled {
    pub epoch: Epoch,
    pub rows: Vec<Row>,
    pub areas: Vec<Area>,
    pub cursor: Option<Cursor>,
    pub more: bool,
    pub orders: Vec<Order>,
    /// Only on the last page.
    pub parked: Option<Vec<Seq>>,
    /// Only on the last page.
    pub digest: Option<BTreeMap<Area, AreaDigest>>,
    /// Records in scope; only where more is to come.
    pub total: Option<u64>,
}

pub fn pull(tx: &ReadTx<'_>, caller: &Caller, pull: &Pull<'_>) -> Stored<Pulled> {
    match caller.device.state {
        DeviceState::Draining => drain(tx, caller, pull),
        DeviceState::Active | DeviceState::Revoked => read_page(tx, caller, pull),
    }
}

/// A draining device gets no rows, and keeps the cursor it has. When all it ever wrote is here, it is told to erase itself.
fn drain(tx: &ReadTx<'_>, caller: &Caller, pull: &Pull<'_>) -> Stored<Pulled> {
    let queue_is_empty = pull.last_seq <= caller.device.acked;
    Ok(Pulled {
        orders: if queue_is_empty { vec![Order::Wipe] } else { Vec::new() },
        areas: caller.scope.areas().to_vec(),
        parked: Some(tx.parked_seqs(caller.device.number)?),
        ..farewell(tx.server()?.epoch)
    })
}

/// What a tablet gets that is no more.
pub fn farewell(epoch: Epoch) -> Pulled {
    Pulled {
        epoch,
        rows: Vec::new(),
        areas: Vec::new(),
        cursor: None,
        more: false,
        orders: Vec::new(),
        parked: None,
        digest: None,
        total: None,
    }
}

fn read_page(tx: &ReadTx<'_>, caller: &Caller, pull: &Pull<'_>) -> Stored<Pulled> {
    let server = tx.server()?;
    let scope = &caller.scope;
    let known =
        pull.cursor.and_then(|cursor| Position::read(cursor, server.epoch, scope, server.feed));
    let orders = if known.is_some() { Vec::new() } else { vec![Order::Reset] };
    let limit = pull.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE_ROWS_MAX);
    let after = known.map_or(0, |position| position.feed);
    let page = gather(tx, scope, after, limit.clamp(1, PAGE_ROWS_MAX))?;
    let last_page = !page.more;
    let digests = tx.digests(scope)?;
    let total = digests.values().map(|digest| digest.count).sum();
    let position = Position { feed: if last_page { server.feed } else { page.through } };
    Ok(Pulled {
        epoch: server.epoch,
        rows: page.rows,
        areas: scope.areas().to_vec(),
        cursor: Some(position.write(server.epoch, scope)),
        more: !last_page,
        orders,
        parked: if last_page { Some(tx.parked_seqs(caller.device.number)?) } else { None },
        digest: last_page.then_some(digests),
        total: (!last_page).then_some(total),
    })
}

struct Page {
    rows: Vec<Row>,
    /// The feed place of the last entry on the page.
    through: i64,
    more: bool,
}

/// Rows up to the limits, at least one as long as there is any.
fn gather(tx: &ReadTx<'_>, scope: &Scope, after: i64, limit: usize) -> Stored<Page> {
    let mut page = Page { rows: Vec::new(), through: after, more: true };
    let mut bytes = 0;
    while page.rows.is_empty() && page.more {
        // One more than wanted tells whether anything follows.
        let entries = tx.feed_page(scope, page.through, limit + 1)?;
        page.more = entries.len() > limit;
        for entry in entries.into_iter().take(limit) {
            let feed = entry.feed();
            let size = ROW_FRAME_BYTES + body_bytes(&entry);
            if !page.rows.is_empty() && bytes + size > PAGE_BYTES_MAX {
                page.more = true;
                break;
            }
            if let Some(row) = row_of(entry, scope)? {
                bytes += size;
                page.rows.push(row);
            }
            page.through = feed;
        }
    }
    Ok(page)
}

fn body_bytes(entry: &FeedEntry) -> usize {
    match entry {
        FeedEntry::Record { body: Some(body), .. } => body.len(),
        FeedEntry::Record { body: None, .. } | FeedEntry::Departure { .. } => 0,
    }
}

/// The row of an entry; none for a departure of a child that is still, or again, in scope.
fn row_of(entry: FeedEntry, scope: &Scope) -> Stored<Option<Row>> {
    match entry {
        FeedEntry::Departure { area, .. } if scope.contains(&area) => Ok(None),
        FeedEntry::Departure { id, .. } => {
            Ok(Some(Row::Gone { kind: Kind::CHILD.name().to_owned(), id }))
        }
        FeedEntry::Record { kind, id, child_id, area, stamp, by, deleted, body, .. } => {
            let content = match (deleted, body) {
                (Some(reason), _) => Content::Deleted(reason),
                (None, Some(body)) => Content::Body(
                    RawValue::from_string(body).map_err(|_| StoreError::Unreadable("body"))?,
                ),
                (None, None) => return Err(StoreError::Unreadable("state")),
            };
            Ok(Some(Row::State { kind, id, child_id, area, stamp, by, content }))
        }
    }
}
