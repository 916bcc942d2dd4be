//! Measures that lie where a rule turns: at the edge of a category, of WHO's flags, of the least gain.

use super::calendar::completed_months;
use super::rules::{BBU, Index, LKU, TBU, assess, least_gain};
use chrono::NaiveDate;
use serde_json::{Value, json};
use sync_tests::Dice;

/// Whom a measure is for, and on which day.
pub(super) struct Aim {
    child: Value,
    day: NaiveDate,
    last_weight_g: Option<i64>,
}

/// Hundredths of an SD, at the edges of the categories and of the flags and between them.
const Z: [i32; 24] = [
    -650, -600, -450, -350, -301, -300, -250, -201, -200, -150, -100, -50, 0, 50, 100, 101, 150,
    201, 250, 300, 301, 450, 501, 650,
];
/// Around what the least gain asks for.
const MORE_THAN_LEAST_G: [i64; 7] = [-2_000, -400, -1, -1, 0, 0, 300];
/// LiLA at the edges of its categories.
const ARM_MM: [i64; 6] = [110, 114, 115, 124, 125, 150];
/// What is measured on one day, and how often that is so.
const SETS: [&[&str]; 10] = [
    &["weight_g", "height_mm"],
    &["weight_g", "height_mm"],
    &["weight_g", "height_mm", "muac_mm", "head_mm"],
    &["weight_g", "height_mm", "muac_mm", "head_mm"],
    &["weight_g"],
    &["weight_g"],
    &["weight_g"],
    &["height_mm"],
    &["muac_mm"],
    &["head_mm"],
];

impl Aim {
    pub(super) fn of(child: &Value, day: NaiveDate, last_weight_g: Option<i64>) -> Self {
        Aim { child: child.clone(), day, last_weight_g }
    }

    fn born(&self) -> NaiveDate {
        self.child["birth_date"].as_str().unwrap().parse().unwrap()
    }

    /// The least measure with a z-score of at least this.
    fn measure_at(&self, index: &Index, z: i32, (least, most): (i64, i64)) -> i64 {
        let field = index.needs[0];
        let (mut low, mut high) = (least, most);
        while low < high {
            let middle = i64::midpoint(low, high);
            let row = json!({"measured_on": self.day.to_string(), field: middle});
            let score = index.score(&assess(&self.child, &row));
            if score.is_some_and(|score| score.rounded().get() >= z) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }
}

/// What somebody measures of a child on a day.
pub(super) fn measures(dice: &mut Dice, aim: &Aim) -> Value {
    let mut body = json!({});
    let is_born = aim.day >= aim.born();
    for field in dice.pick(&SETS) {
        let z = dice.pick(&Z);
        let measure = match *field {
            _ if !is_born => 400,
            "weight_g" => weight(dice, aim, z),
            "height_mm" => aim.measure_at(&TBU, z, (300, 1_500)),
            "head_mm" => aim.measure_at(&LKU, z, (150, 700)),
            _ => dice.pick(&ARM_MM),
        };
        body[*field] =
            json!(if *field == "weight_g" { measure.clamp(500, 60_000) } else { measure });
    }
    if body["height_mm"].is_number() && dice.below(4) > 0 {
        body["position"] = json!(dice.pick(&["berdiri", "terlentang"]));
    }
    if dice.below(12) < 2 {
        body["oedema"] = json!(dice.pick(&[0, 1, 2, 3]));
    }
    if dice.below(5) == 0 {
        body["vitamin_a"] = json!("merah");
    }
    body
}

/// By its z-score, or by what was gained since the last weighing.
fn weight(dice: &mut Dice, aim: &Aim, z: i32) -> i64 {
    let age = completed_months(aim.born(), aim.day).unwrap();
    let least = least_gain(age, aim.child["sex"] == "L").unwrap_or(0);
    match aim.last_weight_g {
        Some(last) if dice.below(10) < 6 => last + least + dice.pick(&MORE_THAN_LEAST_G),
        Some(_) | None => aim.measure_at(&BBU, z, (500, 60_000)),
    }
}
