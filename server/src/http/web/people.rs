//! Petugas: an admin gives people of their area a password, or takes their login away.

use super::password::{fault_of, new_password};
use super::places::Places;
use super::visit::{Visit, role_label};
use crate::access::login::{disable, set_password};
use crate::access::person::Person;
use crate::access::reach::is_within_reach;
use crate::access::scope_of;
use crate::http::Response;
use crate::refusal::Refusal;
use crate::store::{ReadTx, Role, Stored, Who, Worker};
use crate::sync::server_time;
use sync_protocol::ids::WorkerId;
use views::people::{self as shown, LoginState, PersonRow};
use views::shell::Notice;
use views::words;

const HERE: &str = "/petugas";

pub(super) fn list(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let rows = visit.call.read(|tx, person, _| {
        let places = Places::read(tx)?;
        let mut rows = Vec::new();
        for worker in tx.workers()? {
            if has_desk(tx, &person, &worker)? {
                rows.push(row(tx, &places, worker)?);
            }
        }
        Ok(rows)
    })?;
    Ok(visit.page(HERE, "Petugas", &shown::people(&rows)))
}

pub(super) fn one(visit: &Visit<'_>) -> Result<Response, Refusal> {
    show(visit, 200, None)
}

pub(super) fn set(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let wrong = |text: String| show(visit, 422, Some(&Notice::Wrong(text)));
    let name = visit.form.text("nama").unwrap_or_default().to_owned();
    let password = match new_password(visit) {
        Ok(password) => password,
        Err(fault) => return wrong(fault),
    };
    let worker = worker_id(visit)?;
    let set = visit.call.write(move |tx, person, now| {
        let worker = of_reach(tx, &person, worker)?;
        let now_ms = now.ms;
        let by = Who::Worker(person.worker.id);
        fault_of(set_password(tx, by, worker.id, &name, &password, now_ms))
    })?;
    match set {
        None => Ok(Response::redirect("/petugas?kabar=sandi")),
        Some(fault) => wrong(fault),
    }
}

pub(super) fn end(visit: &Visit<'_>) -> Result<Response, Refusal> {
    if visit.form.text("yakin").is_none() {
        return Err(Refusal::Malformed(None));
    }
    let worker = worker_id(visit)?;
    visit.call.write(move |tx, person, now| {
        let worker = of_reach(tx, &person, worker)?;
        let now_ms = now.ms;
        Ok(disable(tx, Who::Worker(person.worker.id), worker.id, now_ms)?)
    })?;
    Ok(Response::redirect("/petugas?kabar=nonaktif"))
}

fn show(visit: &Visit<'_>, status: u16, notice: Option<&Notice>) -> Result<Response, Refusal> {
    let worker = worker_id(visit)?;
    let row = visit.call.read(|tx, person, _| {
        let worker = of_reach(tx, &person, worker)?;
        Ok(row(tx, &Places::read(tx)?, worker)?)
    })?;
    let held = match &row.login {
        LoginState::None => "",
        LoginState::Active { name, .. } | LoginState::Disabled { name } => name,
    };
    let typed = visit.form.text("nama").unwrap_or(held);
    let content = shown::person(&row, typed, &visit.viewer());
    Ok(visit.page_with(status, HERE, &row.name, notice, &content))
}

fn worker_id(visit: &Visit<'_>) -> Result<WorkerId, Refusal> {
    let id = visit.call.parameters.first().and_then(|id| id.parse().ok());
    id.ok_or(Refusal::NotFound)
}

fn of_reach(tx: &ReadTx<'_>, person: &Person, worker: WorkerId) -> Result<Worker, Refusal> {
    let unknown = || Refusal::NotFound;
    let worker = tx.worker(worker)?.ok_or_else(unknown)?;
    if has_desk(tx, person, &worker)? { Ok(worker) } else { Err(unknown()) }
}

/// Somebody of the admin's reach who works with pages.
fn has_desk(tx: &ReadTx<'_>, person: &Person, worker: &Worker) -> Stored<bool> {
    Ok(worker.role != Role::Tenaga && is_within_reach(tx, person, worker.id)?)
}

fn row(tx: &ReadTx<'_>, places: &Places, worker: Worker) -> Stored<PersonRow> {
    let login = match tx.login_of(worker.id)? {
        None => LoginState::None,
        Some(login) if login.password.is_none() => LoginState::Disabled { name: login.name },
        Some(login) => {
            let offset = server_time::offset_minutes(tx, login.set_ms)?;
            LoginState::Active { name: login.name, since: words::moment(login.set_ms, offset) }
        }
    };
    let scope = scope_of(tx, worker.id)?;
    let areas: Vec<String> = scope.areas().iter().map(|area| places.name(area)).collect();
    Ok(PersonRow {
        name: worker.name,
        role: role_label(worker.role),
        areas: areas.join(", "),
        login,
        page: format!("{HERE}/{}", worker.id),
    })
}
