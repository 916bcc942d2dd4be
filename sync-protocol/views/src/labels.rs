//! What kinds, fields and words of the protocol are called on screen. A field without a label is
//! shown by its own name.

use crate::words;
use serde_json::Value;
use sync_protocol::json;
use sync_protocol::record::Kind;
use sync_protocol::time::parse_date;
use sync_protocol::wire::Outcome;

/// Fields whose words are codes: `kunjungan_rumah` is said as "kunjungan rumah".
const CODED: [&str; 3] = ["confirmed", "purpose", "deleted"];

const FIELDS: [(&str, &str); 49] = [
    ("posyandu", "Posyandu"),
    ("name", "Nama"),
    ("sex", "Jenis kelamin"),
    ("birth_date", "Tanggal lahir"),
    ("nik", "NIK"),
    ("kk", "Nomor KK"),
    ("mother_name", "Nama ibu"),
    ("guardian_name", "Nama wali"),
    ("guardian_nik", "NIK wali"),
    ("parents_raw", "Nama orang tua"),
    ("phone", "Telepon"),
    ("address", "Alamat"),
    ("rt", "RT"),
    ("rw", "RW"),
    ("birth_weight_g", "Berat lahir"),
    ("birth_length_mm", "Panjang lahir"),
    ("birth_head_mm", "Lingkar kepala lahir"),
    ("gestation_weeks", "Usia kehamilan (minggu)"),
    ("birth_order", "Anak ke"),
    ("imd", "IMD"),
    ("kia_book", "Buku KIA"),
    ("kia_small_baby", "Buku KIA bayi kecil"),
    ("status", "Status"),
    ("status_on", "Status sejak"),
    ("moved_to", "Pindah ke"),
    ("measured_on", "Tanggal ukur"),
    ("weight_g", "Berat"),
    ("height_mm", "Tinggi/panjang"),
    ("position", "Cara ukur"),
    ("muac_mm", "LiLA"),
    ("head_mm", "Lingkar kepala"),
    ("oedema", "Edema"),
    ("vitamin_a", "Vitamin A"),
    ("asi", "ASI"),
    ("kelas_ibu", "Kelas ibu"),
    ("mbg", "MBG"),
    ("confirmed", "Sudah dipastikan"),
    ("measured_by", "Diukur oleh"),
    ("note", "Catatan"),
    ("visited_on", "Tanggal kunjungan"),
    ("purpose", "Tujuan"),
    ("topics", "Topik"),
    ("pmt", "PMT"),
    ("referred_to", "Dirujuk ke"),
    ("outcome", "Hasil"),
    ("next_visit_on", "Kunjungan berikut"),
    ("visited_by", "Dikunjungi oleh"),
    ("area", "Desa"),
    ("deleted", "Dihapus"),
];

pub fn field(name: &str) -> &str {
    FIELDS.iter().find(|(field, _)| *field == name).map_or(name, |(_, label)| label)
}

const KINDS: [(Kind, &str); 3] =
    [(Kind::CHILD, "anak"), (Kind::MEASUREMENT, "pengukuran"), (Kind::VISIT, "kunjungan")];

pub fn kind(name: &str) -> &str {
    KINDS.iter().find(|(kind, _)| kind.name() == name).map_or(name, |(_, label)| label)
}

pub fn outcome(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        None => "menunggu",
        Some(Outcome::Applied) => "diterima",
        Some(Outcome::Superseded) => "diganti",
        Some(Outcome::Parked) => "tertahan",
        Some(Outcome::Discarded) => "tidak dipakai",
    }
}

/// A word that a form offers, as it is said.
pub fn choice(word: &str) -> &str {
    match word {
        "L" => "Laki-laki",
        "P" => "Perempuan",
        "aktif" => "Aktif",
        "pindah" => "Pindah dari wilayah ini",
        "meninggal" => "Meninggal",
        "lulus" => "Lulus (lewat 59 bulan)",
        "terlentang" => "Terlentang",
        "berdiri" => "Berdiri",
        "biru" => "Biru (6-11 bulan)",
        "merah" => "Merah (12-59 bulan)",
        "kunjungan_rumah" => "Kunjungan rumah",
        "konseling" => "Konseling",
        "rujukan" => "Rujukan",
        "pmt" => "PMT",
        "verifikasi" => "Verifikasi",
        "salah_input" => "Salah masukan",
        "ganda" => "Ganda (sudah tercatat)",
        "ya" => "Ya",
        "tidak" => "Tidak",
        _ => word,
    }
}

/// A field's value, in the unit that its name ends with.
pub fn value(field: &str, value: &Value) -> String {
    match value {
        Value::Null => "(kosong)".to_owned(),
        Value::Bool(flag) => if *flag { "ya" } else { "tidak" }.to_owned(),
        Value::Number(number) => match number.as_i64() {
            Some(grams) if field.ends_with("_g") => words::kilograms(grams),
            Some(mm) if field.ends_with("_mm") => words::centimetres(mm),
            Some(_) | None => number.to_string(),
        },
        Value::String(text) => match parse_date(text) {
            Ok(date) => words::date(date),
            Err(_) if CODED.contains(&field) => text.replace('_', " "),
            Err(_) => text.clone(),
        },
        Value::Array(items) => {
            items.iter().map(|item| self::value(field, item)).collect::<Vec<_>>().join(", ")
        }
        Value::Object(_) => json::text(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_and_every_field_that_a_worker_sees_has_its_word() {
        for spec in Kind::all() {
            assert_ne!(kind(spec.name()), spec.name());
            let fields = spec.fields().iter();
            for shown in fields.filter(|field| Some(field.name) != spec.parent_field()) {
                assert!(FIELDS.iter().any(|(name, _)| *name == shown.name), "{}", shown.name);
            }
        }
    }
}
