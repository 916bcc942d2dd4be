//! The monthly reports of a village that was counted by hand.
//!
//! October 2026. Girls of 24 months have a median of 11.5 kg and 85.7 cm; -2 SD are 9.0 kg and
//! 79.3 cm, -3 SD 8.1 kg and 76.0 cm.

use crate::support::{FAR_DESA, JARAI, OTHER_DESA, Office, SADAN, Tablet};
use serde_json::{Value, json};
use server::store::Role;
use sync_protocol::ids::RecordId;

const BORN: &str = "2024-10-01";

fn girl(name: &str, born: &str) -> Value {
    json!({"name": name, "sex": "P", "birth_date": born, "posyandu": "Melati I"})
}

fn with(mut body: Value, more: &Value) -> Value {
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn measure(tablet: &mut Tablet<'_>, child: RecordId, on: &str, more: Value) {
    tablet.add("measurement", child, with(json!({"measured_on": on}), &more));
}

/// Adds a child with its measurements.
fn add(tablet: &mut Tablet<'_>, area: &str, body: Value, rows: &[(&str, Value)]) -> RecordId {
    let child = tablet.child(area, body);
    for (on, row) in rows {
        measure(tablet, child, on, row.clone());
    }
    child
}

fn kg(grams: u32) -> Value {
    json!({"weight_g": grams})
}

fn standing(grams: u32, mm: u32) -> Value {
    json!({"weight_g": grams, "height_mm": mm, "position": "berdiri"})
}

fn village(office: &Office) {
    let tablet = &mut office.tablet("Siti", &["16.04"]);
    let card = json!({"kia_book": true});
    let arm = |mm: u32| json!({"muac_mm": mm});
    // N: 300 g, where 200 g are the least.
    let gains = with(standing(10_300, 850), &arm(140));
    add(
        tablet,
        SADAN,
        with(girl("Naik", BORN), &card),
        &[("2026-09-10", kg(10_000)), ("2026-10-10", gains)],
    );
    // T at two weighings in a row.
    let rows = [("2026-08-10", kg(10_000)), ("2026-09-10", kg(10_100)), ("2026-10-10", kg(10_100))];
    add(tablet, SADAN, girl("Dua T", BORN), &rows);
    // O: not weighed in September.
    let rows = [("2026-08-10", kg(9_500)), ("2026-10-10", kg(10_000))];
    add(tablet, SADAN, with(girl("Absen", BORN), &card), &rows);
    // Weighed twice: counts once, and the second weighing does not unmeasure the height.
    let rows = [("2026-10-05", standing(10_200, 860)), ("2026-10-20", kg(10_400))];
    add(tablet, SADAN, with(girl("Dua Kali", BORN), &card), &rows);
    add(tablet, SADAN, girl("Pendek", BORN), &[("2026-10-10", standing(10_000, 780))]);
    add(tablet, SADAN, girl("Sangat Pendek", BORN), &[("2026-10-10", standing(9_600, 750))]);
    // Too short to be true: flagged, and outside of the table of BB/TB.
    add(tablet, SADAN, girl("Salah Ukur", BORN), &[("2026-10-10", standing(10_000, 620))]);
    let oedema = with(standing(12_000, 860), &json!({"oedema": 2}));
    add(tablet, SADAN, girl("Edema", BORN), &[("2026-10-10", oedema)]);
    let thin = with(kg(8_400), &arm(112));
    add(tablet, SADAN, girl("Garis Merah", BORN), &[("2026-10-10", thin)]);
    add(tablet, SADAN, girl("Tidak Datang", BORN), &[]);
    let died = json!({"status": "meninggal", "status_on": "2026-09-15"});
    add(tablet, SADAN, with(girl("Meninggal", BORN), &died), &[("2026-09-01", kg(9_000))]);
    // On the list in October: left in November.
    let left = json!({"status": "pindah", "status_on": "2026-11-05"});
    add(tablet, SADAN, with(girl("Pindah", BORN), &left), &[("2026-10-10", kg(10_000))]);
    // Turned five on 15 October: not on the list on its last day.
    add(tablet, SADAN, girl("Lima Tahun", "2021-10-15"), &[("2026-10-02", kg(15_000))]);
    add(tablet, SADAN, girl("Hampir Lima", "2021-11-01"), &[]);
    let doubled = add(tablet, SADAN, girl("Ganda", BORN), &[("2026-10-10", kg(10_000))]);
    tablet.push(doubled, "child", json!({"deleted": "ganda"}));
    let lying = json!({"weight_g": 9_000, "height_mm": 730, "position": "terlentang"});
    let baby = with(girl("Baduta", "2025-10-10"), &json!({"posyandu": "Kenanga"}));
    add(tablet, OTHER_DESA, baby, &[("2026-10-10", lying)]);
    add(tablet, FAR_DESA, girl("Jauh", BORN), &[("2026-10-10", kg(10_000))]);
}

#[track_caller]
fn check_figures(figures: &Value, expected: Value) {
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&figures[name], value, "{name} of {figures}");
    }
}

#[test]
fn coverage_is_what_was_counted_by_hand() {
    let office = Office::new();
    village(&office);
    let token = office.person(Role::Pengamat, &[JARAI]);
    let report = office.get(&token, "/v1/reports/coverage?month=2026-10&by=desa");
    check_figures(
        &report["total"],
        json!({"s": 13, "k": 3, "d": 11, "n": 1, "t": 1, "o": 1, "b": 8, "two_t": 1, "bgm": 2,
            "d_weighed_last_month": 2, "bgm_flagged": 0, "k_s_percent": 23.1, "d_s_percent": 84.6,
            "d_k_percent": 366.7, "n_d_percent": 50.0, "two_t_d_percent": 9.1, "bgm_d_percent": 18.2}),
    );
    assert_eq!(report["red_line"], "BGM: BB/U < -2 SD");
    let areas = report["areas"].as_array().unwrap();
    assert_eq!(areas.len(), 21, "every desa of Jarai, also those without a child");
    assert_eq!((&areas[0]["area"], &areas[0]["name"]), (&json!(SADAN), &json!("Sadan")));
    check_figures(&areas[0], json!({"s": 12, "d": 10, "b": 7}));
    check_figures(&areas[1], json!({"s": 1, "d": 1, "b": 1}));
    check_figures(&areas[2], json!({"s": 0, "d_s_percent": null}));
}

#[test]
fn the_red_line_the_age_and_the_posyandu_can_be_asked_for() {
    let office = Office::new();
    village(&office);
    let token = office.penyelia(&["16.04"]);
    let total = |query: &str| {
        let address = format!("/v1/reports/coverage?month=2026-10&area={JARAI}&{query}");
        office.get(&token, &address)
    };
    let report = total("red_line=-3");
    check_figures(&report["total"], json!({"bgm": 1}));
    assert_eq!(report["red_line"], "BGM: BB/U < -3 SD");
    let report = total("ages=0-23");
    check_figures(&report["total"], json!({"s": 1, "d": 1, "b": 1, "n_d_percent": null}));
    check_figures(&total("posyandu=melati+i")["total"], json!({"s": 12}));
    check_figures(&total("puskesmas=CONTOH-160406-2")["total"], json!({"s": 0}));
    let report = total("by=kecamatan");
    assert_eq!(report["areas"].as_array().unwrap().len(), 1);
    check_figures(&report["areas"][0], json!({"area": JARAI, "name": "Jarai", "s": 13}));
    for query in ["red_line=1", "ages=0-5", "by=rt", "bulan=1"] {
        let address = format!("/v1/reports/coverage?month=2026-10&{query}");
        assert_eq!(office.refused(&token, &address).0, 400, "{query}");
    }
    assert_eq!(office.refused(&token, "/v1/reports/coverage").0, 400);
}

#[test]
fn prevalence_is_what_was_counted_by_hand() {
    let office = Office::new();
    village(&office);
    let token = office.person(Role::Pengamat, &[JARAI]);
    let report = office.get(&token, "/v1/reports/prevalence?month=2026-10");
    let total = &report["total"];
    check_figures(
        total,
        json!({"sasaran": 13,
            "stunting": {"count": 2, "of": 6, "percent": 33.3},
            "wasting": {"count": 1, "of": 6, "percent": 16.7},
            "underweight": {"count": 2, "of": 11, "percent": 18.2}}),
    );
    let indices = &total["indices"];
    check_figures(
        &indices["tbu"],
        json!({"measured": 7, "flagged": 1, "unscored": 0, "counted": 6}),
    );
    check_figures(
        &indices["bbtb"],
        json!({"measured": 7, "flagged": 0, "unscored": 1, "oedema": 1, "counted": 6}),
    );
    check_figures(&indices["imtu"], json!({"measured": 7, "flagged": 1, "oedema": 1}));
    check_figures(&indices["bbu"], json!({"measured": 11, "oedema": 1, "counted": 11}));
    check_figures(&indices["lila"], json!({"measured": 2, "counted": 2}));
    let counts = |index: &str| -> Vec<u64> {
        let categories = indices[index]["categories"].as_array().unwrap();
        categories.iter().map(|category| category["count"].as_u64().unwrap()).collect()
    };
    assert_eq!(counts("tbu"), [1, 1, 4, 0]);
    assert_eq!(counts("bbu"), [1, 1, 9, 0]);
    assert_eq!(counts("bbtb"), [1, 0, 5, 0, 0, 0]);
    assert_eq!(counts("lila"), [1, 0, 1]);
    let stunted = &indices["tbu"]["categories"][1];
    assert_eq!((&stunted["name"], &stunted["percent"]), (&json!("Pendek"), &json!(16.7)));
    assert!(report["attribution"].as_str().unwrap().contains("World Health Organization"));
}

#[test]
fn a_report_shows_the_callers_scope_and_no_more() {
    let office = Office::new();
    village(&office);
    let s = |token: &str, query: &str| {
        let report = office.get(token, &format!("/v1/reports/coverage?month=2026-10{query}"));
        report["total"]["s"].as_u64().unwrap()
    };
    let desa = office.penyelia(&[SADAN]);
    assert_eq!(s(&desa, ""), 12);
    assert_eq!(s(&desa, &format!("&area={JARAI}")), 12);
    assert_eq!(s(&desa, &format!("&area={OTHER_DESA}")), 0);
    assert_eq!(s(&office.penyelia(&[FAR_DESA]), ""), 1);
    let tenaga = office.person(Role::Tenaga, &[SADAN]);
    assert_eq!(office.refused(&tenaga, "/v1/reports/coverage?month=2026-10").0, 403);
}

#[test]
fn many_children_are_read_by_the_month_with_the_same_figures() {
    let office = Office::new();
    village(&office);
    let token = office.penyelia(&["16.04"]);
    let address = "/v1/reports/prevalence?month=2026-10";
    let before = office.get(&token, address);
    // More than are looked up one by one; nobody of them was measured.
    let rows: String =
        (0..1_100).map(|n| format!("Anak {n},L,2025-01-{:02}\n", n % 28 + 1)).collect();
    office.import(&format!("nama_anak,jenis_kelamin,tgl_lahir\n{rows}"), SADAN);
    let after = office.get(&token, address);
    assert_eq!(
        after["total"]["sasaran"],
        json!(before["total"]["sasaran"].as_u64().unwrap() + 1_100)
    );
    assert_eq!(after["total"]["indices"], before["total"]["indices"]);
}
