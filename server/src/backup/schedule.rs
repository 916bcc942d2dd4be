//! Backups while the server runs: a thread that wakes when the next one is due and ends when the
//! server does.

use super::{BackupError, Made, make, note};
use crate::files;
use crate::service::Service;
use crate::store::{DATABASE_FILE, DatabaseFile, Who, known_schema};
use chrono::{DateTime, NaiveDateTime, Utc};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use sync_protocol::ids::DeviceNo;

/// `timbang-20261124T021500123Z.db`: server time in UTC, so that names sort as they were made.
const NAME_FORMAT: &str = "timbang-%Y%m%dT%H%M%S%3fZ.db";

/// Where, how often and how many.
#[derive(Clone, Debug)]
pub struct Plan {
    pub data: PathBuf,
    pub dir: PathBuf,
    pub every: Duration,
    pub keep: usize,
}

/// How a backup went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupOutcome {
    /// It was made at this server time.
    Made {
        at_ms: i64,
    },
    Failed,
}

/// Makes backups until it is dropped.
#[derive(Debug)]
pub struct Schedule {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Schedule {
    /// Starts the thread. The first backup is made when the newest one there is older than `every`.
    /// `note` is told how each one went, and of the newest that is there.
    pub fn start(
        plan: Plan,
        service: Arc<Service>,
        note: impl Fn(BackupOutcome) + Send + 'static,
    ) -> io::Result<Self> {
        files::make_private_dir(&plan.dir)?;
        let (stop, stopped) = channel::<()>();
        if let Some((made_ms, _)) = newest(&plan.dir)? {
            note(BackupOutcome::Made { at_ms: made_ms });
        }
        let thread = std::thread::Builder::new().name("backups".to_owned()).spawn(move || {
            let mut wait = until_due(&plan, service.clock().now_ms());
            // Nothing is ever sent: the channel tells the end by being closed.
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                note(run(&plan, &service));
                wait = plan.every;
            }
        })?;
        Ok(Schedule { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Schedule {
    /// Waits for a backup that is being made.
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that makes backups ended by a panic");
        }
    }
}

fn until_due(plan: &Plan, now_ms: i64) -> Duration {
    let Ok(Some((made_ms, _))) = newest(&plan.dir) else { return Duration::ZERO };
    let age_ms = now_ms.saturating_sub(made_ms);
    // A backup from the future does not put off the next one.
    match u64::try_from(age_ms) {
        Ok(age_ms) => plan.every.saturating_sub(Duration::from_millis(age_ms)),
        Err(_) => Duration::ZERO,
    }
}

fn run(plan: &Plan, service: &Service) -> BackupOutcome {
    let now_ms = service.clock().now_ms();
    let made = make(&plan.data, &plan.dir.join(name_at(now_ms)));
    match made {
        Ok(made) => {
            tracing::info!(bytes = made.bytes, sha256 = made.sha256, "backed up");
            if let Err(error) = note(service, Who::Device(DeviceNo::OFFICE), &made) {
                tracing::error!(%error, "the backup could not be noted in the audit log");
            }
            if let Err(error) = forget_old(&plan.dir, plan.keep) {
                tracing::error!(%error, "old backups could not be deleted");
            }
            BackupOutcome::Made { at_ms: now_ms }
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the backup failed");
            BackupOutcome::Failed
        }
    }
}

fn name_at(now_ms: i64) -> String {
    let at = DateTime::<Utc>::from_timestamp_millis(now_ms).unwrap_or_default();
    at.format(NAME_FORMAT).to_string()
}

/// The backups of this schedule in a directory, oldest first: when, and where.
fn list(dir: &Path) -> io::Result<Vec<(i64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let at = NaiveDateTime::parse_from_str(&name.to_string_lossy(), NAME_FORMAT);
        if let Ok(at) = at {
            found.push((at.and_utc().timestamp_millis(), entry.path()));
        }
    }
    found.sort();
    Ok(found)
}

/// The newest backup of a schedule, by its name.
pub fn newest(dir: &Path) -> io::Result<Option<(i64, PathBuf)>> {
    Ok(list(dir)?.pop())
}

/// Deletes the oldest ones; only files that this schedule made.
fn forget_old(dir: &Path, keep: usize) -> io::Result<()> {
    let found = list(dir)?;
    for (_, file) in found.iter().take(found.len().saturating_sub(keep.max(1))) {
        std::fs::remove_file(file)?;
        let sum = super::sum::beside(file);
        if sum.exists() {
            std::fs::remove_file(sum)?;
        }
    }
    Ok(())
}

/// Backs up a database that this program is about to migrate; nothing when it need not be.
pub fn before_migration(data: &Path, dir: &Path, now_ms: i64) -> Result<Option<Made>, BackupError> {
    let database = data.join(DATABASE_FILE);
    if !database.exists() {
        return Ok(None);
    }
    let unreadable = |source| BackupError::Store { path: database.clone(), source };
    let schema =
        DatabaseFile::open(&database).and_then(|file| file.schema()).map_err(unreadable)?;
    if schema >= known_schema() {
        return Ok(None);
    }
    files::make_private_dir(dir).map_err(super::failed(dir))?;
    let name = format!("before-schema-{}-{}", known_schema(), name_at(now_ms));
    make(data, &dir.join(name)).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i64 = 1_795_486_500_123;

    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn the_first_backup_is_due_when_the_newest_is_old_enough_whatever_was_restarted() {
        let dir = tempfile::tempdir().unwrap();
        let plan =
            Plan { data: dir.path().into(), dir: dir.path().into(), every: HOUR * 6, keep: 1 };
        assert_eq!(until_due(&plan, AT), Duration::ZERO, "there is none yet");
        std::fs::write(dir.path().join(name_at(AT)), b"").unwrap();
        let due_after = |hours: i64| until_due(&plan, AT + hours * 3_600_000);
        assert_eq!((due_after(0), due_after(2)), (HOUR * 6, HOUR * 4));
        assert_eq!((due_after(6), due_after(60)), (Duration::ZERO, Duration::ZERO));
        assert_eq!(due_after(-1), Duration::ZERO, "the newest is from the future");
    }

    #[test]
    fn names_say_when_and_only_the_schedules_own_files_are_deleted() {
        assert_eq!(name_at(AT), "timbang-20261124T021500123Z.db");
        let dir = tempfile::tempdir().unwrap();
        let touch = |name: &str| std::fs::write(dir.path().join(name), b"").unwrap();
        for hour in 0..5 {
            touch(&name_at(AT + hour * 3_600_000));
            touch(&format!("{}.sha256", name_at(AT + hour * 3_600_000)));
        }
        touch("before-schema-2-timbang-20261124T021500123Z.db");
        touch("timbang-by-hand.db");
        assert_eq!(newest(dir.path()).unwrap().unwrap().0, AT + 4 * 3_600_000);
        forget_old(dir.path(), 9).unwrap();
        assert_eq!(list(dir.path()).unwrap().len(), 5, "there are no more than may be kept");
        forget_old(dir.path(), 2).unwrap();
        let mut left: Vec<String> = std::fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(
            left,
            [
                "before-schema-2-timbang-20261124T021500123Z.db",
                "timbang-20261124T051500123Z.db",
                "timbang-20261124T051500123Z.db.sha256",
                "timbang-20261124T061500123Z.db",
                "timbang-20261124T061500123Z.db.sha256",
                "timbang-by-hand.db",
            ]
        );
        forget_old(dir.path(), 0).unwrap();
        assert_eq!(list(dir.path()).unwrap().len(), 1, "the newest is never deleted");
    }
}
