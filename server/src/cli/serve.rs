//! `timbang serve`

use super::arguments::listen_address;
use super::logging;
use super::span::Span;
use crate::backup::schedule::{self, Plan, Schedule};
use crate::http::proxy::Network;
use crate::http::serve::{Listen, Tls, block_on, start};
use crate::http::{Gateway, Settings};
use crate::platform::{Clock, SystemClock, SystemRandom};
use crate::serve_lock::ServeLock;
use crate::service::Service;
use anyhow::Context;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use sync_protocol::limits::{
    DEVICE_REQUESTS_BURST, DEVICE_REQUESTS_PER_MINUTE, ENROL_TRIES_PER_MINUTE,
};

#[derive(Debug, Args)]
pub struct ServeOptions {
    /// Directory of the database; made when it is missing
    #[arg(long, env = "TIMBANG_DATA", value_name = "DIR")]
    pub data: PathBuf,
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "TIMBANG_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR", value_parser = listen_address)]
    pub listen: SocketAddr,
    /// Certificate chain, PEM
    #[arg(long, env = "TIMBANG_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of the certificate, PEM
    #[arg(long, env = "TIMBANG_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// A reverse proxy in front, as an address or a network; can be given more than once. Its
    /// X-Forwarded-For says who calls
    #[arg(
        long = "trusted-proxy",
        env = "TIMBANG_TRUSTED_PROXY",
        value_delimiter = ',',
        value_name = "ADDR"
    )]
    pub trusted_proxies: Vec<Network>,
    /// Directory for backups; made when it is missing
    #[arg(long, env = "TIMBANG_BACKUP_DIR", value_name = "DIR")]
    pub backup_dir: Option<PathBuf>,
    /// How often to make a backup: 30m, 1h, 1d
    #[arg(
        long,
        env = "TIMBANG_BACKUP_EVERY",
        default_value = "1h",
        value_name = "TIME",
        requires = "backup_dir"
    )]
    pub backup_every: Span,
    /// How many backups to keep
    #[arg(
        long,
        env = "TIMBANG_BACKUP_KEEP",
        default_value_t = 48,
        value_name = "N",
        requires = "backup_dir"
    )]
    pub backup_keep: usize,
    /// The address that tablets reach the server by, when it is not the one it listens on
    #[arg(long, env = "TIMBANG_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Requests a minute that one tablet, or one person, may make in the long run
    #[arg(long, env = "TIMBANG_REQUESTS_PER_MINUTE", default_value_t = DEVICE_REQUESTS_PER_MINUTE, value_name = "N")]
    pub requests_per_minute: u32,
    /// Requests that one tablet, or one person, may make at once
    #[arg(long, env = "TIMBANG_REQUESTS_BURST", default_value_t = DEVICE_REQUESTS_BURST, value_name = "N")]
    pub requests_burst: u32,
    /// Tries to enrol a tablet that one address may make in a minute; more for a room full of new ones
    #[arg(long, env = "TIMBANG_ENROLMENTS_PER_MINUTE", default_value_t = ENROL_TRIES_PER_MINUTE, value_name = "N")]
    pub enrolments_per_minute: u32,
}

pub(super) fn serve(options: &ServeOptions) -> anyhow::Result<ExitCode> {
    logging::start_json();
    let settings = Settings {
        requests_per_minute: options.requests_per_minute,
        requests_burst: options.requests_burst,
        enrolments_per_minute: options.enrolments_per_minute,
    };
    // Held as long as this process lives: one server on one directory.
    let _lock = ServeLock::take(&options.data)?;
    back_up_before_migration(options)?;
    let service = Service::open(&options.data, Arc::new(SystemClock), Arc::new(SystemRandom))
        .with_context(|| format!("cannot open the database in {}", options.data.display()))?;
    let tls = options.tls_cert.clone().zip(options.tls_key.clone());
    let listen = Listen {
        address: options.listen,
        tls: tls.map(|(certificate, key)| Tls { certificate, key }),
        trusted_proxies: options.trusted_proxies.clone(),
    };
    let service = Arc::new(service);
    let gateway = Arc::new(Gateway::new(Arc::clone(&service), settings));
    let backups = start_backups(options, service, &gateway)?;
    block_on(async {
        let scheme = if listen.tls.is_some() { "https" } else { "http" };
        let running = start(Arc::clone(&gateway), &listen)?;
        let address = running.address;
        let public = options.public_url.clone().unwrap_or_else(|| format!("{scheme}://{address}"));
        if listen.tls.is_none() && !address.ip().is_loopback() {
            tracing::warn!(
                "tablets' tokens travel in the clear: use --tls-cert and --tls-key, or a reverse proxy with TLS"
            );
        }
        tracing::info!(%address, public_url = public, "listening");
        running.wait().await?;
        drop(backups);
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    })
}

fn back_up_before_migration(options: &ServeOptions) -> anyhow::Result<()> {
    let Some(dir) = &options.backup_dir else { return Ok(()) };
    let made = schedule::before_migration(&options.data, dir, SystemClock.now_ms())
        .context("the database needs a newer schema, and no backup could be made before")?;
    if let Some(made) = made {
        tracing::info!(file = %made.file.display(), "backed up before the migration");
    }
    Ok(())
}

fn start_backups(
    options: &ServeOptions,
    service: Arc<Service>,
    gateway: &Arc<Gateway>,
) -> anyhow::Result<Option<Schedule>> {
    let Some(dir) = &options.backup_dir else {
        tracing::warn!("no backups are made: use --backup-dir");
        return Ok(None);
    };
    let plan = Plan {
        data: options.data.clone(),
        dir: dir.clone(),
        every: options.backup_every.0,
        keep: options.backup_keep,
    };
    let gateway = Arc::clone(gateway);
    let note = move |outcome| gateway.metrics.note_backup(outcome);
    let schedule = Schedule::start(plan, service, note)
        .with_context(|| format!("backups cannot be made in {}", dir.display()))?;
    Ok(Some(schedule))
}
