//! The demo's last words: what it tells a supervisor is what the server answers, and the requests
//! that it prints can be pasted.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use sync_tests::{Client, Office, Reply, program};

/// `timbang demo`, small; killed when it is dropped.
struct Demo {
    child: Child,
    /// What it printed until it waits.
    lines: Vec<String>,
}

impl Demo {
    fn start(data: &Path) -> Self {
        let mut child = command(data, "127.0.0.1:0").stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut demo = Demo { child, lines: Vec::new() };
        while !demo.lines.last().is_some_and(|line| line.starts_with("Listening on ")) {
            match output.next() {
                Some(line) => demo.lines.push(line.unwrap()),
                None => panic!("the demo ended:\n{}", demo.lines.join("\n")),
            }
        }
        demo
    }

    /// The only line with these words.
    #[track_caller]
    fn line(&self, words: &str) -> &str {
        let found: Vec<&String> = self.lines.iter().filter(|line| line.contains(words)).collect();
        let [line] = found.as_slice() else { panic!("{words} is in {found:?}") };
        line
    }

    /// Asks what the line with these words asks, with the header that it names.
    #[track_caller]
    fn paste(&self, words: &str) -> Reply {
        let header = self.line("Authorization: ").split('"').nth(1).unwrap();
        let token = header.strip_prefix("Authorization: Bearer ").unwrap();
        let line = self.line(words);
        assert!(line.starts_with("curl -sw '\\n' -H \"$A\" 'http://127.0.0.1:"), "{line}");
        let url = line.split('\'').nth(3).unwrap();
        let at = url.find("/v1/").unwrap();
        let reply = Client::new(&url[..at]).get(&url[at..]).token(token).send();
        assert_eq!(reply.status, 200, "{line}: {}", reply.text());
        reply
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let ended = self.child.kill().and_then(|()| self.child.wait());
        assert!(ended.is_ok() || std::thread::panicking(), "the demo cannot be killed");
    }
}

fn command(data: &Path, listen: &str) -> Command {
    let mut command = program("timbang");
    command.args(["demo", "--children", "200", "--listen", listen, "--data"]).arg(data);
    command
}

/// A demo that does not start, and says why.
#[track_caller]
fn check_refused(command: &mut Command, hint: &str) {
    let ended = command.output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(!ended.status.success() && said.contains(hint), "{said}");
}

#[track_caller]
fn check_supervisor(demo: &Demo) {
    let children = demo.paste("/v1/children?").json();
    assert_eq!(children["children"].as_array().unwrap().len(), 2);

    let coverage = demo.paste("/v1/reports/coverage?").json();
    let (month, total) = (coverage["month"].as_str().unwrap(), &coverage["total"]);
    let told = format!("Coverage of {month}: {} of {} children", total["d"], total["s"]);
    assert!(demo.line("Coverage of ").starts_with(&told), "{told}");
    assert!(total["d"].as_u64().unwrap() * 2 > total["s"].as_u64().unwrap(), "{total}");

    let conflicts = demo.paste("/v1/conflicts'").json();
    let field = &conflicts["conflicts"][0]["fields"][0];
    assert_eq!(field["field"], "phone");
    let told = demo.line("Conflict: ");
    for side in ["incoming", "other"] {
        let value = field[side].as_str().unwrap();
        assert!(told.contains(value), "{value} is not in: {told}");
    }

    let parked = demo.paste("/v1/parked'").json();
    assert_eq!(parked["parked"].as_array().unwrap().len(), 1, "{parked}");

    let is_address = |line: &&String| line.starts_with("http://127.0.0.1:");
    let url = demo.lines.iter().find(is_address).unwrap();
    let login: Vec<&str> = demo.line("penyelia").split_whitespace().collect();
    let office = Office::log_in(url.trim_end_matches('/'), login[0], login[1]);
    let figures = office.get(&format!("/?month={month}")).texts("dl.figures dd");
    assert!(figures[1].starts_with(&total["d"].to_string()), "{figures:?}");

    // The app, or how it is built.
    let app = Client::new(url.trim_end_matches('/')).get("/app/").send();
    let told = if app.status == 200 { "/app/#kode=" } else { "cargo run --release -p web-build" };
    assert!(demo.lines.iter().any(|line| line.contains(told)), "{told}: {:?}", demo.lines);

    let prevalence = demo.paste("/v1/reports/prevalence?").json();
    assert!(prevalence["total"]["stunting"]["of"].as_u64().unwrap() > 0);
    let recap = demo.paste("/v1/export/recap.csv?").text();
    assert!(recap.lines().count() > 10, "{recap}");
}

#[test]
fn what_the_demo_tells_the_supervisor_is_what_the_server_answers() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("demo");
    let demo = Demo::start(&data);
    check_supervisor(&demo);
    // A second one, in either way, leaves the running one alone.
    check_refused(&mut command(&data, "127.0.0.1:0"), "--data DIR");
    check_refused(command(&data, "127.0.0.1:0").arg("--fresh"), "--data DIR");
    // Were it not refused, it would stop at the address, which is taken.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut serve = program("timbang");
    serve.args(["serve", "--listen", &taken.local_addr().unwrap().to_string(), "--data"]);
    check_refused(serve.arg(data.join("server")), "serve.lock");
    assert_eq!(entries(dir.path()), ["demo"]);
    check_supervisor(&demo);
    drop(demo);
    // The next start goes on with the same data, and says the same.
    let again = Demo::start(&data);
    again.line("The demo goes on");
    check_supervisor(&again);
}

#[test]
fn a_demo_that_cannot_listen_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    check_refused(&mut command(&dir.path().join("demo"), &address), "demo --listen 127.0.0.1:");
    assert!(entries(dir.path()).is_empty());
}

fn entries(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}
