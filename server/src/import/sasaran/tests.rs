use super::*;
use crate::import::sex::Sex;
use sync_protocol::time::parse_date;

mod files;

fn today() -> CivilDate {
    parse_date("2026-11-24").unwrap()
}

fn rows(bytes: &[u8]) -> Vec<Result<SasaranRow, RowFault>> {
    read(bytes, today()).unwrap().collect()
}

/// A row under the columns of the identity template, with places behind them, of which the named
/// cells are changed.
#[track_caller]
fn one(cells: &[(&str, &str)]) -> Result<SasaranRow, RowFault> {
    let base = [
        ("No", "1"),
        ("anak_ke", "2"),
        ("tgl_lahir", "2023-05-12"),
        ("jenis_kelamin", "Perempuan"),
        ("nomor_KK", "1604060101109001"),
        ("NIK", "1604065205239001"),
        ("nama_anak", "AISYAH  CONTOH"),
        ("usia_hamil", "38"),
        ("berat_lahir", "3.1"),
        ("panjang_lahir", "49"),
        ("lingkar_kepala_lahir", "34"),
        ("kia", "ya"),
        ("kia_bayi_kecil", "tidak"),
        ("imd", "ya"),
        ("nama_ortu", "BUDI / SITI"),
        ("nik_ortu", "1604060101909001"),
        ("hp_ortu", "-"),
        ("alamat", "DUSUN 2"),
        ("rt", "001"),
        ("rw", "002"),
        ("hapus", ""),
        ("pindah", ""),
        ("kode_wilayah", ""),
        ("kecamatan", "JARAI"),
        ("desa", "SADAN"),
        ("posyandu", "CONTOH MELATI"),
    ];
    for (name, _) in cells {
        assert!(base.iter().any(|(known, _)| known == name), "{name}");
    }
    let value = |(name, value): &(&'static str, &'static str)| {
        let value = cells.iter().find(|(n, _)| n == name).map_or(*value, |(_, changed)| changed);
        format!("\"{}\"", value.replace('"', "\"\""))
    };
    let header = base.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",");
    let line = base.iter().map(value).collect::<Vec<_>>().join(",");
    let mut read = rows(format!("{header}\n{line}\n").as_bytes());
    assert_eq!(read.len(), 1);
    read.remove(0)
}

#[track_caller]
fn check_fault(cells: &[(&str, &str)], column: &str, reason: &str) {
    let fault = one(cells).unwrap_err();
    assert_eq!((fault.line, fault.column.as_deref()), (2, Some(column)));
    assert_eq!(fault.reason, reason);
}

/// The fields that a changed row has beside, or instead of, those of the unchanged one.
#[track_caller]
fn check_field(cells: &[(&str, &str)], field: &str, expected: impl Into<serde_json::Value>) {
    let row = one(cells).unwrap();
    let expected = expected.into();
    let expected = Some(&expected).filter(|value| !value.is_null());
    assert_eq!(row.body.get(field), expected, "{field} of {:?}", row.body);
}

#[test]
fn a_full_row_becomes_a_body_in_integer_units() {
    let row = one(&[]).unwrap();
    let expected = serde_json::json!({
        "name": "AISYAH CONTOH", "sex": "P", "birth_date": "2023-05-12", "birth_order": 2,
        "kk": "1604060101109001", "nik": "1604065205239001", "gestation_weeks": 38,
        "birth_weight_g": 3100, "birth_length_mm": 490, "birth_head_mm": 340, "kia_book": true,
        "kia_small_baby": false, "imd": true, "parents_raw": "BUDI / SITI",
        "guardian_nik": "1604060101909001", "address": "DUSUN 2", "rt": "001", "rw": "002",
        "posyandu": "CONTOH MELATI",
    });
    assert_eq!(serde_json::to_value(&row.body).unwrap(), expected);
    assert_eq!(row.line, 2);
    assert_eq!(row.notes, []);
    assert_eq!(row.marks, Marks::default());
    assert_eq!(row.place, Place::Names { kecamatan: "JARAI".to_owned(), desa: "SADAN".to_owned() });
    assert_eq!(
        row.key,
        MatchKey {
            nik: Some("1604065205239001".to_owned()),
            birth_date: parse_date("2023-05-12").unwrap(),
            sex: Sex::Female,
            name: "AISYAH CONTOH".to_owned(),
        }
    );
    assert_eq!(MatchKey::of(&row.body), Some(row.key));
}

#[test]
fn blank_cells_dashes_and_zero_measures_give_no_field() {
    for (column, field) in [
        ("anak_ke", "birth_order"),
        ("berat_lahir", "birth_weight_g"),
        ("panjang_lahir", "birth_length_mm"),
        ("lingkar_kepala_lahir", "birth_head_mm"),
        ("usia_hamil", "gestation_weeks"),
        ("hp_ortu", "phone"),
        ("NIK", "nik"),
        ("nomor_KK", "kk"),
    ] {
        for blank in ["", "-", "0", " "] {
            check_field(&[(column, blank)], field, ());
        }
    }
    check_field(&[("kia", "0")], "kia_book", false);
    check_field(&[("kia", "-")], "kia_book", ());
    check_field(&[("nama_ortu", "-")], "parents_raw", ());
}

#[test]
fn a_birth_weight_in_grams_is_not_a_thousand_times_too_heavy() {
    check_field(&[("berat_lahir", "3100")], "birth_weight_g", 3100);
    check_field(&[("berat_lahir", "2,95")], "birth_weight_g", 2950);
}

#[test]
fn an_impossible_measure_refuses_the_row_and_names_its_column() {
    check_fault(
        &[("berat_lahir", "31")],
        "berat_lahir",
        "\"31\" di luar batas wajar 0,3 sampai 8 kg.",
    );
    check_fault(
        &[("panjang_lahir", "4,9")],
        "panjang_lahir",
        "\"4,9\" di luar batas wajar 20 sampai 70 cm.",
    );
    check_fault(
        &[("usia_hamil", "9")],
        "usia_hamil",
        "\"9\" di luar batas wajar 20 sampai 45 minggu.",
    );
    check_fault(&[("anak_ke", "26")], "anak_ke", "\"26\" di luar batas wajar 1 sampai 25.");
    check_fault(
        &[("berat_lahir", "tiga")],
        "berat_lahir",
        "\"tiga\" bukan angka yang dapat dibaca.",
    );
}

#[test]
fn a_row_without_name_date_or_sex_is_refused_at_that_column() {
    let nameless = "Nama anak kosong. Untuk bayi yang belum bernama tulis BY NY dan nama ibunya.";
    for blank in ["", "-", " . "] {
        check_fault(&[("nama_anak", blank)], "nama_anak", nameless);
    }
    check_field(&[("nama_anak", "BY NY SITI")], "name", "BY NY SITI");
    check_fault(&[("tgl_lahir", "-")], "tgl_lahir", "Tanggal lahir kosong.");
    check_fault(
        &[("tgl_lahir", "2026-11-26")],
        "tgl_lahir",
        "Tanggal lahir 2026-11-26 belum tiba.",
    );
    check_fault(
        &[("tgl_lahir", "31/02/2024")],
        "tgl_lahir",
        "\"31/02/2024\" bukan tanggal. Tulis sebagai YYYY-MM-DD atau DD-MM-YYYY, misalnya 2024-02-29.",
    );
    check_fault(
        &[("jenis_kelamin", "X")],
        "jenis_kelamin",
        "Isi jenis kelamin dengan L (laki-laki) atau P (perempuan).",
    );
}

/// Whether the row has a note on this column, what its body says there, and its key's NIK.
#[track_caller]
fn check_nik(nik: &str, noted: bool, in_body: Option<&str>, in_key: Option<&str>) {
    let row = one(&[("NIK", nik)]).unwrap();
    assert_eq!(row.notes.iter().any(|note| note.column.as_deref() == Some("NIK")), noted, "{nik}");
    assert_eq!(row.body.text("nik"), in_body, "{nik}");
    assert_eq!(row.key.nik.as_deref(), in_key, "{nik}");
}

#[test]
fn a_damaged_nik_is_left_out_with_a_note_and_the_child_is_kept() {
    check_nik("1.60406E+15", true, None, None);
    check_nik("1,60407E+15", true, None, None);
    let row = one(&[("nomor_KK", "1.604E+15"), ("nik_ortu", "1.604E+15")]).unwrap();
    let noted: Vec<_> = row.notes.iter().filter_map(|note| note.column.as_deref()).collect();
    assert_eq!(noted, ["nomor_KK", "nik_ortu"]);
    assert_eq!((row.body.get("kk"), row.body.get("guardian_nik")), (None, None));
    assert_eq!(
        row.notes[0].to_string(),
        "Baris 2, kolom nomor_KK: Angka ini rusak karena disimpan sebagai bilangan di Excel dan tidak dipakai. Isi ulang sebagai teks."
    );
}

#[test]
fn a_censored_nik_is_kept_as_typed_but_recognises_nobody() {
    check_nik("02022**********", false, Some("02022**********"), None);
}

#[test]
fn a_nik_that_speaks_of_somebody_else_recognises_nobody() {
    let boys = "1604061205239001";
    let mothers = "1604065205959001";
    for other in [boys, mothers, "160406520523900"] {
        check_nik(other, true, Some(other), None);
    }
}

#[test]
fn a_word_that_is_neither_yes_nor_no_costs_its_cell_only() {
    let row = one(&[("kia", "merah jambu")]).unwrap();
    assert_eq!(row.body.get("kia_book"), None);
    assert_eq!(row.notes.len(), 1);
}

#[test]
fn hapus_and_pindah_are_marks_beside_the_body() {
    let row = one(&[("hapus", "ya"), ("pindah", "ke Palembang")]).unwrap();
    assert_eq!(row.marks, Marks { hapus: true, pindah: true });
    assert_eq!(row.body.get("status"), None);
    let row = one(&[("hapus", "tidak"), ("pindah", "0")]).unwrap();
    assert_eq!(row.marks, Marks::default());
}

#[test]
fn a_code_is_believed_before_names_and_half_a_name_is_not_dropped() {
    let place = |cells: &[(&str, &str)]| one(cells).unwrap().place;
    assert_eq!(
        place(&[("kode_wilayah", "16.04.06.2009")]),
        Place::Code("16.04.06.2009".parse().unwrap())
    );
    assert_eq!(place(&[("kecamatan", ""), ("desa", "-")]), Place::Unstated);
    assert_eq!(
        place(&[("kecamatan", ""), ("desa", "16.04.06.2009")]),
        Place::Code("16.04.06.2009".parse().unwrap()),
        "a code in the column of the names"
    );
    assert_eq!(
        place(&[("kecamatan", "")]),
        Place::Names { kecamatan: String::new(), desa: "SADAN".to_owned() }
    );
    check_fault(
        &[("kode_wilayah", "1604062009")],
        "kode_wilayah",
        "\"1604062009\" bukan kode wilayah. Contoh: 16.04.06.2008.",
    );
}

#[test]
fn a_text_that_no_change_could_carry_refuses_the_row() {
    let long = "x".repeat(4097);
    let text = format!("nama,jk,tgl lahir,alamat\nA,L,2024-01-01,{long}\nB,L,2024-01-01,x\n");
    let read = rows(text.as_bytes());
    assert_eq!(read[0].as_ref().unwrap_err().column.as_deref(), Some("alamat"));
    assert!(read[1].is_ok());
}

#[test]
fn a_missing_required_column_names_itself_and_those_found() {
    let error = read(b"No;NIK;Nama;JK\n", today()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Kolom \"tgl_lahir\" tidak ditemukan. Kolom yang ada: No, NIK, Nama, JK."
    );
}
