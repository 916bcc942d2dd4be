//! The tablet: its command line, alone with its file and beside another program.

use super::{Cut, NOT_SYNCED, cut_everywhere, images, said_in};
use crate::restore::{Office, Tablet};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use sync_tests::{Dice, Disk, Strace, keep_figures, read_traces, run_watched};

const IMAGES: usize = 100;

/// A tablet's day: enrolment, saves and syncs, each a program of its own, all of them watched.
struct Day {
    /// Its file lies in a folder of its own.
    folder: PathBuf,
    traces: Vec<PathBuf>,
    sabotage: Option<&'static str>,
    /// Another program has the file open, so that no command is the last to close it, which would
    /// bring everything to the disk.
    is_held: bool,
    office: Office,
}

impl Day {
    fn of(sabotage: Option<&'static str>, is_held: bool) -> Self {
        let office = Office::new();
        let folder = office.path("tablet");
        std::fs::create_dir(&folder).unwrap();
        Day { folder, traces: Vec::new(), sabotage, is_held, office }
    }

    fn say(&mut self, arguments: &[&str]) -> Value {
        let trace = self.office.path(&format!("trace-{}", self.traces.len()));
        let strace = Strace { trace: Some(trace.clone()), ..Strace::default() };
        self.traces.push(trace);
        let file = self.folder.join("tablet.db");
        let place = ["--json", "--db", file.to_str().unwrap()];
        let arguments = [&place[..], arguments].concat();
        run_watched(&strace, self.sabotage, "timbang-tablet", arguments).json()
    }

    fn live(&mut self) -> Option<Connection> {
        let worker = self.office.worker("Siti");
        let (url, code) = (self.office.url(), self.office.code(&worker));
        self.say(&["enrol", &url, &code]);
        let held = self.is_held.then(|| {
            let held = Connection::open(self.folder.join("tablet.db")).unwrap();
            held.execute_batch("SELECT count(*) FROM change_log").unwrap();
            held
        });
        for name in ["Melati", "Anggrek", "Kenanga"] {
            self.say(&["child", "add", "--name", name, "--sex", "P", "--birth-date", "01-05-2025"]);
            self.say(&["measure", name, "--weight-kg", "9,1"]);
            self.say(&["child", "edit", name, "--phone", "0811"]);
            self.say(&["sync"]);
            self.say(&["child", "edit", name, "--phone", "0812"]);
            self.say(&["child", "edit", name, "--address", "Dusun 1"]);
        }
        self.say(&["sync"]);
        held
    }
}

/// What a tablet said that it saved: id by seq.
fn saved_in(said: &[&[u8]]) -> BTreeMap<u64, String> {
    let answers = said.iter().filter_map(|bytes| serde_json::from_slice::<Value>(bytes).ok());
    let saved = answers
        .filter_map(|answer| Some((answer["seq"].as_u64()?, answer["id"].as_str()?.to_owned())));
    saved.collect()
}

fn fault_of_tablet(cut: &Cut<'_>) -> Option<String> {
    let saved = saved_in(cut.said);
    let tablet = Tablet { file: cut.data.join("tablet.db") };
    let log = tablet.run(&["log"]);
    if !log.success && saved.is_empty() && log.stderr.contains("\"no_file\"") {
        return None;
    }
    if !log.success {
        return Some(format!("it does not open: {}", log.stderr));
    }
    let mut files = std::fs::read_dir(cut.data).unwrap().map(|entry| entry.unwrap().file_name());
    if let Some(aside) = files.find(|name| name.to_string_lossy().contains("rusak")) {
        return Some(format!("the file was damaged and set aside as {aside:?}"));
    }
    let log = log.any_json();
    let lost = saved.iter().find(|(seq, id)| {
        let mut entries = log.as_array().unwrap().iter();
        !entries.any(|entry| entry["seq"] == **seq && entry["id"] == **id)
    });
    lost.map(|(seq, _)| format!("{seq} is lost, of {} saved", saved.len()))
}

/// Faults found in images of a tablet, and what to tell of them.
fn cut_tablet(mut day: Day, images: usize) -> (Vec<String>, Value) {
    let mut dice = Dice::new(100);
    let before = Disk::holding(&day.folder);
    let held = day.live();
    let events = read_traces(&day.traces, &day.folder);
    let saved = saved_in(&said_in(&events)).len();
    assert_eq!(saved, 15, "all saves were seen");
    let figures = json!({"images": images, "saved": saved, "commands": day.traces.len()});
    println!("seed {}: {figures}", dice.seed());
    let faults = cut_everywhere(before, &events, images, &mut dice, fault_of_tablet);
    drop(held);
    (faults, figures)
}

#[test]
fn nothing_saved_on_a_tablet_is_lost_by_a_power_cut_at_any_moment() {
    let images = images(IMAGES) / 2;
    let (faults, alone) = cut_tablet(Day::of(None, false), images);
    assert_eq!(faults, Vec::<String>::new());
    let (faults, held) = cut_tablet(Day::of(None, true), images);
    assert_eq!(faults, Vec::<String>::new());
    keep_figures("power-tablet", &json!({"alone": alone, "held": held}));
}

#[test]
fn a_tablet_that_does_not_sync_its_commits_is_found_out() {
    let (faults, figures) = cut_tablet(Day::of(Some(NOT_SYNCED), true), IMAGES);
    let lost = faults.iter().filter(|fault| fault.contains("is lost")).count();
    println!("{lost} of {IMAGES} images lost something: {:?}", faults.first());
    assert!(lost > 0, "it was not found out");
    let figures = json!({"images": IMAGES, "lost": lost, "of": figures});
    keep_figures("power-tablet-sabotaged", &figures);
}
