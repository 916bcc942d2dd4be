//! `timbang`: serve, demo and the commands of administration.

use clap::Parser;
use server::cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(cli::Arguments::parse())
}
