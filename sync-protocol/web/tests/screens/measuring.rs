//! Ukur: what stands in the form, what it asks, what it keeps.

use crate::support::{ARIF, HOUR, Tablet, word};

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

    let code = word(&asked);
    let [day, weight, note] = typed;
    let saved = tablet.send(&form(), &[day, weight, note, ("confirmed", &code)]);
    assert!(saved.contains("19,4 kg. Tersimpan di tablet"), "{saved}");
}

#[test]
fn a_word_for_one_weight_is_none_for_another_that_is_as_doubtful() {
    let mut tablet = Tablet::with_arif();
    let day = ("measured_on", "2026-11-24");
    let asked = tablet.send(&form(), &[day, ("weight_g", "19,4")]);
    let given = word(&asked);
    let other = [day, ("weight_g", "29,4"), ("confirmed", given.as_str())];
    let while_typing = tablet.type_in(&form(), &other);
    assert!(!while_typing.contains(" checked"), "{while_typing}");
    let again = tablet.send(&form(), &other);
    assert!(again.contains("Belum disimpan: ada yang meragukan."), "{again}");
    let given = word(&again);
    let sure = [day, ("weight_g", "29,4"), ("confirmed", given.as_str())];
    assert!(tablet.type_in(&form(), &sure).contains(" checked"));
    assert!(tablet.send(&form(), &sure).contains("29,4 kg. Tersimpan di tablet"));
}

#[test]
fn a_note_confirms_nothing_and_another_weight_takes_the_word_away() {
    let mut tablet = Tablet::with_arif();
    let day = ("measured_on", "2026-11-24");
    // Not asked about yet: it came from somewhere else.
    let mend = tablet.with_doubtful(20_000, &[]);
    let typed = [day, ("weight_g", "20"), ("note", "rewel")];
    let saved = tablet.send(&mend, &typed);
    assert!(saved.contains("Tersimpan di tablet"), "{saved}");
    assert!(!tablet.outbox().1.contains("confirmed"), "nobody has looked at the weight");
    tablet.send(&mend, &[day, ("weight_g", "9,3")]);
    let saved = tablet.outbox().1;
    assert!(saved.contains("9300") && !saved.contains("berat"), "{saved}");

    let mut tablet = Tablet::with_arif();
    let mend = tablet.with_doubtful(20_000, &["berat_berubah"]);
    tablet.send(&mend, &[day, ("weight_g", "20"), ("note", "rewel")]);
    assert!(tablet.outbox().1.contains(r#""confirmed":["berat_berubah"]"#), "a note takes nothing");
    tablet.send(&mend, &[day, ("weight_g", "9,3"), ("note", "rewel")]);
    let saved = tablet.outbox().1;
    let last = saved.rsplit("9300").next().unwrap_or_default();
    assert!(saved.contains("9300") && !last.contains("berat_berubah"), "{saved}");
}

#[test]
fn after_midnight_a_new_form_has_the_date_of_the_day_that_has_begun_here() {
    let mut tablet = Tablet::with_arif();
    tablet.clock.pass(15 * HOUR + HOUR / 4);
    let shown = tablet.show(&form());
    assert!(shown.contains(r#"name="measured_on" value="2026-11-25""#), "{shown}");
    let typed = |day| [("measured_on", day), ("weight_g", "9,4")];
    assert!(tablet.send(&form(), &typed("2026-11-26")).contains("masih di masa depan"));
    assert!(tablet.send(&form(), &typed("2026-11-25")).contains("Tersimpan di tablet"));
}
