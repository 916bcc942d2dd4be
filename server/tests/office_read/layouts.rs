//! The layouts of e-PPGBM and the recap.

use super::support::{JARAI, NIK, OTHER_DESA, Office, SADAN, child, csv_rows};
use serde_json::json;
use server::admin::pengukuran::import_pengukuran;
use server::admin::row_by_row::Report;
use server::admin::sasaran::{Defaults, import_sasaran};

fn feed(office: &Office) -> i64 {
    office.service.read_as_operator(|tx, _| tx.server()).unwrap().feed
}

#[test]
fn an_exported_identitas_changes_nothing_when_it_is_imported() {
    let office = Office::new();
    let list = String::from_utf8(super::support::fixture("sasaran/jarai-small.csv")).unwrap();
    office.import(&list, SADAN);
    let mut tablet = office.tablet("Siti", &[SADAN]);
    let mut full = child("Ani =1+1");
    for (field, value) in [
        ("mother_name", json!("+Yuni")),
        ("address", json!("Dusun 1, -")),
        ("rt", json!("01")),
        ("birth_weight_g", json!(2955)),
        ("birth_length_mm", json!(495)),
        ("birth_head_mm", json!(340)),
        ("gestation_weeks", json!(38)),
        ("birth_order", json!(2)),
        ("imd", json!(true)),
        ("kia_book", json!(false)),
        ("phone", json!("+628123456")),
    ] {
        full[field] = value;
    }
    tablet.child(SADAN, full);
    let mut moved = child("Budi");
    moved["status"] = json!("pindah");
    moved["nik"] = json!(null);
    tablet.child(SADAN, moved);
    let token = office.penyelia(&[SADAN]);
    for options in ["", "?bom=1&separator=;"] {
        let file = office.file(&token, &format!("/v1/export/eppgbm-identitas.csv{options}"));
        let before = feed(&office);
        let defaults = Defaults { area: Some(SADAN.parse().unwrap()), posyandu: None };
        let report = import_sasaran(&office.service, &file, &defaults, &mut |_, _| ()).unwrap();
        let rows = csv_rows(&file, if options.is_empty() { b',' } else { b';' }).len() - 1;
        let Report { added, completed, unchanged, faults, .. } = report;
        assert_eq!((added, completed, faults), (0, 0, Vec::new()));
        assert_eq!(unchanged, rows);
        assert!(rows > 2);
        assert_eq!(feed(&office), before);
    }
}

#[test]
fn exported_measurements_change_nothing_when_they_are_imported() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[SADAN]);
    let mut baby = child("Ani");
    baby["birth_date"] = json!("2026-08-31");
    baby["nik"] = json!("1604067108269001");
    let baby = tablet.child(SADAN, baby);
    for (day, asi, vitamin_a) in
        [("2026-10-31", json!(true), json!(null)), ("2026-11-24", json!(false), json!("biru"))]
    {
        let body = json!({"measured_on": day, "weight_g": 5855, "height_mm": 585, "muac_mm": 123,
            "head_mm": 381, "position": "terlentang", "oedema": 1, "vitamin_a": vitamin_a,
            "asi": asi, "kelas_ibu": false, "mbg": true, "confirmed": ["naik"], "note": "=1+1"});
        tablet.add("measurement", baby, body);
    }
    let mut boy = child("+Budi");
    boy["nik"] = json!("02022**********");
    let boy = tablet.child(SADAN, boy);
    for weight_g in [9100, 9200] {
        let body = json!({"measured_on": "2026-11-24", "weight_g": weight_g, "height_mm": 855});
        tablet.add("measurement", boy, body);
    }
    let token = office.penyelia(&[SADAN]);
    for (file, unknown) in [
        // Without a NIK the template does not say who the boy is.
        ("eppgbm-pengukuran.csv", 2),
        ("eppgbm-pengukuran.csv?bom=1&separator=;", 2),
        ("eppgbm-pengukuran.xlsx", 2),
        ("eppgbm-bnba.csv", 0),
        ("eppgbm-bnba.csv?bom=1&separator=;", 0),
        ("eppgbm-bnba.xlsx", 0),
    ] {
        let bytes = office.file(&token, &format!("/v1/export/{file}"));
        let before = feed(&office);
        let report = import_pengukuran(&office.service, &bytes, None, &mut |_, _| ()).unwrap();
        assert_eq!((report.added, report.completed), (0, 0), "{file}");
        assert_eq!((report.unchanged, report.faults.len()), (2, unknown), "{file}: {report:?}");
        assert_eq!(report.notes, [], "{file}");
        assert_eq!(feed(&office), before, "{file}");
    }
}

#[test]
fn an_exported_identitas_comes_back_as_a_workbook_too() {
    let office = Office::new();
    office.tablet("Siti", &[SADAN]).child(SADAN, child("Ani"));
    let token = office.penyelia(&[SADAN]);
    let file = office.file(&token, "/v1/export/eppgbm-identitas.xlsx");
    let before = feed(&office);
    let defaults = Defaults { area: Some(SADAN.parse().unwrap()), posyandu: None };
    let report = import_sasaran(&office.service, &file, &defaults, &mut |_, _| ()).unwrap();
    assert_eq!((report.unchanged, report.faults, report.notes), (1, vec![], vec![]));
    assert_eq!(feed(&office), before);
}

#[test]
fn a_masked_or_censored_number_in_a_list_does_not_replace_the_number() {
    let office = Office::new();
    office.tablet("Siti", &[SADAN]).child(SADAN, child("Ani"));
    let before = feed(&office);
    for nik in [super::support::NIK_MASKED, "02022**********"] {
        let list = format!(
            "nama_anak,tgl_lahir,jenis_kelamin,NIK,nomor_KK\nANI,2023-05-12,P,{nik},160406********01\n"
        );
        let report = office.import(&list, SADAN);
        // The name is written otherwise, and nothing else is.
        assert_eq!((report.added, report.faults), (0, vec![]));
        let rows = csv_rows(
            &office.file(&office.penyelia(&[SADAN]), "/v1/export/eppgbm-identitas.csv"),
            b',',
        );
        assert_eq!(rows[1][4..6], ["1604060101990001", NIK], "{nik}");
    }
    assert!(feed(&office) > before, "the list did bring something");
}

#[test]
fn identitas_leaves_out_who_is_no_sasaran_any_more() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[SADAN]);
    for status in ["aktif", "pindah", "meninggal", "lulus"] {
        let mut body = child(status);
        body["status"] = json!(status);
        tablet.child(SADAN, body);
    }
    let token = office.penyelia(&[SADAN]);
    let rows = csv_rows(&office.file(&token, "/v1/export/eppgbm-identitas.csv"), b',');
    let marks: Vec<[&str; 3]> =
        rows[1..].iter().map(|row| [row[6].as_str(), row[20].as_str(), row[21].as_str()]).collect();
    assert_eq!(marks, [["aktif", "", ""], ["pindah", "", "ya"]]);
    assert_eq!(rows[1][..6], ["1", "", "2023-05-12", "Perempuan", "1604060101990001", NIK]);
}

/// A girl of Sadan who was weighed on two days.
fn weighed_twice(office: &Office) {
    let mut tablet = office.tablet("Siti", &[SADAN]);
    let mut baby = child("Ani");
    baby["birth_date"] = json!("2026-08-31");
    baby["parents_raw"] = json!("Joko / Yuni");
    let id = tablet.child(SADAN, baby);
    tablet.add(
        "measurement",
        id,
        json!({"measured_on": "2026-10-31", "weight_g": 5200, "oedema": 2}),
    );
    tablet.add(
        "measurement",
        id,
        json!({"measured_on": "2026-11-24", "weight_g": 5850, "height_mm": 585,
            "position": "terlentang", "muac_mm": 123, "head_mm": 381, "oedema": 0,
            "vitamin_a": "biru", "asi": true, "kelas_ibu": false, "mbg": true}),
    );
}

#[test]
fn pengukuran_is_written_as_the_template_says() {
    let office = Office::new();
    weighed_twice(&office);
    let token = office.penyelia(&[JARAI]);
    let rows = csv_rows(&office.file(&token, "/v1/export/eppgbm-pengukuran.csv"), b',');
    assert_eq!(
        rows[0][3..11].join(" "),
        "TANGGALUKUR BERAT TINGGI LILA lingkar_kepala Pitting_edema CARAUKUR vita"
    );
    assert_eq!(rows[1][..6], ["1", NIK, "Ani", "2026-10-31", "5.2", ""]);
    assert_eq!(rows[1][8], "2");
    assert_eq!(
        rows[2].join("|"),
        format!(
            "2|{NIK}|Ani|2026-11-24|5.85|58.5|12.3|38.1|tidak|terlentang|biru|||ya|||||tidak|ya"
        )
    );
}

#[test]
fn bnba_has_one_row_a_child_with_its_last_measurement_and_scores() {
    let office = Office::new();
    weighed_twice(&office);
    let token = office.penyelia(&[JARAI]);
    let rows = csv_rows(&office.file(&token, "/v1/export/eppgbm-bnba.csv"), b',');
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0][11], "Pukesmas");
    assert_eq!(
        rows[1][..23].join("|"),
        format!(
            "1|{NIK}|Ani|P|2026-08-31|||Joko / Yuni|Sumatera Selatan|Lahat|Jarai|Contoh Jarai 1|\
             Sadan|Melati I||||0 Tahun - 2 Bulan - 24 Hari|2026-11-24|5.85|58.5|Terlentang|12.3"
        )
    );
    // A girl of 85 days, 58.5 cm and 5.85 kg is normal by every index; she gained 650 g where the
    // KBM asks for more.
    assert_eq!([&rows[1][23], &rows[1][25], &rows[1][27]], ["Normal", "Normal", "Gizi Baik"]);
    for at in [24, 26, 28] {
        let z: f64 = rows[1][at].parse().unwrap();
        assert!(z.abs() < 2.0 && z != 0.0, "{:?}", rows[1]);
    }
    assert_eq!(rows[1][29..32], ["T", "", "1"]);
    let october = csv_rows(&office.file(&token, "/v1/export/eppgbm-bnba.csv?month=2026-10"), b',');
    assert_eq!(october[1][18..20], ["2026-10-31", "5.2"]);
}

#[test]
fn the_recap_counts_sasaran_and_those_of_them_who_were_measured() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[JARAI]);
    for (name, area, born, status, measured) in [
        ("A", SADAN, "2023-05-12", "aktif", Some(("2026-11-05", 700))),
        ("B", SADAN, "2023-05-12", "aktif", Some(("2026-10-05", 900))),
        ("C", SADAN, "2023-05-12", "pindah", Some(("2026-11-05", 900))),
        ("D", SADAN, "2021-11-30", "aktif", Some(("2026-11-05", 900))),
        ("E", SADAN, "2021-12-01", "aktif", None),
        ("F", OTHER_DESA, "2023-05-12", "aktif", Some(("2026-11-05", 940))),
        ("G", SADAN, "2023-05-12", "aktif", Some(("2026-11-06", 880))),
    ] {
        let mut body = child(name);
        body["birth_date"] = json!(born);
        body["status"] = json!(status);
        let id = tablet.child(area, body);
        if let Some((day, height_mm)) = measured {
            for weight_g in [9000, 9100] {
                tablet.add(
                    "measurement",
                    id,
                    json!({"measured_on": day, "weight_g": weight_g, "height_mm": height_mm,
                        "position": "berdiri"}),
                );
            }
        }
    }
    let token = office.person(server::store::Role::Pengamat, &[JARAI]);
    let recap = |query: &str| {
        let address = format!("/v1/export/recap.csv?month=2026-11&{query}");
        csv_rows(&office.file(&token, &address), b',')
    };
    let by_desa = recap("");
    assert_eq!(by_desa.len(), 22, "every desa of the kecamatan has a row");
    // A girl of 41 months with 70 cm is beyond what WHO holds to be possible: measured, not judged.
    assert_eq!(by_desa[1], [SADAN, "Jarai", "Sadan", "2026-11", "4", "2", "1", "0", "1"]);
    assert_eq!(by_desa[2][4..], ["1", "1", "0", "0", "0"]);
    assert_eq!(by_desa[3][4..], ["0", "0", "0", "0", "0"]);
    let by_puskesmas = recap("by=puskesmas");
    assert_eq!(by_puskesmas[1][..5], ["CONTOH-160406-1", "Contoh Jarai 1", "2026-11", "5", "3"]);
    assert_eq!(by_puskesmas.len(), 3);
    let narrow = recap(&format!("area={OTHER_DESA}"));
    assert_eq!(narrow.len(), 2);
    let sums = |rows: &[Vec<String>], at: usize| {
        rows[1..].iter().map(|row| row[at].parse::<u32>().unwrap()).sum::<u32>()
    };
    assert_eq!(sums(&by_desa, 4), sums(&by_puskesmas, 3));
}
