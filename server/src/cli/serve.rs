//! `timbang serve`

use super::arguments::ServeOptions;
use super::logging;
use crate::backup::schedule::{self, Plan, Schedule};
use crate::http::serve::{Listen, Tls, block_on, start};
use crate::http::{Service, Settings};
use crate::platform::{Clock, SystemClock, SystemRandom};
use crate::serve_lock::ServeLock;
use anyhow::Context;
use std::process::ExitCode;
use std::sync::Arc;

pub(super) fn serve(options: &ServeOptions) -> anyhow::Result<ExitCode> {
    logging::start_json();
    let settings = Settings {
        requests_per_minute: options.requests_per_minute,
        requests_burst: options.requests_burst,
    };
    // Held as long as this process lives: one server on one directory.
    let _lock = ServeLock::take(&options.data)?;
    back_up_before_migration(options)?;
    let service =
        Service::open(&options.data, Arc::new(SystemClock), Arc::new(SystemRandom), settings)
            .with_context(|| format!("cannot open the database in {}", options.data.display()))?;
    let tls = options.tls_cert.clone().zip(options.tls_key.clone());
    let listen = Listen {
        address: options.listen,
        tls: tls.map(|(certificate, key)| Tls { certificate, key }),
        trusted_proxies: options.trusted_proxies.clone(),
    };
    let service = Arc::new(service);
    let backups = start_backups(options, &service)?;
    block_on(async {
        let scheme = if listen.tls.is_some() { "https" } else { "http" };
        let running = start(Arc::clone(&service), &listen)?;
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
    service: &Arc<Service>,
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
    let schedule = Schedule::start(plan, Arc::clone(service))
        .with_context(|| format!("backups cannot be made in {}", dir.display()))?;
    Ok(Some(schedule))
}
