//! What the growth standards say of one measurement, as the files write it.

use super::cell::Cell;
use crate::store::{IndexScore, LiveRow, ReadTx, Score, Stored};
use child_growth::Index;
use sync_protocol::counted::{Figure, Z};

/// An index as a list by name shows it: the category that it is counted in, in e-PPGBM's short words,
/// and its z-score.
pub(super) fn cells_of(index: Index, said: Option<(Figure, Option<Z>)>) -> [Cell<'static>; 2] {
    let word = said.and_then(|(figure, _)| figure.word(index)).map(short_word);
    let z = said.and_then(|(_, z)| z).map(|z| i64::from(z.hundredths.get()));
    [Cell::of(word, Cell::text), Cell::of(z, |value| Cell::Decimal { value, places: 2 })]
}

/// What a table of measurements says of each beside its fields, under the names of WHO's tool.
pub(super) const COLUMNS: [&str; 17] = [
    "age_months",
    "zlen",
    "zwei",
    "zwfl",
    "zbmi",
    "zhc",
    "zac",
    "flags",
    "tbu",
    "bbu",
    "bbtb",
    "imtu",
    "lku",
    "lila",
    "gain",
    "twice_not_gained",
    "below_red_line",
];

/// The cells of [`COLUMNS`]; blank for a measurement without a score.
pub(super) fn columns_of(tx: &ReadTx<'_>, measurement: &LiveRow) -> Stored<Vec<Cell<'static>>> {
    let Some(score) = tx.score(measurement.no)? else {
        return Ok(COLUMNS.map(|_| Cell::Blank).to_vec());
    };
    let Score { tbu, bbu, bbtb, imtu, lku, lilau, .. } = &score;
    let all = [tbu, bbu, bbtb, imtu, lku, lilau];
    let names = COLUMNS.iter().skip(1);
    let flags: Vec<&str> = all
        .into_iter()
        .zip(names)
        .filter(|(index, _)| index.as_ref().is_some_and(|index| index.flagged))
        .map(|(_, name)| *name)
        .collect();
    let z = |index: &Option<IndexScore>| {
        let hundredths = index.as_ref().map(|index| i64::from(index.z));
        Cell::of(hundredths, |value| Cell::Decimal { value, places: 2 })
    };
    let word = |text: Option<&str>| Cell::of(text.map(str::to_owned), Cell::text);
    let category = |index: &Option<IndexScore>| {
        word(index.as_ref().and_then(|index| index.category.as_deref()))
    };
    let mut cells = vec![Cell::Whole(score.age_months)];
    cells.extend(all.map(z));
    cells.push(word(Some(flags.join(" ")).as_deref().filter(|flags| !flags.is_empty())));
    cells.extend([tbu, bbu, bbtb, imtu, lku].map(category));
    cells.extend([score.lila.as_deref(), score.gain.as_deref()].map(word));
    cells.push(Cell::flag(Some(score.twice_not_gained)));
    cells.push(Cell::flag(score.below_red_line));
    Ok(cells)
}

/// A category as e-PPGBM shows it: `sangat_pendek` is "Sangat Pendek".
fn short_word(word: &str) -> String {
    if word == "berisiko_lebih" {
        return "Berisiko Gizi Lebih".to_owned();
    }
    let capital = |part: &str| {
        let mut letters = part.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    };
    word.split('_').map(capital).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync_protocol::growth::words;

    #[test]
    fn categories_are_shown_in_short_words() {
        assert_eq!(words::HEIGHT.map(short_word), ["Sangat Pendek", "Pendek", "Normal", "Tinggi"]);
        assert_eq!(
            words::WEIGHT.map(short_word),
            ["Sangat Kurang", "Kurang", "Normal", "Risiko Lebih"]
        );
        assert_eq!(short_word("gizi_baik"), "Gizi Baik");
        assert!(words::NUTRITION.contains(&"berisiko_lebih"));
    }
}
