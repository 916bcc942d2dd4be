//! Backups: made under load they restore to what they hold, and one flipped byte does not pass.

use crate::pusher::{UNLIMITED, enrolled, push_all, wait_for};
use crate::restore::Office;
use rusqlite::Connection;
use serde_json::json;
use server::check::check_snapshot;
use server::platform::{Clock, Random, SystemClock, SystemRandom};
use server::restore::{RestoreError, Restored, restore};
use server::store::{DATABASE_FILE, DatabaseFile, known_schema};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;
use sync_tests::{Dice, ServerProcess, keep_figures, timbang};

const BACKUPS: usize = 20;
/// Answers between one backup and the next, and while one is made.
const ANSWERS: u64 = 8;
const AHEAD: usize = 12;
const FLIPS: usize = 200;

/// What must be the same: the digests, every record, every change.
const PARTS: [&str; 3] = [
    "SELECT area || count || sum FROM digest WHERE count > 0 ORDER BY area",
    "SELECT hex(id) || area || feed || state_tick || state_device || coalesce(place_tick, '')
        FROM record ORDER BY id",
    "SELECT pos || device || seq || hex(hash) || hex(raw) || tick || outcome FROM log ORDER BY pos",
];

/// What a flipped byte must not change unseen: what was received and what became of it, what the
/// merge says, and the typed columns, by which reports are made. Not the stamps of versions that were
/// overwritten: nothing else knows them. A text is what its hash is of, which the check compares: the
/// name of a member that is null says nothing.
const CHECKED: [&str; 6] = [
    PARTS[0],
    PARTS[1],
    "SELECT pos || device || seq || hex(hash) || outcome FROM log ORDER BY pos",
    "SELECT json_array(rid, name, sex, birth_date, phone) FROM child ORDER BY rid",
    "SELECT json_array(rid, measured_on, weight_g) FROM measurement ORDER BY rid",
    "SELECT json_array(rid, visited_on, purpose) FROM visit ORDER BY rid",
];

fn texts(db: &Connection, sql: &str) -> Vec<String> {
    let mut statement = db.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn open(file: &Path) -> Connection {
    Connection::open(file).unwrap()
}

#[test]
fn twenty_backups_under_load_restore_to_what_they_hold() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut pushers = enrolled(&data, &mut Dice::new(20));
    let mut server = ServerProcess::with_arguments(&data, &UNLIMITED);
    let (threads, answers) = push_all(&mut pushers, &server, AHEAD);
    let live = open(&data.join(DATABASE_FILE));
    let stored = || -> i64 {
        live.query_row("SELECT coalesce(max(pos), 0) FROM log", [], |row| row.get(0)).unwrap()
    };
    let (mut held, mut lengths) = (Vec::new(), Vec::new());
    for n in 0..BACKUPS {
        wait_for(&answers, ANSWERS);
        let (before, file) = (stored(), dir.path().join(format!("{n}.db")));
        timbang(&data, &["backup", file.to_str().unwrap(), "--json"]).json();
        let to = dir.path().join(format!("restored-{n}"));
        timbang(&to, &["restore", file.to_str().unwrap(), "--json"]).json();
        let checked = timbang(&to, &["check", "--json"]).json();
        assert_eq!(checked["ok"], true, "{checked}");
        let (backup, restored) = (open(&file), open(&to.join(DATABASE_FILE)));
        for part in PARTS {
            assert!(texts(&backup, part) == texts(&restored, part), "backup {n}: {part}");
        }
        let changes = texts(&restored, PARTS[2]);
        assert!(changes.len() >= usize::try_from(before).unwrap(), "{n} lacks what was stored");
        lengths.push(changes.len());
        held.push(changes);
    }
    drop(answers);
    server.kill();
    threads.into_iter().for_each(|thread| drop(thread.join().unwrap()));
    let all = texts(&live, PARTS[2]);
    assert!(lengths.is_sorted() && lengths[0] < lengths[BACKUPS - 1], "{lengths:?}: no load");
    // Receipts are not repeated here: what is parked may be released later.
    let content = |change: &String| change.trim_end_matches(char::is_alphabetic).to_owned();
    for (n, changes) in held.iter().enumerate() {
        let same = changes.iter().map(content).eq(all[..changes.len()].iter().map(content));
        assert!(same, "backup {n} is no beginning of the history");
    }
    println!("{BACKUPS} backups of {lengths:?} changes, {} in the end", all.len());
    keep_figures("backups", &json!({"backups": BACKUPS, "changes": all.len()}));
}

/// Its pages are sound, and so is its checksum: what it says is looked at, too.
#[test]
fn a_database_with_one_wrong_digest_is_neither_backed_up_nor_restored() {
    let office = Office::new();
    let backup = office.back_up("good.db");
    let lie = |file: &Path| {
        open(file).execute("INSERT INTO digest VALUES ('16.04.06.2008', 1, 1)", []).unwrap();
    };
    lie(&backup);
    let sum: String = Sha256::digest(std::fs::read(&backup).unwrap())
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    std::fs::write(office.path("good.db.sha256"), format!("{sum}  good.db\n")).unwrap();
    let elsewhere = office.path("elsewhere");
    let refused = timbang(&elsewhere, &["restore", backup.to_str().unwrap(), "--json"]);
    assert!(!refused.success && refused.stderr.contains("the digest of"), "{}", refused.stderr);
    let left: Vec<_> =
        std::fs::read_dir(&elsewhere).unwrap().map(|left| left.unwrap().path()).collect();
    let is_lock = |path: &Path| path.ends_with("serve.lock");
    assert!(left.iter().all(|path| is_lock(path)), "{left:?}");

    lie(&office.data.join(DATABASE_FILE));
    let file = office.path("bad.db");
    let refused = timbang(&office.data, &["backup", file.to_str().unwrap(), "--json"]);
    assert!(!refused.success && refused.stderr.contains("the digest of"), "{}", refused.stderr);
    let names =
        std::fs::read_dir(office.dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let bad: Vec<_> = names.filter(|name| name.to_string_lossy().starts_with("bad")).collect();
    assert!(bad.is_empty(), "{bad:?} is no backup");
}

/// A backup with a flipped byte is refused, whichever byte it is.
#[test]
fn one_flipped_byte_anywhere_in_a_backup_is_refused() {
    let office = Office::new();
    let backup = office.back_up("backup.db");
    let good = std::fs::read(&backup).unwrap();
    let elsewhere = office.path("elsewhere");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let try_once = || restore(&elsewhere, &backup, false, &clock, &random);
    // A program that another test starts holds the lock of the folder, too, until it has begun.
    let is_held = |tried: &Result<Restored, RestoreError>| {
        tried.as_ref().is_err_and(|error| error.to_string().contains("a server runs on"))
    };
    let try_restore = || loop {
        let tried = try_once();
        if !is_held(&tried) {
            return tried;
        }
        std::thread::yield_now();
    };
    let mut dice = Dice::new(200);
    println!("seed {}", dice.seed());
    for _ in 0..FLIPS {
        let place = usize::try_from(dice.below(good.len() as u64)).unwrap();
        let mut bad = good.clone();
        bad[place] ^= 1 << dice.below(8);
        std::fs::write(&backup, &bad).unwrap();
        let refused = try_restore().unwrap_err().to_string();
        assert!(refused.contains("checksum"), "byte {place}: {refused}");
    }
    std::fs::write(&backup, &good[..good.len() / 2]).unwrap();
    try_restore().unwrap_err();
    std::fs::write(&backup, &good).unwrap();
    assert!(!elsewhere.join(DATABASE_FILE).exists(), "nothing was put in place");
    let sum = office.path("backup.db.sha256");
    let right = std::fs::read(&sum).unwrap();
    std::fs::remove_file(&sum).unwrap();
    assert!(try_restore().unwrap_err().to_string().contains("no checksum"));
    std::fs::write(&sum, right).unwrap();
    assert_eq!(try_restore().unwrap().set_aside, None);
    assert_eq!(timbang(&elsewhere, &["check", "--json"]).json()["ok"], true);
    keep_figures("flips-backup", &json!({"places": FLIPS}));
}

/// The same in the database itself, which has no checksum: `check` finds it, or it changes nothing of
/// what tablets sent and the merge made of it. (Names of places and people nobody can check.)
#[test]
fn one_flipped_byte_in_the_database_is_found_or_changes_no_record() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut pushers = enrolled(&data, &mut Dice::new(21));
    let mut server = ServerProcess::with_arguments(&data, &UNLIMITED);
    let (threads, answers) = push_all(&mut pushers, &server, AHEAD);
    wait_for(&answers, 40);
    drop(answers);
    server.kill();
    threads.into_iter().for_each(|thread| drop(thread.join().unwrap()));
    let file = data.join(DATABASE_FILE);
    open(&file).query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let good = std::fs::read(&file).unwrap();
    let expected: Vec<(&str, Vec<String>)> =
        CHECKED.map(|part| (part, texts(&open(&file), part))).into();
    let mut dice = Dice::new(201);
    let (mut found, mut harmless) = (0, 0);
    for _ in 0..FLIPS {
        let place = usize::try_from(dice.below(good.len() as u64)).unwrap();
        let mut bad = good.clone();
        bad[place] ^= 1 << dice.below(8);
        let copy = tempfile::tempdir().unwrap();
        std::fs::write(copy.path().join(DATABASE_FILE), &bad).unwrap();
        if is_found(&copy.path().join(DATABASE_FILE)) {
            found += 1;
            continue;
        }
        harmless += 1;
        let db = open(&copy.path().join(DATABASE_FILE));
        for (part, expected) in &expected {
            let now = texts(&db, part);
            let passed = now.iter().zip(expected).find(|(now, was)| now != was);
            assert_eq!(passed, None, "byte {place} passed, of {} rows", now.len());
        }
    }
    println!("seed {}: {found} found, {harmless} harmless", dice.seed());
    assert!(found > FLIPS / 5, "{found}: was the check made?");
    let figures = json!({"places": FLIPS, "found": found, "harmless": harmless});
    keep_figures("flips-database", &figures);
}

/// As a backup is looked at: whoever only reads waits for no disk.
fn is_found(file: &Path) -> bool {
    let faults = DatabaseFile::open(file).and_then(|file| {
        let is_known = file.schema()? == known_schema();
        Ok(!is_known || !file.read(check_snapshot)?.faults.is_empty())
    });
    faults.unwrap_or(true)
}
