//! The real server as a process of its own, which can be killed.

use crate::command::{SABOTAGE, binary, set_apart};
use crate::http::Client;
use crate::patience::PATIENCE;
use crate::strace::Strace;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;

/// How a server is started.
#[derive(Clone, Debug, Default)]
pub struct Launch<'a> {
    /// A free port when it is not given.
    pub address: Option<&'a str>,
    /// More arguments for `serve`.
    pub arguments: &'a [&'a str],
    pub sabotage: Option<&'a str>,
    pub strace: Option<&'a Strace>,
    /// A file that grows above its limit is an error to be told, and no reason to die.
    pub may_be_limited: bool,
}

/// Runs what follows it in such a way.
const UNKILLED_BY_LIMITS: [&str; 3] = ["-c", "trap '' XFSZ; exec \"$@\"", "sh"];

/// `timbang serve`; killed when it is dropped.
#[derive(Debug)]
pub struct ServerProcess {
    pub url: String,
    child: Child,
    is_watched: bool,
    /// Reads to the end, so that the server never waits for somebody to read its log, and gives the
    /// whole of it when the server has ended.
    log: Option<JoinHandle<String>>,
}

impl ServerProcess {
    pub fn start(data: &Path) -> Self {
        Self::with_arguments(data, &[])
    }

    /// With more arguments for `serve`.
    pub fn with_arguments(data: &Path, arguments: &[&str]) -> Self {
        Self::launch(data, &Launch { arguments, ..Launch::default() })
    }

    /// Where an earlier server listened, for tablets that know its address.
    pub fn listening(data: &Path, address: &str, arguments: &[&str]) -> Self {
        Self::launch(data, &Launch { address: Some(address), arguments, ..Launch::default() })
    }

    pub fn launch(data: &Path, launch: &Launch<'_>) -> Self {
        match Self::try_launch(data, launch) {
            Ok(server) => server,
            Err(ended) => panic!("the server stopped before it listened:\n{}", ended.log),
        }
    }

    /// A server, or how it ended before it listened.
    pub fn try_launch(data: &Path, launch: &Launch<'_>) -> Result<Self, Ended> {
        let program = binary("timbang");
        let mut command = match launch.strace {
            Some(strace) => strace.command(&program),
            None if launch.may_be_limited => {
                let mut shell = Command::new("sh");
                shell.args(UNKILLED_BY_LIMITS).arg(program);
                shell
            }
            None => Command::new(program),
        };
        set_apart(&mut command)
            .args(["serve", "--listen", launch.address.unwrap_or("127.0.0.1:0"), "--data"])
            .arg(data)
            .args(launch.arguments)
            .envs(launch.sabotage.map(|sabotage| (SABOTAGE, sabotage)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("timbang, or strace, starts");
        let stderr = child.stderr.take().expect("a pipe");
        let (tell, told) = channel();
        let log = std::thread::spawn(move || read_log(stderr, &tell));
        let is_watched = launch.strace.is_some();
        match told.recv_timeout(PATIENCE) {
            Ok(address) => {
                let (url, log) = (format!("http://{address}"), Some(log));
                Ok(ServerProcess { url, child, is_watched, log })
            }
            Err(RecvTimeoutError::Disconnected) => {
                let status = child.wait().expect("a process that ends");
                Err(Ended { code: status.code(), log: log.join().expect("its log") })
            }
            Err(RecvTimeoutError::Timeout) => {
                child.kill().expect("a process that can be killed");
                panic!("the server did not listen within {PATIENCE:?}");
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
        if self.is_watched {
            self.kill_watched();
        } else {
            self.child.kill().expect("a process that can be killed");
        }
        self.child.wait().expect("a process that ends");
    }

    /// Kills the server and not the one that watches it, who then ends by himself.
    fn kill_watched(&self) {
        let watcher = self.child.id();
        let children = format!("/proc/{watcher}/task/{watcher}/children");
        let children = std::fs::read_to_string(children).unwrap_or_default();
        for pid in children.split_whitespace() {
            let kill = ["-c", "kill -9 \"$1\"", "kill", pid];
            let killed = Command::new("sh").args(kill).stderr(Stdio::null()).status();
            // One that is dying already cannot be killed.
            assert!(killed.is_ok(), "{pid} cannot be killed");
        }
    }

    /// Waits for a server that ends by itself.
    pub fn ended(mut self) -> Ended {
        let status = self.child.wait().expect("a process that ends");
        let log = self.log.take().expect("a server ends once");
        Ended { code: status.code(), log: log.join().expect("its log") }
    }

    /// Lets no file of it grow above so many bytes; any file with `None`.
    pub fn limit_files(&self, bytes: Option<u64>) {
        let limit = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        // The soft limit: it can be raised again.
        let arguments = [format!("--pid={}", self.child.id()), format!("--fsize={limit}:")];
        let set = Command::new("prlimit").args(arguments).status();
        assert!(set.is_ok_and(|status| status.success()), "the limit cannot be set");
    }
}

/// How a server ended by itself.
#[derive(Clone, Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub log: String,
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        self.kill();
    }
}

/// Tells the address in the line "listening", and gives every line.
fn read_log(stderr: ChildStderr, tell: &Sender<String>) -> String {
    let mut log = String::new();
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        let fields = serde_json::from_str::<Value>(&line).unwrap_or_default()["fields"].take();
        log.push_str(&line);
        log.push('\n');
        if fields["message"] == "listening" {
            let address = fields["address"].as_str().unwrap_or_default().to_owned();
            if tell.send(address).is_err() {
                // The test gave up waiting and has said so.
            }
        }
    }
    log
}
