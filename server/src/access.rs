//! Who calls, and what they may see. Every query takes the scope that comes from here.

pub mod enrolment;
pub mod login;
pub mod mask;
pub mod person;
pub mod reach;
pub mod retire;
pub mod selection;
pub mod token;

mod secret;

use crate::refusal::Refusal;
use crate::store::{Device, DeviceState, Grant, GrantOf, ReadTx, Stored, Worker};
use sync_protocol::area::{Area, Scope};
use sync_protocol::ids::{DeviceNo, WorkerId};

/// A tablet that showed a valid token.
#[derive(Clone, Debug)]
pub struct Caller {
    pub device: Device,
    pub worker: Worker,
    pub scope: Scope,
}

/// The caller behind a token. Read in the transaction that uses it: nothing is cached.
pub fn caller_of_token(tx: &ReadTx<'_>, token: &str) -> Result<Caller, Refusal> {
    let device = tx.device_by_token(&token::hash(token))?.ok_or(Refusal::Unauthorised)?;
    if device.state == DeviceState::Revoked {
        return Err(Refusal::Revoked);
    }
    let worker = device.worker.ok_or(Refusal::Unauthorised)?;
    let worker = tx.worker(worker)?.ok_or(Refusal::Unauthorised)?;
    let scope = scope_of(tx, worker.id)?;
    Ok(Caller { device, worker, scope })
}

/// The union of a worker's present grants.
pub fn scope_of(tx: &ReadTx<'_>, worker: WorkerId) -> Stored<Scope> {
    let mut areas = Vec::new();
    for grant in tx.grants(worker)?.iter().filter(|grant| grant.ended_ms.is_none()) {
        areas.extend(areas_of_grant(tx, grant)?);
    }
    Ok(Scope::of(areas))
}

/// The areas that a grant is of; a puskesmas grants its desa.
pub fn areas_of_grant(tx: &ReadTx<'_>, grant: &Grant) -> Stored<Vec<Area>> {
    match &grant.of {
        GrantOf::Area(area) => Ok(vec![area.clone()]),
        GrantOf::Puskesmas(code) => tx.areas_of_puskesmas(code),
    }
}

/// Whose change it is, and how far its maker may reach.
#[derive(Clone, Debug)]
pub struct Actor {
    pub device: DeviceNo,
    pub worker: Option<WorkerId>,
    pub reach: Reach,
}

#[derive(Clone, Debug)]
pub enum Reach {
    /// Imports: every known area.
    Everywhere,
    /// A tablet: the scope of its worker. A person in the office: their own.
    Scope(Scope),
}

impl Actor {
    /// The server itself: what somebody at the machine brings in.
    pub fn office() -> Self {
        Actor { device: DeviceNo::OFFICE, worker: None, reach: Reach::Everywhere }
    }

    /// The server on behalf of a person, who reaches no further than their scope.
    pub fn person(person: &person::Person) -> Self {
        Actor {
            device: DeviceNo::OFFICE,
            worker: Some(person.worker.id),
            reach: Reach::Scope(person.scope.clone()),
        }
    }

    pub fn tablet(caller: &Caller) -> Self {
        Actor {
            device: caller.device.number,
            worker: Some(caller.worker.id),
            reach: Reach::Scope(caller.scope.clone()),
        }
    }

    /// The actor behind a device's stored change, with what its worker is granted now.
    pub fn of_device(tx: &ReadTx<'_>, device: DeviceNo) -> Stored<Self> {
        let worker = tx.device(device)?.and_then(|device| device.worker);
        let reach = match worker {
            Some(worker) => Reach::Scope(scope_of(tx, worker)?),
            None => Reach::Everywhere,
        };
        Ok(Actor { device, worker, reach })
    }

    pub fn reaches(&self, area: &Area) -> bool {
        match &self.reach {
            Reach::Everywhere => true,
            Reach::Scope(scope) => scope.contains(area),
        }
    }
}
