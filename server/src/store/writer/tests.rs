//! What jobs are told when the disk or the program fails in the middle of a group.

use super::super::open::open_for_writing;
use super::super::{DATABASE_FILE, FirstEpoch, ReadTx, StoreError, Stored, WriteTx};
use super::Writer;
use rusqlite::Connection;
use std::sync::mpsc::channel;
use std::thread::scope;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Text that fills many pages.
const LARGE: usize = 4 << 20;

struct Disk {
    folder: TempDir,
    writer: Writer,
}

impl Disk {
    /// A database that may grow by `pages` only.
    fn with_free(pages: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(DATABASE_FILE);
        let first = FirstEpoch { epoch: [7; 16], now_ms: 0 };
        let connection = open_for_writing(folder.path(), &path, first).unwrap();
        connection.execute_batch("CREATE TABLE note (text TEXT NOT NULL) STRICT").unwrap();
        let used: u32 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        connection.pragma_update(None, "max_page_count", used + pages).unwrap();
        let writer = Writer::start(connection, &path).unwrap();
        Disk { folder, writer }
    }

    fn notes(&self) -> Vec<String> {
        let reader = Connection::open(self.folder.path().join(DATABASE_FILE)).unwrap();
        let mut select = reader.prepare("SELECT substr(text, 1, 9) FROM note").unwrap();
        let rows = select.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    /// Submits jobs while an earlier one is held, so that they are committed together.
    fn together(&self, jobs: Vec<fn(&WriteTx<'_>) -> Stored<()>>) -> Vec<Stored<()>> {
        let (begun, has_begun) = channel();
        let (release, held) = channel::<()>();
        scope(|threads| {
            let holder = threads.spawn(move || {
                self.writer.run(move |_| -> Stored<()> {
                    begun.send(()).unwrap();
                    // Also goes on when the test failed and let go of the other end.
                    held.recv().map_err(|_| StoreError::Stopped)
                })
            });
            has_begun.recv().unwrap();
            let mut asked = Vec::new();
            for job in jobs {
                asked.push(threads.spawn(move || self.writer.run(job)));
                self.wait_for(asked.len());
            }
            release.send(()).unwrap();
            drop(release);
            holder.join().unwrap().unwrap();
            asked.into_iter().map(|asked| asked.join().unwrap()).collect()
        })
    }

    /// Until so many jobs wait; the queue keeps their order.
    fn wait_for(&self, jobs: usize) {
        let patience = Instant::now() + Duration::from_secs(20);
        while self.writer.queue_length() != jobs {
            assert!(Instant::now() < patience, "{jobs} jobs never waited");
            std::thread::yield_now();
        }
    }
}

fn insert(tx: &ReadTx<'_>, text: &str) -> Stored<()> {
    tx.connection.execute("INSERT INTO note VALUES (?1)", [text])?;
    Ok(())
}

fn small(tx: &WriteTx<'_>) -> Stored<()> {
    insert(tx, "small")
}

fn large(tx: &WriteTx<'_>) -> Stored<()> {
    insert(tx, &"large".repeat(LARGE / 5))
}

/// Meets the full disk and says nothing of it.
fn silent(tx: &WriteTx<'_>) -> Stored<()> {
    assert!(large(tx).is_err());
    Ok(())
}

fn careless(_: &WriteTx<'_>) -> Stored<()> {
    panic!("a fault of this program");
}

#[test]
fn a_full_disk_is_told_to_the_job_that_met_it_and_nothing_is_acknowledged_falsely() {
    let disk = Disk::with_free(64);
    let told = disk.together(vec![small, large, small, large]);
    assert!(matches!(told[0], Err(StoreError::RolledBack)), "{told:?}");
    assert!(matches!(told[1], Err(StoreError::Full)), "{told:?}");
    assert!(matches!(told[2], Err(StoreError::RolledBack)), "{told:?}");
    assert!(matches!(told[3], Err(StoreError::Full)), "{told:?}");
    assert_eq!(disk.notes(), Vec::<String>::new());

    let told = disk.together(vec![large, small]);
    assert!(matches!(told[..], [Err(StoreError::Full), Ok(())]), "{told:?}");
    assert_eq!(disk.notes(), ["small"], "what fits is written");
}

#[test]
fn a_job_that_hides_a_full_disk_is_not_acknowledged() {
    let disk = Disk::with_free(64);
    let told = disk.together(vec![silent]);
    assert!(matches!(told[..], [Err(StoreError::RolledBack)]), "{told:?}");
    assert_eq!(disk.notes(), Vec::<String>::new());
}

#[test]
fn a_job_that_panics_harms_no_other_and_is_no_busy_server() {
    let disk = Disk::with_free(64);
    let told = disk.together(vec![small, careless, small]);
    assert!(matches!(told[..], [Ok(()), Err(StoreError::Panicked), Ok(())]), "{told:?}");
    assert_eq!(disk.notes(), ["small", "small"]);
}
