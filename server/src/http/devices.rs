//! `GET /v1/devices`: every tablet that works in the caller's scope, and what it last reported.

use super::about::{About, Answer};
use super::body::malformed;
use super::{Call, Response};
use crate::access::person::Person;
use crate::access::scope_of;
use crate::refusal::Refusal;
use crate::store::{Device, DeviceState, ReadTx, Stored, Worker};
use serde::Serialize;
use sync_protocol::area::Area;
use sync_protocol::schema::words;
use sync_protocol::time::Moment;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

#[derive(Debug, Serialize, ToSchema)]
struct DevicesReply {
    devices: Vec<DeviceRow>,
}

/// A tablet as a supervisor sees it. Times are the server's.
#[derive(Debug, Serialize, ToSchema)]
struct DeviceRow {
    device: u32,
    name: String,
    #[schema(schema_with = states)]
    state: &'static str,
    worker: String,
    areas: Vec<Area>,
    app: Option<String>,
    enrolled_at: Moment,
    last_push_at: Option<Moment>,
    last_pull_at: Option<Moment>,
    /// Changes that waited on the tablet when it was last heard, and since when.
    pending: Option<i64>,
    oldest_pending_at: Option<Moment>,
    parked: Option<i64>,
    /// How far its clock is ahead of the server's.
    clock_skew_ms: Option<i64>,
}

fn states() -> RefOr<Schema> {
    words(DeviceState::ALL.map(DeviceState::as_str))
}

pub(super) static ABOUT: About = About::new(
    "The tablets that work in the caller's scope, and what they last reported",
    &[Answer::json::<DevicesReply>(200, "Every tablet, also a revoked one.")],
);

pub(super) fn devices(call: &Call<'_>) -> Result<Response, Refusal> {
    let devices = call.read(|tx, person, _| Ok(of_scope(tx, &person)?))?;
    let devices = devices.into_iter().map(row).collect();
    Response::json(200, &DevicesReply { devices }).map_err(malformed)
}

/// A tablet, whose it is, and where they work.
#[derive(Debug)]
pub(super) struct HeldDevice {
    pub(super) device: Device,
    pub(super) worker: Worker,
    pub(super) areas: Vec<Area>,
}

/// Every tablet that works in a person's scope, or in a part of it.
pub(super) fn of_scope(tx: &ReadTx<'_>, person: &Person) -> Stored<Vec<HeldDevice>> {
    let mut held = Vec::new();
    for device in tx.devices()? {
        let Some(worker) = device.worker else { continue };
        let areas = scope_of(tx, worker)?.areas().to_vec();
        if areas.iter().any(|area| person.scope.contains(area))
            && let Some(worker) = tx.worker(worker)?
        {
            held.push(HeldDevice { device, worker, areas });
        }
    }
    Ok(held)
}

fn row(HeldDevice { device, worker, areas }: HeldDevice) -> DeviceRow {
    DeviceRow {
        device: device.number.0,
        name: device.name,
        state: device.state.as_str(),
        worker: worker.name,
        areas,
        app: device.app,
        enrolled_at: Moment::utc(device.enrolled_ms),
        last_push_at: device.last_push_ms.map(Moment::utc),
        last_pull_at: device.last_pull_ms.map(Moment::utc),
        pending: device.pending,
        oldest_pending_at: device.oldest_pending_ms.map(Moment::utc),
        parked: device.parked,
        clock_skew_ms: device.skew_ms,
    }
}
