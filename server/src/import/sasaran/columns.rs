//! The columns of a sasaran file beside those of [`columns::IDENTITY`].
//!
//! The name in the identity template comes first. Columns that are not listed (puskesmas, provinsi,
//! measurements) are read past: the puskesmas follows from the desa, and measurements are another
//! file.

use crate::import::columns::{self, Columns, Named};
use crate::import::table::{Table, TableError};

pub(super) const BIRTH_ORDER: &str = "anak_ke";
pub(super) const KK: &str = "nomor_KK";
pub(super) const GESTATION: &str = "usia_hamil";
pub(super) const BIRTH_WEIGHT: &str = "berat_lahir";
pub(super) const BIRTH_LENGTH: &str = "panjang_lahir";
pub(super) const BIRTH_HEAD: &str = "lingkar_kepala_lahir";
pub(super) const KIA: &str = "kia";
pub(super) const KIA_SMALL_BABY: &str = "kia_bayi_kecil";
pub(super) const IMD: &str = "imd";
pub(super) const PARENTS: &str = "nama_ortu";
pub(super) const PARENT_NIK: &str = "nik_ortu";
pub(super) const PHONE: &str = "hp_ortu";
pub(super) const ADDRESS: &str = "alamat";
pub(super) const RT: &str = "rt";
pub(super) const RW: &str = "rw";
pub(super) const HAPUS: &str = "hapus";
pub(super) const PINDAH: &str = "pindah";
pub(super) const POSYANDU: &str = "posyandu";

const OWN: [Named; 18] = [
    (BIRTH_ORDER, &[]),
    (KK, &["no kk", "kk"]),
    (GESTATION, &["usia kehamilan", "usia kehamilan (minggu)"]),
    (BIRTH_WEIGHT, &["bb lahir", "berat lahir (kg)", "berat lahir - sasaran (kg)"]),
    (BIRTH_LENGTH, &["tb lahir", "pb lahir", "panjang lahir (cm)", "panjang lahir - sasaran (cm)"]),
    (BIRTH_HEAD, &["lk lahir", "lingkar kepala lahir (cm)"]),
    (KIA, &["buku kia"]),
    (KIA_SMALL_BABY, &["buku kia bayi kecil"]),
    (IMD, &[]),
    (PARENTS, &["nama orang tua", "nama orang tua (ibu/ayah)"]),
    (PARENT_NIK, &["nik orang tua"]),
    (PHONE, &["no hp ortu", "no hp orang tua"]),
    (ADDRESS, &[]),
    (RT, &[]),
    (RW, &[]),
    (HAPUS, &[]),
    (PINDAH, &[]),
    (POSYANDU, &["nama posyandu"]),
];

/// The columns of a file; without a name, a birth date and a sex a row is no child.
pub(super) fn of(table: &Table<'_>) -> Result<Columns, TableError> {
    Columns::find(table, &OWN, &[columns::NAME, columns::BIRTH_DATE, columns::SEX])
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
    fn the_headers_of_every_known_file_are_understood() {
        check(
            "No,anak_ke,tgl_lahir,jenis_kelamin,nomor_KK,NIK,nama_anak,usia_hamil,berat_lahir,\
             panjang_lahir,lingkar_kepala_lahir,kia,kia_bayi_kecil,imd,nama_ortu,nik_ortu,hp_ortu,\
             alamat,rt,rw,hapus,pindah",
            &["No"],
        );
        check(
            "no,nik,nama_anak,tgl_lahir,jenis_kelamin,nama_ortu,nik_ortu,hp_ortu,pkm,kel,posyandu,\
             rt,rw,alamat",
            &["no", "pkm"],
        );
        check(
            "Nama Anak,Jenis Kelamin,Tanggal Lahir,NIK,Nomor KK,Anak Ke,Nama Orang Tua (Ibu/Ayah),\
             NIK Orang Tua,No HP Orang Tua,Alamat,RT,Kecamatan,Puskesmas,Kelurahan,Posyandu,\
             Usia Kehamilan (minggu),Berat Lahir - Sasaran (kg),Panjang Lahir - Sasaran (cm),\
             Lingkar Kepala Lahir (cm),IMD",
            &["Puskesmas"],
        );
        check(
            "No,NIK,Nama,JK,Tgl Lahir,BB Lahir,TB Lahir,Nama Ortu,Prov,Kec,Pukesmas,Desa/Kel,\
             Posyandu,RT,RW,Alamat,Usia Saat Ukur,Berat,Tinggi,LiLA,KIA,Detail",
            &["No", "Prov", "Pukesmas", "Usia Saat Ukur", "Berat", "Tinggi", "LiLA", "Detail"],
        );
    }
}
