//! The columns of a pengukuran file beside those of [`columns::IDENTITY`].
//!
//! The name in the template "pengukuran" comes first, then that of the export "by name by address".
//! What is not listed is read past: categories and scores are computed here, the puskesmas follows
//! from the desa, and the number of vitamin A capsules does not say which they were.

use crate::import::columns::{self, Columns, Named};
use crate::import::table::{Table, TableError};

pub(super) const MEASURED_ON: &str = "TANGGALUKUR";
pub(super) const WEIGHT: &str = "BERAT";
pub(super) const HEIGHT: &str = "TINGGI";
pub(super) const MUAC: &str = "LILA";
pub(super) const HEAD: &str = "lingkar_kepala";
pub(super) const OEDEMA: &str = "Pitting_edema";
pub(super) const POSITION: &str = "CARAUKUR";
pub(super) const VITAMIN_A: &str = "vita";
pub(super) const KELAS_IBU: &str = "kelas_ibu_balita";
pub(super) const MBG: &str = "mbg";
/// ASI in each completed month of age.
pub(super) const ASI: [&str; 7] = [
    "asi_bulan_0",
    "asi_bulan_1",
    "asi_bulan_2",
    "asi_bulan_3",
    "asi_bulan_4",
    "asi_bulan_5",
    "asi_bulan_6",
];

const OWN: [Named; 17] = [
    (MEASURED_ON, &["tanggal pengukuran", "tanggal ukur", "tgl pengukuran", "tgl ukur"]),
    (WEIGHT, &["berat badan", "bb", "berat (kg)", "berat badan (kg)", "bb (kg)"]),
    (
        HEIGHT,
        &[
            "tinggi badan",
            "panjang badan",
            "tb",
            "pb",
            "tb/pb",
            "pb/tb",
            "tinggi (cm)",
            "tinggi badan (cm)",
            "tb (cm)",
        ],
    ),
    (MUAC, &["lila (cm)", "lingkar lengan atas"]),
    (HEAD, &["lk", "lika", "lingkar kepala (cm)"]),
    (OEDEMA, &["edema", "pitting edema bilateral"]),
    (POSITION, &["posisi ukur"]),
    (VITAMIN_A, &["vitamin", "vitamin a", "vit a"]),
    (KELAS_IBU, &[]),
    (MBG, &["makan bergizi gratis"]),
    (ASI[0], &[]),
    (ASI[1], &[]),
    (ASI[2], &[]),
    (ASI[3], &[]),
    (ASI[4], &[]),
    (ASI[5], &[]),
    (ASI[6], &[]),
];

/// The columns of a file. Without a name, a day and both measures it is no pengukuran, or their
/// headers are written in a way that is not known here.
pub(super) fn of(table: &Table<'_>) -> Result<Columns, TableError> {
    Columns::find(table, &OWN, &[columns::NAME, MEASURED_ON, WEIGHT, HEIGHT])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &str, unknown: &[&str]) {
        let table = Table::open(headers.as_bytes()).unwrap();
        let columns = of(&table).unwrap();
        let found = columns.headers();
        let not_found: Vec<&str> =
            headers.split(',').filter(|header| !found.contains(header)).collect();
        assert_eq!(not_found, unknown);
    }

    #[test]
    fn the_headers_of_the_template_and_of_every_year_s_export_are_understood() {
        check(
            "No,NIK,nama_anak,TANGGALUKUR,BERAT,TINGGI,LILA,lingkar_kepala,Pitting_edema,CARAUKUR,\
             vita,asi_bulan_0,asi_bulan_1,asi_bulan_2,asi_bulan_3,asi_bulan_4,asi_bulan_5,\
             asi_bulan_6,kelas_ibu_balita,mbg",
            &["No"],
        );
        check(
            "NIK,Nama,JK,Tgl Lahir,BB Lahir,TB Lahir,Nama Ortu,Prov,Kab/Kota,Kec,Pukesmas,Desa/Kel,\
             Posyandu,Usia Saat Ukur,Tanggal Pengukuran,Berat,Tinggi,Cara Ukur,LiLA,BB/U,ZS BB/U,\
             TB/U,ZS TB/U,BB/TB,ZS BB/TB,Naik Berat Badan,Jml Vit A,Kelas Ibu Balita,MBG,KIA,Detail",
            &[
                "BB Lahir",
                "TB Lahir",
                "Nama Ortu",
                "Prov",
                "Kab/Kota",
                "Pukesmas",
                "Posyandu",
                "Usia Saat Ukur",
                "BB/U",
                "ZS BB/U",
                "TB/U",
                "ZS TB/U",
                "BB/TB",
                "ZS BB/TB",
                "Naik Berat Badan",
                "Jml Vit A",
                "KIA",
                "Detail",
            ],
        );
    }
}
