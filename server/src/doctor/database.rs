//! In the database: schema, clock, reference data, people, tablets, what waits for somebody.

use super::{Finding, Subject};
use crate::export::SILENT_AFTER_DAYS;
use crate::store::{
    DATABASE_FILE, DatabaseFile, Device, DeviceState, ReadTx, StoreError, Stored, known_schema,
};
use std::path::Path;
use sync_protocol::time::{DAY_MS, Moment};

const MINUTE_MS: i64 = 60_000;
/// A wall clock this far behind what is stored is wrong.
const CLOCK_TOLERANCE_MS: i64 = 2 * MINUTE_MS;

pub(super) fn examine(subject: &Subject) -> Vec<Finding> {
    let path = subject.data.join(DATABASE_FILE);
    if !path.exists() {
        let says = format!("there is none in {}", subject.data.display());
        let mend = "check --data; `timbang serve` or an import makes a new one, `timbang restore` brings one back";
        return vec![Finding::problem("database", says, mend)];
    }
    read(&path, subject.wall_ms).unwrap_or_else(|error| {
        let mend = "keep the file as it is, and restore a backup: timbang restore FILE";
        vec![Finding::problem("database", format!("it cannot be read: {error}"), mend)]
    })
}

fn read(path: &Path, wall_ms: i64) -> Stored<Vec<Finding>> {
    let file = DatabaseFile::open(path)?;
    let (schema, known) = (file.schema()?, known_schema());
    if schema < known {
        let says = format!("schema {schema}, this program works on {known}");
        let mend = "back up, then start the server: it brings the schema up to date";
        return Ok(vec![Finding::warning("schema", says, mend)]);
    }
    if schema > known {
        let says = format!("schema {schema}, this program knows up to {known}");
        return Ok(vec![Finding::problem("schema", says, "use the newer program")]);
    }
    file.read::<_, StoreError>(|tx| {
        let mut findings = vec![
            Finding::ok("schema", format!("{schema}")),
            clock(tx, wall_ms)?,
            areas(tx)?,
            people(tx)?,
        ];
        findings.extend(tablets(tx, wall_ms)?);
        findings.push(waiting(tx)?);
        Ok(findings)
    })
}

fn clock(tx: &ReadTx<'_>, wall_ms: i64) -> Stored<Finding> {
    let server = tx.server()?;
    let known_ms = server.now_ms.max(server.last_tick.unix_ms());
    let behind_ms = known_ms.saturating_sub(wall_ms);
    let says = format!("the machine says {}", Moment::utc(wall_ms));
    Ok(if behind_ms > CLOCK_TOLERANCE_MS {
        Finding::problem(
            "clock",
            format!("{says}, {} minutes behind what is stamped already", behind_ms / MINUTE_MS),
            "set the machine's clock and keep it set (timedatectl set-ntp true)",
        )
    } else {
        Finding::ok("clock", says)
    })
}

fn areas(tx: &ReadTx<'_>) -> Stored<Finding> {
    let count = tx.areas()?.len();
    Ok(if count == 0 {
        let mend = "timbang area import FILE, then puskesmas and posyandu";
        Finding::problem("areas", "none are imported: nothing can be granted", mend)
    } else {
        Finding::ok("areas", format!("{count} areas"))
    })
}

fn people(tx: &ReadTx<'_>) -> Stored<Finding> {
    let count = tx.workers()?.len();
    Ok(if count == 0 {
        let mend = "timbang worker add --name NAME --role tenaga --area CODE";
        Finding::warning("workers", "nobody is known yet", mend)
    } else {
        Finding::ok("workers", format!("{count} workers"))
    })
}

fn tablets(tx: &ReadTx<'_>, wall_ms: i64) -> Stored<Vec<Finding>> {
    const TOPIC: &str = "tablets";
    let devices: Vec<Device> =
        tx.devices()?.into_iter().filter(|device| device.state != DeviceState::Revoked).collect();
    if devices.is_empty() {
        let mend =
            "timbang code new --worker ID, then on the tablet: timbang-tablet enrol URL CODE";
        return Ok(vec![Finding::warning(TOPIC, "none is enrolled", mend)]);
    }
    let mut findings = vec![Finding::ok(TOPIC, format!("{} enrolled", devices.len()))];
    for device in &devices {
        let heard_ms = device.last_pull_ms.unwrap_or(device.enrolled_ms);
        let days = wall_ms.saturating_sub(heard_ms) / DAY_MS;
        if days >= SILENT_AFTER_DAYS {
            let pending = device.pending.unwrap_or(0);
            findings.push(Finding::warning(
                TOPIC,
                format!(
                    "device {} ({}) was not heard for {days} days; {pending} changes waited on it then",
                    device.number, device.name
                ),
                "call the worker; `timbang-tablet outbox FILE` on it and `timbang import outbox FILE` here \
                 bring its changes without a network",
            ));
        }
    }
    Ok(findings)
}

/// What only a person settles.
fn waiting(tx: &ReadTx<'_>) -> Stored<Finding> {
    let (parked, conflicts) = (tx.count_parked()?, tx.count_open_conflicts()?);
    let says = format!("{parked} changes parked, {conflicts} conflicts open");
    Ok(if parked + conflicts == 0 {
        Finding::ok("review", says)
    } else {
        Finding::warning("review", says, "a supervisor looks at them")
    })
}
