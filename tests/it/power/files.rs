//! The tablet's files: a damaged one is set aside with all that was saved in it, and a wiped one leaves
//! nothing.

use super::{cut_everywhere, images};
use crate::restore::{Office, Tablet};
use rusqlite::Connection;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use sync_tests::{Dice, Disk, Event, Strace, keep_figures, read_traces, run_watched};

const IMAGES: usize = 40;
const UNSENT: &str = "Kenanga Belum Terkirim";
const SENT: &str = "Melati Contoh";
const NIK: &str = "1604060105250001";

fn watched(office: &Office, folder: &Path, command: &[&str]) -> Vec<Event> {
    let trace = office.path("trace");
    let strace = Strace { trace: Some(trace.clone()), ..Strace::default() };
    let file = folder.join("tablet.db");
    let place = ["--json", "--db", file.to_str().unwrap()];
    run_watched(&strace, None, "timbang-tablet", [&place[..], command].concat()).json();
    read_traces(&[trace], folder)
}

fn holds(file: &Path, text: &str) -> bool {
    contains(&std::fs::read(file).unwrap_or_default(), text)
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Bytes of a file that are destroyed.
const DAMAGES: [(&str, Range<usize>); 2] =
    [("the beginning", 0..64), ("pages in the middle", 3 * PAGE..7 * PAGE)];
const PAGE: usize = 4096;

/// A tablet whose last save stands in its log only.
fn saved_in_the_log(office: &Office) -> PathBuf {
    let folder = office.path("tablet");
    let tablet = office.tablet(&office.worker("Siti"));
    tablet.add("Kenanga");
    let held = Connection::open(&tablet.file).unwrap();
    held.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    tablet.say(&["child", "edit", "Kenanga", "--address", UNSENT]);
    std::fs::create_dir(&folder).unwrap();
    for suffix in ["", "-wal"] {
        let from = format!("{}{suffix}", tablet.file.display());
        std::fs::copy(from, folder.join(format!("tablet.db{suffix}"))).unwrap();
    }
    let file = folder.join("tablet.db");
    assert!(!holds(&file, UNSENT) && holds(&beside(&file, "-wal"), UNSENT));
    folder
}

fn destroy(file: &Path, damage: &Range<usize>) {
    let mut file = std::fs::OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(u64::try_from(damage.start).unwrap())).unwrap();
    file.write_all(&vec![0xA5; damage.len()]).unwrap();
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", file.display()))
}

/// Whether a file that was set aside has the unsent work in it, or in the log that stands beside it.
fn is_kept(folder: &Path) -> bool {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut asides = files.filter(|file| {
        let name = file.file_name().unwrap().to_string_lossy();
        name.contains("rusak") && !name.ends_with("-wal") && !name.ends_with("-shm")
    });
    asides.any(|aside| holds(&aside, UNSENT) || holds(&beside(&aside, "-wal"), UNSENT))
}

#[test]
fn a_damaged_file_is_set_aside_with_its_unsent_work_whenever_the_power_fails() {
    let mut dice = Dice::new(310);
    let count = images(IMAGES);
    // Beside another program SQLite leaves the log where it is; alone it folds it into the file.
    for ((what, damage), is_alone) in DAMAGES.iter().flat_map(|it| [(it, true), (it, false)]) {
        let office = Office::new();
        let folder = saved_in_the_log(&office);
        let file = folder.join("tablet.db");
        let held = (!is_alone).then(|| {
            let held = Connection::open(&file).unwrap();
            held.query_row("SELECT count(*) FROM change_log", [], |_| Ok(())).unwrap();
            held
        });
        destroy(&file, damage);
        let before = Disk::holding(&folder);
        let events = watched(&office, &folder, &["status"]);
        println!("seed {}: {what}, {} events", dice.seed(), events.len());
        assert!(is_kept(&folder), "{what}");
        let faults = cut_everywhere(before, &events, count, &mut dice, |cut| {
            // Whatever a worker does next, also with a code for a new tablet.
            let tablet = Tablet { file: cut.data.join("tablet.db") };
            tablet.run(&["status"]);
            tablet.run(&["enrol", "http://127.0.0.1:1", "7KQ29MXT3F"]);
            (!is_kept(cut.data)).then(|| "the unsent work is not beside its file".to_owned())
        });
        assert_eq!(faults, Vec::<String>::new(), "{what}");
        drop(held);
    }
    keep_figures("power-aside", &json!({"images": count * DAMAGES.len() * 2}));
}

/// An enrolled tablet with a child that was sent, which is to erase itself; and what must not be left.
fn draining(office: &Office) -> (PathBuf, Vec<String>) {
    let folder = office.path("tablet");
    std::fs::create_dir(&folder).unwrap();
    let tablet = Tablet { file: folder.join("tablet.db") };
    let worker = office.worker("Siti");
    tablet.say(&["enrol", &office.url(), &office.code(&worker)]);
    tablet.say(&[
        "child",
        "add",
        "--name",
        SENT,
        "--sex",
        "P",
        "--birth-date",
        "01-05-2025",
        "--nik",
        NIK,
    ]);
    tablet.sync();
    let token = Connection::open(&tablet.file)
        .unwrap()
        .query_row("SELECT token FROM identity", [], |row| row.get(0))
        .unwrap();
    office.admin(&["device", "drain", &tablet.number().to_string()]);
    (folder, vec![SENT.to_owned(), NIK.to_owned(), token])
}

/// What is cut off a file, and what a file holds when it is deleted: somebody may dig it up. Not of
/// the log beside it, which is written over and over and never whole.
fn dug_up(before: &BTreeMap<PathBuf, Vec<u8>>, events: &[Event]) -> Vec<u8> {
    let (mut files, mut found) = (before.clone(), Vec::new());
    for event in events {
        match event {
            Event::Write { path, at, bytes } => {
                let file = files.entry(path.clone()).or_default();
                file.resize(file.len().max(at + bytes.len()), 0);
                file[*at..at + bytes.len()].copy_from_slice(bytes);
            }
            Event::Truncate { path, length } => {
                let file = files.entry(path.clone()).or_default();
                if path.extension().is_some_and(|end| end == "db") {
                    found.extend(file.split_off((*length).min(file.len())));
                }
                file.resize(*length, 0);
            }
            Event::Unlink { path } if path.extension().is_some_and(|end| end == "db") => {
                found.extend(files.remove(path).unwrap_or_default());
            }
            Event::Create { .. }
            | Event::MakeDir { .. }
            | Event::Unlink { .. }
            | Event::Link { .. }
            | Event::Rename { .. }
            | Event::Sync { .. }
            | Event::Said { .. } => {}
        }
    }
    found
}

#[test]
fn a_wiped_tablet_leaves_nothing_to_find_and_no_half_of_a_file() {
    let office = Office::new();
    let (folder, secrets) = draining(&office);
    let before = Disk::holding(&folder);
    let file = folder.join("tablet.db");
    let was = BTreeMap::from([(file.clone(), std::fs::read(&file).unwrap())]);
    for secret in &secrets {
        assert!(contains(&was[&file], secret), "{secret} was there");
    }
    let events = watched(&office, &folder, &["sync"]);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "no file is left");
    let dug_up = dug_up(&was, &events);
    assert!(!dug_up.is_empty(), "the file was deleted");
    for secret in &secrets {
        assert!(!contains(&dug_up, secret), "{secret} can be dug up");
    }
    let (mut dice, count) = (Dice::new(311), images(IMAGES));
    println!("seed {}: {} events", dice.seed(), events.len());
    let faults = cut_everywhere(before, &events, count, &mut dice, |cut| {
        let status = Tablet { file: cut.data.join("tablet.db") }.run(&["status"]);
        if !status.success && !status.stderr.contains("\"no_file\"") {
            return Some(format!("it does not open: {}", status.stderr));
        }
        let names = std::fs::read_dir(cut.data).unwrap().map(|entry| entry.unwrap().file_name());
        let names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
        names.iter().any(|name| name.contains("rusak")).then(|| format!("damaged: {names:?}"))
    });
    assert_eq!(faults, Vec::<String>::new());
    keep_figures("power-wipe", &json!({"images": count}));
}
