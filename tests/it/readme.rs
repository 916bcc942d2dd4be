//! What README.md and OPERATIONS.md say to type works when it is typed.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use sync_tests::{
    Client, FAR_DESA, KECAMATAN, Reply, SADAN, ServerProcess, World, any_id, area, binary,
    child_body, measurement_body, set_apart,
};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// The shell blocks under a heading, in order.
fn shell_blocks(file: &str, heading: &str) -> Vec<String> {
    let text = std::fs::read_to_string(repository().join(file)).unwrap();
    let section = text.split("\n## ").find(|section| section.starts_with(heading));
    let section = section.unwrap_or_else(|| panic!("{file} has no {heading}"));
    let blocks = section.split("```sh\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

/// One shell that blocks are pasted into, as a person does; it ends at the first failure.
struct Terminal {
    shell: std::process::Child,
    output: BufReader<std::process::ChildStdout>,
}

const PASTED: &str = "-- pasted --";

impl Terminal {
    fn open(home: &Path) -> Self {
        let mut shell = set_apart(&mut Command::new("bash"))
            .arg("-e")
            .current_dir(repository())
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("TIMBANG_DB", home.join("tablet.db"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(shell.stdout.take().unwrap());
        Terminal { shell, output }
    }

    /// What the block printed.
    #[track_caller]
    fn paste(&mut self, block: &str) -> String {
        let mut input = self.shell.stdin.as_ref().unwrap();
        writeln!(input, "{block}\necho '{PASTED}'").unwrap();
        let mut printed = String::new();
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line).unwrap() == 0 {
                panic!("a command failed, see above:\n{block}\n{printed}");
            }
            if line.trim_end() == PASTED {
                return printed;
            }
            printed.push_str(&line);
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let ended = self.shell.kill().and_then(|()| self.shell.wait());
        assert!(ended.is_ok() || std::thread::panicking(), "the shell cannot be killed");
    }
}

/// Only the directories and the address are others than written.
#[test]
fn the_readme_s_commands_work_when_they_are_pasted_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("timbang-data");
    let programs = binary("timbang").parent().unwrap().to_str().unwrap().to_owned();
    let blocks = shell_blocks("README.md", "Run it for real");
    let [build, office, serve, tablet] = blocks.as_slice() else { panic!("{blocks:#?}") };
    for (line, package) in build.lines().zip(["server", "sync-replica"]) {
        assert!(line.starts_with(&format!("cargo build --release -p {package} ")), "{line}");
    }
    let mut terminal = Terminal::open(dir.path());
    let typed = office
        .replace("$PWD/target/release", &programs)
        .replace("=timbang-data", &format!("={}", data.display()));
    terminal.paste(&typed);

    assert_eq!(serve, "target/release/timbang serve --data timbang-data\n");
    let server = ServerProcess::start(&data);
    let written = "http://127.0.0.1:8080";
    assert!(tablet.contains(written));
    terminal.paste(&tablet.replace(written, &server.url));
    let listed = terminal.paste("timbang device list --json");
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let device = &listed[0];
    assert_eq!((&device["acked_through"], &device["pending"]), (&json!(2), &json!(0)), "{device}");
}

/// A supervisor's desk: OPERATIONS.md's lines, with what the server answered to the ones before in
/// the places of the capital words.
struct Desk {
    client: Client,
    token: String,
    lines: Vec<String>,
}

impl Desk {
    /// Sends the only line with these words.
    #[track_caller]
    fn send(&self, words: &str, names: &BTreeMap<&str, &Value>) -> Reply {
        let mut lines = self.lines.iter().filter(|line| line.contains(words));
        let (Some(line), None) = (lines.next(), lines.next()) else { panic!("{words}") };
        let mut line = line.clone();
        for (name, value) in names {
            let value = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            line = line.replace(name, &value);
        }
        let path = line.split("\"$URL").nth(1).unwrap().split('"').next().unwrap();
        let request = match line.split(" -d '").nth(1) {
            Some(body) => {
                let body: Value = serde_json::from_str(body.trim_end_matches('\'')).unwrap();
                self.client.post(path).token(&self.token).json(&body)
            }
            None => self.client.get(path).token(&self.token),
        };
        request.send()
    }

    #[track_caller]
    fn done(&self, words: &str, names: &BTreeMap<&str, &Value>) -> Reply {
        let reply = self.send(words, names);
        assert!(matches!(reply.status, 200 | 201), "{words}: {}", reply.text());
        reply
    }
}

#[test]
fn a_supervisor_s_lines_in_the_operations_guide_do_what_they_say() {
    let world = World::default();
    let (mut siti, mut budi) = (world.device("Siti", &[SADAN]), world.device("Budi", &[SADAN]));
    let child = any_id();
    let made = siti.child(child, SADAN, &child_body("Anak"));
    let base = siti.push_one(made).stamp.to_string();
    let weighed = siti.body("measurement", any_id(), None, &measurement_body(child, 9000));
    siti.push_one(weighed);
    for (device, phone) in [(&mut siti, "0811"), (&mut budi, "0822")] {
        let body = child_body("Anak").with("phone", phone);
        let edit = device.body("child", child, Some(&base), &body);
        device.push_one(edit);
    }
    for _ in 0..2 {
        let far = siti.child(any_id(), FAR_DESA, &child_body("Anak"));
        siti.push_one(far);
    }
    let grants = [KECAMATAN, FAR_DESA].map(|code| server::store::GrantOf::Area(area(code)));
    let rina = server::admin::people::add_worker(
        world.service(),
        "Rina".to_owned(),
        server::store::Role::Penyelia,
        grants.into(),
    )
    .unwrap();
    let token = server::admin::people::make_token(world.service(), rina).unwrap();
    let blocks = shell_blocks("server/docs/OPERATIONS.md", "A supervisor, by API");
    let lines: Vec<String> = blocks.concat().lines().map(ToOwned::to_owned).collect();
    let curls = lines.iter().filter(|line| line.starts_with("curl -H \"$A\" \"$URL/v1/"));
    assert_eq!(curls.count(), 11, "{lines:#?}");
    let desk = Desk { client: world.server.client(), token, lines };
    let none = BTreeMap::new();

    let conflicts = desk.done("/conflicts\"", &none).json();
    let conflict = &conflicts["conflicts"][0];
    let names =
        BTreeMap::from([("CONFLICT", &conflict["id"]), ("STAMP", &conflict["winner_stamp"])]);
    desk.done("/conflicts/CONFLICT", &names);
    assert!(world.conflicts().is_empty());

    let parked = desk.done("/parked\"", &none).json();
    let [first, second] = parked["parked"].as_array().unwrap().as_slice() else {
        panic!("{parked}")
    };
    let refused = desk.send("\"release\"", &BTreeMap::from([("PARKED", &first["id"])]));
    assert_eq!(refused.json()["code"], "still_parked");
    desk.done("\"discard\"", &BTreeMap::from([("PARKED", &second["id"])]));

    let children = desk.done("/children?", &none).json();
    let listed = &children["children"][0]["id"];
    let shown = desk.done("/children/CHILD", &BTreeMap::from([("CHILD", listed)])).json();
    let measurement = &shown["measurements"][0];
    let names = BTreeMap::from([
        ("MEASUREMENT", &measurement["id"]),
        ("STAMP", &measurement["stamp"]),
        ("CHILD", listed),
    ]);
    desk.done("/records", &names);
    let corrected = desk.done("/children/CHILD", &BTreeMap::from([("CHILD", listed)])).json();
    assert_eq!(corrected["measurements"][0]["body"]["weight_g"], 9800);

    for words in ["/reports/coverage", "/reports/prevalence", "/export/recap.csv"] {
        desk.done(words, &none);
    }
}
