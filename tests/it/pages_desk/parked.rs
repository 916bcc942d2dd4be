//! Tertahan.

use super::{Desk, INJECTION};
use sync_protocol::wire::Outcome;
use sync_tests::{SADAN, any_id, child_body, measurement_body};

/// The address of the only parked change.
#[track_caller]
fn only(desk: &Desk) -> String {
    let list = desk.rina.get("/tertahan");
    let hrefs = list.attributes("tbody th a", "href");
    assert_eq!(hrefs.len(), 1, "{list:?}");
    hrefs[0].clone()
}

/// A weighing with an impossible weight. Gives its seq.
fn park(desk: &mut Desk, weight_g: i64) -> u64 {
    let ani = desk.child("Ani");
    let change = desk.device.body("measurement", any_id(), None, &measurement_body(ani, weight_g));
    let receipt = desk.device.push_one(change);
    assert_eq!(receipt.outcome, Outcome::Parked);
    desk.device.seq
}

#[test]
fn a_parked_change_is_mended_and_released_and_the_tablet_gets_its_receipt() {
    let mut desk = Desk::new();
    let seq = park(&mut desk, 94);
    let list = desk.rina.get("/tertahan");
    let row = list.texts("tbody tr").concat();
    for said in ["Ani", "pengukuran", "Isian Berat tidak dapat diterima.", "Siti", "Tablet Contoh"]
    {
        assert!(row.contains(said), "{said} in {row}");
    }
    let page = desk.rina.get(&only(&desk));
    assert!(page.has("#perbaiki [name='weight_g'][aria-invalid='true']"), "{page:?}");
    let shown = desk.rina.submit(&page, "#perbaiki", &[("weight_g", "berat"), ("note", "catat")]);
    assert_eq!(shown.status(), 422);
    assert_eq!(shown.attributes("#perbaiki [name='weight_g']", "value"), ["berat"]);
    assert_eq!(shown.attributes("#perbaiki [name='note']", "value"), ["catat"]);
    let done = desk.rina.submit(&shown, "#perbaiki", &[("weight_g", "9,4")]);
    assert!(done.text().contains("Data tertahan dilepas"), "{done:?}");
    assert!(done.text().contains("Tidak ada data yang tertahan."), "{done:?}");
    let receipt = &desk.device.receipts(&seq.to_string())[0];
    assert_eq!(receipt.outcome, Outcome::Superseded);
    // Whoever still has the page open is told, and reads what they typed.
    let late = desk.rina.submit(&page, "#perbaiki", &[("weight_g", "9,5")]);
    assert_eq!(late.status(), 404);
    assert!(late.text().contains("sudah tidak tertahan") && late.text().contains("9,5"));
    desk.check();
}

#[test]
fn a_release_says_why_it_still_waits_or_lets_it_go() {
    let mut desk = Desk::new();
    let seq = park(&mut desk, 94);
    let page = desk.rina.get(&only(&desk));
    let shown = desk.rina.submit(&page, "#lepas", &[]);
    assert_eq!(shown.status(), 422);
    assert!(
        shown.text().contains("Masih tertahan. Isian Berat tidak dapat diterima."),
        "{shown:?}"
    );
    assert_eq!(desk.device.receipts(&seq.to_string())[0].outcome, Outcome::Parked);

    let budi = child_body("Budi").with("birth_date", "2026-11-28");
    let change = desk.device.child(any_id(), SADAN, &budi);
    assert_eq!(desk.device.push_one(change).outcome, Outcome::Parked);
    let list = desk.rina.get("/tertahan?code=date_in_future");
    assert_eq!(list.texts("tbody tr").len(), 1, "a filter by reason");
    let page = desk.rina.get(&list.attributes("tbody th a", "href")[0]);
    let done = desk.rina.submit(&page, "#lepas", &[]);
    assert!(done.text().contains("Data tertahan dilepas"), "{done:?}");
    let seq = desk.device.seq.to_string();
    assert_eq!(desk.device.receipts(&seq)[0].outcome, Outcome::Applied);
    desk.check();
}

#[test]
fn discarding_needs_a_reason_and_a_confirmation() {
    let mut desk = Desk::new();
    let seq = park(&mut desk, 94).to_string();
    let page = desk.rina.get(&only(&desk));
    let no_reason = desk.rina.submit(&page, "#buang", &[("yakin", "ya")]);
    assert_eq!(no_reason.status(), 422);
    assert!(no_reason.text().contains("Alasan wajib diisi."));
    let unsure = desk.rina.submit(&page, "#buang", &[("alasan", "uji coba")]);
    assert_eq!(unsure.status(), 422);
    assert_eq!(unsure.attributes("#buang [name='alasan']", "value"), ["uji coba"]);
    assert_eq!(desk.device.receipts(&seq)[0].outcome, Outcome::Parked);
    let done = desk.rina.submit(&unsure, "#buang", &[("yakin", "ya")]);
    assert!(done.text().contains("tidak dipakai"), "{done:?}");
    let receipt = &desk.device.receipts(&seq)[0];
    assert_eq!(receipt.outcome, Outcome::Discarded);
    assert!(receipt.message.as_deref().is_some_and(|said| said.contains("uji coba")));
    desk.check();
}

#[test]
fn nobody_sees_a_parked_change_of_another_scope_and_unreadable_ones_are_shown_as_text() {
    let mut desk = Desk::new();
    desk.device.seq += 1;
    let nested = "[".repeat(200);
    let raw = format!(
        r#"{{"seq":{},"kind":"child","nik":"1604064105250001","name":"{}","x":{nested}{}}}"#,
        desk.device.seq,
        INJECTION.replace('"', "'"),
        "]".repeat(200)
    );
    let reply = desk.device.post_texts(&[raw]).sync();
    assert_eq!(reply.receipts[0].outcome, Outcome::Parked);
    let address = only(&desk);
    let page = desk.rina.get(&address);
    let shown = page.texts("pre.raw").concat();
    assert!(shown.contains("<script>alert(1)</script>"), "{shown}");
    assert!(shown.contains("160406********01") && !shown.contains("1604064105250001"), "{shown}");
    assert!(!page.has("script") && !page.has("img") && !page.has("#perbaiki"));
    let mut stranger = desk.stranger();
    assert!(stranger.get("/tertahan").text().contains("Tidak ada data yang tertahan."));
    assert_eq!(stranger.get(&address).status(), 404);
    let csrf = stranger.get("/tertahan").attributes("form.who [name='csrf']", "value").concat();
    let fields = [("csrf", &*csrf), ("putusan", "buang"), ("alasan", "x"), ("yakin", "ya")];
    let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(stranger.send(&address, &fields).status(), 404);
    only(&desk);
}
