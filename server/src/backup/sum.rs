//! The checksum beside a backup, in the form that `sha256sum -c` reads.

use crate::files;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

const READ_BYTES: usize = 1 << 16;
const HEX_CHARS: usize = 64;

/// Where the checksum of a file lies.
pub(super) fn beside(file: &Path) -> PathBuf {
    files::with_suffix(file, ".sha256")
}

/// The SHA-256 of a file's content, in hex.
pub(super) fn of(file: &Path) -> io::Result<String> {
    let mut reader = fs::File::open(file)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; READ_BYTES];
    loop {
        let read = reader.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(buffer.get(..read).unwrap_or_default());
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Writes the checksum of `file` and brings it to the disk under its name.
pub(super) fn write(sum_file: &Path, file: &Path, sha256: &str) -> io::Result<()> {
    let partial = files::with_suffix(sum_file, ".partial");
    if partial.exists() {
        fs::remove_file(&partial)?;
    }
    let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let mut out = files::create_private(&partial)?;
    writeln!(out, "{sha256}  {name}")?;
    out.sync_all()?;
    fs::rename(&partial, sum_file)
}

/// The checksum that a file says; none when there is no such file or it says none.
pub(super) fn read(sum_file: &Path) -> Option<String> {
    let text = fs::read_to_string(sum_file).ok()?;
    let sum = text.split_whitespace().next()?.to_ascii_lowercase();
    let is_sum = sum.len() == HEX_CHARS && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_sum.then_some(sum)
}
