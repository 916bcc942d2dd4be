//! Who this tablet is: its installation, its number and key, its worker. One row of the file.
//! The key leaves only through a request's token.

use crate::as_text::{AsText, plain, text};
use crate::platform::Platform;
use rusqlite::{Connection, Row, named_params};
use std::fmt;
use std::str::FromStr;
use sync_protocol::ids::{BadId, DeviceNo, InstallId, WorkerId};
use uuid::Uuid;

/// Why a replica may not sync until it is enrolled anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The server holds another change under one of our seqs: two tablets share this file.
    DeviceCloned,
    /// The server holds more of our changes than we ever sent: a copy, or an older copy put back.
    LogLost,
}

impl Stop {
    pub fn as_str(self) -> &'static str {
        match self {
            Stop::DeviceCloned => "device_cloned",
            Stop::LogLost => "log_lost",
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Stop {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        [Stop::DeviceCloned, Stop::LogLost]
            .into_iter()
            .find(|stop| stop.as_str() == text)
            .ok_or(BadId("reason to stop"))
    }
}

/// Who this tablet is.
#[derive(Clone)]
pub struct Identity {
    pub install: InstallId,
    pub server_url: Option<String>,
    pub device: Option<DeviceNo>,
    pub device_name: Option<String>,
    pub worker_id: Option<WorkerId>,
    pub worker_name: Option<String>,
    pub stopped: Option<Stop>,
    pub(crate) token: Option<String>,
}

/// The key must not show up in a log.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("install", &self.install)
            .field("server_url", &self.server_url)
            .field("device", &self.device)
            .field("worker_name", &self.worker_name)
            .field("stopped", &self.stopped)
            .finish_non_exhaustive()
    }
}

impl Identity {
    pub fn is_enrolled(&self) -> bool {
        self.device.is_some() && self.token.is_some()
    }

    /// The row of a new file.
    pub(crate) fn make(db: &Connection, platform: &dyn Platform) -> rusqlite::Result<()> {
        let mut random = [0u8; 16];
        platform.random(&mut random);
        let install = Uuid::new_v8(random).as_hyphenated().to_string();
        db.execute("INSERT INTO identity (one, install) VALUES (1, ?1)", [install])?;
        Ok(())
    }

    pub(crate) fn load(db: &Connection) -> rusqlite::Result<Self> {
        db.query_row("SELECT * FROM identity", [], read)
    }

    pub(crate) fn store(&self, db: &Connection) -> rusqlite::Result<()> {
        db.execute(
            "UPDATE identity SET server_url = :server_url, device = :device, token = :token,
                 device_name = :device_name, worker_id = :worker_id, worker_name = :worker_name,
                 stopped = :stopped",
            named_params! {
                ":server_url": self.server_url,
                ":device": self.device.map(|device| device.0),
                ":token": self.token,
                ":device_name": self.device_name,
                ":worker_id": text(self.worker_id),
                ":worker_name": self.worker_name,
                ":stopped": text(self.stopped),
            },
        )?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Identity> {
    Ok(Identity {
        install: InstallId(row.get::<_, AsText<Uuid>>("install")?.0),
        server_url: row.get("server_url")?,
        device: row.get::<_, Option<u32>>("device")?.map(DeviceNo),
        token: row.get("token")?,
        device_name: row.get("device_name")?,
        worker_id: plain(row.get("worker_id")?),
        worker_name: row.get("worker_name")?,
        stopped: plain(row.get("stopped")?),
    })
}
