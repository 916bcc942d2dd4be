//! `timbang backup`, `restore` and `doctor`: what works on the files and not through a running
//! database.

use super::arguments::Place;
use super::{logging, output};
use crate::backup::{self, Holds, Made};
use crate::doctor::{self, Level, Subject};
use crate::platform::{Clock, Random, SystemClock, SystemRandom};
use crate::restore::{Restored, restore};
use crate::service::Service;
use crate::store::Who;
use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use sync_protocol::time::Moment;

#[derive(Debug, Subcommand)]
pub enum OperationCommand {
    /// Copy the database into one checked file, also beside a running server
    Backup(BackupOptions),
    /// Put a backup in the database's place; the present one is moved aside
    Restore(RestoreOptions),
    /// Check an installation and say what to mend
    Doctor(DoctorOptions),
}

/// What a command takes that makes no database.
#[derive(Clone, Debug, Args)]
pub struct Existing {
    /// Directory of the database
    #[arg(long, env = "TIMBANG_DATA", value_name = "DIR")]
    pub data: PathBuf,
    /// Print JSON for scripts
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct BackupOptions {
    /// The new file; FILE.sha256 is made beside it
    pub file: PathBuf,
    #[command(flatten)]
    pub place: Existing,
}

#[derive(Debug, Args)]
pub struct RestoreOptions {
    /// A file that `timbang backup` or `serve --backup-dir` made
    pub file: PathBuf,
    /// Do not ask, although there is a database already
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Args)]
pub struct DoctorOptions {
    /// Where `serve` makes its backups
    #[arg(long, env = "TIMBANG_BACKUP_DIR", value_name = "DIR")]
    pub backup_dir: Option<PathBuf>,
    /// Certificate chain that `serve` uses, PEM
    #[arg(long, env = "TIMBANG_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Its private key, PEM
    #[arg(long, env = "TIMBANG_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    #[command(flatten)]
    pub place: Existing,
}

impl OperationCommand {
    pub fn as_json(&self) -> bool {
        match self {
            OperationCommand::Backup(options) => options.place.json,
            OperationCommand::Restore(options) => options.place.json,
            OperationCommand::Doctor(options) => options.place.json,
        }
    }
}

pub(super) fn run(command: &OperationCommand) -> anyhow::Result<ExitCode> {
    logging::start_quiet();
    match command {
        OperationCommand::Backup(options) => back_up(options),
        OperationCommand::Restore(options) => bring_back(options),
        OperationCommand::Doctor(options) => examine(options),
    }
}

fn back_up(options: &BackupOptions) -> anyhow::Result<ExitCode> {
    let data = &options.place.data;
    let made = backup::make(data, &options.file)?;
    if made.holds.is_some() {
        // A database of an older schema is not opened: that would migrate it.
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        let service = Service::open(data, clock, random);
        let noted = service.and_then(|service| backup::note(&service, Who::CommandLine, &made));
        noted.context("the backup is made, but could not be noted in the audit log")?;
    }
    output::print(options.place.json, &backup_json(&made), &backup_text(&made))?;
    Ok(ExitCode::SUCCESS)
}

fn backup_json(made: &Made) -> Value {
    let holds = made.holds.as_ref();
    json!({
        "file": made.file, "bytes": made.bytes, "sha256": made.sha256, "schema": made.schema,
        "epoch": holds.map(|holds| holds.epoch), "feed": holds.map(|holds| holds.feed),
        "server_time": holds.map(|holds| Moment::utc(holds.server_now_ms)),
        "audit_row": holds.and_then(audit_row), "audit_hash": holds.and_then(audit_hash),
    })
}

fn backup_text(made: &Made) -> String {
    let mut text = format!(
        "{} is a checked copy of {} bytes\nsha256 {}\n",
        made.file.display(),
        made.bytes,
        made.sha256
    );
    let told = match &made.holds {
        Some(holds) => writeln!(
            text,
            "feed {}, epoch {}, audit log {} rows, last {}",
            holds.feed,
            holds.epoch,
            audit_row(holds).unwrap_or(0),
            audit_hash(holds).unwrap_or_else(|| "-".to_owned())
        ),
        None => writeln!(
            text,
            "schema {}: older than this program's, so only the file was checked",
            made.schema
        ),
    };
    told.unwrap_or_default();
    text.push_str("keep it, and its .sha256, on another machine");
    text
}

fn audit_row(holds: &Holds) -> Option<i64> {
    holds.audit_head.map(|(row, _)| row)
}

fn audit_hash(holds: &Holds) -> Option<String> {
    holds.audit_head.map(|(_, hash)| hash.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn bring_back(options: &RestoreOptions) -> anyhow::Result<ExitCode> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let data = &options.place.data;
    let restored = restore(data, &options.file, options.yes, &clock, &random)?;
    let text = restored_text(&restored).context("what was done cannot be written out")?;
    output::print(options.place.json, &restored_json(&restored), &text)?;
    Ok(ExitCode::SUCCESS)
}

fn restored_json(restored: &Restored) -> Value {
    let lost: Vec<Value> = restored
        .devices_lost
        .iter()
        .map(|lost| json!({"device": lost.device, "name": lost.name, "worker": lost.worker}))
        .collect();
    let shut: Vec<Value> = restored
        .devices_shut
        .iter()
        .map(|shut| json!({"device": shut.device, "state": shut.state.as_str()}))
        .collect();
    json!({
        "epoch": restored.epoch, "feed": restored.feed,
        "backup_time": Moment::utc(restored.backup_ms), "set_aside": restored.set_aside,
        "replaced_unreadable": restored.is_blind, "codes_ended": restored.codes_ended,
        "tokens_ended": restored.tokens_ended, "devices_lost": lost, "devices_shut": shut,
        "grants_ended": restored.grants_ended, "workers_lost": restored.workers_lost,
    })
}

fn restored_text(restored: &Restored) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let when = Moment::utc(restored.backup_ms);
    writeln!(text, "restored as of {when}, feed {}, new epoch {}", restored.feed, restored.epoch)?;
    if let Some(aside) = &restored.set_aside {
        writeln!(text, "the replaced database lies in {}; it is not deleted", aside.display())?;
    }
    if restored.is_blind {
        writeln!(
            text,
            "WARNING  the replaced database could not be read: devices revoked and grants ended since the backup \
             are valid again. Go through `timbang device list` and `timbang worker list`"
        )?;
    }
    for shut in &restored.devices_shut {
        writeln!(
            text,
            "device {} was shut out since the backup: {} again",
            shut.device, shut.state
        )?;
    }
    for lost in &restored.devices_lost {
        writeln!(
            text,
            "device {} ({}, {}) was enrolled since the backup: its tablet gets 401; enrol it anew with a new code, \
             and its log comes back whole",
            lost.device, lost.worker, lost.name
        )?;
    }
    for name in &restored.workers_lost {
        writeln!(text, "worker {name} was added since the backup: add them again")?;
    }
    if restored.grants_ended > 0 {
        writeln!(text, "{} grants ended since the backup were ended again", restored.grants_ended)?;
    }
    writeln!(
        text,
        "{} enrolment codes and {} tokens of people were ended: make new ones (`timbang code new`, `timbang token add`)",
        restored.codes_ended, restored.tokens_ended
    )?;
    text.push_str("next: start the server. The tablets send again what it lost when they sync");
    Ok(text)
}

fn examine(options: &DoctorOptions) -> anyhow::Result<ExitCode> {
    let findings = doctor::examine(&Subject {
        data: options.place.data.clone(),
        backup_dir: options.backup_dir.clone(),
        tls: options.tls_cert.clone().zip(options.tls_key.clone()),
        wall_ms: SystemClock.now_ms(),
    });
    let mut text = String::new();
    let mut values = Vec::new();
    for finding in &findings {
        writeln!(text, "{:<8} {:<14} {}", finding.level.as_str(), finding.topic, finding.says)?;
        if let Some(mend) = &finding.mend {
            writeln!(text, "{:<8} {:<14} -> {mend}", "", "")?;
        }
        values.push(json!({"level": finding.level.as_str(), "topic": finding.topic,
            "says": finding.says, "mend": finding.mend}));
    }
    let healthy = findings.iter().all(|finding| finding.level != Level::Problem);
    text.push_str(if healthy { "nothing must be mended" } else { "mend the problems above" });
    output::print(options.place.json, &json!({"ok": healthy, "findings": values}), &text)?;
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
