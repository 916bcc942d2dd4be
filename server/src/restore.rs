//! `timbang restore`: a backup takes the database's place, as the beginning of a new history.
//!
//! What tablets sent since the backup comes back from their logs. What the restore would bring back
//! to life (devices shut out, grants ended, codes, tokens) is ended again. The database that it
//! replaces is moved aside whole and never deleted.

mod replaced;

use crate::backup::{self, BackupError};
use crate::files;
use crate::platform::{Clock, Random, random_bytes};
use crate::serve_lock::{LockError, ServeLock};
use crate::service::Service;
use crate::store::{Act, DATABASE_FILE, RESTORING_DIR, ServerRow, StoreError, Who, WriteTx, seal};
use crate::sync::server_time::ServerNow;
use crate::thresholds::Thresholds;
use replaced::Replaced;
pub use replaced::{LostDevice, ShutDevice};
use serde_json::json;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use sync_protocol::ids::Epoch;
use uuid::Uuid;

/// What SQLite keeps beside a database: what was committed last may lie there alone.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error(
        "there is a database in {0}: it would be moved aside, and what no tablet has and the backup does not hold \
         would be missing. Repeat with --yes"
    )]
    NotConfirmed(PathBuf),
    #[error("{path} cannot be written or read; nothing was replaced")]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the backup cannot be opened as a database; nothing was replaced")]
    Store(#[from] StoreError),
}

/// What a restore did.
#[derive(Clone, Debug)]
pub struct Restored {
    pub epoch: Epoch,
    pub feed: i64,
    /// The server's time when the backup was made, as far as it knew.
    pub backup_ms: i64,
    /// Where the replaced database lies now.
    pub set_aside: Option<PathBuf>,
    /// The replaced database could not be read, so nothing could be carried over from it.
    pub is_blind: bool,
    pub codes_ended: usize,
    pub tokens_ended: usize,
    /// Enrolled since the backup: they must be enrolled anew.
    pub devices_lost: Vec<LostDevice>,
    /// Revoked or draining since the backup: they are so again.
    pub devices_shut: Vec<ShutDevice>,
    /// Grants that were ended since the backup, and are ended again.
    pub grants_ended: usize,
    /// Names of workers who were added since the backup and must be added again.
    pub workers_lost: Vec<String>,
}

/// Puts a backup in the place of the database in `data`.
pub fn restore(
    data: &Path,
    file: &Path,
    may_replace: bool,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> Result<Restored, RestoreError> {
    let _lock = ServeLock::take(data)?;
    let sha256 = backup::verify_sum(file)?;
    backup::inspect(file)?;
    let database = data.join(DATABASE_FILE);
    if database.exists() && !may_replace {
        return Err(RestoreError::NotConfirmed(data.to_owned()));
    }
    let replaced = Replaced::read(&database);
    let staging = data.join(RESTORING_DIR);
    let staged = stage(file, &staging, &sha256)?;
    let epoch = *uuid::Builder::from_random_bytes(random_bytes(&**random)).into_uuid().as_bytes();
    let job = Renewal { epoch, sha256, replaced };
    let restored = renew(&staging, job, Arc::clone(clock), Arc::clone(random))?;
    seal(&staged)?;
    backup::inspect(&staged)?;
    files::sync_file(&staged).map_err(failed(&staged))?;
    files::sync_dir(&staging).map_err(failed(&staging))?;
    let set_aside = put_in_place(data, &staged)?;
    fs::remove_dir_all(&staging).map_err(failed(&staging))?;
    Ok(Restored { set_aside, ..restored })
}

/// Copies the backup to where the database's directory is prepared.
fn stage(file: &Path, staging: &Path, sha256: &str) -> Result<PathBuf, RestoreError> {
    if staging.exists() {
        // Left by a restore that did not end; it held only a copy.
        fs::remove_dir_all(staging).map_err(failed(staging))?;
    }
    files::make_private_dir(staging).map_err(failed(staging))?;
    let staged = staging.join(DATABASE_FILE);
    let mut from = fs::File::open(file).map_err(failed(file))?;
    let mut to = files::create_private(&staged).map_err(failed(&staged))?;
    io::copy(&mut from, &mut to).map_err(failed(&staged))?;
    if !backup::is_sum_of(&staged, sha256)? {
        return Err(BackupError::SumDiffers(staged).into());
    }
    Ok(staged)
}

/// What turns the copy of a backup into the beginning of a new history.
struct Renewal {
    epoch: [u8; 16],
    sha256: String,
    replaced: Option<Replaced>,
}

fn renew(
    staging: &Path,
    job: Renewal,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Restored, StoreError> {
    let service = Service::open_as_it_is(staging, job.epoch, clock, random, Thresholds::default())?;
    let before = service.read_as_operator::<_, StoreError>(|tx, _| tx.server())?;
    service.write_as_operator(move |tx, now| job.run(tx, &before, now))
}

impl Renewal {
    fn run(
        &self,
        tx: &WriteTx<'_>,
        before: &ServerRow,
        now: ServerNow,
    ) -> Result<Restored, StoreError> {
        tx.begin_epoch(self.epoch)?;
        let codes_ended = tx.expire_codes(now.ms)?;
        let tokens_ended = tx.end_all_person_tokens(now.ms)?;
        tx.end_all_sessions()?;
        let carried = match &self.replaced {
            Some(replaced) => replaced.carry_over(tx, now.ms)?,
            None => replaced::Carried::default(),
        };
        let epoch = Epoch(Uuid::from_bytes(self.epoch));
        let is_blind = self.replaced.as_ref().is_some_and(Replaced::is_unreadable);
        let head = self.replaced.as_ref().and_then(Replaced::audit_head);
        let subject = json!({
            "backup_sha256": self.sha256, "epoch_before": before.epoch, "epoch": epoch,
            "devices_lost": carried.lost.iter().map(|lost| lost.device).collect::<Vec<_>>(),
            "devices_shut": carried.shut.iter().map(|shut| shut.device).collect::<Vec<_>>(),
            "codes_ended": codes_ended, "tokens_ended": tokens_ended,
            "grants_ended": carried.grants_ended, "replaced_audit_head": head,
        });
        tx.audit(Who::CommandLine, Act::Restored, &subject, now.ms)?;
        Ok(Restored {
            epoch,
            feed: before.feed,
            backup_ms: before.now_ms,
            set_aside: None,
            is_blind,
            codes_ended,
            tokens_ended,
            devices_lost: carried.lost,
            devices_shut: carried.shut,
            grants_ended: carried.grants_ended,
            workers_lost: carried.workers_lost,
        })
    }
}

/// Moves the present database aside and the prepared one in. Should the machine stop in between, no
/// database is made in the gap: the staging directory stands there until the restore is repeated.
fn put_in_place(data: &Path, staged: &Path) -> Result<Option<PathBuf>, RestoreError> {
    let database = data.join(DATABASE_FILE);
    let companions = COMPANIONS.map(|companion| files::with_suffix(&database, companion));
    let is_there = database.exists() || companions.iter().any(|companion| companion.exists());
    let aside = if is_there { Some(move_aside(data, &database)?) } else { None };
    fs::rename(staged, &database).map_err(failed(&database))?;
    files::sync_dir(data).map_err(failed(data))?;
    Ok(aside)
}

/// Moves a database into a new directory. What stands beside it has its name there before the database
/// has its own, and keeps its old one: whatever stops in between, the database never stands without it.
fn move_aside(data: &Path, database: &Path) -> Result<PathBuf, RestoreError> {
    let aside = free_name(data)?;
    let moved = aside.join(DATABASE_FILE);
    for companion in COMPANIONS {
        let (from, to) =
            (files::with_suffix(database, companion), files::with_suffix(&moved, companion));
        if from.exists() {
            files::name_too(&from, &to).map_err(failed(&from))?;
        }
    }
    if database.exists() {
        fs::rename(database, &moved).map_err(failed(database))?;
    }
    files::sync_dir(&aside).map_err(failed(&aside))?;
    for companion in COMPANIONS.map(|companion| files::with_suffix(database, companion)) {
        if companion.exists() {
            fs::remove_file(&companion).map_err(failed(&companion))?;
        }
    }
    Ok(aside)
}

/// A new directory for what is moved aside.
fn free_name(data: &Path) -> Result<PathBuf, RestoreError> {
    let mut number = 1_u32;
    loop {
        let aside = data.join(format!("before-restore-{number}"));
        if !aside.exists() {
            files::make_private_dir(&aside).map_err(failed(&aside))?;
            return Ok(aside);
        }
        number += 1;
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> RestoreError {
    let path = path.to_owned();
    move |source| RestoreError::File { path, source }
}
