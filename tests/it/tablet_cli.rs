//! The tablet on the command line, against a server process: what a worker types, and what is said.

use serde_json::{Value, json};
use server::platform::{Clock, SystemClock};
use std::ffi::OsStr;
use std::path::PathBuf;
use sync_protocol::time::Moment;
use sync_tests::{DAY, Finished, SADAN, ServerProcess, fixture, run, timbang};
use tempfile::TempDir;

/// A data directory with one worker of one desa, and its server.
struct Village {
    dir: TempDir,
    server: ServerProcess,
    worker: String,
}

impl Village {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let areas = fixture("area/lahat.csv");
        timbang(dir.path(), &["area", "import", areas.to_str().unwrap(), "--json"]).json();
        let add = ["worker", "add", "--name", "Siti", "--role", "tenaga", "--area", SADAN];
        let added = timbang(dir.path(), &[&add[..], &["--json"]].concat()).json();
        let worker = added["worker"].as_str().unwrap().to_owned();
        let server = ServerProcess::start(dir.path());
        Village { dir, server, worker }
    }

    fn admin(&self, arguments: &[&str]) -> Value {
        timbang(self.dir.path(), &[arguments, &["--json"]].concat()).json()
    }

    /// A tablet that its worker enrolled.
    fn tablet(&self, file: &str) -> TabletProgram {
        let tablet = TabletProgram { file: self.dir.path().join(file) };
        let code = self.admin(&["code", "new", "--worker", &self.worker])["code"].take();
        let code = code.as_str().unwrap().to_lowercase();
        let typed = format!("{}-{}", &code[..4], &code[4..]);
        let enrolled = tablet.say(&["enrol", &self.server.url, &typed]);
        assert_eq!((&enrolled["worker"], &enrolled["areas"]), (&json!("Siti"), &json!([SADAN])));
        tablet
    }
}

/// `timbang-tablet` on one file.
struct TabletProgram {
    file: PathBuf,
}

impl TabletProgram {
    #[track_caller]
    fn run(&self, arguments: &[&str]) -> Finished {
        let place = [OsStr::new("--json"), OsStr::new("--db"), self.file.as_os_str()];
        let finished =
            run("timbang-tablet", place.into_iter().chain(arguments.iter().map(OsStr::new)));
        let said = format!("{}{}", finished.stdout, finished.stderr);
        assert!(!said.contains("tbg_"), "the key is nobody's business: {said}");
        finished
    }

    /// Its answer, for a command that must succeed.
    #[track_caller]
    fn say(&self, arguments: &[&str]) -> Value {
        self.run(arguments).json()
    }

    /// The command fails with this code, and says in Bahasa Indonesia that nothing was saved.
    #[track_caller]
    fn check_refused(&self, arguments: &[&str], code: &str) {
        let before = self.say(&["status"]);
        let refused = self.run(arguments);
        assert!(!refused.success && refused.stdout.is_empty(), "{arguments:?}: {}", refused.stdout);
        let error: Value = serde_json::from_str(&refused.stderr).unwrap();
        assert_eq!(error["error"], code, "{arguments:?}: {error}");
        assert!(!error["message"].as_str().unwrap().is_empty());
        assert_eq!(self.say(&["status"]), before, "{arguments:?} changed something");
    }
}

/// A birthday some 13 months ago, as people write it.
fn birthday() -> String {
    let text = Moment::with_offset(SystemClock.now_ms() - 400 * DAY, 7 * 60).to_string();
    format!("{}-{}-{}", &text[8..10], &text[5..7], &text[..4])
}

fn add_melati(tablet: &TabletProgram) -> Value {
    let birthday = birthday();
    tablet.say(&["child", "add", "--name", "Melati", "--sex", "P", "--birth-date", &birthday])
}

#[test]
fn a_day_with_the_tablet_from_enrolment_to_selesai() {
    let village = Village::new();
    let tablet = village.tablet("satu.db");
    assert_eq!(add_melati(&tablet)["seq"], 1);
    let due = tablet.say(&["due"]);
    assert_eq!((due.as_array().unwrap().len(), &due[0]["name"]), (1, &json!("Melati")));
    let measure = [
        "measure",
        "Melati",
        "--weight-kg",
        "9,8",
        "--height-cm",
        "75,5",
        "--position",
        "terlentang",
    ];
    assert_eq!(tablet.say(&measure)["seq"], 2);
    assert_eq!(tablet.say(&["due"]), json!([]));
    let status = tablet.say(&["status"]);
    assert_eq!((&status["pending"], &status["complete"]), (&json!(2), &json!(false)));

    let synced = tablet.say(&["sync"]);
    assert_eq!((&synced["sync"]["applied"], &synced["complete"]), (&json!(2), &json!(true)));
    assert_eq!(tablet.say(&["parked"]), json!([]));
    let other = village.tablet("dua.db");
    assert_eq!(other.say(&["sync"])["sync"]["rows"], 2);
    let children = other.say(&["child", "list"]);
    assert_eq!((children.as_array().unwrap().len(), &children[0]["name"]), (1, &json!("Melati")));
    assert_eq!(village.admin(&["check"])["changes"], json!({"applied": 2}));
}

#[test]
fn what_cannot_be_true_is_refused_and_nothing_is_saved() {
    let village = Village::new();
    let tablet = village.tablet("satu.db");
    add_melati(&tablet);
    let add = ["child", "add", "--name", "Ani", "--sex", "P", "--birth-date"];
    tablet.check_refused(&[&add[..], &["31-02-2025"]].concat(), "wrong_date");
    tablet.check_refused(&[&add[..], &["kemarin"]].concat(), "wrong_date");
    tablet.check_refused(&["measure", "Melati", "--weight-kg", "980"], "impossible_value");
    tablet.check_refused(&["measure", "Melati", "--height-cm", "755"], "impossible_value");
    tablet.check_refused(&["measure", "Melati", "--height-cm", "75,55"], "wrong_number");
    tablet.check_refused(&["measure", "Melati"], "no_measure");
    tablet.check_refused(&["measure", "Mawar", "--weight-kg", "9,8"], "no_such_child");
    let sentence = tablet.run(&["measure", "Melati", "--weight-kg", "980"]).stderr;
    assert!(sentence.contains("Tidak disimpan"), "{sentence}");
}

#[test]
fn without_a_signal_the_work_stays_and_the_worker_is_told_how_much_waits() {
    let mut village = Village::new();
    let tablet = village.tablet("satu.db");
    add_melati(&tablet);
    village.server.kill();
    let refused = tablet.run(&["sync", "--tries", "1"]);
    let error: Value = serde_json::from_str(&refused.stderr).unwrap();
    assert!(!refused.success && refused.stdout.is_empty());
    assert_eq!((&error["error"], &error["pending"]), (&json!("offline"), &json!(1)));
    assert_eq!(tablet.say(&["child", "list"]).as_array().unwrap().len(), 1);
}

#[test]
fn what_is_tertahan_is_listed_with_its_reason_until_it_is_released() {
    let village = Village::new();
    let tablet = village.tablet("satu.db");
    add_melati(&tablet);
    let grant = |verb: &str, more: &[&str]| {
        let fixed = ["worker", verb, "--worker", &village.worker, "--area", SADAN];
        village.admin(&[&fixed[..], more].concat())
    };
    grant("ungrant", &["--for-cause"]);
    assert_eq!(tablet.say(&["sync"])["parked"], 1);
    let parked = tablet.say(&["parked"]);
    assert_eq!((parked.as_array().unwrap().len(), &parked[0]["code"]), (1, &json!("not_in_scope")));
    assert!(parked[0]["message"].as_str().unwrap().contains("wilayah tugas"), "{parked}");
    grant("grant", &[]);
    let synced = tablet.say(&["sync"]);
    assert_eq!((&synced["parked"], &synced["complete"]), (&json!(0), &json!(true)));
    assert_eq!(tablet.say(&["parked"]), json!([]));
}

#[test]
fn only_enrolment_makes_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let tablet = TabletProgram { file: dir.path().join("salah-ketik.db") };
    for command in [&["status"][..], &["sync"], &["child", "list"], &["due"]] {
        let refused = tablet.run(command);
        assert!(!refused.success && refused.stderr.contains("no_file"), "{}", refused.stderr);
        assert!(!tablet.file.exists());
    }
}
