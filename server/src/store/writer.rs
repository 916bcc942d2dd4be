//! The one writer: drains the waiting jobs into one transaction, a savepoint each, and answers only
//! when the commit is on the disk.

use super::open::open_for_checkpoints;
use super::{StoreError, Stored, WriteTx};
use rusqlite::{Connection, ffi};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::thread::JoinHandle;

/// Jobs that may wait; one more is told that the server is busy.
const QUEUE_MAX: usize = 64;
/// Jobs committed together at most.
const GROUP_MAX: usize = 16;
/// Commits after which the checkpointer is woken.
const COMMITS_PER_CHECKPOINT: u32 = 16;
/// The exit code of a process whose disk failed to sync (EX_IOERR).
const EXIT_DISK_FAILED: i32 = 74;

/// A job in two steps, so that nobody is answered before the commit.
trait Job: Send {
    /// Runs inside the transaction; true when what it did is to be kept.
    fn run(&mut self, tx: &WriteTx<'_>) -> bool;
    /// Hands the job's own result over, or the reason why it does not hold.
    fn answer(self: Box<Self>, holds: Stored<()>);
}

struct TypedJob<F, T, E> {
    work: Option<F>,
    result: Option<Result<T, E>>,
    reply: Sender<Result<T, E>>,
}

impl<F, T, E> Job for TypedJob<F, T, E>
where
    F: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, tx: &WriteTx<'_>) -> bool {
        self.result = self.work.take().map(|work| work(tx));
        matches!(self.result, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, holds: Stored<()>) {
        let result = match (holds, self.result) {
            (Err(error), _) => Err(E::from(error)),
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(E::from(StoreError::Panicked)),
        };
        if self.reply.send(result).is_err() {
            // The asker went away; what was stored stays stored.
            tracing::debug!("nobody waits for this answer any more");
        }
    }
}

#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<SyncSender<Box<dyn Job>>>,
    waiting: Arc<AtomicUsize>,
    threads: Vec<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, path: &Path) -> Stored<Self> {
        let (jobs, queue) = sync_channel(QUEUE_MAX);
        let waiting = Arc::new(AtomicUsize::new(0));
        let (checkpoint, checkpoints) = sync_channel(1);
        let checkpointer = open_for_checkpoints(path)?;
        let threads = vec![
            spawn("checkpointer", move || run_checkpoints(&checkpointer, &checkpoints))?,
            spawn("writer", {
                let waiting = Arc::clone(&waiting);
                move || run_jobs(&connection, &queue, &waiting, &checkpoint)
            })?,
        ];
        Ok(Writer { jobs: Some(jobs), waiting, threads })
    }

    pub(super) fn queue_length(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(super) fn run<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answer) = channel();
        self.submit(Box::new(TypedJob { work: Some(work), result: None, reply }))?;
        answer.recv().unwrap_or_else(|_| Err(E::from(StoreError::Stopped)))
    }

    fn submit(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        let jobs = self.jobs.as_ref().ok_or(StoreError::Stopped)?;
        self.waiting.fetch_add(1, Ordering::Relaxed);
        jobs.try_send(job).map_err(|refused| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            match refused {
                TrySendError::Full(_) => StoreError::Busy,
                TrySendError::Disconnected(_) => StoreError::Stopped,
            }
        })
    }
}

impl Drop for Writer {
    /// Waits until what was accepted is written.
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a storage thread ended by a panic");
            }
        }
    }
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Stored<JoinHandle<()>> {
    Ok(std::thread::Builder::new().name(name.to_owned()).spawn(body)?)
}

fn run_jobs(
    connection: &Connection,
    queue: &Receiver<Box<dyn Job>>,
    waiting: &AtomicUsize,
    checkpoint: &SyncSender<()>,
) {
    let mut commits = 0_u32;
    while let Ok(first) = queue.recv() {
        let rest = queue.try_iter().take(GROUP_MAX - 1);
        let group: Group = std::iter::once(first).chain(rest).collect();
        waiting.fetch_sub(group.len(), Ordering::Relaxed);
        run_group(connection, group);
        commits = commits.wrapping_add(1);
        if commits.is_multiple_of(COMMITS_PER_CHECKPOINT) {
            match checkpoint.try_send(()) {
                // One that is already asked for is enough.
                Ok(()) | Err(TrySendError::Full(())) => {}
                Err(TrySendError::Disconnected(())) => {
                    tracing::error!("the checkpointer has stopped")
                }
            }
        }
    }
}

type Group = VecDeque<Box<dyn Job>>;

/// A job that has run, and whether its result will hold when the transaction is committed.
type Finished = (Box<dyn Job>, Stored<()>);

/// Runs the jobs in one transaction; in several when SQLite gives one up.
fn run_group(connection: &Connection, mut group: Group) {
    while !group.is_empty() {
        if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
            tracing::error!(%error, "no write transaction could be opened");
            group.into_iter().for_each(|job| job.answer(Err(copy_of(&error))));
            return;
        }
        let mut finished = Vec::with_capacity(group.len());
        // A full disk or a failed write can make SQLite roll the whole transaction back. Whatever
        // ran after that would be committed by itself, so it is seen before the next job begins.
        while !connection.is_autocommit()
            && let Some(job) = group.pop_front()
        {
            finished.push(run_in_savepoint(connection, job));
        }
        if connection.is_autocommit() {
            answer_those_rolled_back(finished);
        } else {
            commit(connection, finished);
        }
    }
}

fn run_in_savepoint(connection: &Connection, mut job: Box<dyn Job>) -> Finished {
    if let Err(error) = connection.execute_batch("SAVEPOINT job") {
        return (job, Err(error.into()));
    }
    let tx = WriteTx::begin(connection);
    let keep = catch_unwind(AssertUnwindSafe(|| job.run(&tx))).unwrap_or_else(|_| {
        tracing::error!("a write job panicked; what it did is rolled back");
        false
    });
    let written = if keep { tx.write_tally() } else { Ok(()) };
    if connection.is_autocommit() {
        // A job that met the failure says so itself; one that did not is not kept either.
        let holds = written.and(if keep { Err(StoreError::RolledBack) } else { Ok(()) });
        return (job, holds);
    }
    let end = if keep && written.is_ok() { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
    let ended = connection.execute_batch(end).map_err(StoreError::from);
    (job, written.and(ended))
}

fn commit(connection: &Connection, finished: Vec<Finished>) {
    let committed = connection.execute_batch("COMMIT");
    if let Err(error) = &committed {
        stop_if_the_disk_lied(error);
        tracing::error!(%error, "a commit failed");
        roll_back(connection);
    }
    for (job, holds) in finished {
        job.answer(match &committed {
            Ok(()) => holds,
            Err(error) => Err(copy_of(error)),
        });
    }
}

/// The last job met what made SQLite give up; those before it are innocent and may try again.
fn answer_those_rolled_back(mut finished: Vec<Finished>) {
    tracing::error!("a write failed in the middle of a transaction, which is rolled back");
    if let Some((job, holds)) = finished.pop() {
        job.answer(holds);
    }
    finished.into_iter().for_each(|(job, _)| job.answer(Err(StoreError::RolledBack)));
}

fn roll_back(connection: &Connection) {
    if connection.is_autocommit() {
        return;
    }
    if let Err(error) = connection.execute_batch("ROLLBACK") {
        tracing::error!(%error, "rolling back failed");
    }
}

/// After a failed sync nobody knows what is on the disk: only a restart, which reads the WAL anew,
/// tells. To go on would be to acknowledge what may be lost.
fn stop_if_the_disk_lied(error: &rusqlite::Error) {
    let failed_sync = |code: &ffi::Error| {
        [ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_IOERR_DIR_FSYNC].contains(&code.extended_code)
    };
    if error.sqlite_error().is_some_and(failed_sync) {
        tracing::error!(%error, "the disk failed to sync: the server stops and must be started again");
        std::process::exit(EXIT_DISK_FAILED);
    }
}

/// The same failure for every job of a group.
fn copy_of(error: &rusqlite::Error) -> StoreError {
    if let rusqlite::Error::SqliteFailure(code, message) = error {
        StoreError::from(rusqlite::Error::SqliteFailure(*code, message.clone()))
    } else {
        StoreError::Stopped
    }
}

fn run_checkpoints(connection: &Connection, asked: &Receiver<()>) {
    while asked.recv().is_ok() {
        // A checkpoint that could not finish is tried again with the next ones.
        if let Err(error) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
            stop_if_the_disk_lied(&error);
            tracing::warn!(%error, "a checkpoint failed");
        }
    }
}

#[cfg(test)]
mod tests;
