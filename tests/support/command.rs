//! Programs of this workspace as processes, and the fixtures they are fed.

use crate::strace::Strace;
use serde_json::Value;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What is broken on purpose in the programs that a test starts, in builds for tests only.
pub const SABOTAGE: &str = "TIMBANG_SABOTAGE";

/// A program that cargo built beside this test. It is not built by `cargo test` itself.
pub fn binary(name: &str) -> PathBuf {
    let path = target().join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.exists(),
        "the program {name} is not built: run `cargo build -p server -p sync-replica` first \
         (tests/run does it), with the same profile and target directory as the tests"
    );
    path
}

/// Where cargo put what it built: `target/<profile>`.
pub(crate) fn target() -> PathBuf {
    let program = std::env::current_exe().expect("this program's own path");
    let folder = program.parent().expect("target/<profile>/…");
    let is_test = folder.ends_with("deps");
    if is_test { folder.parent().expect("target/<profile>").to_owned() } else { folder.to_owned() }
}

/// Where `web-build --vectors` put the app (`web`) and what else a test runs in a browser.
pub fn web_build(name: &str) -> PathBuf {
    let folder = target().parent().expect("target").join(name);
    assert!(folder.exists(), "not built: run `cargo run -p web-build -- --vectors` first");
    folder
}

/// A file under `fixtures/`.
pub fn fixture(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name);
    path.canonicalize().unwrap_or_else(|error| panic!("fixture {name}: {error}"))
}

/// What a finished program left.
#[derive(Clone, Debug)]
pub struct Finished {
    pub success: bool,
    /// The exit code of one that was not killed.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Finished {
    /// Its output as JSON, for one that succeeded.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert!(self.success, "failed:\n{}{}", self.stdout, self.stderr);
        self.any_json()
    }

    /// Its output as JSON, however it ended.
    #[track_caller]
    pub fn any_json(&self) -> Value {
        match serde_json::from_str(&self.stdout) {
            Ok(value) => value,
            Err(error) => panic!("{error} in stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr),
        }
    }
}

/// A program of this workspace, set apart from this machine.
pub fn program(name: &str) -> Command {
    let mut command = Command::new(binary(name));
    set_apart(&mut command);
    command
}

/// None of this machine's settings reach a program, but what is broken on purpose in this test is
/// broken in the programs that it starts, too, unless it breaks another thing in them.
pub fn set_apart(command: &mut Command) -> &mut Command {
    command.env_clear().envs(std::env::var_os(SABOTAGE).map(|sabotage| (SABOTAGE, sabotage)))
}

/// Runs a program of this workspace to its end, set apart from this machine.
#[track_caller]
pub fn run<A: AsRef<OsStr>>(name: &str, arguments: impl IntoIterator<Item = A>) -> Finished {
    finished(program(name).args(arguments).output().expect("the program starts"))
}

/// The same, watched, and perhaps broken on purpose.
#[track_caller]
pub fn run_watched<A: AsRef<OsStr>>(
    strace: &Strace,
    sabotage: Option<&str>,
    name: &str,
    arguments: impl IntoIterator<Item = A>,
) -> Finished {
    let output = set_apart(&mut strace.command(&binary(name)))
        .args(arguments)
        .envs(sabotage.map(|sabotage| (SABOTAGE, sabotage)))
        .output()
        .expect("strace starts: is it installed?");
    finished(output)
}

fn finished(output: Output) -> Finished {
    let text = |bytes| String::from_utf8(bytes).expect("text in UTF-8");
    Finished {
        success: output.status.success(),
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// `timbang … --data DIR`
#[track_caller]
pub fn timbang(data: &Path, arguments: &[&str]) -> Finished {
    let place = [OsStr::new("--data"), data.as_os_str()];
    run("timbang", arguments.iter().map(OsStr::new).chain(place))
}
