//! `status`: what is true of this tablet. "Selesai" stands here only when nothing waits, nothing is
//! to come, and both sides agree.

use crate::answer::{Answer, joined};
use crate::failure::{ENROL, Failure};
use crate::history;
use crate::machine::Machine;
use crate::record_view;
use serde_json::{Value, json};
use sync_protocol::area::Area;
use sync_replica::{Direction, Movement, Platform, Replica, ReplicaStatus};
use views::words;

/// Movements that are listed.
const MOVEMENTS: u32 = 10;

pub(crate) fn run(replica: &Replica) -> Result<Answer, Failure> {
    let status = replica.status()?;
    let movements = replica.movements(MOVEMENTS)?;
    let moved: Vec<Value> = movements.iter().map(movement_json).collect();
    let json = joined(to_json(&status), json!({"movements": moved}));
    let mut lines = who(replica, &status)?;
    lines.extend(what_is_true(replica, &status)?);
    if !movements.is_empty() {
        lines.push("Anak yang masuk dan keluar:".to_owned());
        for movement in &movements {
            lines.push(movement_line(replica, movement)?);
        }
    }
    Ok(Answer::new(json).lines(lines))
}

fn who(replica: &Replica, status: &ReplicaStatus) -> Result<Vec<String>, Failure> {
    let Some(worker) = &status.worker_name else {
        let said = "Tablet ini belum terdaftar. Minta kode ke penyelia.";
        return Ok(vec![said.to_owned(), ENROL.to_owned()]);
    };
    Ok(vec![
        format!("Petugas: {worker}"),
        format!("Server: {}", status.server_url.as_deref().unwrap_or("-")),
        format!("Wilayah tugas: {} ({} anak)", named(replica, &status.areas)?, status.children),
    ])
}

/// Areas by name, with their codes.
fn named(replica: &Replica, areas: &[Area]) -> Result<String, Failure> {
    let named = areas.iter().map(|area| {
        let name = replica.area_name(area)?.name;
        Ok(name.map_or_else(|| area.to_string(), |name| format!("{name} {area}")))
    });
    Ok(named.collect::<Result<Vec<_>, Failure>>()?.join(", "))
}

/// The lines that a worker always sees.
pub(crate) fn what_is_true(
    replica: &Replica,
    status: &ReplicaStatus,
) -> Result<Vec<String>, Failure> {
    let mut lines = what_waits(replica, status)?;
    lines.extend(missing(replica, status)?);
    Ok(lines)
}

/// The same without a word on "Selesai": after a sync that failed, nobody knows.
pub(crate) fn what_waits(
    replica: &Replica,
    status: &ReplicaStatus,
) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    lines.push(match (status.pending, status.oldest_pending_ms) {
        (0, _) => "Menunggu terkirim: tidak ada.".to_owned(),
        (count, Some(since)) => {
            format!("Menunggu terkirim: {count} perubahan, sejak {}.", at(since))
        }
        (count, None) => format!("Menunggu terkirim: {count} perubahan."),
    });
    let told = |ms: Option<i64>| ms.map_or_else(|| "belum pernah".to_owned(), at);
    lines.push(format!(
        "Terakhir terkirim: {}. Terakhir menerima: {}.",
        told(status.last_sent_ms),
        told(status.last_received_ms)
    ));
    if status.parked > 0 {
        lines.push(format!("Tertahan: {}.", status.parked));
        lines.extend(replica.parked()?.iter().flat_map(history::parked_lines));
    }
    if status.replaced > 0 {
        lines.push(format!("Diganti: {}. Lihat: timbang-tablet superseded.", status.replaced));
    }
    Ok(lines)
}

/// "Selesai", or what is missing for it.
fn missing(replica: &Replica, status: &ReplicaStatus) -> Result<Vec<String>, Failure> {
    if status.complete {
        let when = status.last_received_ms.map(at).unwrap_or_default();
        return Ok(vec![format!("Selesai ({when}): semua terkirim dan data sama dengan server.")]);
    }
    let mut lines = Vec::new();
    if let Some(stop) = status.stopped {
        lines.push(stop.sentence().to_owned());
    }
    if status.upgrade {
        lines.push("Versi aplikasi ini sudah usang: data tetap terkirim, tetapi tidak menerima. Perbarui aplikasi.".to_owned());
    }
    if !status.pull_complete && status.worker_name.is_some() {
        lines.push(
            "Belum semua data diterima dari server. Jalankan: timbang-tablet sync".to_owned(),
        );
    }
    if !status.differs.is_empty() {
        lines.push(format!(
            "Data belum sama dengan server di {}. Server sudah diberi tahu.",
            named(replica, &status.differs)?
        ));
    }
    if status.pending > 0 {
        lines.push("Belum selesai: masih ada yang menunggu terkirim.".to_owned());
    }
    Ok(lines)
}

pub(crate) fn to_json(status: &ReplicaStatus) -> Value {
    json!({
        "server_url": status.server_url, "device": status.device, "device_name": status.device_name,
        "worker": status.worker_name, "areas": status.areas, "children": status.children,
        "pending": status.pending, "oldest_pending_ms": status.oldest_pending_ms,
        "parked": status.parked, "replaced": status.replaced, "last_seq": status.last_seq,
        "last_sent_ms": status.last_sent_ms, "last_received_ms": status.last_received_ms,
        "clock": status.clock, "pull_complete": status.pull_complete, "differs": status.differs,
        "upgrade": status.upgrade, "stopped": status.stopped.map(|stop| stop.as_str()),
        "complete": status.complete,
    })
}

pub(crate) fn movement_json(movement: &Movement) -> Value {
    json!({
        "child_id": movement.child_id, "name": movement.name,
        "direction": movement.direction.as_str(), "from": movement.from_area,
        "to": movement.to_area, "at_ms": movement.at_ms,
    })
}

pub(crate) fn movement_line(replica: &Replica, movement: &Movement) -> Result<String, Failure> {
    let name = movement.name.as_deref().unwrap_or("-");
    let area = |area: &Option<Area>| match area {
        Some(area) => record_view::area_text(replica, area),
        None => Ok("-".to_owned()),
    };
    let day = at(movement.at_ms);
    Ok(match movement.direction {
        Direction::In => format!("  {day}  {name}: masuk ke {}", area(&movement.to_area)?),
        Direction::Out => format!("  {day}  {name}: keluar dari {}", area(&movement.from_area)?),
        Direction::Within => {
            format!(
                "  {day}  {name}: {} -> {}",
                area(&movement.from_area)?,
                area(&movement.to_area)?
            )
        }
    })
}

fn at(unix_ms: i64) -> String {
    words::moment(unix_ms, Machine::new().offset_minutes())
}
