//! One server on one directory: a lock that lasts as long as the process, and that a restore takes
//! as well. The commands of administration do not take it: they work beside a running server.

use crate::files;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

const LOCK_FILE: &str = "serve.lock";

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error(
        "a server runs on {0}, or a restore does: stop it first (systemctl stop timbang); it holds serve.lock there"
    )]
    Taken(PathBuf),
    #[error("cannot lock {path}")]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// Held until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct ServeLock {
    _file: File,
}

impl ServeLock {
    /// Takes the directory for this process; makes it when it is missing.
    pub fn take(dir: &Path) -> Result<Self, LockError> {
        let path = dir.join(LOCK_FILE);
        let failed = |source| LockError::File { path: path.clone(), source };
        files::make_private_dir(dir).map_err(failed)?;
        let file = files::open_private(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(ServeLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Taken(dir.to_owned())),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_taken_once_and_free_again_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let held = ServeLock::take(dir.path()).unwrap();
        assert!(matches!(ServeLock::take(dir.path()), Err(LockError::Taken(_))));
        drop(held);
        ServeLock::take(dir.path()).unwrap();
    }
}
