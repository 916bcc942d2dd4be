//! What the replaced database knows and the backup does not: who was shut out since, and who came.

use crate::store::{
    DatabaseFile, Device, DeviceState, Grant, GrantOf, Login, ReadTx, StoreError, WriteTx,
};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use sync_protocol::ids::{DeviceNo, WorkerId};

/// A device that the restored database does not know.
#[derive(Clone, Debug)]
pub struct LostDevice {
    pub device: DeviceNo,
    pub name: String,
    pub worker: String,
}

/// A device that would have come back to life.
#[derive(Clone, Debug)]
pub struct ShutDevice {
    pub device: DeviceNo,
    pub state: DeviceState,
}

/// The database that a restore replaces.
#[derive(Debug)]
pub(super) enum Replaced {
    Known(Box<Knowledge>),
    /// It is damaged, or of another schema.
    Unreadable,
}

#[derive(Debug)]
pub(super) struct Knowledge {
    devices: Vec<Device>,
    tokens: BTreeMap<DeviceNo, [u8; 32]>,
    workers: Vec<(WorkerId, String, Vec<Grant>)>,
    logins: Vec<Login>,
    audit_head: Option<(i64, String)>,
}

/// What was carried over into the restored database, and what could not be.
#[derive(Debug, Default)]
pub(super) struct Carried {
    pub(super) lost: Vec<LostDevice>,
    pub(super) shut: Vec<ShutDevice>,
    pub(super) grants_ended: usize,
    pub(super) workers_lost: Vec<String>,
}

impl Replaced {
    /// None when there is no database.
    pub(super) fn read(database: &Path) -> Option<Self> {
        if !database.exists() {
            return None;
        }
        let known = DatabaseFile::open(database).and_then(|file| file.read(know));
        Some(match known {
            Ok(known) => Replaced::Known(Box::new(known)),
            Err(error) => {
                tracing::warn!(%error, "the replaced database cannot be read");
                Replaced::Unreadable
            }
        })
    }

    pub(super) fn is_unreadable(&self) -> bool {
        matches!(self, Replaced::Unreadable)
    }

    /// The end of its audit log, which a restore cuts off: (row, hash).
    pub(super) fn audit_head(&self) -> Option<&(i64, String)> {
        match self {
            Replaced::Known(known) => known.audit_head.as_ref(),
            Replaced::Unreadable => None,
        }
    }

    pub(super) fn carry_over(&self, tx: &WriteTx<'_>, now_ms: i64) -> Result<Carried, StoreError> {
        match self {
            Replaced::Known(known) => known.carry_over(tx, now_ms),
            Replaced::Unreadable => Ok(Carried::default()),
        }
    }
}

fn know(tx: &ReadTx<'_>) -> Result<Knowledge, StoreError> {
    let mut workers = Vec::new();
    for worker in tx.workers()? {
        workers.push((worker.id, worker.name, tx.grants(worker.id)?));
    }
    let hex = |hash: [u8; 32]| hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Knowledge {
        devices: tx.devices()?,
        tokens: tx.device_tokens()?.into_iter().collect(),
        workers,
        logins: tx.logins()?,
        audit_head: tx.audit_head()?.map(|(row, hash)| (row, hex(hash))),
    })
}

impl Knowledge {
    fn carry_over(&self, tx: &WriteTx<'_>, now_ms: i64) -> Result<Carried, StoreError> {
        let mut carried = Carried::default();
        self.carry_devices(tx, &mut carried)?;
        self.carry_logins(tx)?;
        for (worker, name, grants) in &self.workers {
            if tx.worker(*worker)?.is_none() {
                carried.workers_lost.push(name.clone());
                continue;
            }
            carried.grants_ended += end_again(tx, *worker, grants, now_ms)?;
        }
        Ok(carried)
    }

    /// A password that was replaced since stays so, and a login that was disabled.
    fn carry_logins(&self, tx: &WriteTx<'_>) -> Result<(), StoreError> {
        tx.forget_logins()?;
        for login in &self.logins {
            if tx.worker(login.worker)?.is_some() {
                let password = login.password.as_deref();
                tx.set_login(login.worker, &login.name, password, login.set_ms)?;
            }
        }
        Ok(())
    }

    fn carry_devices(&self, tx: &WriteTx<'_>, carried: &mut Carried) -> Result<(), StoreError> {
        let names: HashMap<WorkerId, &str> =
            self.workers.iter().map(|(id, name, _)| (*id, name.as_str())).collect();
        for device in &self.devices {
            let Some(restored) = tx.device(device.number)? else {
                let worker = device.worker.and_then(|worker| names.get(&worker).copied());
                carried.lost.push(LostDevice {
                    device: device.number,
                    name: device.name.clone(),
                    worker: worker.unwrap_or_default().to_owned(),
                });
                continue;
            };
            if severity(device.state) > severity(restored.state) {
                tx.set_device_state(device.number, device.state)?;
                carried.shut.push(ShutDevice { device: device.number, state: device.state });
            }
            // A token that was replaced since stays so.
            if let Some(token) = self.tokens.get(&device.number) {
                tx.set_token(device.number, token)?;
            }
        }
        Ok(())
    }
}

/// Ends the grants that were ended since the backup. Both databases must mean the same grant.
fn end_again(
    tx: &WriteTx<'_>,
    worker: WorkerId,
    grants: &[Grant],
    now_ms: i64,
) -> Result<usize, StoreError> {
    let mut ended = 0;
    let held: HashMap<i64, GrantOf> = tx
        .grants(worker)?
        .into_iter()
        .filter(|grant| grant.ended_ms.is_none())
        .map(|grant| (grant.id, grant.of))
        .collect();
    for grant in grants.iter().filter(|grant| held.get(&grant.id) == Some(&grant.of)) {
        if let Some(ended_ms) = grant.ended_ms {
            tx.end_grant(grant.id, ended_ms.min(now_ms), grant.for_cause)?;
            ended += 1;
        }
    }
    Ok(ended)
}

fn severity(state: DeviceState) -> u8 {
    match state {
        DeviceState::Active => 0,
        DeviceState::Draining => 1,
        DeviceState::Revoked => 2,
    }
}
