//! Files out: who may take them, what they say of themselves, and how they travel.

use super::support::{
    DAY, FAR_DESA, JARAI, NIK, NIK_MASKED, OTHER_DESA, Office, SADAN, child, csv_rows,
};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use serde_json::{Value, json};
use server::access::selection::Filters;
use server::admin::export::{ExportOrder, export};
use server::export::csv::CsvOptions;
use server::export::recap::RecapBy;
use server::export::{Format, What};
use server::http::Response;
use server::http::serve::{Listen, block_on, start};
use server::store::Role;
use std::io::{Cursor, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::channel;

/// Two children of Jarai with measurements and a visit, and one far away.
fn filled(office: &Office) {
    let mut tablet = office.tablet("Siti", &[JARAI, FAR_DESA]);
    for (name, area) in [("Ani", SADAN), ("Budi", OTHER_DESA), ("Cici", FAR_DESA)] {
        let id = tablet.child(area, child(name));
        for day in ["2026-10-05", "2026-11-05"] {
            tablet.add(
                "measurement",
                id,
                json!({"measured_on": day, "weight_g": 9150,
                "height_mm": 801, "position": "berdiri", "oedema": 0, "vitamin_a": "merah"}),
            );
        }
        tablet.add(
            "visit",
            id,
            json!({"visited_on": "2026-11-06", "purpose": "pmt",
            "topics": ["ASI", "MP-ASI"], "pmt": {"kind": "lokal", "days": 14}}),
        );
    }
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    let found = response.headers.iter().find(|(given, _)| *given == name);
    found.map(|(_, value)| value.as_str()).unwrap_or_default()
}

#[test]
fn a_file_holds_exactly_the_scope_and_says_what_it_is_a_picture_of() {
    let office = Office::new();
    filled(&office);
    let token = office.penyelia(&[JARAI]);
    for (what, query, count) in [
        ("children", "", 2),
        ("children", "area=16.04.06.2008", 1),
        ("children", "area=16.04.07", 0),
        ("measurements", "", 4),
        ("measurements", "month=2026-11", 2),
        ("visits", "month=2026-10", 0),
        ("visits", "posyandu=melati i", 2),
    ] {
        let csv = csv_rows(&office.file(&token, &format!("/v1/export/{what}.csv?{query}")), b',');
        assert_eq!(csv.len() - 1, count, "{what} {query}");
        let lines = office.file(&token, &format!("/v1/export/{what}.ndjson?{query}"));
        let lines: Vec<Value> = String::from_utf8(lines)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len() - 1, count, "{what} {query}");
        assert_eq!(lines[count]["as_of"]["rows"], count);
        // Nobody works where the person may not look.
        assert_eq!(lines[count]["as_of"]["devices"], u8::from(query != "area=16.04.07"));
    }
    let response = office.answer(&token, "/v1/export/measurements.csv?month=2026-11");
    let feed: u64 = header(&response, "X-Timbang-As-Of-Feed").parse().unwrap();
    assert!(feed > 0);
    assert_eq!(header(&response, "X-Timbang-As-Of-Time"), "2026-11-24T02:15:00.000+00:00");
    assert_eq!(
        header(&response, "X-Timbang-Completeness"),
        "devices=1; silent=0; parked=0; conflicts=0"
    );
    assert_eq!(
        header(&response, "Content-Disposition"),
        format!(
            "attachment; filename=\"measurements_16.04.06_2026-11_feed-{feed}_20261124T021500Z.csv\""
        )
    );
    assert_eq!(response.content_type, "text/csv; charset=utf-8");
    let audited = office.audited("exported");
    assert_eq!(
        audited.last().unwrap()["subject"],
        json!({"what": "measurements", "format": "csv", "areas": [JARAI], "posyandu": null,
            "month": "2026-11", "rows": 2, "feed": feed})
    );
    assert_eq!(audited.len(), 15);

    // A week later the tablet is silent.
    office.pass(8 * DAY);
    let late = office.answer(&token, "/v1/export/children.csv");
    assert_eq!(
        header(&late, "X-Timbang-Completeness"),
        "devices=1; silent=1; parked=0; conflicts=0"
    );
}

#[test]
fn files_by_name_are_for_a_penyelia_and_figures_for_everybody_who_reads() {
    let office = Office::new();
    filled(&office);
    let by_name = ["children.csv", "visits.ndjson", "eppgbm-bnba.xlsx", "eppgbm-identitas.csv"];
    for role in [Role::Penyelia, Role::Pengamat, Role::Admin, Role::Tenaga] {
        let token = office.person(role, &[JARAI]);
        for name in by_name {
            let status = office.answer(&token, &format!("/v1/export/{name}")).status;
            assert_eq!(status, if role == Role::Penyelia { 200 } else { 403 }, "{role} {name}");
        }
        let recap = office.answer(&token, "/v1/export/recap.csv?month=2026-11");
        assert_eq!(recap.status, if role == Role::Tenaga { 403 } else { 200 }, "{role}");
        assert!(!String::from_utf8_lossy(&recap.bytes().unwrap()).contains("Ani"));
    }
    assert_eq!(office.audited("exported").len(), by_name.len() + 3);
    let token = office.penyelia(&[JARAI]);
    for (name, refusal) in [
        ("children.pdf", (404, "not_found")),
        ("devices.csv", (404, "not_found")),
        ("eppgbm-bnba.ndjson", (404, "not_found")),
        ("recap.csv", (400, "malformed")),
        ("recap.csv?month=2026-13", (400, "malformed")),
        ("children.csv?month=2026-11", (400, "malformed")),
        ("children.csv?separator=|", (400, "malformed")),
        ("children.csv?bom=yes", (400, "malformed")),
    ] {
        let refused = office.refused(&token, &format!("/v1/export/{name}"));
        assert_eq!(refused, (refusal.0, refusal.1.to_owned()), "{name}");
    }
}

#[test]
fn a_csv_file_takes_a_mark_a_semicolon_and_a_note() {
    let office = Office::new();
    filled(&office);
    let token = office.penyelia(&[JARAI]);
    let plain = office.file(&token, "/v1/export/measurements.csv");
    assert!(plain.starts_with(b"id,child_id,child_name,"));
    let rows = csv_rows(&plain, b',');
    let at = |name: &str| rows[0].iter().position(|header| header == name).unwrap();
    assert_eq!(rows[1][at("child_name")], "Ani");
    assert_eq!(rows[1][at("child_nik")], NIK_MASKED);
    assert_eq!(rows[1][at("desa")], "Sadan");
    assert_eq!(rows[1][at("kecamatan")], "Jarai");
    assert_eq!(rows[1][at("puskesmas")], "Contoh Jarai 1");
    assert_eq!(rows[1][at("weight_g")], "9150");
    assert_eq!(rows[1][at("measured_on")], "2026-10-05");
    assert_eq!(rows[1][at("changed_by")], "Siti");
    let marked = office.file(&token, "/v1/export/measurements.csv?bom=1&separator=;&note=1");
    assert!(marked.starts_with("\u{FEFF}id;child_id;".as_bytes()));
    let noted = csv_rows(&marked, b';');
    assert_eq!(noted[..rows.len()], rows);
    assert_eq!(noted.len(), rows.len() + 1);
    assert!(noted[rows.len()][0].starts_with("Keterangan: posisi feed "), "{noted:?}");
    let escaped = office.file(&token, "/v1/export/measurements.csv?bom=1&separator=%3B&note=1");
    assert_eq!(escaped, marked);
}

#[test]
fn a_workbook_has_real_numbers_and_dates_and_nik_as_text() {
    let office = Office::new();
    filled(&office);
    let token = office.penyelia(&[JARAI]);
    let bytes = office.file(&token, "/v1/export/measurements.xlsx");
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["measurements", "keterangan"]);
    let sheet = book.worksheet_range("measurements").unwrap();
    let rows: Vec<&[Data]> = sheet.rows().collect();
    assert_eq!(rows.len(), 5);
    let at = |name: &str| {
        rows[0].iter().position(|cell| *cell == Data::String(name.to_owned())).unwrap()
    };
    assert_eq!(rows[1][at("child_nik")], Data::String(NIK_MASKED.to_owned()));
    assert_eq!(rows[1][at("weight_g")], Data::Float(9150.0));
    let day = &rows[1][at("measured_on")];
    let Data::DateTime(day) = day else { panic!("{day:?}") };
    assert!((day.as_f64() - 46_300.0).abs() < f64::EPSILON, "2026-10-05 is day 46300: {day:?}");
    let note = book.worksheet_range("keterangan").unwrap();
    assert_eq!(note.get((0, 0)), Some(&Data::String("Posisi feed".to_owned())));
    assert!(matches!(note.get((0, 1)), Some(Data::Float(feed)) if *feed > 0.0));
    let mut archive = Vec::new();
    office
        .answer(&token, "/v1/export/measurements.xlsx")
        .file
        .unwrap()
        .as_ref()
        .read_to_end(&mut archive)
        .unwrap();
    assert!(archive.starts_with(b"PK"));
}

#[test]
fn a_file_travels_in_pieces_and_whole() {
    let office = Office::new();
    let mut rows = "nama_anak,tgl_lahir,jenis_kelamin,alamat\n".to_owned();
    for n in 0..1500 {
        let born = format!("2024-{:02}-{:02}", n % 12 + 1, n % 28 + 1);
        rows += &format!("Anak {n},{born},L,{}\n", "Dusun Talang ".repeat(20));
    }
    assert_eq!(office.import(&rows, SADAN).added, 1500);
    let token = office.penyelia(&[JARAI]);
    let expected = office.file(&token, "/v1/export/children.csv");
    assert!(expected.len() > 5 * 64 * 1024);

    let (tell, told) = channel();
    let gateway = Arc::clone(&office.gateway);
    let thread = std::thread::spawn(move || {
        block_on(async {
            let running = start(gateway, &Listen::plain((Ipv4Addr::LOCALHOST, 0).into())).unwrap();
            tell.send((running.address, running.handle())).unwrap();
            running.wait().await.unwrap();
        });
    });
    let (address, handle) = told.recv().unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET /v1/export/children.csv HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Accept-Encoding: zstd, gzip\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).unwrap();
    handle.stop();
    thread.join().unwrap();
    let head_end = reply.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(reply[..head_end].to_vec()).unwrap().to_lowercase();
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(head.contains(&format!("content-length: {}", expected.len())), "{head}");
    assert!(head.contains("x-timbang-as-of-feed: "), "{head}");
    assert!(!head.contains("content-encoding"), "{head}");
    assert_eq!(reply[head_end + 4..], expected);
}

#[test]
fn no_file_is_left_in_the_data_directory() {
    let office = Office::new();
    filled(&office);
    let token = office.penyelia(&[JARAI]);
    let names = || {
        let entries = std::fs::read_dir(office.dir.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    let held = office.answer(&token, "/v1/export/children.xlsx");
    assert_eq!(names(), before, "while it is being sent");
    drop(held);
    assert_eq!(names(), before);
}

#[test]
fn the_command_line_writes_the_same_file_for_the_whole_kabupaten() {
    let office = Office::new();
    filled(&office);
    let token = office.penyelia(&["16.04"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("children.csv");
    let mut order = ExportOrder {
        what: What::Children,
        format: Format::Csv,
        filters: Filters::default(),
        csv: CsvOptions::default(),
        recap_by: RecapBy::Desa,
    };
    let exported = export(&office.service, &order, &file).unwrap();
    assert_eq!(exported.rows, 3);
    let same = office.file(&token, "/v1/export/children.csv");
    assert_eq!(std::fs::read(&file).unwrap(), same);
    assert_eq!(office.audited("exported")[0]["who"], "command line");
    order.filters.area = Some(SADAN.parse().unwrap());
    assert_eq!(export(&office.service, &order, &file).unwrap().rows, 1);
    order.what = What::EppgbmBnba;
    order.format = Format::Ndjson;
    assert!(export(&office.service, &order, &folder.path().join("x.ndjson")).is_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "children's data is for its owner: {mode:o}");
    }
}

#[test]
fn only_the_layouts_of_eppgbm_carry_a_whole_number() {
    let office = Office::new();
    filled(&office);
    let token = office.penyelia(&[JARAI]);
    let holds = |what: &str| {
        let file = office.file(&token, &format!("/v1/export/{what}"));
        String::from_utf8(file).unwrap().contains(NIK)
    };
    for plain in ["children", "measurements", "visits"] {
        for format in ["csv", "ndjson"] {
            assert!(!holds(&format!("{plain}.{format}")), "{plain}.{format}");
        }
    }
    assert!(holds("eppgbm-identitas.csv"));
}
