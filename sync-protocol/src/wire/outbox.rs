//! A tablet's unsent changes as a file, for a tablet that no network reaches: somebody carries it
//! to the server.

use crate::ids::{DeviceNo, Epoch, InstallId};
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The form of the file that this crate knows.
pub const OUTBOX_FORM: u32 = 1;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outbox {
    /// Names the file for what it is, and its form.
    pub timbang_outbox: u32,
    pub device: DeviceNo,
    pub install: InstallId,
    /// The server history that the tablet last saw.
    pub epoch: Option<Epoch>,
    /// When it was written, by the tablet's clock.
    pub written_at: Moment,
    /// The newest entry of the tablet's log.
    pub last_seq: u64,
    /// As they would be sent.
    pub changes: Vec<Box<RawValue>>,
}
