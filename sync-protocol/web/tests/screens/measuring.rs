//! Ukur: what stands in the form, what it asks, what it keeps.

use crate::support::{ARIF, Tablet};

fn form() -> String {
    format!("/anak/{ARIF}/ukur")
}

#[test]
fn a_new_form_has_todays_date_and_a_child_under_two_lies() {
    let shown = Tablet::with_arif().show(&form());
    assert!(shown.contains(r#"name="measured_on" value="2026-11-24""#), "{shown}");
    assert!(shown.contains(r#"<option value="terlentang" selected>"#), "{shown}");
}

#[test]
fn what_is_measured_lying_is_told_as_such_only_where_a_length_is() {
    let mut tablet = Tablet::with_arif();
    tablet.send(
        &form(),
        &[("measured_on", "2026-11-24"), ("weight_g", "9,4"), ("position", "terlentang")],
    );
    let (name, text) = &tablet.outbox();
    assert!(!text.contains("terlentang"), "{name}: {text}");
    tablet.send(
        &form(),
        &[("measured_on", "2026-11-24"), ("height_mm", "76.5"), ("position", "terlentang")],
    );
    let (name, text) = &tablet.outbox();
    assert!(text.contains("terlentang"), "{name}: {text}");
}

#[test]
fn a_doubtful_weight_is_saved_only_when_the_worker_stands_by_it_and_stays_typed() {
    let mut tablet = Tablet::with_arif();
    let typed = [("measured_on", "2026-11-24"), ("weight_g", "19.4"), ("note", "rewel")];
    let while_typing = tablet.type_in(&form(), &typed);
    assert!(while_typing.contains("berubah terlalu besar"), "{while_typing}");
    let asked = tablet.send(&form(), &typed);
    assert!(asked.contains("Belum disimpan: ada yang meragukan."), "{asked}");
    assert!(asked.contains(r#"value="19.4""#) && asked.contains("rewel"), "{asked}");
    assert!(asked.contains(r#"class="notice doubt" data-look="yes""#), "{asked}");
    assert!(tablet.show("/kirim").contains("Tidak ada yang menunggu"));

    let code =
        asked.split(r#"name="confirmed" value=""#).nth(1).unwrap().split('"').next().unwrap();
    let [day, weight, note] = typed;
    let saved = tablet.send(&form(), &[day, weight, note, ("confirmed", code)]);
    assert!(saved.contains("19,4 kg. Tersimpan di tablet"), "{saved}");
}
