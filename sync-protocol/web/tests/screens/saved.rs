//! What the worker reads after a save, while it is sent and after that.

use crate::support::{ARIF, DAY, Tablet, receipt};
use serde_json::json;

const WEIGHED: [(&str, &str); 2] = [("measured_on", "2026-11-24"), ("weight_g", "9,4")];
const WAITS: &str = "Tersimpan di tablet, belum terkirim.";
const SENT: &str = "Tersimpan dan terkirim.";

fn weighed() -> (Tablet, String) {
    let mut tablet = Tablet::with_arif();
    let told = tablet.send(&format!("/anak/{ARIF}/ukur"), &WEIGHED);
    assert!(told.contains(WAITS), "{told}");
    (tablet, format!("/anak/{ARIF}"))
}

#[test]
fn a_save_is_told_as_sent_when_its_receipt_is_there_and_not_before() {
    let (mut tablet, child) = weighed();
    tablet.sync_without_signal();
    assert!(tablet.show(&child).contains(WAITS));
    tablet.sync(&json!({}));
    let told = tablet.show(&child);
    assert!(told.contains(SENT) && !told.contains(WAITS), "{told}");
}

#[test]
fn a_save_that_the_server_holds_back_is_told_as_tertahan_with_a_way_to_the_reason() {
    let (mut tablet, child) = weighed();
    let mut parked = receipt(&json!(1), "parked");
    parked["code"] = json!("date_in_future");
    tablet.sync(&json!({"receipts": [parked], "parked": [1]}));
    let told = tablet.show(&child);
    assert!(told.contains("Terkirim, tetapi tertahan di server."), "{told}");
    assert!(told.contains(r##"<a href="#/kirim">Lihat alasannya</a>"##), "{told}");
    assert!(!told.contains(SENT), "{told}");
}

#[test]
fn a_save_that_a_person_decided_against_is_not_told_as_one_that_can_be_mended() {
    let (mut tablet, child) = weighed();
    tablet.sync(&json!({"receipts": [receipt(&json!(1), "discarded")]}));
    let told = tablet.show(&child);
    assert!(told.contains("Terkirim, tetapi tidak dipakai."), "{told}");
    assert!(!told.contains("tertahan di server") && !told.contains(SENT), "{told}");
}

#[test]
fn whoever_went_to_another_screen_is_not_told_again() {
    let (mut tablet, child) = weighed();
    tablet.show("/");
    assert!(!tablet.show(&child).contains(WAITS));
}

#[test]
fn a_child_that_left_with_a_save_is_told_as_gone_and_not_as_a_mistake() {
    let mut tablet = Tablet::with_arif();
    let child = format!("/anak/{ARIF}");
    let told = tablet.send(&format!("{child}/pindah"), &[("desa", "16.04.10.1001")]);
    assert!(told.contains(WAITS), "{told}");
    tablet.sync(&json!({"rows": [{"kind": "child", "id": ARIF, "gone": true}]}));
    tablet.sync(&json!({}));
    let told = tablet.show(&child);
    assert!(told.contains("pindah ke 16.04.10.1001. Tersimpan dan terkirim."), "{told}");
    assert!(told.contains("Sudah pindah") && !told.contains("Tidak ditemukan"), "{told}");
    tablet.clock.pass(DAY);
    tablet.show("/");
    assert!(tablet.show(&child).contains("Tidak ditemukan"));
}
