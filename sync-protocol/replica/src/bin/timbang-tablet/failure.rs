//! Why a command did nothing: a code for scripts, a sentence for people, on standard error.

use serde_json::{Map, Value, json};
use std::io::{self, Write};
use std::process::ExitCode;
use sync_protocol::parked::{Fault, ParkCode};
use sync_replica::{EnrolError, OpenError, SaveError, StorageError, SyncError};
use views::labels;

/// How a file becomes a tablet.
pub(crate) const ENROL: &str = "Daftarkan: timbang-tablet enrol URL KODE";

/// A command that failed.
#[derive(Debug)]
pub(crate) struct Failure {
    code: &'static str,
    message: String,
    /// Further members of the JSON form.
    more: Map<String, Value>,
}

impl Failure {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Failure { code, message: message.into(), more: Map::new() }
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.more.insert(name.to_owned(), value);
        self
    }

    /// The same with a further sentence.
    #[must_use]
    pub(crate) fn and(mut self, sentence: &str) -> Self {
        self.message.push('\n');
        self.message.push_str(sentence);
        self
    }

    pub(crate) fn to_json(&self) -> Value {
        let mut members = Map::new();
        members.insert("error".to_owned(), json!(self.code));
        members.insert("message".to_owned(), json!(self.message));
        members.extend(self.more.clone());
        Value::Object(members)
    }

    /// Time alone does not mend it.
    pub(crate) fn is_lasting(&self) -> bool {
        const PASSING: [&str; 7] =
            ["offline", "timeout", "busy", "bad_reply", "server_fault", "file_busy", "refused"];
        !PASSING.contains(&self.code)
    }

    /// Says it without ending the program.
    pub(crate) fn tell(&self, as_json: bool) -> io::Result<()> {
        let mut err = io::stderr().lock();
        if as_json {
            writeln!(err, "{}", self.to_json())
        } else {
            writeln!(err, "{}", self.message)
        }
    }

    pub(crate) fn report(&self, as_json: bool) -> ExitCode {
        match self.tell(as_json) {
            Ok(()) => ExitCode::from(1),
            // Nobody can be told; say that by another code.
            Err(_) => ExitCode::from(3),
        }
    }
}

/// Something the person must know that is no failure.
pub(crate) fn warn(as_json: bool, code: &str, message: &str) -> io::Result<()> {
    let mut err = io::stderr().lock();
    if as_json {
        writeln!(err, "{}", json!({"warning": code, "message": message}))
    } else {
        writeln!(err, "{message}")
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::new("io", format!("Tidak dapat menulis: {error}"))
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Failure::new(error.code(), error.sentence())
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        Failure::new(error.code(), error.sentence())
    }
}

impl From<SaveError> for Failure {
    fn from(error: SaveError) -> Self {
        // The library knows a field's name, the screen its label.
        if let SaveError::Fault(Fault { field: Some(field), code }) = &error {
            let future = *code == ParkCode::DateInFuture;
            let wrong = if future { "masih di masa depan" } else { "tidak dapat diterima" };
            let said = format!("{} {wrong}. Tidak disimpan.", labels::field(field));
            return Failure::new(error.code(), said);
        }
        let failure = Failure::new(error.code(), error.sentence());
        if matches!(error, SaveError::NotEnrolled) { failure.and(ENROL) } else { failure }
    }
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        let failure = Failure::new(error.code(), error.sentence());
        if matches!(error, SyncError::NotEnrolled) { failure.and(ENROL) } else { failure }
    }
}

impl From<EnrolError> for Failure {
    fn from(error: EnrolError) -> Self {
        Failure::new(error.code(), error.sentence())
    }
}
