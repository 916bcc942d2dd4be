//! What an operator does: backups by the clock, files carried by hand, a proxy in front, the doctor.

use crate::restore::{Office, Tablet};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use sync_tests::{Finished, ServerProcess, run, timbang, wait_until};

#[test]
fn a_running_server_backs_itself_up_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let (data, backups) = (dir.path().join("data"), dir.path().join("backups"));
    let place = backups.to_str().unwrap().to_owned();
    let arguments = ["--backup-dir", &place, "--backup-every", "1s", "--backup-keep", "2"];
    let server = ServerProcess::with_arguments(&data, &arguments);
    let figure = |name: &str| {
        let text = server.client().get("/metrics").send().text();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
        line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()
    };
    wait_until("a backup", || figure("timbang_backup_last_success_seconds") > 0.0);
    assert!((figure("timbang_backup_failures_total") - 0.0).abs() < f64::EPSILON);
    drop(server);
    let files: Vec<_> = std::fs::read_dir(&backups)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "db"))
        .collect();
    assert!((1..=2).contains(&files.len()), "{files:?}");
    let elsewhere = dir.path().join("elsewhere");
    timbang(&elsewhere, &["restore", files[0].to_str().unwrap(), "--json"]).json();
    assert_eq!(timbang(&elsewhere, &["check", "--json"]).json()["ok"], true);
}

#[test]
fn one_server_works_on_one_directory() {
    let dir = tempfile::tempdir().unwrap();
    let _server = ServerProcess::start(dir.path());
    let place = dir.path().to_str().unwrap();
    let second = run("timbang", ["serve", "--listen", "127.0.0.1:0", "--data", place]);
    assert!(!second.success && second.stderr.contains("a server runs on"), "{}", second.stderr);
}

#[test]
fn a_backup_is_never_written_over() {
    let office = Office::new();
    let backup = office.back_up("backup.db");
    let before = std::fs::read(&backup).unwrap();
    let refused = timbang(&office.data, &["backup", backup.to_str().unwrap()]);
    assert!(!refused.success && refused.stderr.contains("exists already"), "{}", refused.stderr);
    assert_eq!(std::fs::read(&backup).unwrap(), before);
    let nothing = timbang(&office.path("nothing"), &["backup", backup.to_str().unwrap()]);
    assert!(!nothing.success);
    assert!(!office.path("nothing").exists(), "a backup makes no database");
}

fn outbox(tablet: &Tablet, file: &Path) -> Value {
    tablet.say(&["outbox", file.to_str().unwrap()])
}

fn import(office: &Office, file: &Path) -> Finished {
    timbang(&office.data, &["import", "outbox", file.to_str().unwrap(), "--json"])
}

#[test]
fn unsent_changes_come_as_a_file_and_the_tablet_gets_the_same_receipts() {
    let office = Office::new();
    let tablet = office.tablet(&office.worker("Siti"));
    tablet.add("Melati");
    tablet.sync();
    tablet.weigh("Melati", "9,8");
    tablet.add("Anggrek");
    let file = office.path("siti.json");
    assert_eq!(outbox(&tablet, &file)["changes"], 2);
    assert!(!tablet.run(&["outbox", file.to_str().unwrap()]).success, "no file is written over");
    let first = import(&office, &file).json();
    assert_eq!((&first["new"], &first["acked_through"]), (&json!(2), &json!(3)));
    assert_eq!(first["receipts"].as_array().unwrap().len(), 2);
    let again = import(&office, &file).json();
    assert_eq!((&again["new"], &again["receipts"]), (&json!(0), &first["receipts"]));
    let written = std::fs::read_to_string(office.path("siti.json.receipts.json")).unwrap();
    let written: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(written["receipts"], first["receipts"]);

    tablet.add("Kenanga");
    tablet.check_done();
    let log = tablet.say(&["log"]);
    for receipt in first["receipts"].as_array().unwrap() {
        let held = log.as_array().unwrap().iter().find(|entry| entry["seq"] == receipt["seq"]);
        assert_eq!(held.unwrap()["stamp"], receipt["stamp"]);
        assert_eq!(held.unwrap()["outcome"], receipt["outcome"]);
    }
    office.check();
}

#[test]
fn a_file_that_does_not_fit_is_refused_with_what_to_do() {
    let office = Office::new();
    let tablet = office.tablet(&office.worker("Siti"));
    tablet.add("Melati");
    tablet.add("Anggrek");
    let file = office.path("siti.json");
    outbox(&tablet, &file);
    let text = std::fs::read_to_string(&file).unwrap();
    let good: Value = serde_json::from_str(&text).unwrap();
    let refused = |name: &str, value: Value, hint: &str| {
        let mut bad = good.clone();
        bad[name] = value;
        let path = office.path("bad.json");
        std::fs::write(&path, bad.to_string()).unwrap();
        let refused = import(&office, &path);
        assert!(!refused.success && refused.stderr.contains(hint), "{name}: {}", refused.stderr);
    };
    refused("changes", json!([good["changes"][1]]), "--all");
    refused("device", json!(7), "enrol the tablet anew");
    refused("install", json!("00000000-0000-4000-8000-000000000000"), "another installation");
    refused("timbang_outbox", json!(2), "newer program");
    refused("changes", json!("none"), "not one that");
    let nothing = office.admin(&["check"]);
    assert_eq!(nothing["changes"], json!({}), "nothing was taken");
    assert_eq!(import(&office, &file).json()["new"], 2);
}

#[test]
fn behind_a_proxy_callers_are_told_apart_only_when_it_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let enrol = |server: &ServerProcess, address: &str| {
        let request = json!({"code": "7KQ29MXT3F", "device_name": "Tablet", "app": "test/1",
            "install": "5f0c1b52-7d64-4a8e-9b21-c0d5e6f7a819"});
        let call = server.client();
        let call = call.post("/v1/enrol").header("X-Forwarded-For", address).json(&request);
        call.send().code()
    };
    let tries = |server: &ServerProcess, address: &str| {
        (0..12).map(|_| enrol(server, address)).filter(|code| code == "rate_limited").count()
    };
    let server = ServerProcess::with_arguments(dir.path(), &["--trusted-proxy", "127.0.0.1"]);
    assert!(tries(&server, "198.51.100.7") >= 1);
    assert_eq!(enrol(&server, "198.51.100.8"), "code_wrong");
    assert_eq!(enrol(&server, "192.0.2.1, 198.51.100.7"), "rate_limited");
    drop(server);
    let server = ServerProcess::start(dir.path());
    assert!(tries(&server, "198.51.100.7") >= 1);
    assert_eq!(enrol(&server, "198.51.100.8"), "rate_limited");
}

#[test]
fn the_doctor_says_what_to_mend() {
    let examine = |office: &Office, more: &[&str]| {
        timbang(&office.data, &[&["doctor", "--json"], more].concat())
    };
    let level = |report: &Value, topic: &str| {
        let findings = report["findings"].as_array().unwrap();
        let found = findings.iter().find(|finding| finding["topic"] == topic);
        found.unwrap_or_else(|| panic!("{topic} in {report}"))["level"].clone()
    };
    let office = Office::new();
    let backups = office.path("backups");
    std::fs::create_dir(&backups).unwrap();
    let place = backups.to_str().unwrap();
    let report = examine(&office, &["--backup-dir", place]);
    assert!(!report.success, "there is no backup yet");
    let report = report.any_json();
    assert_eq!(level(&report, "backup"), "problem");
    assert_eq!(level(&report, "tablets"), "warning");
    for topic in ["permissions", "schema", "clock", "areas", "review", "sqlite"] {
        assert_eq!(level(&report, topic), "ok", "{topic}");
    }
    std::fs::set_permissions(&office.data, PermissionsExt::from_mode(0o755)).unwrap();
    office.back_up("backups/timbang-29991231T000000000Z.db");
    let report = examine(&office, &["--backup-dir", place]).any_json();
    assert_eq!(level(&report, "permissions"), "problem");
    assert_eq!(level(&report, "backup"), "ok");
    let old = |end: &str| backups.join(format!("timbang-20200101T000000000Z.db{end}"));
    for end in ["", ".sha256"] {
        let newest = backups.join(format!("timbang-29991231T000000000Z.db{end}"));
        std::fs::rename(newest, old(end)).unwrap();
    }
    let report = examine(&office, &["--backup-dir", place]).any_json();
    assert_eq!(level(&report, "backup"), "problem", "it is years old");
    let nothing = timbang(&office.path("nothing"), &["doctor", "--json"]);
    assert!(!nothing.success);
    assert_eq!(level(&nothing.any_json(), "database"), "problem");
    assert!(!office.path("nothing").exists(), "the doctor makes nothing");
}
