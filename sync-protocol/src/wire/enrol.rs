//! `POST /v1/enrol`: a code that an administrator handed out becomes a device.

use crate::area::Area;
use crate::ids::{DeviceNo, Epoch, InstallId, WorkerId};
use crate::time::Moment;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EnrolRequest {
    /// 10 characters; the first 4 name the code, the rest is secret.
    pub code: String,
    pub install: InstallId,
    pub device_name: String,
    pub app: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EnrolReply {
    pub device: DeviceNo,
    /// For the Authorization header of every later request. Shown once.
    pub token: String,
    pub worker: WorkerRef,
    pub areas: Vec<Area>,
    pub epoch: Epoch,
    pub server_time: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WorkerRef {
    pub id: WorkerId,
    pub name: String,
}
