//! `timbang`: serve, demo and the commands of administration.

use server::cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(cli::read())
}
