//! Backups by the clock: the schedule of a running server. Its clock is the test's, so that no hour has
//! to pass.

use rusqlite::Connection;
use server::backup::schedule::{Plan, Schedule, newest};
use server::platform::Clock as _;
use server::store::DATABASE_FILE;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use sync_tests::{HOUR, World, wait_until};

const KEPT: usize = 2;
/// The schedule looks again so soon; how often it may is told by the server's clock.
const AT_ONCE: Duration = Duration::from_millis(20);

struct Scene {
    world: World,
    backups: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        Scene { world: World::default(), backups: tempfile::tempdir().unwrap() }
    }

    fn start(&self, dir: &Path) -> Schedule {
        let data = self.world.data().to_owned();
        let plan = Plan { data, dir: dir.to_owned(), every: AT_ONCE, keep: KEPT };
        let server = &self.world.server;
        let gateway = Arc::clone(&server.gateway);
        let note = move |outcome| gateway.metrics.note_backup(outcome);
        Schedule::start(plan, Arc::clone(&server.service), note).unwrap()
    }

    fn figure(&self, name: &str) -> f64 {
        let text = self.world.server.client().get("/metrics").send().text();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line.rsplit(' ').next().unwrap().parse().unwrap()
    }

    fn failures(&self) -> f64 {
        self.figure("timbang_backup_failures_total")
    }

    /// When the last backup was made, by the figures.
    #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970")]
    fn made_s(&self) -> i64 {
        self.figure("timbang_backup_last_success_seconds") as i64
    }
}

/// Files in a folder, by their end.
fn files(dir: &Path, end: &str) -> Vec<PathBuf> {
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|file| file.to_string_lossy().ends_with(end)).collect()
}

#[test]
fn a_running_schedule_deletes_its_oldest_backups_and_tells_each_that_it_made() {
    let scene = Scene::new();
    let dir = scene.backups.path();
    let schedule = scene.start(dir);
    for made in 1..=5 {
        let now_ms = scene.world.time.now_ms();
        wait_until("a backup of this hour", || {
            newest(dir).unwrap().is_some_and(|(made_ms, _)| made_ms == now_ms)
        });
        // Whoever makes a backup has deleted what the one before made too many.
        assert!(files(dir, ".db").len() <= made.min(KEPT + 1), "{:?}", files(dir, ".db"));
        wait_until("the figures tell it", || scene.made_s() == now_ms / 1_000);
        scene.world.time.pass(HOUR);
    }
    drop(schedule);
    for end in [".db", ".db.sha256"] {
        assert_eq!(files(dir, end).len(), KEPT, "{end}");
    }
    let db = Connection::open(scene.world.data().join(DATABASE_FILE)).unwrap();
    let sql = "SELECT count(*) FROM audit WHERE text LIKE '%backed_up%'";
    let noted: u32 = db.query_row(sql, [], |row| row.get(0)).unwrap();
    assert!(noted >= 5, "{noted} are in the audit log");
}

#[test]
fn a_backup_that_fails_is_counted_and_the_next_one_is_made() {
    let scene = Scene::new();
    let dir = scene.backups.path().join("here");
    let schedule = scene.start(&dir);
    let made_ms = scene.world.time.now_ms();
    wait_until("the first backup", || scene.made_s() == made_ms / 1_000);
    let before = scene.failures();
    std::fs::rename(&dir, scene.backups.path().join("gone")).unwrap();
    scene.world.time.pass(HOUR);
    wait_until("a failure is counted", || scene.failures() > before);
    assert_eq!(scene.made_s(), made_ms / 1_000, "what failed is not told as made");
    std::fs::create_dir(&dir).unwrap();
    wait_until("the next backup", || scene.made_s() > made_ms / 1_000);
    drop(schedule);
}
