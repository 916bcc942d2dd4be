//! `timbang worker …`, `timbang code new`

use crate::admin::people;
use crate::cli::arguments::{GrantOptions, Place, UngrantOptions, WorkerAddOptions, WorkerOptions};
use crate::cli::output;
use crate::service::Service;
use crate::store::{Grant, GrantOf, Role};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::process::ExitCode;
use sync_protocol::time::Moment;

pub(super) fn add(service: &Service, options: WorkerAddOptions) -> anyhow::Result<ExitCode> {
    let grants = options.grants.list();
    let sees_nothing = grants.is_empty();
    let worker = people::add_worker(service, options.name, options.role, grants)?;
    let mut text = format!("worker {worker} added\n");
    if sees_nothing {
        writeln!(text, "sees nothing yet: timbang worker grant --worker {worker} --area CODE")?;
    }
    let next = match options.role {
        Role::Tenaga => format!("for the tablet: timbang code new --worker {worker}"),
        Role::Penyelia | Role::Pengamat | Role::Admin => {
            format!("for the API: timbang token add --worker {worker}")
        }
    };
    text.push_str(&next);
    output::print(options.place.json, &json!({"worker": worker}), &text)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn list(service: &Service, place: &Place) -> anyhow::Result<ExitCode> {
    let mut values = Vec::new();
    let mut text = String::new();
    for (worker, grants) in people::list_workers(service)? {
        let held: Vec<&Grant> = grants.iter().filter(|grant| grant.ended_ms.is_none()).collect();
        let names: Vec<String> = held.iter().map(|grant| grant_name(&grant.of)).collect();
        writeln!(text, "{}  {:<8}  {}  {}", worker.id, worker.role, worker.name, names.join(" "))?;
        let areas = held.iter().filter_map(|grant| match &grant.of {
            GrantOf::Area(area) => Some(area.as_str()),
            GrantOf::Puskesmas(_) => None,
        });
        let puskesmas = held.iter().filter_map(|grant| match &grant.of {
            GrantOf::Puskesmas(code) => Some(code.as_str()),
            GrantOf::Area(_) => None,
        });
        values.push(json!({"worker": worker.id, "name": worker.name, "role": worker.role.as_str(),
            "areas": areas.collect::<Vec<_>>(), "puskesmas": puskesmas.collect::<Vec<_>>()}));
    }
    output::print(place.json, &Value::Array(values), &text)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn grant(service: &Service, options: GrantOptions) -> anyhow::Result<ExitCode> {
    people::grant(service, options.worker, options.grants.list())?;
    print_done(&options.place, "granted; the tablets get the new list at their next sync")
}

pub(super) fn ungrant(service: &Service, options: UngrantOptions) -> anyhow::Result<ExitCode> {
    people::ungrant(service, options.worker, options.grants.list(), options.for_cause)?;
    print_done(
        &options.place,
        "ended; the tablets drop what they no longer may see at their next sync",
    )
}

pub(super) fn new_code(service: &Service, options: &WorkerOptions) -> anyhow::Result<ExitCode> {
    let code = people::make_code(service, options.worker)?;
    let expires_at = Moment::utc(code.expires_ms);
    let text = format!(
        "code {} (until {expires_at})\non the tablet: timbang-tablet enrol URL {}",
        code.code, code.code
    );
    output::print(
        options.place.json,
        &json!({"code": code.code, "expires_at": expires_at}),
        &text,
    )?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn new_token(service: &Service, options: &WorkerOptions) -> anyhow::Result<ExitCode> {
    let token = people::make_token(service, options.worker)?;
    let text = format!("{token}\nkeep it secret; it is not shown again");
    output::print(options.place.json, &json!({"token": token}), &text)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn revoke_tokens(
    service: &Service,
    options: &WorkerOptions,
) -> anyhow::Result<ExitCode> {
    let ended = people::revoke_tokens(service, options.worker)?;
    output::print(
        options.place.json,
        &json!({"revoked": ended}),
        &format!("{ended} tokens ended"),
    )?;
    Ok(ExitCode::SUCCESS)
}

fn grant_name(of: &GrantOf) -> String {
    match of {
        GrantOf::Area(area) => area.to_string(),
        GrantOf::Puskesmas(code) => format!("puskesmas {code}"),
    }
}

fn print_done(place: &Place, text: &str) -> anyhow::Result<ExitCode> {
    output::print(place.json, &json!({"ok": true}), text)?;
    Ok(ExitCode::SUCCESS)
}
