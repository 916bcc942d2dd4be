//! Workers, their grants, and the codes that enrol their tablets.

use super::AdminError;
use super::reference::known_area;
use crate::access::enrolment::{NewCode, may_have_tablet, new_code};
use crate::access::login::{self, NewPassword};
use crate::access::token;
use crate::platform::random_bytes;
use crate::service::Service;
use crate::store::{Act, Grant, GrantOf, NewWorker, ReadTx, Role, Who, Worker, WriteTx};
use crate::sync::park;
use serde_json::json;
use std::sync::Arc;
use sync_protocol::ids::WorkerId;

/// Adds a person with the areas and puskesmas that are granted from the start.
pub fn add_worker(
    service: &Service,
    name: String,
    role: Role,
    grants: Vec<GrantOf>,
) -> Result<WorkerId, AdminError> {
    if name.trim().is_empty() {
        return Err(AdminError::Refused("a worker needs a name"));
    }
    let random = random_bytes(&**service.random());
    let id = WorkerId(uuid::Builder::from_random_bytes(random).into_uuid());
    service.write_as_operator(move |tx, now| {
        tx.add_worker(&NewWorker { id, name: name.trim().to_owned(), role, made_ms: now.ms })?;
        for grant in &grants {
            known_place(tx, grant)?;
            tx.add_grant(id, grant, now.ms)?;
        }
        let subject = json!({"worker": id, "role": role.as_str(), "grants": names(&grants)});
        tx.audit(Who::CommandLine, Act::WorkerAdded, &subject, now.ms)?;
        Ok(id)
    })
}

/// Every worker with all grants.
pub fn list_workers(service: &Service) -> Result<Vec<(Worker, Vec<Grant>)>, AdminError> {
    service.read_as_operator(|tx, _| {
        tx.workers()?
            .into_iter()
            .map(|worker| Ok((tx.grants(worker.id)?, worker)))
            .map(|pair| pair.map(|(grants, worker)| (worker, grants)))
            .collect()
    })
}

/// Grants areas; what the worker's tablets sent from there before is released.
pub fn grant(service: &Service, worker: WorkerId, grants: Vec<GrantOf>) -> Result<(), AdminError> {
    service.write_as_operator(move |tx, now| {
        known_worker(tx, worker)?;
        let held = tx.grants(worker)?;
        for grant in &grants {
            known_place(tx, grant)?;
            let is_held = held.iter().any(|held| held.of == *grant && held.ended_ms.is_none());
            if !is_held {
                tx.add_grant(worker, grant, now.ms)?;
            }
        }
        park::release_for_worker(tx, worker, now.ms)?;
        let subject = json!({"worker": worker, "grants": names(&grants)});
        tx.audit(Who::CommandLine, Act::Granted, &subject, now.ms)?;
        Ok(())
    })
}

/// Ends grants. What a tablet did before it could know is still accepted, unless it is for cause.
pub fn ungrant(
    service: &Service,
    worker: WorkerId,
    grants: Vec<GrantOf>,
    for_cause: bool,
) -> Result<(), AdminError> {
    service.write_as_operator(move |tx, now| {
        known_worker(tx, worker)?;
        let held = tx.grants(worker)?;
        for grant in &grants {
            let ended = held.iter().filter(|held| held.of == *grant && held.ended_ms.is_none());
            let ids: Vec<i64> = ended.map(|held| held.id).collect();
            if ids.is_empty() {
                return Err(AdminError::Refused(
                    "the worker does not hold that grant: see `timbang worker list`",
                ));
            }
            for id in ids {
                tx.end_grant(id, now.ms, for_cause)?;
            }
        }
        let subject = json!({"worker": worker, "grants": names(&grants), "for_cause": for_cause});
        tx.audit(Who::CommandLine, Act::GrantEnded, &subject, now.ms)?;
        Ok(())
    })
}

/// Makes an enrolment code for a worker's tablet.
pub fn make_code(service: &Service, worker: WorkerId) -> Result<NewCode, AdminError> {
    let random = Arc::clone(service.random());
    service.write_as_operator(move |tx, now| {
        if !may_have_tablet(&known_worker(tx, worker)?) {
            return Err(AdminError::Refused(
                "only a tenaga works on a tablet: others get a login with `timbang password set`",
            ));
        }
        let code = new_code(tx, worker, now.ms, &*random)?;
        tx.audit(Who::CommandLine, Act::CodeMade, &json!({"worker": worker}), now.ms)?;
        Ok(code)
    })
}

/// Makes a token for a person who works without a tablet. Shown once.
pub fn make_token(service: &Service, worker: WorkerId) -> Result<String, AdminError> {
    let token = token::make(&**service.random());
    let hash = token::hash(&token);
    service.write_as_operator::<_, AdminError, _>(move |tx, now| {
        known_worker(tx, worker)?;
        tx.add_person_token(worker, &hash, now.ms)?;
        tx.audit(Who::CommandLine, Act::TokenMade, &json!({"worker": worker}), now.ms)?;
        Ok(())
    })?;
    Ok(token)
}

/// Ends every token of a person. Returns how many.
pub fn revoke_tokens(service: &Service, worker: WorkerId) -> Result<usize, AdminError> {
    service.write_as_operator(move |tx, now| {
        known_worker(tx, worker)?;
        let ended = tx.end_person_tokens(worker, now.ms)?;
        tx.audit(Who::CommandLine, Act::TokenRevoked, &json!({"worker": worker}), now.ms)?;
        Ok(ended)
    })
}

/// Gives a person a login to the pages and a password, or the one they have another password. Whoever
/// is logged in as this person is logged out.
pub fn set_password(
    service: &Service,
    worker: WorkerId,
    name: Option<&str>,
    password: &str,
) -> Result<String, AdminError> {
    let password = NewPassword::of(password, &**service.random())?;
    let name = name.map(str::to_owned);
    service.write_as_operator(move |tx, now| {
        known_worker(tx, worker)?;
        let held = tx.login_of(worker)?.map(|login| login.name);
        let name = name
            .or(held)
            .ok_or(AdminError::Refused("the person has no login yet: repeat with --login NAME"))?;
        login::set_password(tx, Who::CommandLine, worker, &name, &password, now.ms)?;
        Ok(name)
    })
}

/// Nobody can log in as this person until a password is set again. False when they had no login.
pub fn disable_login(service: &Service, worker: WorkerId) -> Result<bool, AdminError> {
    service.write_as_operator(move |tx, now| {
        known_worker(tx, worker)?;
        Ok(login::disable(tx, Who::CommandLine, worker, now.ms)?)
    })
}

fn names(grants: &[GrantOf]) -> Vec<&str> {
    grants
        .iter()
        .map(|grant| match grant {
            GrantOf::Area(area) => area.as_str(),
            GrantOf::Puskesmas(code) => code.as_str(),
        })
        .collect()
}

fn known_worker(tx: &ReadTx<'_>, worker: WorkerId) -> Result<Worker, AdminError> {
    tx.worker(worker)?.ok_or_else(|| AdminError::Unknown {
        what: "worker",
        name: worker.to_string(),
        hint: "see `timbang worker list`",
    })
}

fn known_place(tx: &WriteTx<'_>, grant: &GrantOf) -> Result<(), AdminError> {
    match grant {
        GrantOf::Area(area) => known_area(tx, area),
        GrantOf::Puskesmas(code) if tx.areas_of_puskesmas(code)?.is_empty() => {
            Err(AdminError::Unknown {
                what: "puskesmas",
                name: code.clone(),
                hint: "import it first with `timbang puskesmas import FILE`",
            })
        }
        GrantOf::Puskesmas(_) => Ok(()),
    }
}
