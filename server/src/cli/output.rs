//! What commands print: JSON for scripts, lines for people.

use serde_json::{Value, json};
use std::error::Error;
use std::fmt::Write as _;

/// Prints a result in the form that was asked for.
#[expect(clippy::print_stdout, reason = "a command's result belongs on stdout")]
pub(super) fn print(as_json: bool, value: &Value, text: &str) {
    if as_json {
        println!("{value}");
    } else {
        println!("{}", text.trim_end());
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
