//! What the growth rules say of a measurement, as lines and as JSON.

use child_growth::{Assessment, GainBasis, Index, LengthKind};
use serde_json::{Map, Value, json};
use sync_protocol::growth::{Doubt, Reading, doubts, words as codes};
use views::growth::{care, category, gain_text, z_text};
use views::words;

/// The reading, one statement a line.
pub(crate) fn lines(reading: &Reading) -> Vec<String> {
    let scores = &reading.assessed.scores;
    let kind = scores.kind.unwrap_or(LengthKind::Height);
    let mut lines: Vec<String> = Index::ALL
        .into_iter()
        .filter_map(|index| {
            let score = scores.score(index)?;
            let name = category(index, score.rounded()).map_or("", |category| category.name);
            let flag = if score.is_flagged() { "  (tidak wajar)" } else { "" };
            let z = z_text(score.rounded());
            Some(
                format!("  {:<6} {z:>6} SD  {name}{flag}", index.label(kind)).trim_end().to_owned(),
            )
        })
        .collect();
    if let Some(arm) = reading.assessed.arm {
        lines.push(format!("  LiLA: {}", arm.name()));
    }
    lines.extend(reading.gain.as_ref().map(|gain| format!("  {}", gain_text(gain))));
    lines.extend(care(reading).iter().map(|line| format!("  {line}")));
    lines
}

/// The same for scripts: numbers in plain units, codes beside names.
pub(crate) fn json(reading: &Reading) -> Value {
    let (assessed, scores) = (&reading.assessed, &reading.assessed.scores);
    let gain = reading.gain.as_ref();
    json!({
        "age_months": assessed.months.get(),
        "indices": indices_json(scores),
        "lila": assessed.arm.map(|arm| json!({"code": codes::arm(arm), "name": arm.name()})),
        "acute": assessed.acute.class.map(codes::acute), "refer": assessed.acute.refer,
        "gain": gain.map(|gain| gain.status.letter()),
        "gain_g": gain.and_then(|gain| gain.gain),
        "kbm_g": gain.and_then(|gain| match gain.basis {
            Some(GainBasis::Kbm(grams)) => Some(grams),
            Some(GainBasis::Direction) | None => None,
        }),
        "twice_not_gained": gain.is_some_and(|gain| gain.twice_not_gained),
        "below_red_line": gain.and_then(|gain| gain.below_red_line),
        "doubts": doubts_json(&doubts(reading)),
    })
}

fn indices_json(scores: &Assessment) -> Value {
    let kind = scores.kind.unwrap_or(LengthKind::Height);
    let each = Index::ALL.into_iter().filter_map(|index| {
        let score = scores.score(index)?;
        let category = category(index, score.rounded());
        let value = json!({
            "label": index.label(kind), "z": f64::from(score.rounded().get()) / 100.0,
            "flagged": score.is_flagged(),
            "category": category.map(|category| category.code),
            "name": category.map(|category| category.name),
        });
        Some((codes::index(index).to_owned(), value))
    });
    Value::Object(each.collect::<Map<String, Value>>())
}

pub(crate) fn doubts_json(doubts: &[Doubt]) -> Value {
    doubts.iter().map(|doubt| json!({"code": doubt.code, "sentence": doubt.sentence})).collect()
}

/// The columns of a measurement in the series of its child.
pub(crate) const HEADER: [&str; 10] =
    ["Kode", "Tanggal", "Umur", "BB", "TB", "LiLA", "BB/U", "TB/U", "BB/TB", "N/T"];

/// One z of the series; `!` marks what WHO holds to be implausible.
pub(crate) fn z_cell(reading: Option<&Reading>, index: Index) -> String {
    match reading.and_then(|reading| reading.assessed.scores.score(index)) {
        Some(score) => {
            let flag = if score.is_flagged() { "!" } else { "" };
            format!("{}{flag}", z_text(score.rounded()))
        }
        None => "-".to_owned(),
    }
}

/// The letter of the series; 2T where it is one.
pub(crate) fn gain_cell(reading: Option<&Reading>) -> &'static str {
    match reading.and_then(|reading| reading.gain.as_ref()) {
        Some(gain) if gain.twice_not_gained => "2T",
        Some(gain) => gain.status.letter(),
        None => "",
    }
}

/// A measure of the series in kilograms or centimetres.
pub(crate) fn measure_cell(value: Option<i64>, decimals: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| words::decimal(value, decimals))
}
