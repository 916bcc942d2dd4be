//! `enrol`, and what a command says without it.

use crate::desk::Desk;
use crate::tablet::Tablet;
use serde_json::{Value, json};

#[test]
fn a_code_enrols_once_and_again_only_on_demand() {
    let desk = Desk::open(json!({}));
    let tablet = Tablet::new();
    assert!(
        tablet.ok(&["enrol", &desk.url, "7KQ29MXT3F"]).starts_with("Terdaftar. Petugas: Siti A.")
    );
    assert!(tablet.refused(&["enrol", &desk.url, "7KQ29MXT3F"]).contains("--again"));
    tablet.ok(&["enrol", &desk.url, "NEWCODE123", "--again"]);
}

#[test]
fn childrens_names_do_not_travel_in_the_open() {
    let tablet = Tablet::new();
    let said = tablet.refused(&["enrol", "http://timbang.example", "C"]);
    assert!(said.contains("tidak terenkripsi"), "{said}");
}

#[test]
fn a_mistyped_file_is_not_an_empty_tablet() {
    let tablet = Tablet::new();
    assert!(tablet.refused(&["status"]).contains("tidak ada"));
    assert!(!tablet.path().exists());
}

#[test]
fn errors_are_json_for_scripts_and_usage_errors_are_2() {
    let tablet = Tablet::new();
    let said = tablet.run(&["--json", "status"]);
    let error: Value = serde_json::from_str(&said.err).unwrap();
    assert_eq!((said.code, &error["error"]), (1, &json!("no_file")));
    assert!(error["message"].is_string());
    assert_eq!(tablet.run(&["nonsense"]).code, 2);
    assert_eq!(tablet.run(&["measure"]).code, 2);
    assert!(tablet.ok(&["--help"]).contains("Contoh:"));
}

#[test]
fn a_table_named_by_mistake_stays_what_it_is() {
    let tablet = Tablet::new();
    std::fs::write(tablet.path(), "nik,nama\n1,Melati\n").unwrap();
    let said = tablet.refused(&["status"]);
    assert!(said.contains("bukan berkas Timbang dan tidak diubah"), "{said}");
    assert_eq!(std::fs::read_to_string(tablet.path()).unwrap(), "nik,nama\n1,Melati\n");
}

#[test]
fn a_damaged_file_is_told() {
    let desk = Desk::open(json!({}));
    let tablet = Tablet::enrolled(&desk);
    std::fs::write(tablet.path(), vec![0; 8192]).unwrap();
    let said = tablet.run(&["status"]);
    assert!(said.err.contains("disisihkan ke") && said.err.contains(".rusak-"), "{}", said.err);
    assert!(said.out.contains("belum terdaftar"));
}
