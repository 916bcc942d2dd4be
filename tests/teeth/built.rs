//! The one build of the sabotaged copy, and the test programs that came out of it.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The selection that `tests/run` builds, too.
const SELECTION: [&str; 4] = ["--locked", "--workspace", "--exclude", "web-build"];

/// What was built as JSON on stdout; mistakes for people on stderr.
const FORMAT: &str = "json-render-diagnostics";

/// The package of the tests that need no other name than their program's.
const TESTS: &str = "sync-tests";

/// Where a test program is, and where it expects to be started.
#[derive(Clone, Debug)]
struct TestProgram {
    path: PathBuf,
    package: PathBuf,
}

/// Every test program of the copy, by `PACKAGE/TARGET`.
#[derive(Debug)]
pub(crate) struct Built(BTreeMap<String, TestProgram>);

impl Built {
    /// Builds everything in `tree`: programs, because tests start them, and tests.
    pub(crate) fn build(tree: &Path, target: &Path) -> Result<Self> {
        let cargo = |arguments: &[&str]| {
            let mut command = Command::new("cargo");
            command.args(arguments).args(SELECTION).current_dir(tree);
            command.env("CARGO_TARGET_DIR", target);
            command
        };
        printed(&mut cargo(&["build", "--bins"]))?;
        let messages = printed(&mut cargo(&["test", "--no-run", "--message-format", FORMAT]))?;
        let messages = serde_json::Deserializer::from_slice(&messages).into_iter::<Value>();
        let mut programs = BTreeMap::new();
        for message in messages {
            programs.extend(test_program(&message.context("cargo says what it built")?));
        }
        Ok(Self(programs))
    }

    /// The command of `TARGET ARGUMENTS`. A target is `PACKAGE/lib`, `PACKAGE/NAME`, or the `NAME`
    /// of one of `tests/`; the arguments are those of the test program, a filter first of all.
    pub(crate) fn test(&self, spec: &str) -> Result<Command> {
        let mut words = spec.split_whitespace();
        let target = words.next().unwrap_or_default();
        let name =
            if target.contains('/') { target.to_owned() } else { format!("{TESTS}/{target}") };
        let program = self.0.get(&name).with_context(|| {
            let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
            format!("no test program {name}; there are {}", known.join(", "))
        })?;
        let mut command = Command::new(&program.path);
        command.args(words).current_dir(&program.package);
        command.env("CARGO_MANIFEST_DIR", &program.package);
        // A failure is wanted here, and nothing to be kept for the next run.
        command.env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "true");
        Ok(command)
    }
}

/// What cargo printed. Its warnings, of code that is wrong on purpose, are shown only with an error.
fn printed(cargo: &mut Command) -> Result<Vec<u8>> {
    let output = cargo.output()?;
    if !output.status.success() {
        bail!("the sabotaged copy is not built:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(output.stdout)
}

/// The test program that one of cargo's messages tells of.
fn test_program(message: &Value) -> Option<(String, TestProgram)> {
    let target = message.get("target")?;
    let is_test = message.get("profile")?.get("test")?.as_bool()?;
    let path = PathBuf::from(message.get("executable")?.as_str().filter(|_| is_test)?);
    let package = Path::new(message.get("manifest_path")?.as_str()?).parent()?.to_owned();
    let is_lib = target.get("kind")?.as_array()?.iter().any(|kind| kind == "lib");
    let name = if is_lib { "lib" } else { target.get("name")?.as_str()? };
    Some((format!("{}/{name}", package_name(message)?), TestProgram { path, package }))
}

/// `path+file:///…/replica#sync-replica@0.1.0`, or `…/server#0.1.0` where the folder has the name.
fn package_name(message: &Value) -> Option<&str> {
    let (place, version) = message.get("package_id")?.as_str()?.rsplit_once('#')?;
    match version.split_once('@') {
        Some((name, _)) => Some(name),
        None => place.rsplit('/').next(),
    }
}
