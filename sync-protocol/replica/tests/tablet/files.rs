//! The file: damage is set aside and never deleted, foreign files are not touched.

use crate::support::{Clock, NOW, Tablet};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use sync_replica::{OpenError, Opened, Replica};

fn open(path: &Path) -> Result<Opened, OpenError> {
    let clock = Clock::default();
    clock.wall_ms.set(NOW);
    Replica::open(path, Box::new(clock))
}

fn overwrite(path: &Path, from: u64, bytes: usize) {
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(from)).unwrap();
    file.write_all(&vec![0xA5; bytes]).unwrap();
}

/// A closed file with some children, its content in the main file.
fn filled() -> (tempfile::TempDir, std::path::PathBuf) {
    let mut tablet = Tablet::enrolled();
    for n in 0..200 {
        tablet.save_child(&format!("Anak {n}"));
    }
    let path = tablet.path();
    let Tablet { replica, dir, .. } = tablet;
    drop(replica);
    (dir, path)
}

#[test]
fn a_damaged_file_is_set_aside_with_its_companions_and_a_fresh_one_opens() {
    for (from, bytes) in [(0, 64), (4096 * 3, 4096 * 4)] {
        let (dir, path) = filled();
        overwrite(&path, from, bytes);
        std::fs::write(path.with_extension("db-wal"), b"wal").unwrap();
        let damaged = std::fs::read(&path).unwrap();
        let opened = open(&path).unwrap();
        let aside = opened.set_aside.expect("the person must be told");
        assert_eq!(aside, dir.path().join("tablet.db.rusak-20261124"));
        assert_eq!(std::fs::read(&aside).unwrap(), damaged);
        assert!(!opened.replica.identity().unwrap().is_enrolled());
    }
}

#[test]
fn a_second_damaged_file_of_a_day_does_not_replace_the_first() {
    let (dir, path) = filled();
    for name in ["tablet.db.rusak-20261124", "tablet.db.rusak-20261124-2"] {
        overwrite(&path, 0, 64);
        assert_eq!(open(&path).unwrap().set_aside, Some(dir.path().join(name)));
    }
}

#[test]
fn damage_from_end_to_end_is_known_as_a_tablets_by_what_is_left() {
    let size = |path: &Path| usize::try_from(std::fs::metadata(path).unwrap().len()).unwrap();
    let (_dir, path) = filled();
    overwrite(&path, 0, 4096);
    assert!(open(&path).unwrap().set_aside.is_some(), "a table's name is left");
    let (_dir, path) = filled();
    std::fs::write(&path, vec![0; size(&path)]).unwrap();
    assert!(open(&path).unwrap().set_aside.is_some(), "what a power cut leaves");
}

#[test]
fn what_nobody_knows_as_a_tablets_file_is_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sasaran.csv");
    let table = "nik,nama\n1604060105210001,\"CREATE TABLE change_log\"\n".repeat(200);
    for text in [table.as_bytes(), b"nama".as_slice(), &[0xA5; 8192]] {
        std::fs::write(&path, text).unwrap();
        assert!(matches!(open(&path), Err(OpenError::NotOurs(_))));
        assert_eq!(std::fs::read(&path).unwrap(), text);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing was made beside it");
    }
}

#[test]
fn a_file_of_another_program_is_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("other.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE t (x)").unwrap();
    drop(other);
    assert!(matches!(open(&path), Err(OpenError::NotOurs(_))));
    assert_eq!(
        std::fs::read_dir(dir.path())
            .unwrap()
            .filter(|f| f.as_ref().unwrap().file_name() != "other.db")
            .count(),
        0
    );
}

#[test]
fn a_file_of_a_newer_app_is_not_touched() {
    let (_dir, path) = filled();
    let db = rusqlite::Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", 999).unwrap();
    drop(db);
    assert!(matches!(open(&path), Err(OpenError::TooNew { found: 999, .. })));
}

#[test]
fn a_commit_is_on_the_disk_before_the_worker_reads_it() {
    let tablet = Tablet::new();
    assert_eq!(tablet.sql("PRAGMA journal_mode"), ["wal"]);
    assert!(sync_replica::NATIVE_PRAGMAS.contains("synchronous = FULL"));
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let tablet = Tablet::enrolled();
    let mode = std::fs::metadata(tablet.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
}
