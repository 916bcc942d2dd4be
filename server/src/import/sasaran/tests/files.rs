//! The files of fixtures/sasaran: each pitfall at its line, and the same children in every form.

use super::*;
use crate::import::areas;
use crate::import::place::Places;
use sync_protocol::record::Kind;

const PITFALLS: &[u8] = include_bytes!("../../../../../fixtures/sasaran/pitfalls.csv");

#[test]
fn every_pitfall_of_the_fixture_is_told_at_its_line_and_blocks_nothing_else() {
    let read = rows(PITFALLS);
    let refused: Vec<(u64, &str)> = read
        .iter()
        .filter_map(|row| row.as_ref().err())
        .map(|fault| (fault.line, fault.column.as_deref().unwrap_or("")))
        .collect();
    assert_eq!(
        refused,
        [
            (17, "nama_anak"),
            (18, "tgl_lahir"),
            (19, "tgl_lahir"),
            (20, "jenis_kelamin"),
            (21, "berat_lahir"),
            (22, ""),
        ]
    );
    let noted: Vec<(u64, &str)> = read
        .iter()
        .filter_map(|row| row.as_ref().ok())
        .flat_map(|row| row.notes.iter().map(|n| (n.line, n.column.as_deref().unwrap_or(""))))
        .collect();
    assert_eq!(noted, [(8, "NIK"), (8, "nomor_KK"), (10, "NIK"), (11, "NIK"), (15, "kia")]);
    let taken = read.iter().flatten();
    assert!(taken.clone().all(|row| Kind::CHILD.check(&row.body, today()).is_ok()));
    let born: Vec<&str> = taken
        .clone()
        .filter(|row| (2..=5).contains(&row.line))
        .filter_map(|row| row.body.text("birth_date"))
        .collect();
    assert_eq!(born, ["2024-02-29"; 4]);
    assert_eq!(read.len(), 28);
}

#[test]
fn the_places_of_the_pitfalls_resolve_or_say_why_not() {
    let lahat = areas::read(include_bytes!("../../../../../fixtures/area/lahat.csv")).unwrap();
    let places = Places::of(lahat.into_iter().map(|row| (row.area, row.name)));
    let unresolved: Vec<(u64, String)> = rows(PITFALLS)
        .iter()
        .flatten()
        .filter_map(|row| Some((row.line, places.resolve(&row.place).err()?.to_string())))
        .collect();
    assert_eq!(
        unresolved,
        [
            (25, "Desa \"SADANG\" tidak ada di Kecamatan \"JARAI\".".to_owned()),
            (26, "Kecamatan kosong. Nama desa \"KARANG AGUNG\" saja tidak cukup karena dapat ada di beberapa kecamatan: isi kolom kecamatan atau kode_wilayah.".to_owned()),
            (27, "Wilayah anak ini tidak disebut: isi kolom kecamatan dan desa, atau kolom kode_wilayah, atau beri --area.".to_owned()),
        ]
    );
}

#[test]
fn the_same_children_are_read_from_every_form_of_file() {
    let read_all =
        |bytes: &[u8]| -> Vec<SasaranRow> { rows(bytes).into_iter().map(Result::unwrap).collect() };
    let comma = read_all(include_bytes!("../../../../../fixtures/sasaran/form-comma.csv"));
    assert_eq!(comma.len(), 3);
    for (form, bytes) in [
        (
            "semicolon, BOM, CRLF",
            &include_bytes!("../../../../../fixtures/sasaran/form-semicolon-bom.csv")[..],
        ),
        ("tab", include_bytes!("../../../../../fixtures/sasaran/form-tab.csv")),
        ("sep= line", include_bytes!("../../../../../fixtures/sasaran/form-excel-sep.csv")),
        (
            "export by name by address",
            include_bytes!("../../../../../fixtures/sasaran/form-bnba-export.csv"),
        ),
    ] {
        let read = read_all(bytes);
        let keys = |rows: &[SasaranRow]| rows.iter().map(|r| r.key.clone()).collect::<Vec<_>>();
        let places = |rows: &[SasaranRow]| rows.iter().map(|r| r.place.clone()).collect::<Vec<_>>();
        let weights = |rows: &[SasaranRow]| {
            rows.iter().map(|row| row.body.whole("birth_weight_g")).collect::<Vec<_>>()
        };
        assert_eq!(keys(&read), keys(&comma), "{form}");
        assert_eq!(places(&read), places(&comma), "{form}");
        assert_eq!(weights(&read), weights(&comma), "{form}");
    }
    let latin1 = include_bytes!("../../../../../fixtures/sasaran/form-latin1.csv");
    assert_eq!(read(latin1, today()).unwrap_err(), TableError::NotUtf8 { line: 3 });
}
