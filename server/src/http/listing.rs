//! `GET /v1/children`, `/v1/measurements`, `/v1/visits`: live records in feed order, a page at a
//! time.
//!
//! `after` is a feed position: that of a row, or `as_of.feed` of an earlier reply for what changed
//! since. A record whose child moved into the scope has a new place in the feed and comes again;
//! one that left the scope or was deleted is not said, so a copy is made anew from time to time.

use super::asked::{Asked, MONTH, PLACE};
use super::body::malformed;
use super::{Call, Response, Service};
use crate::access::mask::{mask_body, mask_field};
use crate::export::ndjson::RecordRow;
use crate::refusal::Refusal;
use crate::store::{PageBounds, ReadTx, Stored};
use crate::sync::server_time;
use serde::Serialize;
use serde_json::{Map, Value, json};
use sync_protocol::limits::PAGE_ROWS_MAX;
use sync_protocol::record::Kind;
use sync_protocol::time::Moment;

/// Bytes of the texts of one page. People in an office have better lines than tablets.
const PAGE_BYTES: usize = 1024 * 1024;

/// The snapshot that a reply shows.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Seen {
    feed: i64,
    time: Moment,
}

impl Seen {
    pub(super) fn read(tx: &ReadTx<'_>, wall_ms: i64) -> Stored<Self> {
        let now = server_time::glance(tx, wall_ms)?;
        Ok(Seen { feed: tx.server()?.feed, time: Moment::utc(now.ms) })
    }
}

pub(super) fn children(service: &Service, call: &Call<'_>) -> Result<Response, Refusal> {
    list(service, call, Kind::CHILD)
}

pub(super) fn measurements(service: &Service, call: &Call<'_>) -> Result<Response, Refusal> {
    list(service, call, Kind::MEASUREMENT)
}

pub(super) fn visits(service: &Service, call: &Call<'_>) -> Result<Response, Refusal> {
    list(service, call, Kind::VISIT)
}

/// What a list of records of a kind is called.
pub(super) fn plural(kind: Kind) -> String {
    if kind == Kind::CHILD { "children".to_owned() } else { format!("{}s", kind.name()) }
}

fn list(service: &Service, call: &Call<'_>, kind: Kind) -> Result<Response, Refusal> {
    let with_month: &[&str] = if kind.parent_field().is_some() { &[MONTH] } else { &[] };
    let asked = Asked::read(&call.request.query, &[&PLACE, with_month, &["after", "limit"]])?;
    let filters = asked.filters()?;
    let after = asked.value("after")?.unwrap_or(0);
    let rows = asked.value("limit")?.unwrap_or(PAGE_ROWS_MAX).clamp(1, PAGE_ROWS_MAX);
    let bounds = PageBounds { rows, bytes: PAGE_BYTES };
    let wall_ms = service.clock.now_ms();
    let (seen, rows, next) = service.store.read::<_, Refusal>(|tx| {
        let person = call.person(tx)?;
        let selection = filters.select(tx, &person.scope)?;
        let page = tx.live_page(kind, &selection, after, bounds)?;
        let rows = page.rows.into_iter().map(|row| RecordRow::read(tx, kind, row).map(masked));
        Ok((Seen::read(tx, wall_ms)?, rows.collect::<Stored<Vec<_>>>()?, page.next))
    })?;
    let mut reply = Map::new();
    reply.insert("as_of".to_owned(), json!(seen));
    reply.insert(plural(kind), serde_json::to_value(rows).map_err(malformed)?);
    reply.insert("next".to_owned(), json!(next));
    Response::json(200, &Value::Object(reply)).map_err(malformed)
}

fn masked(mut row: RecordRow) -> RecordRow {
    row.body = mask_body(&row.body);
    row
}

/// A field's value as a person sees it, with numbers masked or in full.
pub(super) fn shown(field: &str, value: Value, in_full: bool) -> Value {
    if in_full { value } else { mask_field(field, value) }
}
