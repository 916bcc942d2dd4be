//! Tablets: listing, draining, revoking.

use super::AdminError;
use crate::access::retire::{Ending, retire, tablet};
use crate::service::Service;
use crate::store::{Device, ReadTx, Who};
use sync_protocol::ids::DeviceNo;

/// A device and the name of the worker who enrolled it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub device: Device,
    pub worker: String,
}

pub fn list_devices(service: &Service) -> Result<Vec<Listed>, AdminError> {
    service.read_as_operator(|tx, _| {
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
    service.read_as_operator(|tx, _| known(tx, number))
}

fn known(tx: &ReadTx<'_>, number: DeviceNo) -> Result<Device, AdminError> {
    tablet(tx, number)?.ok_or_else(|| AdminError::Unknown {
        what: "device",
        name: number.to_string(),
        hint: "see `timbang device list`",
    })
}

/// Lets a tablet hand in what it has, and then erases it.
pub fn drain(service: &Service, device: DeviceNo) -> Result<Device, AdminError> {
    end(service, device, Ending::Drain)
}

/// Shuts a tablet out at once. What it had not sent stays on it.
pub fn revoke(service: &Service, device: DeviceNo) -> Result<Device, AdminError> {
    end(service, device, Ending::Revoke)
}

fn end(service: &Service, number: DeviceNo, ending: Ending) -> Result<Device, AdminError> {
    service.write_as_operator(move |tx, now| {
        let device = known(tx, number)?;
        retire(tx, Who::CommandLine, device, ending, now.ms)?
            .ok_or(AdminError::Refused("the device is revoked already: enrol the tablet anew"))
    })
}
