//! Each warning at and just beside its limit.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]

use child_growth::{Date, InputError, Length, Position, Visit, WarningRules, Weight, check_visits};

type Row<'a> = (&'a str, f64, f64, Option<Position>);
const LYING: Option<Position> = Some(Position::Lying);
const STANDING: Option<Position> = Some(Position::Standing);

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// Day, kg, cm, position; zero is missing.
fn visits(rows: &[Row<'_>]) -> Vec<Visit> {
    rows.iter()
        .map(|(day, kg, cm, position)| Visit {
            date: date(day),
            weight: Weight::from_kg(*kg).ok(),
            length: Length::from_cm(*cm).ok(),
            position: *position,
        })
        .collect()
}

fn codes(birth: &str, rows: &[Row<'_>]) -> Vec<String> {
    let rules = WarningRules::default();
    check_visits(date(birth), &visits(rows), &rules)
        .unwrap()
        .iter()
        .map(|warning| format!("{} {}", warning.date, warning.code()))
        .collect()
}

const NONE: [&str; 0] = [];

#[test]
fn a_drop_of_more_than_a_centimetre() {
    let drop = |now| {
        codes("2023-01-10", &[("2024-03-10", 0.0, 80.1, LYING), ("2024-05-10", 0.0, now, LYING)])
    };
    assert_eq!(drop(79.1), NONE); // as f64, 80.1 - 79.1 is 1 and a bit more or less
    assert_eq!(drop(79.0), ["2024-05-10 tinggi_turun"]);
    assert_eq!(drop(81.0), NONE);
}

#[test]
fn a_slip_warns_once_and_order_does_not_matter() {
    let rows = [
        ("2024-06-10", 0.0, 82.0, LYING),
        ("2024-04-10", 0.0, 81.0, LYING),
        ("2024-05-10", 0.0, 95.0, LYING),
        ("2024-07-10", 0.0, 82.5, LYING),
    ];
    assert_eq!(codes("2023-01-10", &rows), ["2024-06-10 tinggi_turun"]);
}

#[test]
fn from_lying_to_standing_is_no_drop() {
    let rows = [("2024-12-10", 0.0, 86.0, LYING), ("2025-02-10", 0.0, 84.5, STANDING)];
    assert_eq!(codes("2023-01-15", &rows), NONE); // 1.5 cm as read, 0.8 cm as lengths
    let rows = [("2024-12-10", 0.0, 86.0, None), ("2025-02-10", 0.0, 84.2, None)];
    assert_eq!(codes("2023-01-15", &rows), ["2025-02-10 tinggi_turun"]); // 1.1 cm
}

#[test]
fn a_change_of_weight_of_more_than_15_per_cent() {
    let change = |now| {
        codes("2023-01-10", &[("2024-03-10", 10.0, 0.0, None), ("2024-04-20", now, 0.0, None)])
    };
    assert_eq!(change(11.5), NONE);
    assert_eq!(change(11.501), ["2024-04-20 berat_berubah_tajam"]);
    assert_eq!(change(8.5), NONE);
    assert_eq!(change(8.499), ["2024-04-20 berat_berubah_tajam"]);
    let over_two = [("2024-03-10", 10.0, 0.0, None), ("2024-05-10", 12.0, 0.0, None)];
    assert_eq!(codes("2023-01-10", &over_two), NONE);
    let same_month = [("2024-03-10", 10.0, 0.0, None), ("2024-03-12", 12.0, 0.0, None)];
    assert_eq!(codes("2023-01-10", &same_month), ["2024-03-12 berat_berubah_tajam"]);
}

#[test]
fn infants_can_be_spared_the_warning_of_a_rise() {
    let rows = visits(&[("2024-02-15", 4.5, 0.0, None), ("2024-03-15", 5.6, 0.0, None)]);
    let count = |from| {
        let rules = WarningRules { weight_rise_from_month: from, ..WarningRules::default() };
        check_visits(date("2024-01-15"), &rows, &rules).unwrap().len()
    };
    assert_eq!((count(0), count(2), count(3)), (1, 1, 0));
}

#[test]
fn the_same_weight_and_height_as_last_month() {
    let next = |day, kg, cm| {
        codes("2023-01-10", &[("2024-03-10", 10.0, 80.0, LYING), (day, kg, cm, LYING)])
    };
    assert_eq!(next("2024-04-10", 10.0, 80.0), ["2024-04-10 sama_dengan_bulan_lalu"]);
    assert_eq!(next("2024-04-10", 10.0, 80.1), NONE);
    assert_eq!(next("2024-04-10", 10.1, 80.0), NONE);
    assert_eq!(next("2024-05-10", 10.0, 80.0), NONE);
    assert_eq!(next("2024-03-20", 10.0, 80.0), NONE);
    assert_eq!(next("2024-04-10", 10.0, 0.0), NONE);
}

#[test]
fn the_position_against_the_age() {
    let one = |day, position| codes("2023-01-01", &[(day, 0.0, 84.0, position)]);
    assert_eq!(one("2024-12-31", STANDING), ["2024-12-31 cara_ukur_tidak_sesuai_umur"]); // day 730
    assert_eq!(one("2025-01-01", STANDING), NONE); // day 731
    assert_eq!(one("2024-12-31", LYING), NONE);
    assert_eq!(one("2025-01-01", LYING), ["2025-01-01 cara_ukur_tidak_sesuai_umur"]);
    assert_eq!(one("2024-12-31", None), NONE);
}

#[test]
fn of_two_rows_of_one_day_the_later_counts() {
    let rows = [
        ("2024-03-10", 10.0, 80.0, LYING),
        ("2024-04-10", 19.0, 70.0, LYING),
        ("2024-04-10", 10.2, 80.5, LYING),
    ];
    assert_eq!(codes("2023-01-10", &rows), NONE);
}

#[test]
fn a_visit_before_birth_is_an_error() {
    let rules = WarningRules::default();
    let rows = visits(&[("2022-12-31", 3.0, 50.0, None)]);
    assert_eq!(check_visits(date("2023-01-01"), &rows, &rules), Err(InputError::BeforeBirth));
    assert_eq!(check_visits(date("2023-01-01"), &[], &rules), Ok(vec![]));
}

#[test]
fn the_sentences_are_indonesian() {
    let rows = visits(&[
        ("2024-03-10", 10.0, 80.0, LYING),
        ("2024-04-10", 12.05, 78.5, STANDING),
        ("2024-05-05", 12.05, 78.5, LYING),
        ("2025-05-05", 0.0, 85.0, LYING),
    ]);
    let found = check_visits(date("2023-01-10"), &rows, &WarningRules::default()).unwrap();
    let sentences: Vec<String> = found.iter().map(child_growth::Warning::message).collect();
    assert_eq!(
        sentences,
        [
            "Anak di bawah 24 bulan diukur berdiri pada 10-04-2024; seharusnya terlentang.",
            "Berat badan 10-04-2024 (12,05 kg) berubah terlalu besar dari penimbangan sebelumnya (10 kg).",
            "Berat (12,05 kg) dan tinggi (78,5 cm) pada 05-05-2024 sama persis dengan bulan lalu.",
            "Anak 24 bulan ke atas diukur terlentang pada 05-05-2025; seharusnya berdiri.",
        ]
    );
    let rows = visits(&[("2024-03-10", 0.0, 80.0, LYING), ("2024-04-10", 0.0, 78.96, LYING)]);
    let found = check_visits(date("2023-01-10"), &rows, &WarningRules::default()).unwrap();
    assert_eq!(
        found[0].message(),
        "Panjang/tinggi badan 10-04-2024 (78,96 cm) lebih rendah daripada pengukuran sebelumnya (80 cm)."
    );
}
