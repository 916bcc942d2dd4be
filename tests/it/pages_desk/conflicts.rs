//! Konflik.

use super::{Desk, INJECTION};
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::wire::Outcome;
use sync_tests::{Device, MINUTE, SADAN, any_id, child_body, measurement_body};

/// Two tablets edit a record that both have seen; the second wins. Gives the record.
fn disagree(
    desk: &mut Desk,
    other: &mut Device,
    kind: &str,
    (base, one, two): (&Body, &Body, &Body),
) -> RecordId {
    let record = any_id();
    let first = if kind == "child" {
        desk.device.child(record, SADAN, base)
    } else {
        desk.device.body(kind, record, None, base)
    };
    let stamp = desk.device.push_one(first).stamp.to_string();
    desk.world.time.pass(MINUTE);
    let change = desk.device.body(kind, record, Some(&stamp), one);
    assert_eq!(desk.device.push_one(change).outcome, Outcome::Applied);
    desk.world.time.pass(MINUTE);
    let change = other.body(kind, record, Some(&stamp), two);
    assert_eq!(other.push_one(change).outcome, Outcome::Applied);
    record
}

/// One parallel conflict and one in which a category changes, older than the other.
fn two_conflicts() -> (Desk, Device) {
    let mut desk = Desk::new();
    let mut other = desk.world.device("Wati", &[SADAN]);
    let ani = desk.child("Ani");
    let height = |body: Body| body.with("height_mm", 785).with("position", "terlentang");
    let base = height(measurement_body(ani, 9_800));
    let (one, two) = (height(measurement_body(ani, 9_700)), height(measurement_body(ani, 7_400)));
    disagree(&mut desk, &mut other, "measurement", (&base, &one, &two));
    let budi = child_body("Budi");
    let (one, two) = (budi.clone().with("phone", "0811"), budi.clone().with("rt", "7"));
    disagree(&mut desk, &mut other, "child", (&budi, &one, &two));
    (desk, other)
}

#[test]
fn a_conflict_in_which_a_category_changes_comes_first() {
    let (desk, _) = two_conflicts();
    let list = desk.rina.get("/konflik");
    let rows = list.texts("tbody tr");
    assert_eq!(rows.len(), 2, "{list:?}");
    assert!(rows[0].contains("Ani") && rows[0].contains("kategori gizi berubah"), "{rows:?}");
    assert!(rows[0].contains("Siti") && rows[0].contains("Wati"), "{rows:?}");
    assert!(rows[1].contains("Budi") && rows[1].contains("isian berlainan"), "{rows:?}");
    assert_eq!(list.attributes("input[name='pilih']", "value").len(), 1, "only parallel ones");
}

fn address_of(desk: &Desk, child: &str) -> String {
    let list = desk.rina.get("/konflik");
    let names = list.texts("tbody th a");
    let at = names.iter().position(|name| name == child).unwrap();
    list.attributes("tbody th a", "href")[at].clone()
}

#[test]
fn combining_gives_exactly_the_chosen_fields() {
    let mut desk = Desk::new();
    let mut other = desk.world.device("Wati", &[SADAN]);
    let base = child_body("Budi").with("nik", "1604064105250001").with("rw", "1");
    let one = base.clone().with("phone", "0811").with("rt", "3").with("rw", "2");
    let two = base
        .clone()
        .with("address", "Dusun II")
        .with("rt", "4")
        .with("rw", "3")
        .with("nik", "1604064105259901");
    let record = disagree(&mut desk, &mut other, "child", (&base, &one, &two));
    let page = desk.rina.get(&address_of(&desk, "Budi"));
    assert!(!page.text().contains("1604064105250001"), "a NIK is masked: {page:?}");
    assert_eq!(page.texts("tr.overlap th").len(), 2, "{page:?}");
    assert!(page.texts("tbody tr")[1].contains("diubah keduanya"), "overlaps come first");
    // The telephone stays as proposed: only the one that lost had changed it.
    let rw_of_base = page.attributes("input[name='pilih-rw']", "value")[0].clone();
    let nik_of_loser = page.attributes("input[name='pilih-nik']", "value")[2].clone();
    let filled = [
        ("pilih-rt", "ketik"),
        ("ketik-rt", "5"),
        ("pilih-rw", &rw_of_base),
        ("pilih-nik", &nik_of_loser),
    ];
    let done = desk.rina.submit(&page, "#gabungkan", &filled);
    assert!(done.text().contains("Keputusan tersimpan."), "{done:?}");
    let mut tablet = desk.world.tablet("Nur", &[SADAN]);
    tablet.sync();
    let shown = tablet.replica.record(sync_protocol::record::Kind::CHILD, record).unwrap().unwrap();
    let wanted = base.with("phone", "0811").with("address", "Dusun II").with("rt", "5");
    assert_eq!(shown.body().unwrap(), &wanted);
    desk.check();
}

#[test]
fn a_ruling_on_what_changed_meanwhile_is_refused_and_nothing_typed_is_lost() {
    let (mut desk, mut other) = two_conflicts();
    let address = address_of(&desk, "Budi");
    let page = desk.rina.get(&address);
    let winner = page.attributes("#gabungkan [name='pemenang']", "value").concat();
    let record = desk.world.conflicts().iter().map(|found| found.record).next_back().unwrap();
    let change = other.body("child", record, Some(&winner), &child_body("Budi").with("rt", "9"));
    other.push_one(change);
    let filled = [("pilih-rt", "ketik"), ("ketik-rt", "11")];
    let shown = desk.rina.submit(&page, "#gabungkan", &filled);
    assert_eq!(shown.status(), 409);
    assert!(shown.text().contains("berubah sejak halaman dibuka"), "{shown:?}");
    assert_eq!(shown.attributes("[name='ketik-rt']", "value"), ["11"]);
    assert!(shown.has("input[name='pilih-rt'][value='ketik'][checked]"));
    assert!(shown.texts("tbody tr").concat().contains('9'), "the present value is beside it");
    let done = desk.rina.submit(&shown, "#gabungkan", &[]);
    assert!(done.text().contains("Keputusan tersimpan."), "{done:?}");
    assert_eq!(desk.world.conflicts().len(), 1);
    let again = desk.rina.submit(&page, "#pertahankan", &[]);
    assert_eq!(again.status(), 409);
    assert!(again.text().contains("sudah diputuskan"), "{again:?}");
    desk.check();
}

#[test]
fn what_is_typed_wrong_is_told_beside_it_and_a_typed_value_must_be_chosen() {
    let (mut desk, _) = two_conflicts();
    let page = desk.rina.get(&address_of(&desk, "Ani"));
    let wrong = [("pilih-weight_g", "ketik"), ("ketik-weight_g", "98")];
    let shown = desk.rina.submit(&page, "#gabungkan", &wrong);
    assert_eq!(shown.status(), 422);
    assert!(shown.text().contains("Berat 98,0 kg tidak mungkin"), "{shown:?}");
    let shown = desk.rina.submit(&page, "#gabungkan", &[("ketik-weight_g", "9,1")]);
    assert_eq!(shown.status(), 422, "{shown:?}");
    assert_eq!(shown.attributes("[name='ketik-weight_g']", "value"), ["9,1"]);
    assert_eq!(desk.world.conflicts().len(), 2);
}

#[test]
fn keep_take_and_dismiss_end_a_conflict_and_dismissing_needs_a_reason() {
    let (mut desk, _) = two_conflicts();
    let list = desk.rina.get("/konflik");
    let pick = list.attributes("input[name='pilih']", "value").concat();
    let shown = desk.rina.submit(&list, "main form", &[("pilih", &pick)]);
    assert_eq!(shown.status(), 422);
    assert!(shown.has("input[name='pilih'][checked]"), "what was ticked stays ticked");
    let done = desk.rina.submit(&shown, "main form", &[("alasan", "sama saja")]);
    assert!(done.text().contains("Keputusan tersimpan."), "{done:?}");
    assert_eq!(done.texts("tbody tr").len(), 1);

    let page = desk.rina.get(&address_of(&desk, "Ani"));
    let shown = desk.rina.submit(&page, "#abaikan", &[]);
    assert_eq!(shown.status(), 422);
    assert!(shown.text().contains("Alasan wajib diisi."));
    let taken = desk.rina.submit(&page, "#pakai", &[]);
    assert!(taken.text().contains("Tidak ada konflik"), "{taken:?}");
    assert!(desk.world.conflicts().is_empty());
    desk.check();
}

#[test]
fn taking_puts_the_other_version_in_its_place_and_keeping_leaves_the_present_one() {
    let mut desk = Desk::new();
    let mut other = desk.world.device("Wati", &[SADAN]);
    for (form, phone) in [("#pertahankan", "0822"), ("#pakai", "0811")] {
        let body = child_body("Budi");
        let (one, two) = (body.clone().with("phone", "0811"), body.clone().with("phone", "0822"));
        let child = disagree(&mut desk, &mut other, "child", (&body, &one, &two));
        let page = desk.rina.get(&address_of(&desk, "Budi"));
        desk.rina.submit(&page, form, &[]);
        assert!(desk.world.conflicts().is_empty(), "{form}");
        let facts = desk.rina.get(&format!("/balita/{child}")).texts("dl dd");
        assert!(facts.contains(&phone.to_owned()), "{form}: {facts:?}");
    }
    desk.check();
}

#[test]
fn what_overlaps_cannot_be_dismissed_in_bulk() {
    let (mut desk, _) = two_conflicts();
    let list = desk.rina.get("/konflik");
    let page = desk.rina.get(&address_of(&desk, "Ani"));
    let winner = page.attributes("#pakai [name='pemenang']", "value").concat();
    let id = address_of(&desk, "Ani").replace("/konflik/", "");
    let csrf = list.attributes("main form [name='csrf']", "value").concat();
    let fields = [("csrf", csrf), ("pilih", format!("{id}@{winner}")), ("alasan", "x".to_owned())];
    let fields = fields.map(|(name, text)| (name.to_owned(), text));
    assert_eq!(desk.rina.send("/konflik", &fields).status(), 422);
    assert_eq!(desk.world.conflicts().len(), 2);
}

#[test]
fn nobody_sees_a_conflict_of_another_scope_and_texts_are_texts() {
    let mut desk = Desk::new();
    let mut other = desk.world.device("Wati", &[SADAN]);
    let base = child_body(INJECTION);
    let (one, two) = (base.clone().with("address", INJECTION), base.clone().with("address", "x"));
    disagree(&mut desk, &mut other, "child", (&base, &one, &two));
    let address = address_of(&desk, INJECTION);
    for page in [desk.rina.get("/konflik"), desk.rina.get(&address)] {
        assert!(page.text().contains(INJECTION), "{page:?}");
        assert!(!page.has("script") && !page.has("img"), "{page:?}");
    }
    let mut stranger = desk.stranger();
    assert!(stranger.get("/konflik").text().contains("Tidak ada konflik"));
    let page = stranger.get(&address);
    assert_eq!(page.status(), 404);
    let csrf = stranger.get("/konflik").attributes("form.who [name='csrf']", "value").concat();
    let winner = desk.rina.get(&address).attributes("#pakai [name='pemenang']", "value").concat();
    let fields = [("csrf", csrf), ("putusan", "pakai".to_owned()), ("pemenang", winner)];
    let fields = fields.map(|(name, text)| (name.to_owned(), text));
    assert_eq!(stranger.send(&address, &fields).status(), 404);
    assert_eq!(desk.world.conflicts().len(), 1);
}
