//! The rules of the figures, written a second time and as plainly as they can be: who is on the list
//! of a month, which measurement counts, what is found of a child. Only a single z-score and its
//! flag are taken from `child-growth`, which is proved against WHO's own rows.

use super::book::{Child, Row};
use super::calendar::{Month, civil, completed_months};
use child_growth::{Age, Assessment, Date, Input, Length, Oedema, Position, Score, Sex, Weight};
use chrono::{Datelike, NaiveDate};
use serde_json::Value;

/// On the target list of a month: born by its last day, at most so many completed months old on it,
/// active or gone only after it.
pub(super) fn is_on_list(child: &Child, last: NaiveDate, oldest: u32) -> bool {
    let is_young = completed_months(child.born(), last).is_some_and(|months| months <= oldest);
    is_young && is_there(child, last)
}

/// Active, or gone only after a day.
fn is_there(child: &Child, last: NaiveDate) -> bool {
    match child.body["status"].as_str() {
        None | Some("aktif") => true,
        Some(_) => civil(&child.body["status_on"]).is_some_and(|left| left > last),
    }
}

/// The measurement that counts: of the latest day that has what is needed, the one with the latest
/// stamp. Nothing that is dated before the birth counts.
pub(super) fn counting<'c>(
    child: &'c Child,
    is_of: impl Fn(NaiveDate) -> bool,
    needs: &[&str],
) -> Option<&'c Row> {
    let rows = child.rows.iter().filter(|row| row.day() >= child.born() && is_of(row.day()));
    let rows = rows.filter(|row| needs.iter().all(|field| row.has(field)));
    rows.max_by_key(|row| (row.day(), row.stamp.clone()))
}

pub(super) fn counting_in<'c>(child: &'c Child, month: Month, needs: &[&str]) -> Option<&'c Row> {
    counting(child, |day| Month::of(day) == month, needs)
}

/// The letter of a month in which the child was weighed.
pub(super) fn letter(child: &Child, month: Month) -> Option<char> {
    let weighing = counting_in(child, month, &["weight_g"])?;
    if counting(child, |day| day < month.first(), &["weight_g"]).is_none() {
        return Some('B');
    }
    let Some(last) = counting_in(child, month.before(1), &["weight_g"]) else { return Some('O') };
    let gain = weighing.number("weight_g").unwrap() - last.number("weight_g").unwrap();
    let age = completed_months(child.born(), weighing.day()).unwrap();
    let is_boy = child.body["sex"] == "L";
    // Without a least gain a rise is enough.
    Some(if gain >= least_gain(age, is_boy).unwrap_or(1) { 'N' } else { 'T' })
}

/// The KBM of the Buku KIA 2023, in grams.
pub(super) fn least_gain(age: u32, is_boy: bool) -> Option<i64> {
    let (end_of_400, end_of_300) = if is_boy { (7, 11) } else { (6, 10) };
    Some(match age {
        0 => return None,
        1 => 800,
        2 => 900,
        3 => 800,
        4 => 600,
        5 => 500,
        _ if age <= end_of_400 => 400,
        _ if age <= end_of_300 => 300,
        _ if age <= 60 => 200,
        _ => return None,
    })
}

/// T here and at the weighing before.
pub(super) fn is_2t(child: &Child, month: Month) -> bool {
    letter(child, month) == Some('T') && letter(child, month.before(1)) == Some('T')
}

/// An index: its word, its label, what it needs, and its categories with the greatest z-score (in
/// hundredths) of each but the last.
pub(super) struct Index {
    pub(super) word: &'static str,
    pub(super) label: &'static str,
    pub(super) needs: &'static [&'static str],
    /// Water hides the weight.
    pub(super) oedema_is_lowest: bool,
    pub(super) tops: &'static [i32],
    pub(super) categories: &'static [(&'static str, &'static str)],
}

const NUTRITION: &[(&str, &str)] = &[
    ("gizi_buruk", "Gizi buruk"),
    ("gizi_kurang", "Gizi kurang"),
    ("gizi_baik", "Gizi baik (normal)"),
    ("berisiko_lebih", "Berisiko gizi lebih"),
    ("gizi_lebih", "Gizi lebih"),
    ("obesitas", "Obesitas"),
];

pub(super) const BBU: Index = Index {
    word: "bbu",
    label: "BB/U",
    needs: &["weight_g"],
    oedema_is_lowest: true,
    tops: &[-301, -201, 100],
    categories: &[
        ("sangat_kurang", "Berat badan sangat kurang"),
        ("kurang", "Berat badan kurang"),
        ("normal", "Berat badan normal"),
        ("risiko_lebih", "Risiko berat badan lebih"),
    ],
};
pub(super) const TBU: Index = Index {
    word: "tbu",
    label: "TB/U",
    needs: &["height_mm"],
    oedema_is_lowest: false,
    tops: &[-301, -201, 300],
    categories: &[
        ("sangat_pendek", "Sangat pendek"),
        ("pendek", "Pendek"),
        ("normal", "Normal"),
        ("tinggi", "Tinggi"),
    ],
};
pub(super) const BBTB: Index = Index {
    word: "bbtb",
    label: "BB/TB",
    needs: &["weight_g", "height_mm"],
    oedema_is_lowest: true,
    tops: &[-301, -201, 100, 200, 300],
    categories: NUTRITION,
};
pub(super) const IMTU: Index = Index { word: "imtu", label: "IMT/U", ..BBTB };
pub(super) const LKU: Index = Index {
    word: "lku",
    label: "LK/U",
    needs: &["head_mm"],
    oedema_is_lowest: false,
    tops: &[-201, 200],
    categories: &[
        ("mikrosefali", "Mikrosefali"),
        ("normal", "Normal"),
        ("makrosefali", "Makrosefali"),
    ],
};
/// By centimetres and not by z-score.
pub(super) const LILA: Index = Index {
    word: "lila",
    label: "LiLA",
    needs: &["muac_mm"],
    oedema_is_lowest: false,
    tops: &[114, 124],
    categories: &[
        ("gizi_buruk", "Gizi buruk"),
        ("gizi_kurang", "Gizi kurang"),
        ("normal", "Normal"),
    ],
};

/// What a measurement is by an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Category(usize),
    Oedema,
    Flagged,
    Unscored,
}

impl Index {
    pub(super) fn found(&self, child: &Child, row: &Row) -> Found {
        let place = |value: i32| self.tops.iter().filter(|top| value > **top).count();
        if self.word == "lila" {
            let age = completed_months(child.born(), row.day());
            let arm = i32::try_from(row.number("muac_mm").unwrap()).unwrap();
            let is_of_age = age.is_some_and(|age| (6..=59).contains(&age));
            return if is_of_age { Found::Category(place(arm)) } else { Found::Unscored };
        }
        if self.oedema_is_lowest && row.number("oedema").is_some_and(|grade| grade > 0) {
            return Found::Oedema;
        }
        match self.score(&assess(&child.body, &row.body)) {
            None => Found::Unscored,
            Some(score) if score.is_flagged() => Found::Flagged,
            Some(score) => Found::Category(place(score.rounded().get())),
        }
    }

    /// The word of a z-score, also of one that is flagged.
    pub(super) fn word_of(&self, z: i32) -> &'static str {
        self.categories[self.tops.iter().filter(|top| z > **top).count()].0
    }

    pub(super) fn score(&self, scores: &Assessment) -> Option<Score> {
        match self.word {
            "bbu" => scores.weight_for_age,
            "tbu" => scores.length_for_age,
            "bbtb" => scores.weight_for_length,
            "imtu" => scores.bmi_for_age,
            "lku" => scores.head_for_age,
            _ => None,
        }
    }
}

/// Below the red line, in hundredths of an SD; none where nobody can say.
pub(super) fn is_below(child: &Child, weighing: &Row, red_line: i32) -> bool {
    match BBU.found(child, weighing) {
        Found::Oedema => true,
        Found::Flagged | Found::Unscored => false,
        Found::Category(_) => {
            let score = BBU.score(&assess(&child.body, &weighing.body)).unwrap();
            score.rounded().get() < red_line
        }
    }
}

/// The z-scores of a measurement, from its body and its child's.
pub(super) fn assess(child: &Value, row: &Value) -> Assessment {
    let measure = |field: &str| u32::try_from(row[field].as_i64()?).ok();
    let length = |field| measure(field).map(|mm| Length::from_mm(mm).unwrap());
    let day = |value: &Value| growth_day(civil(value).unwrap());
    child_growth::assess(&Input {
        sex: Some(if child["sex"] == "L" { Sex::Male } else { Sex::Female }),
        age: Some(Age::between(day(&child["birth_date"]), day(&row["measured_on"])).unwrap()),
        weight: measure("weight_g").map(|grams| Weight::from_grams(grams).unwrap()),
        length: length("height_mm"),
        position: match row["position"].as_str() {
            Some("berdiri") => Some(Position::Standing),
            Some("terlentang") => Some(Position::Lying),
            _ => None,
        },
        head: length("head_mm"),
        arm: length("muac_mm"),
        oedema: if row["oedema"].as_i64() > Some(0) { Oedema::Present } else { Oedema::Absent },
    })
}

fn growth_day(date: NaiveDate) -> Date {
    let small = |number: u32| u8::try_from(number).unwrap();
    Date::new(u16::try_from(date.year()).unwrap(), small(date.month()), small(date.day())).unwrap()
}
