//! What commands print: JSON for scripts, lines for people.

use anyhow::Context;
use serde_json::{Value, json};
use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write as _};

/// Prints a result in the form that was asked for. Whoever closed the pipe (`| head`) has seen enough.
pub(super) fn print(as_json: bool, value: &Value, text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    let printed =
        if as_json { writeln!(out, "{value}") } else { writeln!(out, "{}", text.trim_end()) };
    match printed.and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("it is done, but what came of it cannot be printed")
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Says something beside the result.
#[expect(clippy::print_stderr, reason = "what is no result belongs on stderr")]
pub(super) fn print_note(as_json: bool, text: &str) {
    if as_json {
        eprintln!("{}", json!({"note": text}));
    } else {
        eprintln!("timbang: {text}");
    }
}

/// Prints an error with its causes.
#[expect(clippy::print_stderr, reason = "a command's error belongs on stderr")]
pub(super) fn print_error(error: &anyhow::Error, as_json: bool) {
    if as_json {
        let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        eprintln!("{}", json!({"error": causes}));
        return;
    }
    let mut text = format!("timbang: {error}");
    let mut source: Option<&dyn Error> = error.source();
    while let Some(cause) = source {
        write!(text, "\n  because: {cause}").unwrap_or_default();
        source = cause.source();
    }
    eprintln!("{text}");
}
