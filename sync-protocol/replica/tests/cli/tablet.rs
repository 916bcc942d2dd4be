//! Running the binary on a file of its own.

use crate::desk::Desk;
use serde_json::Value;
use std::process::{Command, Output};
use tempfile::TempDir;

pub(crate) struct Tablet {
    dir: TempDir,
}

pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Tablet {
    pub(crate) fn new() -> Self {
        Tablet { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn enrolled(desk: &Desk) -> Self {
        let tablet = Tablet::new();
        tablet.ok(&["enrol", &desk.url, "7KQ29MXT3F"]);
        tablet
    }

    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.dir.path().join("tablet.db")
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_timbang-tablet"));
        command.arg("--db").arg(self.path()).args(args).env("TZ", "UTC");
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Said {
        let Output { status, stdout, stderr } = self.command(args).output().unwrap();
        Said {
            code: status.code().unwrap(),
            out: String::from_utf8(stdout).unwrap(),
            err: String::from_utf8(stderr).unwrap(),
        }
    }

    #[track_caller]
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let said = self.run(args);
        assert_eq!(said.code, 0, "{args:?}: {}", said.err);
        said.out
    }

    #[track_caller]
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let out = self.ok(&[&["--json"], args].concat());
        serde_json::from_str(&out).unwrap()
    }

    /// Runs a command that must fail and gives its sentence.
    #[track_caller]
    pub(crate) fn refused(&self, args: &[&str]) -> String {
        let said = self.run(args);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{args:?}");
        said.err
    }

    #[track_caller]
    pub(crate) fn add(&self, name: &str) -> String {
        let added = self.json(&[
            "child",
            "add",
            "--name",
            name,
            "--sex",
            "P",
            "--birth-date",
            "2021-05-01",
        ]);
        added["id"].as_str().unwrap().to_owned()
    }
}

/// The end of an id, as the lists show it.
pub(crate) fn tail(id: &str) -> &str {
    id.get(30..).unwrap()
}
