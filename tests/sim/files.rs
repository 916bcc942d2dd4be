//! Where the files of a history lie: in memory where the system offers that, since fifty thousand
//! syncs to a disk would be all that a run does.

use std::path::Path;
use tempfile::TempDir;

/// Where Linux keeps files in memory.
const IN_MEMORY: &str = "/dev/shm";

pub(crate) fn directory() -> TempDir {
    let named = tempfile::Builder::new().prefix("timbang-sim-").to_owned();
    let in_memory = Path::new(IN_MEMORY).is_dir().then(|| named.tempdir_in(IN_MEMORY));
    match in_memory {
        Some(Ok(dir)) => dir,
        Some(Err(_)) | None => named.tempdir().unwrap(),
    }
}
