//! Tablets: listing, draining, revoking.

use super::AdminError;
use crate::http::Service;
use crate::store::{Act, Device, DeviceState, ReadTx, Who};
use crate::sync::server_time;
use serde_json::json;
use std::sync::Arc;
use sync_protocol::ids::DeviceNo;

/// A device and the name of the worker who enrolled it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub device: Device,
    pub worker: String,
}

pub fn list_devices(service: &Service) -> Result<Vec<Listed>, AdminError> {
    service.store().read(|tx| {
        let mut listed = Vec::new();
        for device in tx.devices()? {
            let worker = match device.worker {
                Some(worker) => tx.worker(worker)?.map(|worker| worker.name).unwrap_or_default(),
                None => String::new(),
            };
            listed.push(Listed { device, worker });
        }
        Ok(listed)
    })
}

/// A tablet by its number.
pub fn known_device(service: &Service, number: DeviceNo) -> Result<Device, AdminError> {
    service.store().read(|tx| known(tx, number))
}

fn known(tx: &ReadTx<'_>, number: DeviceNo) -> Result<Device, AdminError> {
    let device = tx.device(number)?.filter(|device| device.number != DeviceNo::OFFICE);
    device.ok_or_else(|| AdminError::Unknown {
        what: "device",
        name: number.to_string(),
        hint: "see `timbang device list`",
    })
}

/// Lets a tablet hand in what it has, and then erases it.
pub fn drain(service: &Service, device: DeviceNo) -> Result<Device, AdminError> {
    set_state(service, device, DeviceState::Draining)
}

/// Shuts a tablet out at once. What it had not sent stays on it.
pub fn revoke(service: &Service, device: DeviceNo) -> Result<Device, AdminError> {
    set_state(service, device, DeviceState::Revoked)
}

fn set_state(
    service: &Service,
    number: DeviceNo,
    state: DeviceState,
) -> Result<Device, AdminError> {
    let clock = Arc::clone(service.clock());
    service.store().write(move |tx| {
        let device = known(tx, number)?;
        if device.state == DeviceState::Revoked && state == DeviceState::Draining {
            return Err(AdminError::Refused(
                "the device is revoked already: enrol the tablet anew",
            ));
        }
        let now = server_time::advance(tx, clock.now_ms())?;
        tx.set_device_state(number, state)?;
        let act =
            if state == DeviceState::Draining { Act::DeviceDrained } else { Act::DeviceRevoked };
        tx.audit(Who::CommandLine, act, &json!({"device": number}), now.ms)?;
        Ok(Device { state, ..device })
    })
}
