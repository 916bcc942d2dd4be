//! Hari ini: who is to be seen, and how far the month's work is.

use crate::support::{ARIF, DAY, DESA, Tablet, stamp};
use serde_json::json;

#[test]
fn the_months_work_is_told_in_absolute_numbers() {
    let mut tablet = Tablet::with_arif();
    assert!(tablet.show("/").contains("<strong>0 dari 1 anak</strong>"));
    tablet
        .send(&format!("/anak/{ARIF}/ukur"), &[("measured_on", "2026-11-24"), ("weight_g", "9,4")]);
    let shown = tablet.show("/");
    assert!(shown.contains("<strong>1 dari 1 anak</strong>"), "{shown}");
    assert!(shown.contains("semua anak sudah diukur bulan ini"), "{shown}");
}

#[test]
fn a_worker_without_children_is_not_told_that_all_are_measured() {
    let shown = Tablet::with_rows(&json!([])).show("/");
    assert!(shown.contains("Belum ada anak balita di sini."), "{shown}");
    assert!(!shown.contains("sudah diukur"), "{shown}");
}

#[test]
fn a_search_follows_every_key_by_the_name_of_the_child() {
    let mut tablet = Tablet::with_arif();
    assert!(tablet.type_in("/", &[("cari", "ar")]).contains("ARIF"));
    let none = tablet.type_in("/", &[("cari", "arz")]);
    assert!(none.contains("Tidak ada anak yang cocok.") && !none.contains("ARIF"), "{none}");
}

#[test]
fn among_those_who_need_care_gizi_buruk_comes_first() {
    let child = |n: u8, name: &str, muac_mm: u16| {
        let (id, weighing) = (record(n), record(n + 0x10));
        [
            json!({"kind": "child", "id": id, "area": DESA, "stamp": stamp(u64::from(n)), "by": "Budi",
                "body": {"name": name, "sex": "L", "birth_date": "2025-08-01"}}),
            json!({"kind": "measurement", "id": weighing, "child_id": id, "area": DESA,
                "stamp": stamp(u64::from(n) + 0x10), "by": "Budi",
                "body": {"child_id": id, "measured_on": "2026-11-20", "muac_mm": muac_mm}}),
        ]
    };
    let rows = [child(1, "ADI", 120), child(2, "ZAKI", 110)].concat();
    let shown = Tablet::with_rows(&json!(rows)).show("/");
    let (adi, zaki) = (shown.find("ADI"), shown.find("ZAKI"));
    assert!(shown.contains("gizi buruk") && shown.contains("gizi kurang"), "{shown}");
    assert!(zaki < adi, "{shown}");
}

/// The list stays in memory: what a sync brought, changed, moved by its name or took away is read
/// again, and the rest is not.
#[test]
fn the_list_follows_what_a_sync_brings_as_if_it_were_read_anew() {
    let child = |n: u8, name: &str, tick: u64| {
        json!({"kind": "child", "id": record(n), "area": DESA, "stamp": stamp(tick), "by": "Budi",
            "body": {"name": name, "sex": "L", "birth_date": "2025-08-01"}})
    };
    let weighing = |n: u8, of: u8, muac_mm: u16| {
        json!({"kind": "measurement", "id": record(n), "child_id": record(of), "area": DESA,
            "stamp": stamp(u64::from(n)), "by": "Budi",
            "body": {"child_id": record(of), "measured_on": "2026-11-20", "muac_mm": muac_mm}})
    };
    let visit = json!({"kind": "visit", "id": record(0x30), "child_id": record(1), "area": DESA,
        "stamp": stamp(0x30), "by": "Budi", "body": {"child_id": record(1),
        "visited_on": "2026-11-01", "purpose": "konseling", "next_visit_on": "2026-11-20"}});
    let mut rows = vec![child(1, "ADI", 1), child(2, "budi", 2), child(3, "CITRA", 3)];
    let mut tablet = Tablet::with_rows(&json!(rows));
    let names = |shown: &str| -> Vec<(Option<usize>, &str)> {
        let mut found: Vec<_> =
            ["ADI", "budi", "CITRA", "ABIL", "DEWI"].map(|name| (shown.find(name), name)).into();
        found.retain(|(place, _)| place.is_some());
        found.sort();
        found
    };
    for brought in [
        vec![weighing(0x12, 2, 110)],
        vec![visit],
        vec![child(3, "ABIL", 0x40), child(4, "DEWI", 0x41)],
        vec![weighing(0x44, 4, 150)],
    ] {
        tablet.sync(&json!({"rows": brought, "cursor": format!("c{}", rows.len())}));
        rows.extend(brought);
        let mut anew = Tablet::with_rows(&json!(rows));
        let (kept, read) = (tablet.show("/"), anew.show("/"));
        assert_eq!(names(&kept), names(&read));
        assert_eq!(kept, read);
    }
    tablet
        .sync(&json!({"rows": [{"kind": "child", "id": record(2), "gone": true}], "cursor": "c"}));
    assert!(!tablet.show("/").contains("budi"));
}

/// The desa to look into are those that have children, also after the last one of a desa has left it.
#[test]
fn a_desa_whose_last_child_left_is_none_to_choose() {
    let child = |n: u8, area: &str, tick: u64| {
        json!({"kind": "child", "id": record(n), "area": area, "stamp": stamp(tick), "by": "Budi",
            "body": {"name": "ADI", "sex": "L", "birth_date": "2025-08-01"}})
    };
    let mut tablet = Tablet::new();
    tablet.send("/daftar", &[("kode", "7KQ29MXT3F"), ("nama", "Tab A7")]);
    let both = json!([DESA, "16.04.06.2009"]);
    let rows = json!([child(1, DESA, 1), child(2, "16.04.06.2009", 2)]);
    tablet.sync(&json!({"areas": both, "rows": rows}));
    tablet.show("/");
    let choice = r#"<option value="16.04.06.2009""#;
    assert!(tablet.show("/").contains(choice));
    tablet.sync(&json!({"areas": both, "rows": [child(2, DESA, 3)], "cursor": "c2"}));
    let shown = tablet.show("/");
    assert!(shown.contains("0 dari 2 anak") && !shown.contains(choice), "{shown}");
}

/// A tablet that was left on over night.
#[test]
fn a_new_month_begins_with_nobody_measured() {
    let mut tablet = Tablet::with_arif();
    tablet
        .send(&format!("/anak/{ARIF}/ukur"), &[("measured_on", "2026-11-24"), ("weight_g", "9,4")]);
    assert!(tablet.show("/").contains("<strong>1 dari 1 anak</strong>"));
    tablet.clock.pass(7 * DAY);
    assert!(tablet.show("/").contains("<strong>0 dari 1 anak</strong>"));
}

fn record(n: u8) -> String {
    format!("00000000-0000-4000-8000-0000000000{n:02x}")
}
