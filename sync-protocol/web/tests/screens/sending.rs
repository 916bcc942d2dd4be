//! Kirim, and the line at the top of every screen.

use crate::support::{ARIF, DAY, Tablet, receipt};
use serde_json::json;

const WEIGHED: [(&str, &str); 2] = [("measured_on", "2026-11-24"), ("weight_g", "9,4")];

fn weighed() -> Tablet {
    let mut tablet = Tablet::with_arif();
    tablet.send(&format!("/anak/{ARIF}/ukur"), &WEIGHED);
    tablet
}

#[test]
fn what_waits_is_listed_with_its_age() {
    let mut tablet = weighed();
    tablet.clock.pass(DAY);
    let shown = tablet.show("/kirim");
    assert!(shown.contains("1 perubahan menunggu terkirim"), "{shown}");
    assert!(shown.contains("1 perubahan hanya ada di tablet ini."), "{shown}");
    assert!(shown.contains("Paling lama sejak kemarin 09:15 (1 hari)"), "{shown}");
    assert!(shown.contains("<li>pengukuran ARIF, kemarin 09:15</li>"), "{shown}");
}

#[test]
fn days_without_a_server_are_not_told_as_days_that_a_change_waits() {
    let mut tablet = Tablet::with_arif();
    tablet.clock.pass(8 * DAY);
    let quiet = tablet.show("/");
    assert!(quiet.contains("Semua terkirim, 8 hari tanpa server"), "{quiet}");
    tablet.send(&format!("/anak/{ARIF}/ukur"), &WEIGHED);
    let waiting = tablet.show("/");
    assert!(waiting.contains("1 belum terkirim, 8 hari tanpa server"), "{waiting}");
}

#[test]
fn the_form_that_mends_a_held_back_change_says_why_beside_its_field() {
    let mut tablet = weighed();
    let mut parked = receipt(&json!(1), "parked");
    parked["code"] = json!("invalid_field");
    parked["field"] = json!("weight_g");
    parked["message"] = json!("Beratnya tidak mungkin.");
    tablet.sync(&json!({"receipts": [parked], "parked": [1]}));
    let kirim = tablet.show("/kirim");
    let mend = kirim.split("<a class=\"button\" href=\"#").nth(1).unwrap();
    let form = tablet.show(mend.split('"').next().unwrap());
    assert!(form.contains("Tertahan di server. Perbaiki isian yang ditandai."), "{form}");
    assert!(form.contains(r#"id="salah-weight_g">Beratnya tidak mungkin."#), "{form}");
}

#[test]
fn a_clock_that_is_wrong_is_told_in_words_that_a_person_reads() {
    let mut tablet = Tablet::with_arif();
    tablet.sync(&json!({"cursor": "c2"}));
    assert!(!tablet.show("/kirim").contains("Periksa jam tablet."), "it is right");
    tablet.clock.pass(3 * DAY);
    tablet.sync(&json!({"cursor": "c3"}));
    let shown = tablet.show("/kirim");
    assert!(
        shown.contains("3 hari lebih cepat</span> dari server. Periksa jam tablet."),
        "{shown}"
    );
    assert!(shown.contains("Terakhir bertemu server hari ini 09:15."), "{shown}");
    assert!(!shown.contains("tanpa server"), "it was heard just now: {shown}");
    tablet.clock.pass(3 * DAY);
    assert!(tablet.show("/").contains("Semua terkirim, 3 hari tanpa server"));
}

#[test]
fn the_form_of_a_held_back_hand_over_says_why() {
    let mut tablet = Tablet::with_arif();
    tablet.sync(&json!({"areas": ["16.04.06"], "cursor": "c2"}));
    let moved = tablet.send(&format!("/anak/{ARIF}/pindah"), &[("desa", "16.04.06.2009")]);
    assert!(moved.contains("pindah ke"), "{moved}");
    let mut parked = receipt(&json!(1), "parked");
    parked["code"] = json!("not_in_scope");
    parked["message"] = json!("Di luar wilayah tugas.");
    tablet
        .sync(&json!({"receipts": [parked], "parked": [1], "areas": ["16.04.06"], "cursor": "c3"}));
    let form = tablet.show(&format!("/anak/{ARIF}/pindah"));
    assert!(form.contains("Tertahan di server. Di luar wilayah tugas."), "{form}");
}

#[test]
fn without_anything_to_send_the_file_is_told_as_needless() {
    let mut tablet = Tablet::with_arif();
    let shown = tablet.send("/berkas", &[]);
    assert!(shown.contains("Tidak ada yang perlu dikirim lewat berkas."), "{shown}");
}

#[test]
fn a_tablet_that_the_server_refuses_says_so_in_red_and_how_it_goes_on() {
    let mut tablet = weighed();
    tablet.sync_refused();
    let shown = tablet.show("/kirim");
    assert!(shown.contains(r#"class="strip bad""#), "{shown}");
    assert!(shown.contains(r#"<p class="notice wrong">Server menolak tablet ini."#), "{shown}");
    assert!(shown.contains("Daftarkan lagi dengan kode baru"), "{shown}");
    assert!(shown.contains("1 perubahan menunggu terkirim"), "{shown}");
}

#[test]
fn a_tablet_without_signal_is_as_good_as_ever() {
    let mut tablet = weighed();
    tablet.sync_without_signal();
    let shown = tablet.show("/kirim");
    assert!(shown.contains(r#"class="strip good""#), "{shown}");
    assert!(!shown.contains("notice wrong"), "{shown}");
}

#[test]
fn a_tablet_that_was_emptied_says_why_it_asks_for_a_code() {
    let mut tablet = Tablet::with_arif();
    tablet.sync(&json!({"orders": ["wipe"]}));
    for _ in 0..2 {
        let shown = tablet.show("/");
        assert!(shown.contains("Tablet ini ditarik oleh penyelia."), "{shown}");
        assert!(!shown.contains("ARIF"), "{shown}");
    }
}
