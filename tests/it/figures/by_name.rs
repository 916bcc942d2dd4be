//! The layout "by name by address": one row a child, the last day on which it was measured, and of
//! several measurements of that day what counts of each.

use super::book::Child;
use super::calendar::{Month, completed_months};
use super::files::{puskesmas, seen};
use super::kabupaten::{Kabupaten, Narrow, Viewer};
use super::rules::{Found, assess, counting, counting_in, letter};
use super::tables::{Table, check_file, columns, of_month, unit};
use super::tally::INDICES;
use chrono::{Months, NaiveDate};
use std::collections::BTreeMap;

pub(super) fn check(kabupaten: &Kabupaten, viewer: &Viewer, narrow: Narrow, month: Option<Month>) {
    let is_asked = |day| month.is_none_or(|month| Month::of(day) == month);
    let seen = seen(kabupaten, viewer, &narrow);
    let last_days =
        seen.iter().filter_map(|child| Some((*child, counting(child, is_asked, &[])?.day())));
    let rows: Table = last_days.map(|(child, day)| line(kabupaten, child, day)).collect();
    check_file(kabupaten, viewer, ("eppgbm-bnba", &of_month(narrow, month)), &rows);
}

fn line(kabupaten: &Kabupaten, child: &Child, day: NaiveDate) -> BTreeMap<String, String> {
    let (born, place) = (child.born(), child.place());
    let months = completed_months(born, day).unwrap();
    let days = (day - (born + Months::new(months))).num_days();
    let age = format!("{} Tahun - {} Bulan - {days} Hari", months / 12, months % 12);
    let kia = match child.body["kia_book"].as_bool() {
        Some(true) => "ya",
        Some(false) => "tidak",
        None => "",
    };
    let measure = |field, of_one| {
        let row = counting(child, |on| on == day, &[field]);
        row.map(|row| unit(row, field, of_one)).unwrap_or_default()
    };
    let of_day = child.rows.iter().filter(|row| row.day() == day);
    let capsules = of_day.filter(|row| row.body["vitamin_a"].is_string()).count();
    let mut line = columns(&[
        ("Nama", child.name()),
        ("NIK", child.body["nik"].as_str().unwrap_or_default()),
        ("Kec", &kabupaten.names[place.rsplit_once('.').unwrap().0]),
        ("Pukesmas", puskesmas(kabupaten, place).1),
        ("Desa/Kel", &kabupaten.names[place]),
        ("Posyandu", child.body["posyandu"].as_str().unwrap_or_default()),
        ("Usia Saat Ukur", &age),
        ("Tanggal Pengukuran", &day.to_string()),
        ("Berat", &measure("weight_g", 1_000.0)),
        ("Tinggi", &measure("height_mm", 10.0)),
        ("LiLA", &measure("muac_mm", 10.0)),
        ("Jml Vit A", if capsules > 0 { "1" } else { "" }),
        ("KIA", kia),
    ]);
    add_scores(&mut line, child, day);
    line
}

fn add_scores(line: &mut BTreeMap<String, String>, child: &Child, day: NaiveDate) {
    for index in &INDICES[..3] {
        let row = counting(child, |on| on == day, index.needs);
        let category = row.and_then(|row| match index.found(child, row) {
            Found::Category(at) => Some(short(index.categories[at].0)),
            Found::Oedema => Some(short(index.categories[0].0)),
            Found::Flagged | Found::Unscored => None,
        });
        line.insert(index.label.to_owned(), category.unwrap_or_default());
        let score = row.and_then(|row| index.score(&assess(&child.body, &row.body)));
        let z = score.map(|score| (f64::from(score.rounded().get()) / 100.0).to_string());
        line.insert(format!("ZS {}", index.label), z.unwrap_or_default());
    }
    let month = Month::of(day);
    let is_last = counting_in(child, month, &["weight_g"]).is_some_and(|row| row.day() == day);
    let letter = letter(child, month).filter(|_| is_last).map(String::from);
    line.insert("Naik Berat Badan".to_owned(), letter.unwrap_or_default());
}

/// A category as e-PPGBM calls it.
fn short(word: &str) -> String {
    let words = match word {
        "berisiko_lebih" => "berisiko_gizi_lebih",
        other => other,
    };
    let capital = |word: &str| format!("{}{}", word[..1].to_uppercase(), &word[1..]);
    words.split('_').map(capital).collect::<Vec<_>>().join(" ")
}
