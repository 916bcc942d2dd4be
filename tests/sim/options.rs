//! The command line: `cargo test -p sync-tests --test sim -- --from SEED --count N`.

use clap::Parser;

/// Plays histories of tablets and a server in virtual time, and looks whether the guarantees hold.
#[derive(Clone, Copy, Debug, Parser)]
#[command(name = "sim", no_binary_name = false)]
pub(crate) struct Options {
    /// The first seed.
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub(crate) from: u64,
    /// How many seeds, one after the other.
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub(crate) count: u64,
    /// Histories played at once [default: one for each processor, at most 4].
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Events shown of a history that failed.
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub(crate) events: usize,
    /// Stops at the first failure.
    #[arg(long)]
    pub(crate) first: bool,
    /// Plays only these seeds, without those that failed once and those played twice.
    #[arg(long)]
    pub(crate) only: bool,
}
