//! `measure`: one weighing or measuring. A second weighing is a second record; `--correct` mends
//! one that is there. What the growth rules say is printed at once; what is doubtful is saved only
//! with `--confirm`.

use crate::answer::{Answer, joined};
use crate::child::{clock_is_dead, said, tombstone};
use crate::failure::Failure;
use crate::form::{self, Typed};
use crate::growth_view;
use crate::pick;
use crate::record_view::short;
use clap::Args;
use serde_json::json;
use sync_protocol::body::Body;
use sync_protocol::growth::{self, Reading, doubts};
use sync_protocol::ids::RecordId;
use sync_protocol::record::{Kind, measurement};
use sync_replica::{ChildRow, Replica};
use views::words;

#[derive(Debug, Args)]
#[command(after_help = "Contoh:
  timbang-tablet measure Melati --weight-kg 9,8 --height-cm 75,5 --position terlentang
  timbang-tablet measure Melati --correct a1b2c3 --weight-kg 8,9
  timbang-tablet measure Melati --delete a1b2c3")]
pub(crate) struct MeasureArgs {
    /// Nama anak atau potongan kodenya
    #[arg(value_name = "ANAK")]
    child: String,
    /// Tanggal ukur; bila kosong hari ini
    #[arg(long, value_name = "TANGGAL")]
    date: Option<String>,
    /// Berat badan dalam kg, seperti 9,8
    #[arg(long, value_name = "KG")]
    weight_kg: Option<String>,
    /// Panjang atau tinggi badan dalam cm, seperti 75,5
    #[arg(long, value_name = "CM")]
    height_cm: Option<String>,
    /// Cara ukur: terlentang atau berdiri
    #[arg(long, value_name = "CARA")]
    position: Option<String>,
    /// Lingkar lengan atas (LiLA) dalam cm
    #[arg(long, value_name = "CM")]
    muac_cm: Option<String>,
    /// Lingkar kepala dalam cm
    #[arg(long, value_name = "CM")]
    head_cm: Option<String>,
    /// Edema, 0 sampai 3
    #[arg(long, value_name = "DERAJAT")]
    oedema: Option<String>,
    /// Kapsul vitamin A: biru atau merah
    #[arg(long, value_name = "KAPSUL")]
    vitamin_a: Option<String>,
    /// Diberi ASI: ya atau tidak
    #[arg(long, value_name = "YA|TIDAK")]
    asi: Option<String>,
    /// Ikut kelas ibu: ya atau tidak
    #[arg(long, value_name = "YA|TIDAK")]
    kelas_ibu: Option<String>,
    /// Makan Bergizi Gratis: ya atau tidak
    #[arg(long, value_name = "YA|TIDAK")]
    mbg: Option<String>,
    /// Diukur oleh
    #[arg(long, value_name = "NAMA")]
    by: Option<String>,
    /// Catatan
    #[arg(long, value_name = "TEKS")]
    note: Option<String>,
    /// Nilai yang diragukan sudah diperiksa dan memang benar: simpan
    #[arg(long)]
    confirm: bool,
    /// Membetulkan pengukuran ini; yang tidak disebut tetap
    #[arg(long, value_name = "KODE", conflicts_with = "delete")]
    correct: Option<String>,
    /// Menghapus pengukuran ini
    #[arg(long, value_name = "KODE")]
    delete: Option<String>,
    /// Alasan hapus: salah_input atau ganda
    #[arg(long, value_name = "ALASAN", default_value = "salah_input")]
    reason: String,
}

impl MeasureArgs {
    fn typed(&self) -> Vec<Typed<'_>> {
        vec![
            (measurement::MEASURED_ON, &self.date),
            (measurement::WEIGHT_G, &self.weight_kg),
            (measurement::HEIGHT_MM, &self.height_cm),
            (measurement::POSITION, &self.position),
            (measurement::MUAC_MM, &self.muac_cm),
            (measurement::HEAD_MM, &self.head_cm),
            (measurement::OEDEMA, &self.oedema),
            (measurement::VITAMIN_A, &self.vitamin_a),
            (measurement::ASI, &self.asi),
            (measurement::KELAS_IBU, &self.kelas_ibu),
            (measurement::MBG, &self.mbg),
            (measurement::MEASURED_BY, &self.by),
            (measurement::NOTE, &self.note),
        ]
    }
}

pub(crate) fn run(replica: &mut Replica, args: &MeasureArgs) -> Result<Answer, Failure> {
    let child = pick::child_to_write(replica, &args.child)?;
    match (&args.correct, &args.delete) {
        (Some(record), _) => correct(replica, &child, record, args),
        (None, Some(record)) => {
            let found = pick::record_of(replica, Kind::MEASUREMENT, &child, record)?;
            let saved = replica.delete(Kind::MEASUREMENT, found.id, tombstone(&args.reason)?)?;
            Ok(said(saved, &format!("Tersimpan: pengukuran {} dihapus.", child.name), &[]))
        }
        (None, None) => record(replica, &child, args),
    }
}

fn record(replica: &mut Replica, child: &ChildRow, args: &MeasureArgs) -> Result<Answer, Failure> {
    let today = replica.today()?;
    let mut body = Body::new().with(measurement::CHILD_ID, child.id.to_string());
    form::fill(Kind::MEASUREMENT, &mut body, &args.typed(), today)?;
    if body.date(measurement::MEASURED_ON).is_none() {
        let today = today.ok_or_else(|| clock_is_dead("--date"))?;
        body.set(measurement::MEASURED_ON, today.to_string());
    }
    check(child, &body)?;
    let reading = judge(replica, child, None, &mut body, args.confirm)?;
    let line = summary(child, &body);
    let saved = replica.save(Kind::MEASUREMENT, None, None, body)?;
    let answer = said(saved, &format!("Tersimpan ({}): {line}", short(&saved.id)), &[]);
    Ok(with_growth(answer, reading.as_ref()))
}

fn correct(
    replica: &mut Replica,
    child: &ChildRow,
    record: &str,
    args: &MeasureArgs,
) -> Result<Answer, Failure> {
    let found = pick::record_of(replica, Kind::MEASUREMENT, child, record)?;
    let before = found.body().cloned().unwrap_or_default();
    let mut body = before.clone();
    if !form::fill(Kind::MEASUREMENT, &mut body, &args.typed(), replica.today()?)? {
        return Err(Failure::new("nothing_to_change", "Tidak ada yang berubah."));
    }
    check(child, &body)?;
    let reading = judge(replica, child, Some((found.id, &before)), &mut body, args.confirm)?;
    let line = summary(child, &body);
    let saved = replica.save(Kind::MEASUREMENT, Some(found.id), None, body)?;
    Ok(with_growth(said(saved, &format!("Dibetulkan: {line}"), &[]), reading.as_ref()))
}

/// Asks the growth rules about a measurement before it is saved. A doubt needs the worker's word,
/// which the body then carries.
fn judge(
    replica: &Replica,
    child: &ChildRow,
    mended: Option<(RecordId, &Body)>,
    body: &mut Body,
    confirm: bool,
) -> Result<Option<Reading>, Failure> {
    let reading = replica.growth_if_saved(child.id, mended.map(|(id, _)| id), body)?;
    let new = Body::new();
    let before = mended.map_or(&new, |(_, before)| before);
    let Err(doubts) = growth::confirm(before, body, reading.as_ref(), confirm) else {
        return Ok(reading);
    };
    let failure = Failure::new("needs_confirm", "Belum disimpan, ada yang meragukan:");
    let failure = doubts
        .iter()
        .fold(failure, |failure, doubt| failure.and(&format!("- {}", doubt.sentence)))
        .and("Periksa atau ukur lagi. Bila memang benar, ulangi perintah ini dengan --confirm.");
    Err(failure.with("doubts", growth_view::doubts_json(&doubts)))
}

fn with_growth(answer: Answer, reading: Option<&Reading>) -> Answer {
    let Some(reading) = reading else { return answer };
    let confirmed = doubts(reading).into_iter();
    let lines = confirmed.map(|doubt| format!("  Sudah dipastikan: {}", doubt.sentence));
    let Answer { json, lines: said } = answer;
    Answer { json: joined(json, json!({"growth": growth_view::json(reading)})), lines: said }
        .lines(growth_view::lines(reading))
        .lines(lines)
}

/// What the form can say more clearly than the protocol's rule.
fn check(child: &ChildRow, body: &Body) -> Result<(), Failure> {
    let measures =
        [measurement::WEIGHT_G, measurement::HEIGHT_MM, measurement::MUAC_MM, measurement::HEAD_MM];
    if measures.iter().all(|field| body.get(field).is_none()) {
        return Err(Failure::new(
            "no_measure",
            "Isi paling sedikit satu ukuran: --weight-kg, --height-cm, --muac-cm atau --head-cm. \
             Tidak disimpan.",
        ));
    }
    match (body.date(measurement::MEASURED_ON), child.birth_date) {
        (Some(day), Some(born)) if day < born => Err(Failure::new(
            "before_birth",
            format!(
                "Tanggal ukur {} sebelum lahir ({}). Tidak disimpan.",
                words::date(day),
                words::date(born)
            ),
        )),
        _ => Ok(()),
    }
}

fn summary(child: &ChildRow, body: &Body) -> String {
    let day = body.date(measurement::MEASURED_ON);
    let age = day.zip(child.birth_date).map(|(day, born)| words::age(born, day));
    let parts = [
        age,
        body.whole(measurement::WEIGHT_G).map(words::kilograms),
        body.whole(measurement::HEIGHT_MM).map(words::centimetres),
        day.map(words::date),
    ];
    let said: Vec<String> = parts.into_iter().flatten().collect();
    format!("{}, {}.", child.name, said.join(", "))
}
