//! `POST /v1/sync`

use super::about::{About, Answer, Form};
use super::body::{self, malformed};
use super::{Gateway, Request, Response};
use crate::refusal::Refusal;
use crate::store::StoreError;
use crate::sync::pull::{Pull, farewell, pull};
use crate::sync::push::{Push, Pushed, answer_unwritten, push};
use crate::sync::received::Received;
use crate::sync::server_time;
use std::sync::Arc;
use sync_protocol::limits::{PROTOCOL, REQUEST_CHANGES_MAX};
use sync_protocol::problem::ProblemCode;
use sync_protocol::time::Moment;
use sync_protocol::wire::{SyncReply, SyncRequest};

pub(super) static ABOUT: About = About {
    body: Some(Form::of::<SyncRequest>()),
    refusals: &[
        ProblemCode::UnsupportedProtocol,
        ProblemCode::Gap,
        ProblemCode::DeviceCloned,
        ProblemCode::TooManyChanges,
    ],
    ..About::new(
        "One exchange: the tablet's changes and their receipts, rows of the feed and orders",
        &[Answer::json::<SyncReply>(200, "The verdict on every change, and a page of rows.")],
    )
};

pub(super) fn sync(gateway: &Gateway, request: &Request, token: &str) -> Result<Response, Refusal> {
    let today = gateway.service.read_as_tablet(token, |tx, _, _| {
        let arrived = server_time::glance(tx, request.arrived_ms)?;
        Ok(server_time::today(tx, arrived.ms)?)
    })?;
    let message = read_envelope(request)?;
    let changes = Received::read_ahead(
        message.changes,
        today,
        gateway.service.thresholds().read_ahead_bytes,
    )?;

    let job = Push {
        sent_at: message.sent_at,
        clock: message.clock,
        last_seq: message.last_seq,
        status: message.status,
        changes,
        cursor: message.cursor,
        arrived_ms: request.arrived_ms,
    };
    let job = Arc::new(job);
    let pushed = exchange(gateway, token, &job)?;
    gateway.metrics.count_receipts(&pushed.receipts);

    let asked = Pull { cursor: job.cursor.as_ref(), limit: message.limit, last_seq: job.last_seq };
    let page =
        gateway.service.read_as_tablet(token, |tx, caller, _| Ok(pull(tx, &caller, &asked)?));
    let pulled = match page {
        // It has just said that it erases itself: that was its last exchange.
        Err(Refusal::Unauthorised | Refusal::Revoked) if job.status.wiping => {
            farewell(pushed.epoch)
        }
        page => page?,
    };
    gateway.metrics.count_rows(pulled.rows.len());
    let reply = SyncReply {
        server_time: Moment::utc(pushed.server_now_ms),
        epoch: pulled.epoch,
        acked_through: pushed.acked_through,
        receipts: pushed.receipts,
        rows: pulled.rows,
        areas: pulled.areas,
        cursor: pulled.cursor,
        more: pulled.more,
        orders: pulled.orders,
        parked: pulled.parked,
        digest: pulled.digest,
        total: pulled.total,
    };
    Response::json(200, &reply).map_err(malformed)
}

/// The writing half. What brings nothing is answered also when nothing can be written.
fn exchange(gateway: &Gateway, token: &str, job: &Arc<Push>) -> Result<Pushed, Refusal> {
    let (service, to_write) = (&gateway.service, Arc::clone(job));
    let written =
        service.write_as_tablet(token, move |tx, caller, now| push(tx, &caller, &to_write, now));
    match written {
        Err(Refusal::Store(StoreError::Full | StoreError::RolledBack)) if job.brings_nothing() => {
            service.read_as_tablet(token, |tx, caller, now| Ok(answer_unwritten(tx, &caller, now)?))
        }
        written => written,
    }
}

fn read_envelope(request: &Request) -> Result<SyncRequest, Refusal> {
    // Changes are raw members here; each is checked by itself.
    let message: SyncRequest = body::read_envelope(&body::read_body(request)?, Some("changes"))?;
    if message.protocol == 0 || message.protocol > PROTOCOL {
        return Err(Refusal::UnsupportedProtocol);
    }
    if message.changes.len() > REQUEST_CHANGES_MAX {
        return Err(Refusal::TooManyChanges);
    }
    Ok(message)
}
