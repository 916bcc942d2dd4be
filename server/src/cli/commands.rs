//! The commands of administration: each opens the database, does one thing and prints it.

mod courier;
mod files_in;
mod password;
mod people;

use super::arguments::{
    AdminCommand, AreaCommand, CodeCommand, DeviceCommand, ImportCommand, PasswordCommand, Place,
    PosyanduCommand, PuskesmasCommand, RevokeOptions, TokenCommand, WorkerCommand,
};
use super::{export, logging, output, report};
use crate::admin::devices;
use crate::backup::BackupError;
use crate::check::check;
use crate::platform::{SystemClock, SystemRandom};
use crate::service::Service;
use crate::store::DATABASE_FILE;
use anyhow::Context;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use sync_protocol::time::Moment;

pub(super) fn run(command: AdminCommand) -> anyhow::Result<ExitCode> {
    logging::start_quiet();
    let service = open(&command)?;
    match command {
        AdminCommand::Area(AreaCommand::Import(options)) => files_in::areas(&service, &options),
        AdminCommand::Puskesmas(PuskesmasCommand::Import(options)) => {
            files_in::puskesmas(&service, &options)
        }
        AdminCommand::Posyandu(PosyanduCommand::Import(options)) => {
            files_in::posyandu(&service, &options)
        }
        AdminCommand::Worker(WorkerCommand::Add(options)) => people::add(&service, options),
        AdminCommand::Worker(WorkerCommand::List(options)) => {
            people::list(&service, &options.place)
        }
        AdminCommand::Worker(WorkerCommand::Grant(options)) => people::grant(&service, options),
        AdminCommand::Worker(WorkerCommand::Ungrant(options)) => people::ungrant(&service, options),
        AdminCommand::Code(CodeCommand::New(options)) => people::new_code(&service, &options),
        AdminCommand::Token(TokenCommand::Add(options)) => people::new_token(&service, &options),
        AdminCommand::Token(TokenCommand::Revoke(options)) => {
            people::revoke_tokens(&service, &options)
        }
        AdminCommand::Password(PasswordCommand::Set(options)) => password::set(&service, &options),
        AdminCommand::Password(PasswordCommand::Disable(options)) => {
            password::disable(&service, &options)
        }
        AdminCommand::Device(DeviceCommand::List(options)) => {
            list_devices(&service, &options.place)
        }
        AdminCommand::Device(DeviceCommand::Drain(options)) => {
            let device = devices::drain(&service, options.device)?;
            print_device_state(&options.place, &device)
        }
        AdminCommand::Device(DeviceCommand::Revoke(options)) => revoke(&service, &options),
        AdminCommand::Import(ImportCommand::Sasaran(options)) => {
            files_in::sasaran(&service, &options)
        }
        AdminCommand::Import(ImportCommand::Pengukuran(options)) => {
            files_in::pengukuran(&service, &options)
        }
        AdminCommand::Import(ImportCommand::Outbox(options)) => courier::outbox(&service, &options),
        AdminCommand::Import(ImportCommand::Mirror(options)) => courier::mirror(&service, &options),
        AdminCommand::Export(options) => export::run(&service, options),
        AdminCommand::Report(command) => report::run(&service, &command),
        AdminCommand::Check(options) => run_check(&service, &options.place),
    }
}

/// Opens the database. One that a command makes is told: a mistyped directory would be a new one.
fn open(command: &AdminCommand) -> anyhow::Result<Service> {
    let Place { data, json } = command.place();
    let is_missing = !data.join(DATABASE_FILE).exists();
    if is_missing && command.is_about_what_is_there() {
        return Err(BackupError::NoDatabase(data.clone()))
            .context("is --data (or TIMBANG_DATA) the right directory?");
    }
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let service = Service::open(data, clock, random)
        .with_context(|| format!("cannot open the database in {}", data.display()))?;
    if is_missing {
        output::print_note(*json, &format!("made a new, empty database in {}", data.display()));
    }
    Ok(service)
}

fn read_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn list_devices(service: &Service, place: &Place) -> anyhow::Result<ExitCode> {
    let moment = |ms: Option<i64>| ms.map(|ms| Moment::utc(ms).to_string());
    let mut values = Vec::new();
    let mut text = String::new();
    for devices::Listed { device, worker } in devices::list_devices(service)? {
        writeln!(
            text,
            "{:>10}  {:<8}  {worker} ({}), last seen {}, {} pending",
            device.number,
            device.state,
            device.name,
            moment(device.last_pull_ms).unwrap_or_else(|| "never".to_owned()),
            device.pending.map_or_else(|| "?".to_owned(), |pending| pending.to_string()),
        )?;
        values.push(json!({
            "device": device.number.0, "state": device.state.as_str(), "worker": worker,
            "name": device.name, "app": device.app, "acked_through": device.acked,
            "last_push": moment(device.last_push_ms), "last_pull": moment(device.last_pull_ms),
            "pending": device.pending, "oldest_pending_at": moment(device.oldest_pending_ms),
            "parked": device.parked, "clock_skew_ms": device.skew_ms,
        }));
    }
    if values.is_empty() {
        text.push_str(
            "no tablet is enrolled yet: make a code with `timbang code new --worker ID`\n",
        );
    }
    output::print(place.json, &Value::Array(values), &text)?;
    Ok(ExitCode::SUCCESS)
}

fn print_device_state(place: &Place, device: &crate::store::Device) -> anyhow::Result<ExitCode> {
    let value = json!({"device": device.number.0, "state": device.state.as_str()});
    let text = format!("device {} is {} now", device.number, device.state);
    output::print(place.json, &value, &text)?;
    Ok(ExitCode::SUCCESS)
}

/// Revoking may strand unsent work, so it asks first when a person is there to answer.
fn revoke(service: &Service, options: &RevokeOptions) -> anyhow::Result<ExitCode> {
    let pending = devices::known_device(service, options.device)?.pending;
    if !options.yes && pending != Some(0) {
        let unsent = pending
            .map_or_else(|| "an unknown number of".to_owned(), |pending| pending.to_string());
        anyhow::bail!(
            "device {} last reported {unsent} unsent changes, which would stay on the tablet: \
             use `timbang device drain` to let it hand them in, or repeat with --yes",
            options.device
        );
    }
    let device = devices::revoke(service, options.device)?;
    print_device_state(&options.place, &device)
}

fn run_check(service: &Service, place: &Place) -> anyhow::Result<ExitCode> {
    let report = check(service)?;
    let mut text = String::new();
    for (outcome, count) in &report.changes {
        writeln!(text, "{count:>10}  changes {outcome}")?;
    }
    for fault in &report.faults {
        writeln!(text, "FAULT       {fault}")?;
    }
    let healthy = report.faults.is_empty();
    writeln!(
        text,
        "{}",
        if healthy {
            "all is well"
        } else {
            "keep the file as it is and restore a backup beside it"
        }
    )?;
    output::print(
        place.json,
        &json!({"ok": healthy, "faults": report.faults, "changes": report.changes}),
        &text,
    )?;
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
