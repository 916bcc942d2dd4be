//! What is doubtful about a measurement: WHO's flags and the warnings of the series, as a code for
//! `confirmed` and a sentence for the worker. A doubt asks for a look and never refuses a record.

use super::{Child, JUDGED, Measured, Reading, words};
use crate::body::Body;
use crate::record::{child, measurement};
use child_growth::{Hundredths, Index, LengthKind, NikFacts};
use serde_json::{Value, json};

/// One doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Stable; kept in a measurement's `confirmed` when the worker stands by the value.
    pub code: String,
    /// In Bahasa Indonesia.
    pub sentence: String,
}

/// The doubts about one measurement among all of its child: flags first, then warnings.
pub fn doubts(reading: &Reading) -> Vec<Doubt> {
    let scores = &reading.assessed.scores;
    let kind = scores.kind.unwrap_or(LengthKind::Height);
    let flags = Index::ALL.into_iter().filter_map(|index| {
        let score = scores.score(index).filter(|score| score.is_flagged())?;
        Some(Doubt {
            code: format!("{}_tidak_wajar", words::index(index)),
            sentence: format!(
                "{} {} SD di luar batas wajar WHO; periksa alat, angka dan tanggal lahir.",
                index.label(kind),
                decimal_comma(score.rounded()),
            ),
        })
    });
    let warnings = reading
        .warnings
        .iter()
        .map(|warning| Doubt { code: warning.code().to_owned(), sentence: warning.message() });
    let mut doubts: Vec<Doubt> = Vec::new();
    for doubt in flags.chain(warnings) {
        if !doubts.contains(&doubt) {
            doubts.push(doubt);
        }
    }
    doubts
}

/// Whether growth sees in a measurement what it saw before.
fn is_as_before(before: &Body, body: &Body) -> bool {
    Measured::of(body) == Measured::of(before)
}

/// What has to be asked before `body` takes the place of `before`, which is empty for a new
/// measurement. Whoever mends a note is not asked about the weight again: as long as growth sees what
/// it saw before, nobody is.
pub fn doubts_to_ask(before: &Body, body: &Body, reading: Option<&Reading>) -> Vec<Doubt> {
    if is_as_before(before, body) {
        return Vec::new();
    }
    reading.map(doubts).unwrap_or_default()
}

/// What the box of a form sends by which somebody stands by these doubts. It names the measures, too:
/// whoever changes one of them has not looked at what stands there then. Empty without a doubt.
pub fn word_for(doubts: &[Doubt], body: &Body) -> String {
    if doubts.is_empty() {
        return String::new();
    }
    let mut word = String::new();
    for doubt in doubts {
        word.push_str(&doubt.code);
        word.push(',');
    }
    for field in JUDGED {
        match body.get(field) {
            Some(Value::String(text)) => word.push_str(text),
            Some(value) => word.push_str(&value.to_string()),
            None => {}
        }
        word.push(',');
    }
    word
}

/// Puts the worker's word on what is doubtful into a measurement, or gives the doubts that ask for it.
/// Where nothing is asked, what was confirmed before stays so.
pub fn confirm(
    before: &Body,
    body: &mut Body,
    reading: Option<&Reading>,
    confirmed: bool,
) -> Result<(), Vec<Doubt>> {
    if is_as_before(before, body) {
        let kept = before.get(measurement::CONFIRMED).cloned();
        body.set(measurement::CONFIRMED, kept);
        return Ok(());
    }
    let doubts = doubts_to_ask(before, body, reading);
    if doubts.is_empty() {
        body.set(measurement::CONFIRMED, Value::Null);
        return Ok(());
    }
    if !confirmed {
        return Err(doubts);
    }
    let codes: Vec<&str> = doubts.iter().map(|doubt| doubt.code.as_str()).collect();
    body.set(measurement::CONFIRMED, json!(codes));
    Ok(())
}

/// Takes away what was confirmed of other measures: nobody has stood by these yet. A blank that is
/// filled leaves what was confirmed as it stood.
pub fn forget_confirmed(body: &mut Body, before: &Body) {
    let is_replaced =
        |field: &&str| before.get(field).is_some() && before.get(field) != body.get(field);
    if JUDGED.iter().any(is_replaced) {
        body.set(measurement::CONFIRMED, Value::Null);
    }
}

/// Where a child's NIK disagrees with its birth date and sex. A note for the worker: nothing is
/// refused for it, and a NIK that is none is not judged here.
pub fn nik_doubts(body: &Body) -> Vec<Doubt> {
    let facts = body.text(child::NIK).and_then(|nik| NikFacts::read(nik).ok());
    let (Some(facts), Some(known)) = (facts, Child::of(body)) else { return Vec::new() };
    facts
        .compare(known.born, Some(known.sex))
        .iter()
        .map(|warning| Doubt { code: warning.code().to_owned(), sentence: warning.message() })
        .collect()
}

/// A z-score as people in Indonesia write it: `-2,01`.
fn decimal_comma(z: Hundredths) -> String {
    z.to_string().replace('.', ",")
}
