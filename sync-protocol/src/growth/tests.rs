use super::*;
use serde_json::{Value, json};

fn body(value: Value) -> Body {
    let Value::Object(fields) = value else { panic!("a body is an object") };
    Body::from(fields)
}

fn girl(born: &str) -> Child {
    Child::of(&body(json!({"name": "Contoh", "sex": "P", "birth_date": born}))).unwrap()
}

fn row(on: &str, more: Value) -> Measured {
    let mut value = more;
    value["measured_on"] = json!(on);
    Measured::of(&body(value)).unwrap()
}

fn letters(readings: &[Option<Reading>]) -> Vec<Option<&str>> {
    readings
        .iter()
        .map(|reading| reading.as_ref()?.gain.as_ref().map(|gain| gain.status.letter()))
        .collect()
}

#[test]
fn a_body_becomes_the_input_of_the_golden_rows() {
    // Row 2 of the golden rows: a boy of 404 days.
    let child = Child::new("L", parse_date("2025-01-01").unwrap()).unwrap();
    let measured = row(
        "2026-02-09",
        json!({"weight_g": 11_912, "height_mm": 768, "position": "berdiri", "muac_mm": 139, "head_mm": 461}),
    );
    let assessed = assess(&child, &measured).unwrap();
    assert_eq!(assessed.months.get(), 13);
    assert_eq!(assessed.scores.weight_for_age.unwrap().rounded().to_string(), "1.66");
    assert_eq!(assessed.scores.corrected_length.unwrap().cm(), 76.8 + 0.7);
    assert_eq!(assessed.arm, Some(ArmCategory::Normal));
}

#[test]
fn oedema_grades_are_those_of_eppgbm_and_zero_is_none() {
    for (grade, present) in [(json!(null), false), (json!(0), false), (json!(1), true)] {
        let measured = row("2026-01-01", json!({"weight_g": 9_000, "oedema": grade}));
        assert_eq!(measured.oedema.is_present(), present);
    }
}

#[test]
fn the_letters_stand_at_the_weighing_of_the_month_that_counts() {
    let child = girl("2025-01-10");
    let rows = [
        row("2026-03-05", json!({"weight_g": 9_000})),
        row("2026-01-05", json!({"weight_g": 8_000})),
        row("2026-02-05", json!({"weight_g": 8_100})),
        row("2026-02-20", json!({"weight_g": 8_300})),
        row("2026-02-25", json!({"height_mm": 720})),
    ];
    let expected = [Some("N"), Some("B"), None, Some("N"), None];
    assert_eq!(letters(&series(&child, &rows)), expected);
}

#[test]
fn of_two_weighings_of_a_day_the_later_row_counts() {
    let child = girl("2025-01-10");
    let rows = [
        row("2026-01-05", json!({"weight_g": 8_000})),
        row("2026-02-05", json!({"weight_g": 8_500})),
        row("2026-02-05", json!({"weight_g": 8_000})),
    ];
    assert_eq!(letters(&series(&child, &rows)), [Some("B"), None, Some("T")]);
}

#[test]
fn a_row_before_the_birth_has_no_reading_and_spares_the_others() {
    let child = girl("2026-01-10");
    let rows = [
        row("2026-01-05", json!({"weight_g": 3_000})),
        row("2026-02-05", json!({"weight_g": 4_000})),
    ];
    let readings = series(&child, &rows);
    assert!(readings[0].is_none());
    assert_eq!(letters(&readings), [None, Some("B")]);
}

#[test]
fn a_healthy_infant_is_not_warned_of_and_a_jump_later_is() {
    let child = girl("2026-01-10");
    let infant = [
        row("2026-02-10", json!({"weight_g": 4_200})),
        row("2026-03-10", json!({"weight_g": 5_100})),
    ];
    assert_eq!(series(&child, &infant)[1].as_ref().map(doubts), Some(Vec::new()));
    let child = girl("2025-01-10");
    let toddler = [
        row("2026-02-10", json!({"weight_g": 8_000})),
        row("2026-03-10", json!({"weight_g": 9_300})),
    ];
    let found = doubts(series(&child, &toddler)[1].as_ref().unwrap());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code, "berat_berubah_tajam");
}

#[test]
fn of_two_rows_of_a_day_the_one_that_holds_the_measure_is_doubted() {
    let lying = json!({"height_mm": 880, "position": "terlentang"});
    let rows = [row("2026-11-05", lying), row("2026-11-05", json!({"weight_g": 12_000}))];
    let readings = series(&girl("2024-05-01"), &rows);
    let found = readings.iter().flatten().map(doubts).collect::<Vec<_>>();
    assert_eq!(found[0][0].code, "cara_ukur_tidak_sesuai_umur");
    assert_eq!(found[1], []);
}

#[test]
fn a_flag_is_a_doubt_with_the_label_of_its_age() {
    let child = girl("2025-01-10");
    let rows = [row("2026-02-10", json!({"height_mm": 500}))];
    let found = doubts(series(&child, &rows)[0].as_ref().unwrap());
    assert_eq!(found[0].code, "tbu_tidak_wajar");
    assert!(found[0].sentence.starts_with("PB/U -"), "{}", found[0].sentence);
}

#[test]
fn a_nik_that_disagrees_is_noted_and_one_that_is_none_is_not_judged() {
    let child = |nik: &str| body(json!({"sex": "P", "birth_date": "2025-01-10", "nik": nik}));
    assert_eq!(nik_doubts(&child("1604065001250001")), []);
    let found = nik_doubts(&child("1604061001250001"));
    assert_eq!((found.len(), found[0].code.as_str()), (1, "nik_tidak_cocok"));
    assert_eq!(nik_doubts(&child("160406**********")), []);
}

/// A jump of weight that is doubtful, as a form types it that knows nothing of `confirmed`.
fn jump(note: &str) -> (Body, Reading) {
    let typed = body(json!({"measured_on": "2026-03-10", "weight_g": 9_300, "note": note}));
    let first = row("2026-02-10", json!({"weight_g": 8_000}));
    let rows = [first, Measured::of(&typed).unwrap()];
    let reading = series(&girl("2025-01-10"), &rows)[1].clone().unwrap();
    (typed, reading)
}

#[test]
fn what_is_doubtful_is_saved_when_somebody_stands_by_it_and_carries_their_word() {
    let (mut typed, reading) = jump("");
    let asked = confirm(&Body::new(), &mut typed, Some(&reading), false).unwrap_err();
    assert_eq!(asked, doubts(&reading));
    assert_eq!(asked, doubts_to_ask(&Body::new(), &typed, Some(&reading)));
    assert_eq!(confirm(&Body::new(), &mut typed, Some(&reading), true), Ok(()));
    assert_eq!(typed.get(measurement::CONFIRMED), Some(&json!(["berat_berubah_tajam"])));
    // Another weight asks again, whatever was confirmed before.
    let mut other = typed.clone().with("weight_g", 9_400);
    assert!(confirm(&typed, &mut other, Some(&reading), false).is_err());
}

#[test]
fn nobody_is_asked_again_about_what_growth_saw_before_and_their_word_stays_as_it_was() {
    let (mut before, reading) = jump("");
    confirm(&Body::new(), &mut before, Some(&reading), true).unwrap();
    let unconfirmed = before.clone().with(measurement::CONFIRMED, Value::Null);
    for before in [before, unconfirmed] {
        let (mut mended, reading) = jump("rewel");
        assert_eq!(doubts_to_ask(&before, &mended, Some(&reading)), []);
        // Whether the box is ticked or not: nobody was asked.
        for confirmed in [false, true] {
            assert_eq!(confirm(&before, &mut mended, Some(&reading), confirmed), Ok(()));
            assert_eq!(mended.get(measurement::CONFIRMED), before.get(measurement::CONFIRMED));
        }
    }
}

#[test]
fn a_correction_that_is_not_doubtful_takes_the_old_word_away() {
    let (mut before, reading) = jump("");
    confirm(&Body::new(), &mut before, Some(&reading), true).unwrap();
    let mut mended = before.clone().with("weight_g", 8_200);
    let rows = [row("2026-02-10", json!({"weight_g": 8_000})), Measured::of(&mended).unwrap()];
    let reading = series(&girl("2025-01-10"), &rows)[1].clone();
    assert_eq!(confirm(&before, &mut mended, reading.as_ref(), false), Ok(()));
    assert_eq!(mended.get(measurement::CONFIRMED), None);
}

#[test]
fn the_red_line_of_a_reading_is_that_of_the_figures() {
    let child = girl("2024-10-01");
    let below = |more: Value| {
        let reading = series(&child, &[row("2026-10-10", more)])[0].clone().unwrap();
        reading.gain.unwrap().below_red_line
    };
    assert_eq!(below(json!({"weight_g": 8_400})), Some(true));
    assert_eq!(below(json!({"weight_g": 10_000})), Some(false));
    assert_eq!(below(json!({"weight_g": 10_000, "oedema": 1})), Some(true));
    assert_eq!(below(json!({"weight_g": 4_000})), None, "flagged");
}
fn doubted(weight_g: i64) -> Body {
    Body::new()
        .with(measurement::MEASURED_ON, "2026-11-24")
        .with(measurement::WEIGHT_G, weight_g)
        .with(measurement::CONFIRMED, vec!["bbu_tidak_wajar"])
}

#[test]
fn a_word_is_for_these_doubts_about_these_measures() {
    let doubt = |code: &str| Doubt { code: code.to_owned(), sentence: String::new() };
    let word = word_for(&[doubt("bbu_tidak_wajar")], &doubted(19_400));
    assert_eq!(word, word_for(&[doubt("bbu_tidak_wajar")], &doubted(19_400)));
    let noted = doubted(19_400).with(measurement::NOTE, "rewel");
    assert_eq!(word, word_for(&[doubt("bbu_tidak_wajar")], &noted), "a note is none of them");
    assert_ne!(word, word_for(&[doubt("bbu_tidak_wajar")], &doubted(29_400)));
    assert_ne!(word, word_for(&[doubt("tbu_tidak_wajar")], &doubted(19_400)));
    assert_eq!(word_for(&[], &doubted(9_400)), "");
}

#[test]
fn what_was_confirmed_goes_with_the_measures_and_stays_with_a_note() {
    let before = doubted(19_400);
    let mut noted = before.clone().with(measurement::NOTE, "rewel");
    forget_confirmed(&mut noted, &before);
    assert_eq!(noted.get(measurement::CONFIRMED), before.get(measurement::CONFIRMED));
    for (field, value) in [
        (measurement::WEIGHT_G, serde_json::json!(9_400)),
        (measurement::MEASURED_ON, serde_json::json!("2026-11-23")),
    ] {
        let mut changed = before.clone();
        changed.set(field, value);
        forget_confirmed(&mut changed, &before);
        assert_eq!(changed.get(measurement::CONFIRMED), None, "{field}");
    }
    let mut filled = before.clone().with(measurement::HEIGHT_MM, 755);
    forget_confirmed(&mut filled, &before);
    assert_eq!(filled.get(measurement::CONFIRMED), before.get(measurement::CONFIRMED));
}
