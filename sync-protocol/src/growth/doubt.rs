//! What is doubtful about a measurement: WHO's flags and the warnings of the series, as a code for
//! `confirmed` and a sentence for the worker. A doubt asks for a look and never refuses a record.

use super::{Child, Reading, words};
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

/// Puts the worker's word on what is doubtful into a measurement, or gives the doubts that ask for it.
pub fn confirm(
    body: &mut Body,
    reading: Option<&Reading>,
    confirmed: bool,
) -> Result<(), Vec<Doubt>> {
    let doubts = reading.map(doubts).unwrap_or_default();
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
