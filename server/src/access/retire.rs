//! Ending a tablet: it hands in what it has and erases itself, or it is shut out at once.

use crate::store::{Act, Device, DeviceState, ReadTx, Stored, Who, WriteTx};
use serde_json::json;
use sync_protocol::ids::DeviceNo;

/// How a tablet ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It may hand in what it has, and is erased when nothing is left.
    Drain,
    /// At once; what it has not sent stays on it.
    Revoke,
}

/// Ends a tablet. None when it is shut out already and cannot hand in anything.
pub fn retire(
    tx: &WriteTx<'_>,
    by: Who,
    device: Device,
    ending: Ending,
    now_ms: i64,
) -> Stored<Option<Device>> {
    let (state, act) = match ending {
        Ending::Drain => (DeviceState::Draining, Act::DeviceDrained),
        Ending::Revoke => (DeviceState::Revoked, Act::DeviceRevoked),
    };
    if device.state == DeviceState::Revoked && ending == Ending::Drain {
        return Ok(None);
    }
    tx.set_device_state(device.number, state)?;
    tx.audit(by, act, &json!({"device": device.number}), now_ms)?;
    Ok(Some(Device { state, ..device }))
}

/// A tablet by its number; the server itself is none.
pub fn tablet(tx: &ReadTx<'_>, number: DeviceNo) -> Stored<Option<Device>> {
    Ok(tx.device(number)?.filter(|device| device.number != DeviceNo::OFFICE))
}
