//! The real server as a process of its own, which can be killed.

use crate::command::binary;
use crate::http::Client;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

/// Opening the database and binding a port take no longer.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// `timbang serve` on a free port; killed when it is dropped.
#[derive(Debug)]
pub struct ServerProcess {
    pub url: String,
    child: Child,
}

impl ServerProcess {
    pub fn start(data: &Path) -> Self {
        Self::with_arguments(data, &[])
    }

    /// With more arguments for `serve`.
    pub fn with_arguments(data: &Path, arguments: &[&str]) -> Self {
        Self::listening(data, "127.0.0.1:0", arguments)
    }

    /// Where an earlier server listened, for tablets that know its address.
    pub fn listening(data: &Path, address: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new(binary("timbang"))
            .args(["serve", "--listen", address, "--data"])
            .arg(data)
            .args(arguments)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("timbang starts");
        let stderr = child.stderr.take().expect("a pipe");
        let (tell, told) = channel();
        // Reads to the end, so that the server never waits for somebody to read its log.
        std::thread::spawn(move || read_log(stderr, &tell));
        match told.recv_timeout(START_TIMEOUT) {
            Ok(Ok(address)) => ServerProcess { url: format!("http://{address}"), child },
            Ok(Err(log)) => panic!("the server stopped before it listened:\n{log}"),
            Err(_) => {
                child.kill().expect("a process that can be killed");
                panic!("the server did not listen within {START_TIMEOUT:?}");
            }
        }
    }

    pub fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// The most memory that the process held at once so far, in bytes.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("Linux tells what a process holds");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        let kib: u64 = peak.trim().trim_end_matches(" kB").parse().expect("KiB");
        kib << 10
    }

    /// kill -9, and gone when this returns.
    pub fn kill(&mut self) {
        self.child.kill().expect("a process that can be killed");
        self.child.wait().expect("a process that ends");
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let ended = self.child.kill().and_then(|()| self.child.wait());
        assert!(ended.is_ok() || std::thread::panicking(), "the server cannot be killed");
    }
}

/// Tells the address in the line "listening", or the whole log when that never comes.
fn read_log(stderr: ChildStderr, tell: &Sender<Result<String, String>>) {
    let mut log = String::new();
    let mut is_told = false;
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        if is_told {
            continue;
        }
        let fields = serde_json::from_str::<Value>(&line).unwrap_or_default()["fields"].take();
        if fields["message"] == "listening" {
            let address = fields["address"].as_str().unwrap_or_default().to_owned();
            is_told = tell.send(Ok(address)).is_ok();
        } else {
            log.push_str(&line);
            log.push('\n');
        }
    }
    if !is_told && tell.send(Err(log)).is_err() {
        // The test gave up waiting and has said so.
    }
}
