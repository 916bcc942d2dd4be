//! What is said of one measurement: in lists, in files of records, in the layout "by name".

use super::book::{Child, Row};
use super::calendar::{Month, completed_months};
use super::rules::{BBU, Found, Index, LILA, assess, counting_in, is_2t, is_below, letter};
use super::tally::INDICES;
use child_growth::Score;
use serde_json::{Value, json};

/// The z-scores in the order of the files; LiLA's has a name of its own.
const SCORES: [&str; 6] = ["tbu", "bbu", "bbtb", "imtu", "lku", "lilau"];

/// As the interface says it; null of a measurement that is dated before the birth.
pub(super) fn growth(child: &Child, row: &Row) -> Value {
    let Some(age) = completed_months(child.born(), row.day()) else { return Value::Null };
    let mut said = json!({"age_months": age, "lila": lila(child, row)});
    for word in SCORES {
        said[word] = score(child, row, word).map_or(Value::Null, |(score, category)| {
            json!({"z": f64::from(score.rounded().get()) / 100.0, "flagged": score.is_flagged(),
                "category": category})
        });
    }
    let month = Month::of(row.day());
    let counts = counting_in(child, month, &["weight_g"]).is_some_and(|own| own.id == row.id);
    said["gain"] = if counts { json!(letter(child, month)) } else { Value::Null };
    said["twice_not_gained"] = json!(counts && is_2t(child, month));
    said["below_red_line"] = if counts { json!(is_low(child, row)) } else { Value::Null };
    said
}

/// The cells of a file of measurements that say the same.
pub(super) fn cells(child: &Child, row: &Row) -> Vec<String> {
    let said = growth(child, row);
    if said.is_null() {
        return vec![String::new(); 17];
    }
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(is_so) => if *is_so { "ya" } else { "tidak" }.to_owned(),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    };
    let names = ["zlen", "zwei", "zwfl", "zbmi", "zhc", "zac"];
    let flagged = SCORES.iter().zip(names).filter(|(word, _)| said[**word]["flagged"] == true);
    let flags: Vec<&str> = flagged.map(|(_, name)| name).collect();
    let mut cells = vec![text(&said["age_months"])];
    cells.extend(SCORES.map(|word| z_text(&said[word]["z"])));
    cells.push(flags.join(" "));
    cells.extend(SCORES[..5].iter().map(|word| text(&said[*word]["category"])));
    let others = ["lila", "gain", "twice_not_gained", "below_red_line"];
    cells.extend(others.map(|name| text(&said[name])));
    cells
}

/// A z-score without zeros at its end.
fn z_text(z: &Value) -> String {
    z.as_f64().map(|z| format!("{z}")).unwrap_or_default()
}

fn score(child: &Child, row: &Row, word: &str) -> Option<(Score, Option<&'static str>)> {
    let scores = assess(&child.body, &row.body);
    if word == "lilau" {
        return scores.arm_for_age.map(|score| (score, None));
    }
    let index: &Index = &INDICES.into_iter().find(|index| index.word == word)?;
    let score = index.score(&scores)?;
    Some((score, Some(index.word_of(score.rounded().get()))))
}

fn lila(child: &Child, row: &Row) -> Option<&'static str> {
    row.number("muac_mm")?;
    match LILA.found(child, row) {
        Found::Category(at) => Some(LILA.categories[at].0),
        Found::Oedema | Found::Flagged | Found::Unscored => None,
    }
}

/// None where nobody can say: without a score, and of one that is implausible.
fn is_low(child: &Child, weighing: &Row) -> Option<bool> {
    match BBU.found(child, weighing) {
        Found::Flagged | Found::Unscored => None,
        Found::Oedema | Found::Category(_) => Some(is_below(child, weighing, -200)),
    }
}
