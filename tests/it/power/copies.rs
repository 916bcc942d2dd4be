//! Backup and restore: a backup that has its name is whole, a database that was replaced is kept whole,
//! and what a command said that it did is done.

use super::{Cut, cut_everywhere, images};
use rusqlite::Connection;
use serde_json::{Value, json};
use server::check::check;
use server::platform::{Clock, Random, SystemClock, SystemRandom};
use server::restore::restore;
use server::service::Service;
use server::store::{DATABASE_FILE, StoreError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use sync_tests::{
    Dice, Disk, KECAMATAN, Strace, fixture, keep_figures, read_traces, run_watched, timbang,
};
use tempfile::TempDir;

/// More than there are moments, so that there is one of each.
const IMAGES: usize = 160;
/// Workers when the backup is made, and when it is restored.
const BACKED_UP: usize = 2;
const REPLACED: usize = 5;

/// A database and a place for its backups.
struct Office {
    dir: TempDir,
    /// Another program has the database open, so that no command is the last to close it, and what was
    /// committed last stands in its log only.
    _held: Connection,
}

impl Office {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("root");
        std::fs::create_dir_all(root.join("backups")).unwrap();
        let areas = fixture("area/lahat.csv");
        let data = root.join("data");
        timbang(&data, &["area", "import", areas.to_str().unwrap(), "--json"]).json();
        let held = Connection::open(data.join(DATABASE_FILE)).unwrap();
        held.execute_batch("SELECT count(*) FROM worker").unwrap();
        let office = Office { dir, _held: held };
        office.hire(BACKED_UP);
        office
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("root")
    }

    fn hire(&self, workers: usize) {
        let add = ["worker", "add", "--role", "tenaga", "--area", KECAMATAN, "--name", "Siti"];
        for _ in 0..workers {
            timbang(&self.root().join("data"), &[&add[..], &["--json"]].concat()).json();
        }
    }

    /// Cuts the power while a command works.
    fn cut(
        &self,
        command: &[&str],
        dice: &mut Dice,
        fault: impl FnMut(&Cut<'_>) -> Option<String>,
    ) -> (Vec<String>, usize) {
        let root = self.root();
        let before = Disk::holding(&root);
        let trace = self.dir.path().join("trace");
        let strace = Strace { trace: Some(trace.clone()), ..Strace::default() };
        let (data, backup) = (root.join("data"), backup_in(&root));
        let place = ["--json", "--data", data.to_str().unwrap(), backup.to_str().unwrap()];
        run_watched(&strace, None, "timbang", [command, &place].concat()).json();
        let events = read_traces(&[trace], &root);
        println!("seed {}: {} events", dice.seed(), events.len());
        let count = images(IMAGES);
        (cut_everywhere(before, &events, count, dice, fault), count)
    }
}

fn backup_in(root: &Path) -> PathBuf {
    root.join("backups").join("backup.db")
}

/// What the command answered; none when the power failed before.
fn answer(cut: &Cut<'_>) -> Option<Value> {
    cut.said.iter().find_map(|said| serde_json::from_slice::<Value>(said).ok())
}

fn open(data: &Path) -> Result<Service, String> {
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let opened = Service::open(data, clock, random);
    opened.map_err(|error| format!("{} does not open: {error}", data.display()))
}

/// Workers in a sound database.
fn workers(data: &Path) -> Result<usize, String> {
    let service = open(data)?;
    let faults = check(&service).map_err(|error| error.to_string())?.faults;
    if !faults.is_empty() {
        return Err(format!("{faults:?}"));
    }
    Ok(service.read_as_operator::<_, StoreError>(|tx, _| Ok(tx.workers()?.len())).unwrap())
}

fn restore_in(root: &Path, data: &Path) -> Result<(), String> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let restored =
        restore(data, &backup_in(root), true, &clock, &(Arc::new(SystemRandom) as Arc<dyn Random>));
    restored.map(drop).map_err(|error| format!("it cannot be restored: {error}"))
}

#[test]
fn a_backup_that_has_its_name_is_whole_whenever_the_power_fails() {
    let office = Office::new();
    let mut dice = Dice::new(300);
    let (faults, count) = office.cut(&["backup"], &mut dice, |cut| {
        let at_work = workers(&cut.data.join("data"));
        if at_work != Ok(BACKED_UP) {
            return Some(format!("the database: {at_work:?}"));
        }
        if !backup_in(cut.data).exists() {
            return answer(cut).map(|_| "the backup is not there".to_owned());
        }
        let elsewhere = cut.data.join("elsewhere");
        let restored = restore_in(cut.data, &elsewhere).and_then(|()| workers(&elsewhere));
        (restored != Ok(BACKED_UP)).then(|| format!("the backup: {restored:?}"))
    });
    assert_eq!(faults, Vec::<String>::new());
    keep_figures("power-backup", &json!({"images": count}));
}

#[test]
fn a_power_cut_during_a_restore_loses_neither_the_backup_nor_what_it_replaces() {
    let office = Office::new();
    let backup = backup_in(&office.root());
    timbang(&office.root().join("data"), &["backup", backup.to_str().unwrap(), "--json"]).json();
    office.hire(REPLACED - BACKED_UP);
    let mut dice = Dice::new(301);
    let (faults, count) = office.cut(&["restore", "--yes"], &mut dice, fault_of_restore);
    assert_eq!(faults, Vec::<String>::new());
    keep_figures("power-restore", &json!({"images": count}));
}

/// Either the one or the other is in place. Where neither is, the restore says so and can be repeated.
fn fault_of_restore(cut: &Cut<'_>) -> Option<String> {
    let data = cut.data.join("data");
    let mut found = workers(&data);
    if answer(cut).is_some() && found != Ok(BACKED_UP) {
        return Some(format!("it said that it was done: {found:?}"));
    }
    if found.as_ref().is_err_and(|fault| fault.contains("restore")) {
        found = restore_in(cut.data, &data).and_then(|()| workers(&data));
        if found != Ok(BACKED_UP) {
            return Some(format!("repeated: {found:?}"));
        }
    }
    match found {
        Ok(REPLACED) => None,
        Ok(BACKED_UP) if is_kept_aside(&data) => None,
        Ok(BACKED_UP) => Some("what was replaced is not kept whole".to_owned()),
        other => Some(format!("{other:?}")),
    }
}

fn is_kept_aside(data: &Path) -> bool {
    let count = |file: PathBuf| -> Option<usize> {
        let db = file.exists().then(|| Connection::open(&file).ok())??;
        let workers: u32 =
            db.query_row("SELECT count(*) FROM worker", [], |row| row.get(0)).ok()?;
        usize::try_from(workers).ok()
    };
    let folders = std::fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path());
    let mut databases = folders.map(|folder| folder.join(DATABASE_FILE));
    databases.any(|file| count(file) == Some(REPLACED))
}
