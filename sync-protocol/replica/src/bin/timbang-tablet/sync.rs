//! `sync`: sends and pulls, once or again and again, and says what is true afterwards.

use crate::answer::{Answer, joined};
use crate::enrol::transport;
use crate::failure::{self, Failure};
use crate::machine::Wait;
use crate::status;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;
use sync_replica::transport::http::{HttpTransport, ServerUrl};
use sync_replica::{Patience, Progress, Replica, Sleeper, SyncError, SyncReport, sync_patiently};
use views::words;

#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    /// Ulangi terus, dengan jeda sekian detik
    #[arg(long, value_name = "DETIK", value_parser = clap::value_parser!(u64).range(1..))]
    watch: Option<u64>,
    /// Berapa kali mencoba bila sambungan gagal
    #[arg(long, value_name = "KALI", value_parser = clap::value_parser!(u32).range(1..))]
    tries: Option<u32>,
    /// Sertifikat (PEM) bila server memakai sertifikat sendiri
    #[arg(long, value_name = "BERKAS", env = "TIMBANG_CA")]
    ca: Option<PathBuf>,
}

pub(crate) fn run(
    replica: &mut Replica,
    args: &SyncArgs,
    as_json: bool,
) -> Result<Answer, Failure> {
    let url = replica.identity()?.server_url.ok_or(SyncError::NotEnrolled)?;
    // What enrolment accepted is not questioned again.
    let url = ServerUrl::insecure(&url).map_err(|_bad| {
        Failure::new("bad_url", format!("Alamat server {url} tidak dapat dipakai."))
    })?;
    let mut transport = transport(url, args.ca.as_deref())?;
    let usual = Patience::default();
    let patience = Patience { tries: args.tries.unwrap_or(usual.tries), ..usual };
    let mut try_it = || once(replica, &mut transport, &patience, as_json);
    let Some(seconds) = args.watch else { return try_it() };
    loop {
        match try_it() {
            Ok(answer) if answer.json.get("wiped").is_some() => return Ok(answer),
            Ok(answer) => answer.print(as_json)?,
            Err(failure) if failure.is_lasting() => return Err(failure),
            Err(failure) => failure.tell(as_json)?,
        }
        Wait.wait(seconds.saturating_mul(1_000));
    }
}

fn once(
    replica: &mut Replica,
    transport: &mut HttpTransport,
    patience: &Patience,
    as_json: bool,
) -> Result<Answer, Failure> {
    let bar = if as_json { ProgressBar::hidden() } else { bar()? };
    let synced = sync_patiently(replica, transport, patience, &mut Wait, &mut |now| {
        bar.set_message(progress_text(now));
    });
    bar.finish_and_clear();
    match synced {
        Ok(report) if report.wiped => Ok(Answer::new(json!({"wiped": true}))
            .line("Server memerintahkan tablet ini dikosongkan. Semua sudah terkirim, data dan kunci dihapus.")),
        Ok(report) => {
            // Names are a comfort: a sync that went well stays one without them.
            if let Err(error) = replica.refresh_areas(transport) {
                failure::warn(as_json, error.code(), "Nama desa belum dapat diambil.")?;
            }
            told(replica, &report)
        }
        Err(error) => Err(failed(replica, error)?),
    }
}

/// What the sync did, then what is true.
fn told(replica: &Replica, report: &SyncReport) -> Result<Answer, Failure> {
    let status = replica.status()?;
    let json = joined(status::to_json(&status), json!({"sync": report_json(report)}));
    let mut lines =
        vec![format!("Terkirim {} perubahan, menerima {} data.", report.sent, report.rows)];
    if report.lost > 0 {
        lines.push(format!("Server kehilangan {} perubahan; sudah dikirim lagi.", report.lost));
    }
    if report.replaced > 0 {
        lines.push(format!("{} nilai Anda baru saja diganti.", report.replaced));
    }
    for movement in &report.movements {
        lines.push(status::movement_line(replica, movement)?);
    }
    lines.extend(status::what_is_true(replica, &status)?);
    Ok(Answer::new(json).lines(lines))
}

fn failed(replica: &Replica, error: SyncError) -> Result<Failure, Failure> {
    let status = replica.status()?;
    let lines = status::what_waits(replica, &status)?;
    let failure = Failure::from(error).with("pending", json!(status.pending));
    Ok(lines.iter().fold(failure, |failure, line| failure.and(line)))
}

fn report_json(report: &SyncReport) -> Value {
    json!({
        "exchanges": report.exchanges, "sent": report.sent, "rows": report.rows,
        "applied": report.applied, "superseded": report.superseded, "parked": report.parked,
        "discarded": report.discarded, "replaced": report.replaced, "lost": report.lost,
        "movements": report.movements.iter().map(status::movement_json).collect::<Vec<_>>(),
    })
}

fn bar() -> Result<ProgressBar, Failure> {
    let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})")
        .map_err(|error| Failure::new("io", error.to_string()))?;
    let bar = ProgressBar::new_spinner().with_style(style).with_message("Menghubungi server …");
    bar.enable_steady_tick(Duration::from_millis(200));
    Ok(bar)
}

fn progress_text(now: Progress) -> String {
    let sent = now.sent;
    let total = now.sent.saturating_add(now.to_send);
    if now.first_sync {
        let all = now.total.map_or_else(String::new, |all| format!(" / {}", words::count(all)));
        let here = words::count(now.here);
        format!("Pengambilan pertama: {here}{all} data, terkirim {sent} dari {total}")
    } else {
        format!("Terkirim {sent} dari {total}, {} data diterima", now.rows)
    }
}
