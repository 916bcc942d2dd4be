//! `timbang serve`

use super::arguments::ServeOptions;
use super::logging;
use crate::http::serve::{Listen, Tls, block_on, start};
use crate::http::{Service, Settings};
use crate::platform::{SystemClock, SystemRandom};
use anyhow::Context;
use std::process::ExitCode;
use std::sync::Arc;

pub(super) fn serve(options: &ServeOptions) -> anyhow::Result<ExitCode> {
    logging::start_json();
    let settings = Settings {
        requests_per_minute: options.requests_per_minute,
        requests_burst: options.requests_burst,
    };
    let service =
        Service::open(&options.data, Arc::new(SystemClock), Arc::new(SystemRandom), settings)
            .with_context(|| format!("cannot open the database in {}", options.data.display()))?;
    let tls = options.tls_cert.clone().zip(options.tls_key.clone());
    let listen = Listen {
        address: options.listen,
        tls: tls.map(|(certificate, key)| Tls { certificate, key }),
    };
    block_on(async {
        let scheme = if listen.tls.is_some() { "https" } else { "http" };
        let running = start(Arc::new(service), &listen)?;
        let address = running.address;
        let public = options.public_url.clone().unwrap_or_else(|| format!("{scheme}://{address}"));
        if listen.tls.is_none() && !address.ip().is_loopback() {
            tracing::warn!(
                "tablets' tokens travel in the clear: use --tls-cert and --tls-key, or a reverse proxy with TLS"
            );
        }
        tracing::info!(%address, public_url = public, "listening");
        running.wait().await?;
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    })
}
