//! Logs: JSON lines on stderr, no personal data. `TIMBANG_LOG` sets what is logged.

use tracing_subscriber::EnvFilter;

/// Logs a server's doings from `info` on.
pub(super) fn start_json() {
    let filter = EnvFilter::try_from_env("TIMBANG_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,actix_server=warn"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// Logs only what goes wrong: a command prints its own result.
pub(crate) fn start_quiet() {
    let filter = EnvFilter::try_from_env("TIMBANG_LOG").unwrap_or_else(|_| EnvFilter::new("error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
