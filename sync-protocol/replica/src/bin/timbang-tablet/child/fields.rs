//! The optional fields of a child as options.

use crate::form::Typed;
use clap::Args;
use sync_protocol::record::child;

#[derive(Debug, Args)]
pub(super) struct ChildFields {
    /// Nama posyandu
    #[arg(long, value_name = "POSYANDU")]
    posyandu: Option<String>,
    /// NIK anak, 16 angka
    #[arg(long, value_name = "NIK")]
    nik: Option<String>,
    /// Nomor kartu keluarga
    #[arg(long, value_name = "NOMOR")]
    kk: Option<String>,
    /// Nama ibu
    #[arg(long, value_name = "NAMA")]
    mother: Option<String>,
    /// Nama wali
    #[arg(long, value_name = "NAMA")]
    guardian: Option<String>,
    /// NIK wali, 16 angka
    #[arg(long, value_name = "NIK")]
    guardian_nik: Option<String>,
    /// Nomor telepon
    #[arg(long, value_name = "NOMOR")]
    phone: Option<String>,
    /// Alamat rumah
    #[arg(long, value_name = "ALAMAT")]
    address: Option<String>,
    /// Nomor RT
    #[arg(long, value_name = "RT")]
    rt: Option<String>,
    /// Nomor RW
    #[arg(long, value_name = "RW")]
    rw: Option<String>,
    /// Berat lahir, kg
    #[arg(long, value_name = "KG")]
    birth_weight_kg: Option<String>,
    /// Panjang lahir, cm
    #[arg(long, value_name = "CM")]
    birth_length_cm: Option<String>,
    /// Lingkar kepala lahir, cm
    #[arg(long, value_name = "CM")]
    birth_head_cm: Option<String>,
    /// Usia kehamilan saat lahir, dalam minggu
    #[arg(long, value_name = "MINGGU")]
    gestation_weeks: Option<String>,
    /// Anak ke
    #[arg(long, value_name = "ANGKA")]
    birth_order: Option<String>,
    /// Inisiasi menyusu dini: ya atau tidak
    #[arg(long, value_name = "YA|TIDAK")]
    imd: Option<String>,
    /// Punya Buku KIA: ya atau tidak
    #[arg(long, value_name = "YA|TIDAK")]
    kia_book: Option<String>,
    /// Punya Buku KIA bayi kecil: ya atau tidak
    #[arg(long, value_name = "YA|TIDAK")]
    kia_small_baby: Option<String>,
}

impl ChildFields {
    pub(super) fn typed(&self) -> Vec<Typed<'_>> {
        vec![
            (child::POSYANDU, &self.posyandu),
            (child::NIK, &self.nik),
            (child::KK, &self.kk),
            (child::MOTHER_NAME, &self.mother),
            (child::GUARDIAN_NAME, &self.guardian),
            (child::GUARDIAN_NIK, &self.guardian_nik),
            (child::PHONE, &self.phone),
            (child::ADDRESS, &self.address),
            (child::RT, &self.rt),
            (child::RW, &self.rw),
            (child::BIRTH_WEIGHT_G, &self.birth_weight_kg),
            (child::BIRTH_LENGTH_MM, &self.birth_length_cm),
            (child::BIRTH_HEAD_MM, &self.birth_head_cm),
            (child::GESTATION_WEEKS, &self.gestation_weeks),
            (child::BIRTH_ORDER, &self.birth_order),
            (child::IMD, &self.imd),
            (child::KIA_BOOK, &self.kia_book),
            (child::KIA_SMALL_BABY, &self.kia_small_baby),
        ]
    }
}
