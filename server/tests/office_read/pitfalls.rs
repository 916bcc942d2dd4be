//! What goes wrong with the files of e-PPGBM, seen in real ones; the rows here are made up. Each
//! test is named after its pitfall.

use super::support::{Office, child, fixture};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use server::admin::pengukuran::import_pengukuran;
use server::admin::row_by_row::Report;
use server::admin::sasaran::{Defaults, import_sasaran};
use server::import::table::Source;
use std::collections::BTreeMap;

/// An office with the three children of every pengukuran fixture.
fn office() -> Office {
    let office = Office::new();
    let list = fixture("sasaran/form-comma.csv");
    let report = import_sasaran(&office.service, &list, &Defaults::default(), &mut |_, _| ());
    assert_eq!(report.unwrap().added, 3);
    office
}

fn import<'a>(office: &Office, file: impl Into<Source<'a>>) -> Report {
    import_pengukuran(&office.service, file, None, &mut |_, _| ()).unwrap()
}

#[track_caller]
fn import_clean(office: &Office, name: &str, added: usize) {
    let report = import(office, &fixture(&format!("pengukuran/{name}.csv")));
    assert_eq!((report.added, report.faults, report.notes), (added, vec![], vec![]), "{name}");
}

/// Every measurement's row by the first name of its child.
fn rows(office: &Office) -> BTreeMap<String, Value> {
    let list = office.get(&office.penyelia(&["16.04"]), "/v1/measurements");
    let rows = list["measurements"].as_array().unwrap().iter();
    rows.map(|row| (row["child_name"].as_str().unwrap().to_owned(), row.clone())).collect()
}

#[track_caller]
fn check_body(office: &Office, name: &str, expected: Value) {
    assert_eq!(rows(office)[name]["body"], expected, "{name}");
}

/// A workbook: sheets with their names, whether they are hidden, and their cells as text.
fn workbook(sheets: &[(&str, bool, &str)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, hidden, csv) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name).unwrap().set_hidden(*hidden);
        if !hidden {
            sheet.set_active(true);
        }
        for (row, line) in (0..).zip(csv.lines()) {
            for (column, cell) in (0..).zip(line.split(',')) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn text(name: &str) -> String {
    String::from_utf8(fixture(&format!("pengukuran/{name}.csv"))).unwrap()
}

#[test]
fn pukesmas_is_the_literal_header_and_puskesmas_is_accepted_too() {
    assert!(text("bnba-2021").contains(",Pukesmas,") && text("bnba-2026").contains(";Puskesmas;"));
    import_clean(&office(), "bnba-2021", 3);
    import_clean(&office(), "bnba-2026", 3);
}

#[test]
fn older_files_lack_cara_ukur_and_newer_ones_have_other_columns_so_headers_count_and_not_positions()
{
    let old = office();
    import_clean(&old, "bnba-2021", 3);
    let ani = json!({"measured_on": "2026-10-10", "weight_g": 14100, "height_mm": 980});
    check_body(&old, "BY NY ANI CONTOH", ani.clone());
    let rafa = json!({"measured_on": "2026-10-10", "weight_g": 11200, "height_mm": 864,
        "muac_mm": 141});
    check_body(&old, "RAFA CONTOH", rafa.clone());
    // The file of another year about the same day completes it, and changes nothing.
    let report = import(&old, &fixture("pengukuran/bnba-2026.csv"));
    assert_eq!((report.completed, report.faults, report.notes), (3, vec![], vec![]));
    let with = |mut body: Value, more: &[(&str, Value)]| {
        for (field, value) in more {
            body[*field] = value.clone();
        }
        body
    };
    check_body(&old, "BY NY ANI CONTOH", with(ani, &[("position", json!("berdiri"))]));
    let more = [("position", json!("berdiri")), ("kelas_ibu", json!(true)), ("mbg", json!(false))];
    check_body(&old, "RAFA CONTOH", with(rafa, &more));
    // Columns in any order are the same columns.
    let other = office();
    let file: String = text("template")
        .lines()
        .map(|line| line.rsplit(',').collect::<Vec<_>>().join(";") + "\n")
        .collect();
    assert_eq!(import(&other, file.as_bytes()).added, 1);
}

#[test]
fn a_censored_nik_is_matched_by_birth_date_sex_name_and_desa() {
    let office = office();
    import_clean(&office, "bnba-2026", 3);
    let aisyah = json!({"measured_on": "2026-10-10", "weight_g": 13400, "height_mm": 952,
        "position": "terlentang"});
    check_body(&office, "AISYAH CONTOH", aisyah);
    // The template says neither, so a censored NIK there is nobody's, and is said to be.
    let report = import(&office, &fixture("pengukuran/template.csv"));
    assert_eq!(report.faults.len(), 1);
    assert_eq!((report.faults[0].line, report.faults[0].column.as_deref()), (3, Some("NIK")));
    // Two children whom nothing tells apart are for a person.
    let mut twin = child("Aisyah contoh");
    twin["nik"] = json!(null);
    office.tablet("Siti", &["16.04.06"]).child("16.04.06.2013", twin);
    let report = import(&office, &fixture("pengukuran/bnba-2026.csv"));
    assert_eq!(report.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [3]);
}

#[test]
fn dates_are_iso_or_serial_numbers_or_day_month_year() {
    let office = office();
    let days = text("bnba-2021");
    assert!(["2026-10-10", "46305", "10/10/2026"].iter().all(|day| days.contains(day)));
    import_clean(&office, "bnba-2021", 3);
    assert!(rows(&office).values().all(|row| row["body"]["measured_on"] == "2026-10-10"));
}

#[test]
fn ages_scores_letters_and_short_labels_in_the_file_are_not_believed() {
    let office = office();
    import_clean(&office, "bnba-2021", 3);
    let rafa = &rows(&office)["RAFA CONTOH"];
    // The file says Pendek, -2.05, T and the age at another day; all four are computed here.
    let growth = &rafa["growth"];
    assert_eq!((&growth["age_months"], &growth["gain"]), (&json!(31), &json!("B")));
    assert!(growth["tbu"]["z"].is_number() && growth["tbu"]["z"] != json!(-2.05), "{growth}");
    assert_eq!(rafa["body"].as_object().unwrap().len(), 4, "{rafa}");
}

#[test]
fn a_hidden_extra_sheet_shifts_no_column() {
    let shifted: String =
        text("bnba-2021").lines().map(|line| format!("0,{line}\n")).collect::<String>();
    let good = text("bnba-2021");
    for sheets in [
        [("Rekap", true, shifted.as_str()), ("Status Gizi", false, good.as_str())],
        [("Status Gizi", false, good.as_str()), ("Rekap", true, shifted.as_str())],
    ] {
        let office = office();
        let report = import(&office, &workbook(&sheets));
        assert_eq!((report.added, report.faults, report.notes), (3, vec![], vec![]));
        assert_eq!(rows(&office)["RAFA CONTOH"]["body"]["weight_g"], 11200);
    }
    // Of two that are shown, none is guessed at.
    let two = workbook(&[("Rekap", false, shifted.as_str()), ("Status Gizi", false, &good)]);
    let office = office();
    let import = |sheet| {
        let file = Source { bytes: &two, sheet };
        import_pengukuran(&office.service, file, None, &mut |_, _| ())
    };
    let refused = import(None).unwrap_err().to_string();
    assert!(refused.contains("Rekap, Status Gizi") && refused.contains("--sheet"), "{refused}");
    assert_eq!(import(Some("Status Gizi")).unwrap().added, 3);
}

#[test]
fn a_row_without_a_name_is_listed_and_a_baby_without_a_name_is_weighed() {
    let office = office();
    let report = import(&office, &fixture("pengukuran/pitfalls.csv"));
    assert_eq!((report.faults[0].line, report.faults[0].column.as_deref()), (3, Some("Nama")));
    import(&office, &fixture("pengukuran/bnba-2021.csv"));
    assert_eq!(rows(&office)["BY NY ANI CONTOH"]["body"]["weight_g"], 14100);
}

#[test]
fn numbers_kept_as_text_are_numbers_and_0_is_not_measured() {
    let office = office();
    let as_text = workbook(&[("Status Gizi", false, &text("bnba-2021"))]);
    assert_eq!(import(&office, &as_text).added, 3);
    assert_eq!(rows(&office)["AISYAH CONTOH"]["body"].get("muac_mm"), None);
    assert_eq!(rows(&office)["AISYAH CONTOH"]["body"]["height_mm"], 952);
}

#[test]
fn a_nik_that_excel_kept_as_a_number_has_lost_its_end_and_recognises_nobody() {
    let office = office();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let headers = ["NIK", "nama_anak", "TANGGALUKUR", "BERAT", "TINGGI"];
    for (column, header) in (0..).zip(headers) {
        sheet.write_string(0, column, header).unwrap();
    }
    // Excel shows it in full, and it looks like the boy's own.
    sheet.write_number(1, 0, 1_604_062_902_249_001.0).unwrap();
    sheet.write_string(1, 1, "RAFA CONTOH").unwrap();
    sheet.write_number(1, 2, 46305).unwrap();
    sheet.write_number(1, 3, 11.2).unwrap();
    sheet.write_number(1, 4, 86.4).unwrap();
    let report = import(&office, &book.save_to_buffer().unwrap());
    assert_eq!((report.added, report.faults.len()), (0, 1));
    // With the rest of what a list has, the child is found all the same, and the number is noted.
    let report = import(&office, &fixture("pengukuran/pitfalls.csv"));
    let notes: Vec<_> = report.notes.iter().map(|n| (n.line, n.column.as_deref())).collect();
    assert!(notes.contains(&(2, Some("NIK"))), "{notes:?}");
    assert_eq!(rows(&office)["RAFA CONTOH"]["body"]["weight_g"], 11200);
}

#[test]
fn a_target_list_with_a_numeric_nik_keeps_the_child_and_not_the_number() {
    let office = Office::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let headers = ["nama", "jk", "tgl lahir", "kode desa", "nik", "hp_ortu"];
    for (column, header) in (0..).zip(headers) {
        sheet.write_string(0, column, header).unwrap();
    }
    for (column, cell) in (0..).zip(["RAFA CONTOH", "L", "2024-02-29", "16.04.06.2008"]) {
        sheet.write_string(1, column, cell).unwrap();
    }
    sheet.write_number(1, 4, 1_604_062_902_249_001.0).unwrap();
    sheet.write_number(1, 5, 81_234_567_890.0).unwrap();
    let file = book.save_to_buffer().unwrap();
    let report =
        import_sasaran(&office.service, &file, &Defaults::default(), &mut |_, _| ()).unwrap();
    assert_eq!((report.added, report.notes.len()), (1, 1));
    let list = office.get(&office.penyelia(&["16.04"]), "/v1/children");
    let body = &list["children"][0]["body"];
    assert_eq!((body.get("nik"), &body["phone"]), (None, &json!("81234567890")));
}

#[test]
fn every_pitfall_of_the_fixture_is_told_at_its_line_and_blocks_nothing_else() {
    let office = office();
    let report = import(&office, &fixture("pengukuran/pitfalls.csv"));
    let told: Vec<(u64, String)> =
        report.faults.iter().map(|fault| (fault.line, fault.to_string())).collect();
    let begins = [
        (3, "Baris 3, kolom Nama: Nama anak kosong"),
        (4, "Baris 4: Kecamatan kosong."),
        (5, "Baris 5: Anak ini tidak ditemukan di daftar sasaran."),
        (6, "Baris 6, kolom Tanggal Pengukuran: \"2/5/2026\" bukan tanggal."),
        (7, "Baris 7, kolom Tanggal Pengukuran: Tanggal ukur 2026-12-10 belum tiba."),
        (8, "Baris 8: Tanggal ukur 2022-05-10 sebelum anak ini lahir."),
        (9, "Baris 9, kolom Berat: \"134\" di luar batas wajar 0,5 sampai 60 kg."),
        (10, "Baris 10, kolom Tanggal Pengukuran: Tanggal ukur kosong."),
        (14, "Baris 14: Baris 13 menyebut hasil ukur lain"),
    ];
    assert_eq!(told.len(), begins.len(), "{told:#?}");
    for ((line, sentence), (at, begin)) in told.iter().zip(begins) {
        assert!(*line == at && sentence.starts_with(begin), "{sentence} is not {begin}…");
    }
    let notes: Vec<_> = report.notes.iter().map(|n| (n.line, n.column.as_deref())).collect();
    let expected = [(2, "NIK"), (12, "Tanggal Pengukuran"), (13, "Cara Ukur")];
    assert_eq!(notes, expected.map(|(line, column)| (line, Some(column))));
    // Rows 2 and 13 came in; 11 and 12 have no measure.
    assert_eq!((report.added, report.unchanged), (2, 2));
    let sentences = format!("{:?}{:?}", report.faults, report.notes);
    assert!(!sentences.contains("16040") && !sentences.contains("CONTOH"), "{sentences}");
}
