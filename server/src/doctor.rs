//! `timbang doctor`: what is wrong with an installation, and what mends it. It only reads: a server
//! may run beside it.

mod database;
mod machine;

use std::path::PathBuf;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Ok,
    /// Works, but somebody should look.
    Warning,
    /// Must be mended.
    Problem,
}

impl Level {
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Ok => "ok",
            Level::Warning => "warning",
            Level::Problem => "problem",
        }
    }
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub level: Level,
    pub topic: &'static str,
    pub says: String,
    /// What to do, where there is something to do.
    pub mend: Option<String>,
}

impl Finding {
    fn ok(topic: &'static str, says: impl Into<String>) -> Self {
        Finding { level: Level::Ok, topic, says: says.into(), mend: None }
    }

    fn warning(topic: &'static str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Finding { level: Level::Warning, topic, says: says.into(), mend: Some(mend.into()) }
    }

    fn problem(topic: &'static str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Finding { level: Level::Problem, topic, says: says.into(), mend: Some(mend.into()) }
    }
}

/// What is examined.
#[derive(Clone, Debug)]
pub struct Subject {
    pub data: PathBuf,
    pub backup_dir: Option<PathBuf>,
    /// Certificate and key.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// The machine's wall clock.
    pub wall_ms: i64,
}

/// Goes through everything, from the machine to the data.
pub fn examine(subject: &Subject) -> Vec<Finding> {
    let mut findings = machine::examine(subject);
    findings.extend(database::examine(subject));
    findings
}
