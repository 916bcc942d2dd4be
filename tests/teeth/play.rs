//! One play: a test program runs, sabotaged or not, and what it says is read.

use anyhow::{Context, Result};
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// A test program that is not done by then hangs. Patient, for a busy machine.
const PATIENCE: Duration = Duration::from_secs(900);

/// How a play ended.
#[derive(Debug)]
pub(crate) enum Ending {
    /// Every test passed; how many there were, where the program counts them.
    Green { tests: Option<usize> },
    /// The first test that failed, or how the program ended without naming one.
    Red(String),
}

/// Plays a test program to its end, or for as long as patience lasts.
pub(crate) fn play(mut command: Command, sabotage: Option<&str>) -> Result<Ending> {
    command.env_remove(sync_tests::SABOTAGE);
    command.envs(sabotage.map(|name| (sync_tests::SABOTAGE, name)));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{command:?}"))?;
    let mut stdout = child.stdout.take().context("a pipe")?;
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.read_to_end(&mut bytes).map(|_| bytes);
        // Nobody listens any more when patience ended first.
        tell.send(read).ok()
    });
    let Ok(read) = told.recv_timeout(PATIENCE) else {
        child.kill()?;
        child.wait()?;
        return Ok(Ending::Red(format!("did not end within {} minutes", PATIENCE.as_secs() / 60)));
    };
    let said = String::from_utf8_lossy(&read?).into_owned();
    let status = child.wait()?;
    if status.success() {
        return Ok(Ending::Green { tests: passed(&said) });
    }
    Ok(Ending::Red(first_failed(&said).unwrap_or_else(|| status.to_string())))
}

/// `test result: ok. 3 passed; 0 failed; …`
fn passed(said: &str) -> Option<usize> {
    let (_, result) = said.rsplit_once("test result: ok. ")?;
    result.split_once(' ')?.0.parse().ok()
}

/// `test theme::claim ... FAILED`; of the simulator the seed that failed.
fn first_failed(said: &str) -> Option<String> {
    said.lines().find_map(|line| {
        let test = line.strip_prefix("test ").and_then(|line| line.strip_suffix(" ... FAILED"));
        test.map(str::to_owned).or_else(|| line.starts_with("seed ").then(|| line.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::{first_failed, passed};

    #[test]
    fn what_a_test_program_says_is_read() {
        let said = "running 2 tests\ntest a::b ... ok\ntest a::c ... FAILED\n\nfailures:\n";
        assert_eq!(first_failed(said).as_deref(), Some("a::c"));
        assert_eq!(passed("test result: ok. 3 passed; 0 failed; 0 ignored"), Some(3));
        assert_eq!(passed(said), None);
    }
}
