//! The layouts of e-PPGBM: the import templates "identitas" and "pengukuran", and the export "by
//! name by address". Headers are the templates' own, misspellings included (`Pukesmas`), because
//! files are read by them.
//!
//! "Identitas" lists the children of this month's target list and, marked as such, those of its age
//! who moved away. "By name by address" has one row a child, its latest day.

use super::age::Age;
use super::cell::Cell;
use super::day::LatestDay;
use super::places::Places;
use super::scores;
use crate::store::LiveRow;
use child_growth::Index;
use sync_protocol::body::Body;
use sync_protocol::counted::Need;
use sync_protocol::record::{child, measurement};
use sync_protocol::sasaran::{Candidate, TargetList};

pub(super) const IDENTITAS: [&str; 22] = [
    "No",
    "anak_ke",
    "tgl_lahir",
    "jenis_kelamin",
    "nomor_KK",
    "NIK",
    "nama_anak",
    "usia_hamil",
    "berat_lahir",
    "panjang_lahir",
    "lingkar_kepala_lahir",
    "kia",
    "kia_bayi_kecil",
    "imd",
    "nama_ortu",
    "nik_ortu",
    "hp_ortu",
    "alamat",
    "rt",
    "rw",
    "hapus",
    "pindah",
];

pub(super) const PENGUKURAN: [&str; 20] = [
    "No",
    "NIK",
    "nama_anak",
    "TANGGALUKUR",
    "BERAT",
    "TINGGI",
    "LILA",
    "lingkar_kepala",
    "Pitting_edema",
    "CARAUKUR",
    "vita",
    "asi_bulan_0",
    "asi_bulan_1",
    "asi_bulan_2",
    "asi_bulan_3",
    "asi_bulan_4",
    "asi_bulan_5",
    "asi_bulan_6",
    "kelas_ibu_balita",
    "mbg",
];

pub(super) const BNBA: [&str; 35] = [
    "No",
    "NIK",
    "Nama",
    "JK",
    "Tgl Lahir",
    "BB Lahir",
    "TB Lahir",
    "Nama Ortu",
    "Prov",
    "Kab/Kota",
    "Kec",
    "Pukesmas",
    "Desa/Kel",
    "Posyandu",
    "RT",
    "RW",
    "Alamat",
    "Usia Saat Ukur",
    "Tanggal Pengukuran",
    "Berat",
    "Tinggi",
    "Cara Ukur",
    "LiLA",
    "BB/U",
    "ZS BB/U",
    "TB/U",
    "ZS TB/U",
    "BB/TB",
    "ZS BB/TB",
    "Naik Berat Badan",
    "PMT Diterima (kg)",
    "Jml Vit A",
    "KPSP",
    "KIA",
    "Detail",
];

/// The last month of age that has a column of its own for ASI.
const ASI_MONTHS: u32 = 6;

/// Whether "identitas" lists a child, as one of the target list or as one who moved away.
pub(super) fn is_listed(body: &Body, list: &TargetList) -> bool {
    let is_of_age = body.date(child::BIRTH_DATE).is_some_and(|born| list.is_of_age(born));
    list.has(&Candidate::of(body)) || (is_of_age && has_moved(body))
}

fn has_moved(body: &Body) -> bool {
    body.text(child::STATUS) == Some(child::MOVED_AWAY)
}

pub(super) fn identitas(number: i64, body: &Body) -> Vec<Cell<'_>> {
    vec![
        Cell::Whole(number),
        Cell::of(body.whole(child::BIRTH_ORDER), Cell::Whole),
        Cell::of(body.date(child::BIRTH_DATE), Cell::Date),
        Cell::text(match body.text(child::SEX) {
            Some("L") => "Laki-laki",
            Some("P") => "Perempuan",
            Some(_) | None => "",
        }),
        text(body, child::KK),
        text(body, child::NIK),
        text(body, child::NAME),
        Cell::of(body.whole(child::GESTATION_WEEKS), Cell::Whole),
        Cell::kilograms(body.whole(child::BIRTH_WEIGHT_G)),
        Cell::centimetres(body.whole(child::BIRTH_LENGTH_MM)),
        Cell::centimetres(body.whole(child::BIRTH_HEAD_MM)),
        Cell::flag(body.flag(child::KIA_BOOK)),
        Cell::flag(body.flag(child::KIA_SMALL_BABY)),
        Cell::flag(body.flag(child::IMD)),
        parents(body),
        text(body, child::GUARDIAN_NIK),
        text(body, child::PHONE),
        text(body, child::ADDRESS),
        text(body, child::RT),
        text(body, child::RW),
        Cell::Blank,
        if has_moved(body) { Cell::flag(Some(true)) } else { Cell::Blank },
    ]
}

pub(super) fn pengukuran(number: i64, row: &LiveRow) -> Vec<Cell<'_>> {
    let body = &row.body;
    let of_child = row.child.as_ref().map(|child| &child.body);
    let mut cells = vec![
        Cell::Whole(number),
        of_child.map_or(Cell::Blank, |of| text(of, child::NIK)),
        of_child.map_or(Cell::Blank, |of| text(of, child::NAME)),
        Cell::of(body.date(measurement::MEASURED_ON), Cell::Date),
        Cell::kilograms(body.whole(measurement::WEIGHT_G)),
        Cell::centimetres(body.whole(measurement::HEIGHT_MM)),
        Cell::centimetres(body.whole(measurement::MUAC_MM)),
        Cell::centimetres(body.whole(measurement::HEAD_MM)),
        Cell::of(body.whole(measurement::OEDEMA), |degree| match degree {
            0 => Cell::text("tidak"),
            degree => Cell::text(degree.to_string()),
        }),
        text(body, measurement::POSITION),
        text(body, measurement::VITAMIN_A),
    ];
    let age = age_at(row).map(|age| age.months);
    cells.extend(
        (0..=ASI_MONTHS)
            .map(|month| Cell::flag(body.flag(measurement::ASI).filter(|_| age == Some(month)))),
    );
    cells.push(Cell::flag(body.flag(measurement::KELAS_IBU)));
    cells.push(Cell::flag(body.flag(measurement::MBG)));
    cells
}

pub(super) fn bnba<'r>(number: i64, day: &'r LatestDay, places: &'r Places) -> Vec<Cell<'r>> {
    let row = day.last();
    let Some(of) = row.child.as_ref().map(|child| &child.body) else { return Vec::new() };
    let area = &row.area;
    let whole = |need, field| day.body(need).and_then(|body| body.whole(field));
    let puskesmas = places.puskesmas(area).map_or("", |puskesmas| puskesmas.name.as_str());
    let mut cells = vec![
        Cell::Whole(number),
        text(of, child::NIK),
        text(of, child::NAME),
        text(of, child::SEX),
        Cell::of(of.date(child::BIRTH_DATE), Cell::Date),
        Cell::kilograms(of.whole(child::BIRTH_WEIGHT_G)),
        Cell::centimetres(of.whole(child::BIRTH_LENGTH_MM)),
        parents(of),
        Cell::text(places.provinsi(area)),
        Cell::text(places.kabupaten(area)),
        Cell::text(places.kecamatan(area)),
        Cell::text(puskesmas),
        Cell::text(places.name(area)),
        text(of, child::POSYANDU),
        text(of, child::RT),
        text(of, child::RW),
        text(of, child::ADDRESS),
        Cell::of(age_at(row), |age| Cell::text(age.to_string())),
        Cell::of(row.body.date(measurement::MEASURED_ON), Cell::Date),
        Cell::kilograms(whole(Need::Weight, measurement::WEIGHT_G)),
        Cell::centimetres(whole(Need::Length, measurement::HEIGHT_MM)),
        Cell::text(
            match day.body(Need::Length).and_then(|body| body.text(measurement::POSITION)) {
                Some("berdiri") => "Berdiri",
                Some("terlentang") => "Terlentang",
                Some(_) | None => "",
            },
        ),
        Cell::centimetres(whole(Need::Arm, measurement::MUAC_MM)),
    ];
    for index in [Index::WeightForAge, Index::LengthForAge, Index::WeightForLength] {
        cells.extend(scores::cells_of(index, day.figure(index)));
    }
    cells.extend([
        Cell::of(day.gain(), Cell::text),
        Cell::Blank,
        if day.has_capsule() { Cell::Whole(1) } else { Cell::Blank },
        Cell::Blank,
        Cell::flag(of.flag(child::KIA_BOOK)),
        Cell::Blank,
    ]);
    cells
}

fn text<'b>(body: &'b Body, field: &str) -> Cell<'b> {
    Cell::of(body.text(field), Cell::text)
}

/// The parents as one cell: as they were imported, else the mother, else the guardian.
fn parents(body: &Body) -> Cell<'_> {
    let known = [child::PARENTS_RAW, child::MOTHER_NAME, child::GUARDIAN_NAME];
    Cell::of(known.iter().find_map(|field| body.text(field)), Cell::text)
}

fn age_at(row: &LiveRow) -> Option<Age> {
    let born = row.child.as_ref()?.body.date(child::BIRTH_DATE)?;
    Age::at(row.body.date(measurement::MEASURED_ON)?, born)
}
