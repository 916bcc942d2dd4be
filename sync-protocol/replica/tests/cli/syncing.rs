//! `sync` over HTTP, and what is said afterwards.

use crate::desk::{DESA, Desk};
use crate::tablet::{Tablet, tail};
use serde_json::json;

#[test]
fn selesai_is_said_only_when_it_is_true() {
    let desk = Desk::open(json!({}));
    let tablet = Tablet::enrolled(&desk);
    tablet.add("Melati");
    let status = tablet.ok(&["status"]);
    assert!(!status.contains("Selesai") && status.contains("Menunggu terkirim: 1"), "{status}");
    let said = tablet.ok(&["sync"]);
    assert!(said.contains("Terkirim 1 perubahan") && said.contains("Selesai"), "{said}");
    assert!(tablet.ok(&["status"]).contains("Selesai"));
    assert_eq!(tablet.json(&["status"])["complete"], true);
    tablet.add("Mawar");
    assert!(!tablet.ok(&["status"]).contains("Selesai"));
}

#[test]
fn a_digest_that_differs_is_not_selesai() {
    let wrong =
        json!({"digest": {DESA: {"count": 1, "sum": "0000000000000001"}}, "orders": ["reset"]});
    let tablet = Tablet::enrolled(&Desk::open(wrong));
    let said = tablet.ok(&["sync"]);
    assert!(
        said.contains(&format!("Data belum sama dengan server di Bandar Aji {DESA}")),
        "{said}"
    );
    assert!(!said.contains("Selesai"));
}

#[test]
fn a_desa_is_named_after_the_first_sync() {
    let tablet = Tablet::enrolled(&Desk::open(json!({})));
    tablet.ok(&["sync"]);
    tablet.add("Melati");
    assert!(tablet.ok(&["child", "list"]).contains("Bandar Aji"));
    tablet.ok(&["child", "move", "melati", "Kota Agung/Bandar Aji"]);
    assert_eq!(tablet.json(&["child", "list"])[0]["area"], "16.04.10.1001");
    assert_eq!(tablet.json(&["child", "show", "melati"])["area_name"], "Bandar Aji");
    let unknown = tablet.refused(&["child", "move", "melati", "16.04.99.2001"]);
    assert!(unknown.contains("tidak dikenal"), "{unknown}");
}

#[test]
fn without_a_line_the_worker_reads_what_waits() {
    let desk = Desk::open(json!({}));
    let tablet = Tablet::enrolled(&desk);
    tablet.add("Melati");
    let db = rusqlite::Connection::open(tablet.path()).unwrap();
    db.execute("UPDATE identity SET server_url = 'http://127.0.0.1:1', token = 'x'", []).unwrap();
    drop(db);
    let said = tablet.run(&["--json", "child", "list"]);
    assert_eq!(said.code, 0, "work goes on without a line");
    db_points_to(&tablet, &desk.url);
    let said = tablet.refused(&["sync"]);
    assert!(said.contains("Server menolak tablet ini. Tidak ada data yang dihapus"), "{said}");
    assert!(said.contains("Menunggu terkirim: 1 perubahan"), "{said}");
}

fn db_points_to(tablet: &Tablet, url: &str) {
    let db = rusqlite::Connection::open(tablet.path()).unwrap();
    db.execute("UPDATE identity SET server_url = ?1", [url]).unwrap();
}

#[test]
fn what_the_server_replaced_is_read_with_both_values() {
    let tablet = Tablet::enrolled(&Desk::open(json!({})));
    let id = tablet.add("Melati");
    let row = json!({"kind": "child", "id": id, "area": DESA, "stamp": "0200000000000000-00000b0b",
        "by": "Budi", "body": {"name": "Melati Sari", "sex": "P", "birth_date": "2021-05-01"}});
    let desk = Desk::open(json!({"rows": [row], "cursor": "c2"}));
    db_points_to(&tablet, &desk.url);
    tablet.ok(&["sync"]);
    let said = tablet.ok(&["superseded"]);
    assert!(said.contains("oleh Budi") && said.contains("Nama: Melati -> Melati Sari"), "{said}");
    assert_eq!(tablet.json(&["superseded"])[0]["fields"][0]["new"], "Melati Sari");
}

#[test]
fn what_is_tertahan_names_the_command_that_mends_it() {
    let parked = json!({"parked": [1], "receipts": [{"seq": 1, "outcome": "parked",
        "stamp": "0193a5b2c4d10001-acd0f1a7", "code": "invalid_field", "field": "nik",
        "message": "Perbaiki isian itu."}]});
    let tablet = Tablet::enrolled(&Desk::open(parked));
    let id = tablet.add("Melati");
    tablet.ok(&["sync"]);
    let said = tablet.ok(&["parked"]);
    assert!(said.contains("anak Melati (NIK): Perbaiki isian itu."), "{said}");
    assert!(said.contains(&format!("child edit {}", tail(&id))), "{said}");
    assert!(tablet.ok(&["status"]).contains("Tertahan: 1."));
    assert_eq!(tablet.json(&["parked"])[0]["code"], "invalid_field");
}

#[test]
fn the_key_travels_in_the_header_only() {
    let desk = Desk::open(json!({}));
    let tablet = Tablet::enrolled(&desk);
    tablet.add("Melati");
    tablet.ok(&["sync"]);
    let heard = desk.heard.lock().unwrap();
    assert!(heard.iter().all(|body| !body.to_string().contains("tbg_1")));
    assert!(!tablet.json(&["status"]).to_string().contains("tbg_1"));
}

#[test]
fn a_sync_that_failed_never_says_selesai() {
    let tablet = Tablet::enrolled(&Desk::open(json!({})));
    tablet.ok(&["sync"]);
    let db = rusqlite::Connection::open(tablet.path()).unwrap();
    db.execute("UPDATE identity SET token = 'x'", []).unwrap();
    drop(db);
    assert!(!tablet.refused(&["sync"]).contains("Selesai"));
}
