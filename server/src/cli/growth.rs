//! `timbang growth < in.csv > out.csv`

use crate::growth::{RowError, Watch, score_rows};
use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, BufWriter, IsTerminal};
use std::process::ExitCode;

/// Errors that are told one by one; of the rest only the number.
const ERRORS_TOLD: u64 = 20;

/// Scores standard input to standard output. Rows that cannot be scored are told on stderr.
pub(super) fn growth() -> anyhow::Result<ExitCode> {
    let mut teller = Teller { bar: progress_bar(), wrong: 0 };
    let output = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let scored = score_rows(io::stdin().lock(), output, &mut teller);
    teller.bar.finish_and_clear();
    match scored {
        Ok(_) => {}
        // `| head` has seen enough.
        Err(error) if error.is_closed_pipe() => return Ok(ExitCode::SUCCESS),
        Err(error) => return Err(error).context("nothing more is scored"),
    }
    if teller.wrong > ERRORS_TOLD {
        tell(&format!("and {} more rows", teller.wrong - ERRORS_TOLD));
    }
    Ok(if teller.wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Teller {
    bar: ProgressBar,
    wrong: u64,
}

impl Watch for Teller {
    fn wrong(&mut self, error: RowError) {
        self.wrong += 1;
        if self.wrong <= ERRORS_TOLD {
            self.bar.suspend(|| tell(&format!("line {}: {}", error.line, error.reason)));
        }
    }

    fn progress(&mut self, rows: u64, bytes: u64) {
        self.bar.set_position(bytes);
        self.bar.set_message(format!("{rows} rows"));
    }
}

#[expect(clippy::print_stderr, reason = "what is wrong with the rows belongs on stderr")]
fn tell(what: &str) {
    eprintln!("timbang: {what}");
}

/// A bar where the size of the input is known, a counter where it is not, nothing without a
/// terminal.
fn progress_bar() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match input_bytes() {
        Some(bytes) => (ProgressBar::new(bytes), "{bar:40} {percent} %  {msg}  {eta} left"),
        None => (ProgressBar::no_length(), "{spinner} {msg}  {elapsed}"),
    };
    let style = ProgressStyle::with_template(template);
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The size of standard input, when it is a file.
#[cfg(unix)]
fn input_bytes() -> Option<u64> {
    use std::os::fd::AsFd;
    let file = std::fs::File::from(io::stdin().as_fd().try_clone_to_owned().ok()?);
    let about = file.metadata().ok()?;
    about.is_file().then_some(about.len())
}

#[cfg(not(unix))]
fn input_bytes() -> Option<u64> {
    None
}
