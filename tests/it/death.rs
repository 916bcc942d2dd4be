//! kill -9 at named points: between any two things that a program does to its files or says.
//!
//! A point is a system call on a file, the nth of them; strace kills the program on its way into it.
//! So the programs are the real ones, without anything compiled in.

use crate::pusher::{MANY, Pusher, UNLIMITED, enrolled, push_all};
use crate::restore::{Office, Tablet};
use rusqlite::Connection;
use serde_json::Value;
use serde_json::json;
use server::store::DATABASE_FILE;
use std::path::{Path, PathBuf};
use sync_tests::{Dice, Launch, ServerProcess, Strace, keep_figures, run_watched, timbang};

/// Answers after which a point was surely passed.
const ANSWERS_MAX: usize = 4_000;

/// A point at which a program dies.
#[derive(Clone, Copy, Debug)]
struct Point {
    name: &'static str,
    /// System calls, as strace names them.
    call: &'static str,
    /// On which file, by the end of its name beside the database; any with none.
    file: Option<&'static str>,
}

const fn point(name: &'static str, call: &'static str, file: Option<&'static str>) -> Point {
    Point { name, call, file }
}

impl Point {
    fn strace(self, database: &Path, nth: usize) -> Strace {
        let only = self.file.map(|suffix| {
            let mut path = database.as_os_str().to_owned();
            path.push(suffix);
            PathBuf::from(path)
        });
        let inject = vec![format!("{}:signal=KILL:when={nth}", self.call)];
        Strace { trace: None, inject, only }
    }
}

const SERVER_POINTS: [(Point, [usize; 3]); 6] = [
    (point("a commit is written", "pwrite64", Some("-wal")), [1, 18, 203]),
    (point("a commit is synced", "fdatasync,fsync", Some("-wal")), [1, 2, 21]),
    (point("an answer goes out", "sendto,writev,sendmsg", None), [1, 2, 17]),
    (point("a checkpoint is written", "pwrite64", Some("")), [1, 7, 40]),
    (point("a checkpoint is synced", "fdatasync,fsync", Some("")), [1, 2, 3]),
    (point("the database is opened", "openat", Some("")), [1, 2, 3]),
];

/// Pushes until the server dies at its point; false when it never came there.
fn die_under_load(pushers: &mut Vec<Pusher>, mut server: ServerProcess) -> bool {
    let (threads, answers) = push_all(pushers, &server, MANY);
    let heard = answers.iter().take(ANSWERS_MAX).count();
    let died = heard < ANSWERS_MAX;
    if !died {
        server.kill();
    }
    pushers.extend(threads.into_iter().map(|thread| thread.join().unwrap()));
    died
}

#[test]
fn a_server_that_dies_at_a_named_point_loses_nothing_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut dice = Dice::new(60);
    let mut pushers = enrolled(&data, &mut dice);
    let mut deaths = 0;
    for (point, nths) in SERVER_POINTS {
        // Not each time is reached in every run: a checkpoint syncs the database only when it has
        // copied the whole log, which under load it seldom has.
        let mut died = 0;
        for nth in nths {
            let strace = point.strace(&data.join(DATABASE_FILE), nth);
            let launch =
                Launch { arguments: &UNLIMITED, strace: Some(&strace), ..Launch::default() };
            // Some points come before the server listens.
            died += match ServerProcess::try_launch(&data, &launch) {
                Ok(server) => usize::from(die_under_load(&mut pushers, server)),
                Err(_) => 1,
            };
            let server = ServerProcess::with_arguments(&data, &UNLIMITED);
            for pusher in &mut pushers {
                pusher.check_receipts(server.client(), pusher.checked + 1);
                pusher.checked = pusher.receipts.len() as u64;
            }
        }
        assert!(died > 0, "{}: never reached", point.name);
        deaths += died;
        let checked = timbang(&data, &["check", "--json"]).json();
        assert_eq!(checked["ok"], true, "{}: {checked}", point.name);
    }
    let server = ServerProcess::with_arguments(&data, &UNLIMITED);
    for pusher in &mut pushers {
        pusher.check_receipts(server.client(), 1);
    }
    let acknowledged: usize = pushers.iter().map(|pusher| pusher.receipts.len()).sum();
    println!("{deaths} deaths, {acknowledged} acknowledged");
    keep_figures(
        "death-server",
        &json!({"deaths": deaths, "points": SERVER_POINTS.len(),
        "acknowledged": acknowledged}),
    );
}

const TABLET_POINTS: [(Point, &[usize]); 4] = [
    (point("a save is written", "pwrite64", Some("-wal")), &[1, 2, 3, 5]),
    (point("a save is synced", "fdatasync,fsync", Some("-wal")), &[1, 2]),
    (point("the file is closed", "pwrite64,fdatasync,fsync,ftruncate", Some("")), &[1, 2, 3]),
    (point("the log of the file is removed", "unlink", None), &[1]),
];

const SYNC_POINTS: [(Point, &[usize]); 3] = [
    (point("a request goes out", "sendto,writev,write", None), &[1, 2, 3]),
    (point("a page is written", "pwrite64", Some("-wal")), &[1, 4, 9, 14]),
    (point("a page is synced", "fdatasync,fsync", Some("-wal")), &[1, 2, 3]),
];

/// Runs a command that dies at a point. Whether it ended well, which it does when the point lies
/// behind its last word.
fn die(tablet: &Tablet, point: Point, nth: usize, arguments: &[&str]) -> bool {
    let strace = point.strace(&tablet.file, nth);
    let place = ["--json", "--db", tablet.file.to_str().unwrap()];
    run_watched(&strace, None, "timbang-tablet", [&place[..], arguments].concat()).success
}

/// Names in the log and names that are shown: the same, whatever died.
#[track_caller]
fn names(tablet: &Tablet) -> Vec<String> {
    let shown = tablet.say(&["child", "list"]);
    let of = |child: &Value| child["name"].as_str().unwrap().to_owned();
    let mut shown: Vec<String> = shown.as_array().unwrap().iter().map(of).collect();
    shown.sort();
    let db = Connection::open(&tablet.file).unwrap();
    let sql = "SELECT bytes ->> '$.body.name' FROM change_log WHERE kind = 'child' ORDER BY 1";
    let mut statement = db.prepare(sql).unwrap();
    let logged = statement.query_map([], |row| row.get(0)).unwrap();
    assert_eq!(logged.collect::<Result<Vec<String>, _>>().unwrap(), shown);
    shown
}

#[test]
fn a_tablet_that_dies_at_a_named_point_has_saved_all_of_it_or_nothing() {
    let office = Office::new();
    let tablet = office.tablet(&office.worker("Siti"));
    let mut expected: Vec<String> = Vec::new();
    let (mut deaths, mut kept) = (0, 0);
    for (point, nths) in TABLET_POINTS {
        for nth in nths {
            let name = format!("Anak {} {nth}", point.name);
            let add = ["child", "add", "--name", &name, "--sex", "P", "--birth-date", "01-05-2025"];
            let ended = die(&tablet, point, *nth, &add);
            let now = names(&tablet);
            let is_there = now.contains(&name.to_uppercase()) || now.contains(&name);
            assert!(is_there || !ended, "{name} was said to be saved");
            deaths += usize::from(!ended);
            kept += usize::from(is_there);
            assert_eq!(now.len(), expected.len() + usize::from(is_there));
            expected = now;
        }
    }
    for (point, nths) in SYNC_POINTS {
        for nth in nths {
            tablet.add(&format!("Anak Kirim {} {nth}", point.name));
            deaths += usize::from(!die(&tablet, point, *nth, &["sync"]));
            names(&tablet);
        }
        tablet.check_done();
    }
    office.check();
    println!("{deaths} deaths, {kept} of them after the save");
    assert!(deaths >= 15, "{deaths}: the points are not reached");
    keep_figures(
        "death-tablet",
        &json!({"deaths": deaths,
        "points": TABLET_POINTS.len() + SYNC_POINTS.len()}),
    );
}

/// Calls by which a backup and a restore come closer to their end.
const COMMAND_CALLS: [(&str, &[&str]); 2] =
    [("backup", &["fsync", "rename"]), ("restore", &["fsync", "rename", "unlink", "unlinkat"])];

/// A backup that died has no name or is whole; a restore that died is repeated and ends well. Each
/// dies at the first, second, third … of its calls, until it does not die any more.
#[test]
fn a_backup_or_restore_that_dies_is_done_again_and_nothing_is_half_done() {
    let mut office = Office::new();
    let tablet = office.tablet(&office.worker("Siti"));
    tablet.add("Melati");
    tablet.check_done();
    let good = office.back_up("good.db");
    office.stop();
    let digests = office.digests();
    let mut deaths = 0;
    for (command, calls) in COMMAND_CALLS {
        for call in calls {
            let dead = (1..).take_while(|nth| {
                let point = point("a command", call, None);
                let strace = point.strace(Path::new(""), *nth);
                let file = office.path(&format!("{call}-{nth}.db"));
                let file = if command == "backup" { &file } else { &good };
                let died = die_and_do_again(&office, &strace, command, file);
                assert_eq!(office.digests(), digests, "{command} {call} {nth}");
                died
            });
            let dead = dead.count();
            assert!(dead > 0, "{command} never calls {call}");
            deaths += dead;
        }
    }
    office.check();
    println!("{deaths} deaths");
    keep_figures("death-commands", &json!({"deaths": deaths}));
}

/// Whether the command died. It is done again, and what it left before does not stand in its way.
fn die_and_do_again(office: &Office, strace: &Strace, command: &str, file: &Path) -> bool {
    let (file_text, data) = (file.to_str().unwrap(), office.data.to_str().unwrap());
    let arguments = [command, file_text, "--data", data, "--json"];
    let yes: &[&str] = if command == "restore" { &["--yes"] } else { &[] };
    let died = !run_watched(strace, None, "timbang", [&arguments[..], yes].concat()).success;
    if command == "backup" && file.exists() {
        // It has its name: whoever finds it can use it.
        let elsewhere = tempfile::tempdir().unwrap();
        timbang(elsewhere.path(), &["restore", file_text, "--json"]).json();
    }
    if command == "restore" {
        // The old database is there, or the new one, or a word that says what to do.
        let checked = timbang(&office.data, &["check", "--json"]);
        let told = checked.stderr.contains("timbang restore");
        assert!(checked.success || told, "{}{}", checked.stdout, checked.stderr);
    }
    let again = timbang(&office.data, &[&[command, file_text, "--json"], yes].concat());
    let is_there = command == "backup" && again.stderr.contains("exists already");
    assert!(again.success || is_there, "{}", again.stderr);
    died
}
