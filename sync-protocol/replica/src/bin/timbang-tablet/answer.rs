//! What a command answers: one JSON value for scripts, lines for people. Printed in one place.

use serde_json::Value;
use std::io::{self, Write};

/// An answer in both forms.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) json: Value,
    pub(crate) lines: Vec<String>,
}

impl Answer {
    pub(crate) fn new(json: Value) -> Self {
        Answer { json, lines: Vec::new() }
    }

    #[must_use]
    pub(crate) fn line(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }

    #[must_use]
    pub(crate) fn lines(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.lines.extend(lines);
        self
    }

    /// A closed pipe (`| head`) is the reader's wish and no error.
    pub(crate) fn print(&self, as_json: bool) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let written = if as_json {
            writeln!(out, "{}", self.json)
        } else {
            self.lines.iter().try_for_each(|line| writeln!(out, "{line}"))
        };
        match written.and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}

/// One object with the members of both.
pub(crate) fn joined(mut object: Value, more: Value) -> Value {
    if let (Value::Object(members), Value::Object(further)) = (&mut object, more) {
        members.extend(further);
    }
    object
}
