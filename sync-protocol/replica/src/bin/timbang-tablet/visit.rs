//! `visit`: one home visit or other assistance (pendampingan).

use crate::answer::Answer;
use crate::child::{clock_is_dead, said, tombstone};
use crate::failure::Failure;
use crate::form::{self, Typed};
use crate::pick;
use crate::record_view::short;
use clap::Args;
use serde_json::json;
use sync_protocol::body::Body;
use sync_protocol::record::{Kind, visit};
use sync_replica::{ChildRow, Replica};
use views::typed;

#[derive(Debug, Args)]
#[command(after_help = "Contoh:
  timbang-tablet visit Melati --purpose konseling --topics \"ASI, MP-ASI\"
  timbang-tablet visit Melati --purpose pmt --pmt-kind lokal --pmt-days 14
  timbang-tablet visit Melati --correct a1b2c3 --outcome \"ibu setuju\"")]
pub(crate) struct VisitArgs {
    /// Nama anak atau potongan kodenya
    #[arg(value_name = "ANAK")]
    child: String,
    /// Tujuan: kunjungan_rumah, konseling, rujukan, pmt atau verifikasi
    #[arg(long, value_name = "TUJUAN")]
    purpose: Option<String>,
    /// Tanggal kunjungan; bila kosong hari ini
    #[arg(long, value_name = "TANGGAL")]
    date: Option<String>,
    /// Topik, dipisah koma
    #[arg(long, value_name = "TOPIK")]
    topics: Option<String>,
    /// Jenis PMT
    #[arg(long, value_name = "JENIS")]
    pmt_kind: Option<String>,
    /// Lama PMT dalam hari
    #[arg(long, value_name = "HARI", requires = "pmt_kind")]
    pmt_days: Option<String>,
    /// Dirujuk ke mana
    #[arg(long, value_name = "TEMPAT")]
    referred_to: Option<String>,
    /// Hasil kunjungan
    #[arg(long, value_name = "TEKS")]
    outcome: Option<String>,
    /// Kunjungan berikut, boleh di masa depan
    #[arg(long, value_name = "TANGGAL")]
    next_visit: Option<String>,
    /// Dikunjungi oleh
    #[arg(long, value_name = "NAMA")]
    by: Option<String>,
    /// Catatan
    #[arg(long, value_name = "TEKS")]
    note: Option<String>,
    /// Membetulkan kunjungan ini; yang tidak disebut tetap
    #[arg(long, value_name = "KODE", conflicts_with = "delete")]
    correct: Option<String>,
    /// Menghapus kunjungan ini
    #[arg(long, value_name = "KODE")]
    delete: Option<String>,
    /// Alasan hapus: salah_input atau ganda
    #[arg(long, value_name = "ALASAN", default_value = "salah_input")]
    reason: String,
}

impl VisitArgs {
    fn typed(&self) -> Vec<Typed<'_>> {
        vec![
            (visit::PURPOSE, &self.purpose),
            (visit::VISITED_ON, &self.date),
            (visit::TOPICS, &self.topics),
            (visit::REFERRED_TO, &self.referred_to),
            (visit::OUTCOME, &self.outcome),
            (visit::NEXT_VISIT_ON, &self.next_visit),
            (visit::VISITED_BY, &self.by),
            (visit::NOTE, &self.note),
        ]
    }

    fn set_pmt(&self, body: &mut Body) -> Result<(), Failure> {
        let Some(kind) = &self.pmt_kind else { return Ok(()) };
        let days = match &self.pmt_days {
            Some(days) => Some(typed::decimal(days, 0, "Lama PMT")?),
            None => None,
        };
        body.set(
            visit::PMT,
            if kind.is_empty() { json!(null) } else { json!({"kind": kind, "days": days}) },
        );
        Ok(())
    }
}

pub(crate) fn run(replica: &mut Replica, args: &VisitArgs) -> Result<Answer, Failure> {
    let child = pick::child_to_write(replica, &args.child)?;
    match (&args.correct, &args.delete) {
        (Some(record), _) => correct(replica, &child, record, args),
        (None, Some(record)) => {
            let found = pick::record_of(replica, Kind::VISIT, &child, record)?;
            let saved = replica.delete(Kind::VISIT, found.id, tombstone(&args.reason)?)?;
            Ok(said(saved, &format!("Tersimpan: kunjungan {} dihapus.", child.name), &[]))
        }
        (None, None) => record(replica, &child, args),
    }
}

fn record(replica: &mut Replica, child: &ChildRow, args: &VisitArgs) -> Result<Answer, Failure> {
    let today = replica.today()?;
    let mut body = Body::new().with(visit::CHILD_ID, child.id.to_string());
    form::fill(Kind::VISIT, &mut body, &args.typed(), today)?;
    args.set_pmt(&mut body)?;
    if body.date(visit::VISITED_ON).is_none() {
        let today = today.ok_or_else(|| clock_is_dead("--date"))?;
        body.set(visit::VISITED_ON, today.to_string());
    }
    if body.get(visit::PURPOSE).is_none() {
        let choices = visit::PURPOSES.join(", ");
        return Err(Failure::new(
            "no_purpose",
            format!("Sebutkan --purpose: {choices}. Tidak disimpan."),
        ));
    }
    let saved = replica.save(Kind::VISIT, None, None, body)?;
    Ok(said(saved, &format!("Tersimpan ({}): kunjungan {}.", short(&saved.id), child.name), &[]))
}

fn correct(
    replica: &mut Replica,
    child: &ChildRow,
    record: &str,
    args: &VisitArgs,
) -> Result<Answer, Failure> {
    let found = pick::record_of(replica, Kind::VISIT, child, record)?;
    let before = found.body().cloned().unwrap_or_default();
    let mut body = before.clone();
    form::fill(Kind::VISIT, &mut body, &args.typed(), replica.today()?)?;
    args.set_pmt(&mut body)?;
    if body.says_the_same(&before) {
        return Err(Failure::new("nothing_to_change", "Tidak ada yang berubah."));
    }
    let saved = replica.save(Kind::VISIT, Some(found.id), None, body)?;
    Ok(said(saved, &format!("Dibetulkan: kunjungan {}.", child.name), &[]))
}
