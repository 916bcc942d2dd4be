//! What a worker reads: labels and places in place of the protocol's words, and hints that can be
//! typed as they stand.

use crate::desk::{DESA, Desk};
use crate::tablet::Tablet;
use serde_json::json;

fn tablet() -> Tablet {
    Tablet::enrolled(&Desk::open(json!({})))
}

#[test]
fn a_field_that_must_be_there_is_asked_for_by_its_label() {
    let tablet = tablet();
    tablet.add("Melati");
    for (option, label) in
        [("--birth-date", "Tanggal lahir"), ("--name", "Nama"), ("--sex", "Jenis kelamin")]
    {
        let said = tablet.refused(&["child", "edit", "melati", option, ""]);
        assert_eq!(said, format!("{label} wajib diisi. Tidak disimpan.\n"));
    }
    let said = tablet.refused(&["child", "edit", "melati", "--address", &"x".repeat(5_000)]);
    assert_eq!(said, "Alamat tidak dapat diterima. Tidak disimpan.\n");
}

#[test]
fn the_status_names_the_desa_and_ends_no_name_twice() {
    let tablet = tablet();
    tablet.ok(&["sync"]);
    let said = tablet.ok(&["status"]);
    assert!(said.contains("Petugas: Siti A.\nServer: http"), "{said}");
    assert!(said.contains(&format!("Wilayah tugas: Bandar Aji {DESA} (0 anak)")), "{said}");
}

#[test]
fn a_tablet_that_is_not_enrolled_is_told_how() {
    let tablet = tablet();
    let db = rusqlite::Connection::open(tablet.path()).unwrap();
    db.execute(
        "UPDATE identity SET server_url = NULL, device = NULL, token = NULL, worker_name = NULL",
        [],
    )
    .unwrap();
    drop(db);
    let said = tablet.ok(&["status"]);
    assert!(said.contains("timbang-tablet enrol URL KODE") && !said.contains("sync"), "{said}");
    let said = tablet.refused(&["sync"]);
    assert!(
        said.contains("belum terdaftar") && said.contains("timbang-tablet enrol URL KODE"),
        "{said}"
    );
}

#[test]
fn codes_are_said_as_words_and_fields_in_the_order_of_the_form() {
    let tablet = tablet();
    tablet.add("Melati");
    tablet.ok(&["child", "edit", "melati", "--address", "Dusun II", "--mother", "Ani"]);
    tablet.ok(&["visit", "melati", "--purpose", "kunjungan_rumah", "--date", "2022-01-05"]);
    let lying =
        ["--height-cm", "88", "--position", "terlentang", "--date", "2023-11-01", "--confirm"];
    tablet.ok(&[&["measure", "melati"][..], &lying].concat());
    let said = tablet.ok(&["child", "show", "melati"]);
    assert!(said.contains("Tujuan kunjungan rumah"), "{said}");
    assert!(!said.contains('_'), "{said}");
    let at = |label: &str| said.find(&format!("  {label}: ")).expect(label);
    assert!(at("Nama") < at("Tanggal lahir") && at("Nama ibu") < at("Alamat"), "{said}");
    assert!(tablet.ok(&["child", "delete", "melati"]).contains("dihapus (salah input)"));
}

#[test]
fn what_a_wrong_clock_dated_is_told_by_the_servers_time() {
    let parked = json!({"parked": [1], "receipts": [{"seq": 1, "outcome": "parked",
        "stamp": "0193a5b2c4d10001-acd0f1a7", "code": "not_in_scope"}]});
    let tablet = Tablet::enrolled(&Desk::open(parked));
    tablet.add("Melati");
    tablet.ok(&["sync"]);
    let said = tablet.ok(&["parked"]);
    assert!(said.contains("08-12-2024") && said.contains("(jam tablet salah)"), "{said}");
    assert_eq!(said.to_lowercase().matches("hubungi penyelia").count(), 1, "{said}");
}

#[test]
fn a_wrong_address_is_a_reason_to_look_at_the_address() {
    let tablet = Tablet::new();
    let said = tablet.refused(&["enrol", "http://127.0.0.1:1", "7KQ29MXT3F"]);
    assert!(said.contains("periksa alamat server"), "{said}");
}
