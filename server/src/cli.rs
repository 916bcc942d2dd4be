//! The command line of `timbang`.

mod arguments;
mod commands;
mod examples;
mod export;
mod growth;
mod logging;
mod openapi;
mod operations;
mod output;
mod report;
mod serve;
mod span;

pub use arguments::Arguments;
pub(crate) use arguments::listen_address;
pub(crate) use logging::start_quiet as log_quietly;

use arguments::Command;
use clap::{CommandFactory, FromArgMatches};
use std::process::ExitCode;

/// Reads what was typed; help, version and mistakes end the process.
pub fn read() -> Arguments {
    let matches = examples::with_examples(Arguments::command()).get_matches();
    Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// Runs one command. Errors go to stderr, with what to do next where there is something to do.
pub fn run(arguments: Arguments) -> ExitCode {
    let as_json = arguments.command.as_json();
    let result = match arguments.command {
        Command::Serve(options) => serve::serve(&options),
        Command::Demo(options) => crate::demo::run(&options),
        Command::Operation(command) => operations::run(&command),
        Command::Growth => growth::growth(),
        Command::Openapi => openapi::openapi(),
        Command::Admin(command) => commands::run(command),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            output::print_error(&error, as_json);
            ExitCode::FAILURE
        }
    }
}
