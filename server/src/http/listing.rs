//! `GET /v1/children`, `/v1/measurements`, `/v1/visits`: live records in feed order, a page at a
//! time.
//!
//! `after` is a feed position: that of a row, or `as_of.feed` of an earlier reply for what changed
//! since. A record whose child moved into the scope has a new place in the feed and comes again;
//! one that left the scope or was deleted is not said, so a copy is made anew from time to time.

use super::about::{About, Answer};
use super::body::malformed;
use super::params::{MONTH, PART, PLACE};
use super::{Call, Response};
use crate::access::mask::{mask_body, mask_field};
use crate::export::ndjson::RecordRow;
use crate::refusal::Refusal;
use crate::store::{PageBounds, ReadTx, Stored};
use crate::sync::server_time::ServerNow;
use serde::Serialize;
use serde_json::Value;
use sync_protocol::limits::PAGE_ROWS_MAX;
use sync_protocol::record::Kind;
use sync_protocol::time::Moment;
use utoipa::ToSchema;

/// The snapshot that a reply shows.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(super) struct Seen {
    feed: i64,
    time: Moment,
}

impl Seen {
    pub(super) fn read(tx: &ReadTx<'_>, now: ServerNow) -> Stored<Self> {
        Ok(Seen { feed: tx.server()?.feed, time: Moment::utc(now.ms) })
    }
}

/// What a list of records of a kind is called.
pub(super) fn plural(kind: Kind) -> String {
    if kind == Kind::CHILD { "children".to_owned() } else { format!("{}s", kind.name()) }
}

/// A page of a list. `next` asks for the one after it with `after=`; none when this is the last.
struct Listed {
    as_of: Seen,
    rows: Vec<RecordRow>,
    next: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ChildrenReply {
    as_of: Seen,
    children: Vec<RecordRow>,
    next: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct MeasurementsReply {
    as_of: Seen,
    measurements: Vec<RecordRow>,
    next: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct VisitsReply {
    as_of: Seen,
    visits: Vec<RecordRow>,
    next: Option<i64>,
}

const A_PAGE: &str =
    "A page in feed order; NIK masked. `next` is the `after` of the page after it.";

pub(super) static CHILDREN: About = About {
    query: &[&PLACE, &PART],
    ..About::new("Children", &[Answer::json::<ChildrenReply>(200, A_PAGE)])
};

pub(super) static MEASUREMENTS: About = About {
    query: &[&PLACE, &[MONTH], &PART],
    ..About::new(
        "Measurements with their scores",
        &[Answer::json::<MeasurementsReply>(200, A_PAGE)],
    )
};

pub(super) static VISITS: About = About {
    query: &[&PLACE, &[MONTH], &PART],
    ..About::new("Visits", &[Answer::json::<VisitsReply>(200, A_PAGE)])
};

pub(super) fn children(call: &Call<'_>) -> Result<Response, Refusal> {
    let Listed { as_of, rows, next } = list(call, Kind::CHILD)?;
    Response::json(200, &ChildrenReply { as_of, children: rows, next }).map_err(malformed)
}

pub(super) fn measurements(call: &Call<'_>) -> Result<Response, Refusal> {
    let Listed { as_of, rows, next } = list(call, Kind::MEASUREMENT)?;
    Response::json(200, &MeasurementsReply { as_of, measurements: rows, next }).map_err(malformed)
}

pub(super) fn visits(call: &Call<'_>) -> Result<Response, Refusal> {
    let Listed { as_of, rows, next } = list(call, Kind::VISIT)?;
    Response::json(200, &VisitsReply { as_of, visits: rows, next }).map_err(malformed)
}

fn list(call: &Call<'_>, kind: Kind) -> Result<Listed, Refusal> {
    let asked = &call.asked;
    let filters = asked.filters()?;
    let after = asked.value("after")?.unwrap_or(0);
    let rows = asked.value("limit")?.unwrap_or(PAGE_ROWS_MAX).clamp(1, PAGE_ROWS_MAX);
    let bounds = PageBounds { rows, bytes: call.thresholds().list_bytes };
    call.read(|tx, person, now| {
        let selection = filters.select(tx, &person.scope)?;
        let page = tx.live_page(kind, &selection, after, bounds)?;
        let rows = page.rows.into_iter().map(|row| RecordRow::read(tx, kind, row).map(masked));
        Ok(Listed {
            as_of: Seen::read(tx, now)?,
            rows: rows.collect::<Stored<Vec<_>>>()?,
            next: page.next,
        })
    })
}

fn masked(mut row: RecordRow) -> RecordRow {
    row.body = mask_body(&row.body);
    row
}

/// A field's value as a person sees it, with numbers masked or in full.
pub(super) fn shown(field: &str, value: Value, in_full: bool) -> Value {
    if in_full { value } else { mask_field(field, value) }
}
