//! The demo: a synthetic kecamatan, two tablets, one village day.

pub mod population;

use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Clone, Debug, Args)]
pub struct DemoOptions {
    /// Directory of the demo's database and tablets
    #[arg(long, env = "TIMBANG_DEMO_DATA", default_value = "timbang-demo", value_name = "DIR")]
    pub data: PathBuf,
    /// Address and port to listen on
    #[arg(long, env = "TIMBANG_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Set the earlier demo aside and start anew
    #[arg(long)]
    pub fresh: bool,
}

/// Runs the demo until it is interrupted.
pub fn run(_options: &DemoOptions) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not yet")
}
