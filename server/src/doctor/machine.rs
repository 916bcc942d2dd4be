//! Around the database: permissions, space, SQLite, backups, certificate.

use super::{Finding, Subject};
use crate::backup::schedule;
use crate::certificate::{self, expiry};
use crate::store::{DATABASE_FILE, sqlite_version};
use std::path::Path;
use sync_protocol::time::{DAY_MS, Moment};

const MIB: u64 = 1 << 20;
const HOUR_MS: i64 = 3_600_000;
/// A backup that is older than this is missing.
const BACKUP_OLD_MS: i64 = 26 * HOUR_MS;
/// Free space below this stops the server soon.
const FREE_MIN_BYTES: u64 = 1024 * MIB;
/// A certificate is renewed before this.
const CERTIFICATE_DAYS: i64 = 14;

pub(super) fn examine(subject: &Subject) -> Vec<Finding> {
    let mut findings = permissions(&subject.data);
    findings.push(space(&subject.data));
    findings.push(Finding::ok("sqlite", format!("version {}", sqlite_version())));
    findings.push(backups(subject));
    findings.extend(tls(subject));
    findings
}

/// Children's data: nobody but the owner may read it.
#[cfg(unix)]
fn permissions(data: &Path) -> Vec<Finding> {
    use std::os::unix::fs::PermissionsExt;
    const TOPIC: &str = "permissions";
    let database = data.join(DATABASE_FILE);
    let mut findings = Vec::new();
    for (path, wanted) in [(data, "700"), (&database, "600")] {
        let Ok(metadata) = std::fs::metadata(path) else { continue };
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 == 0 {
            continue;
        }
        let says = format!("others may use {} (mode {mode:o})", path.display());
        let mend = format!("chmod {wanted} {}", path.display());
        // A file inside a closed directory is closed, whatever its own mode says.
        findings.push(if path == data {
            Finding::problem(TOPIC, says, mend)
        } else {
            Finding::warning(TOPIC, says, mend)
        });
    }
    if findings.is_empty() {
        findings.push(Finding::ok(TOPIC, "only the owner may look into the directory"));
    }
    findings
}

#[cfg(not(unix))]
fn permissions(_data: &Path) -> Vec<Finding> {
    Vec::new()
}

/// A backup, a migration and the write-ahead log each need room of the database's own size.
fn space(data: &Path) -> Finding {
    const TOPIC: &str = "disk";
    let free = match free_bytes(data) {
        Ok(free) => free,
        Err(error) => {
            let says = format!("the free space of {} cannot be read: {error}", data.display());
            return Finding::problem(TOPIC, says, "check the path given with --data");
        }
    };
    let size = std::fs::metadata(data.join(DATABASE_FILE)).map_or(0, |metadata| metadata.len());
    let says = format!("{} MiB free, the database has {} MiB", free / MIB, size / MIB);
    let mend = "make room or move to a larger disk (docs/OPERATIONS.md, \"When something breaks\")";
    if free < FREE_MIN_BYTES {
        Finding::problem(TOPIC, says, mend)
    } else if free < size.saturating_mul(2).max(2 * FREE_MIN_BYTES) {
        Finding::warning(TOPIC, says, mend)
    } else {
        Finding::ok(TOPIC, says)
    }
}

#[cfg(unix)]
fn free_bytes(dir: &Path) -> std::io::Result<u64> {
    let disk = rustix::fs::statvfs(dir)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_dir: &Path) -> std::io::Result<u64> {
    Err(std::io::ErrorKind::Unsupported.into())
}

fn backups(subject: &Subject) -> Finding {
    const TOPIC: &str = "backup";
    let Some(dir) = &subject.backup_dir else {
        return Finding::warning(
            TOPIC,
            "no --backup-dir was given, so backups were not looked at",
            "start the server with --backup-dir and give doctor the same",
        );
    };
    let mend = "look for \"the backup failed\" in the server's log (journalctl -u timbang)";
    match schedule::newest(dir) {
        Err(error) => Finding::problem(
            TOPIC,
            format!("{} cannot be read: {error}", dir.display()),
            "make the directory, writable for the server",
        ),
        Ok(None) => Finding::problem(TOPIC, format!("no backup in {}", dir.display()), mend),
        Ok(Some((made_ms, file))) => {
            let says = format!("the newest is {}, of {}", file.display(), Moment::utc(made_ms));
            if subject.wall_ms.saturating_sub(made_ms) > BACKUP_OLD_MS {
                Finding::problem(TOPIC, says, mend)
            } else {
                Finding::ok(TOPIC, says)
            }
        }
    }
}

fn tls(subject: &Subject) -> Option<Finding> {
    const TOPIC: &str = "certificate";
    let (chain, key) = subject.tls.as_ref()?;
    if let Err(error) = certificate::load(chain, key) {
        let mend = "give the server's user leave to read both, and check that they belong together";
        return Some(Finding::problem(TOPIC, error.to_string(), mend));
    }
    let Some(ends_ms) = expiry::of_file(chain) else {
        let says = format!("the end of {} cannot be read", chain.display());
        return Some(Finding::warning(TOPIC, says, "look with: openssl x509 -noout -enddate"));
    };
    let days = (ends_ms - subject.wall_ms).div_euclid(DAY_MS);
    let says = format!("valid until {}", Moment::utc(ends_ms));
    let mend = "renew it; a running server takes the new files by itself within a minute";
    Some(if days < 0 {
        Finding::problem(TOPIC, format!("expired: {says}"), mend)
    } else if days < CERTIFICATE_DAYS {
        Finding::warning(TOPIC, format!("{days} days left: {says}"), mend)
    } else {
        Finding::ok(TOPIC, says)
    })
}
