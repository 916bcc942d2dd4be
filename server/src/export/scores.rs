//! What the growth standards say of one measurement, as the files write it. Every file that shows
//! a category or a z-score asks here, so there is one place that knows where scores come from.

use super::cell::Cell;
use crate::store::{IndexScore, LiveRow, ReadTx, Score, Stored};
use sync_protocol::growth::words;

/// The scores of one measurement; without any when it is dated before the birth.
#[derive(Clone, Debug, Default)]
pub(super) struct Scores {
    pub(super) weight_for_age: Index,
    pub(super) height_for_age: Index,
    pub(super) weight_for_height: Index,
    /// `N`, `T`, `O` or `B`.
    pub(super) gain: Option<String>,
    /// None without a z-score, and of one that WHO holds to be implausible: such a child is
    /// measured again and counted nowhere.
    pub(super) stature: Option<Stature>,
}

/// One index: its category in e-PPGBM's short words and its z-score in hundredths.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    category: Option<String>,
    z_hundredths: Option<i64>,
}

/// What the recap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stature {
    SeverelyStunted,
    Stunted,
    NotStunted,
}

impl Index {
    fn of(score: Option<&IndexScore>) -> Self {
        Index {
            category: score.and_then(|score| score.category.as_deref()).map(short_word),
            z_hundredths: score.map(|score| score.z.into()),
        }
    }

    pub(super) fn cells(&self) -> [Cell<'_>; 2] {
        [
            Cell::of(self.category.as_deref(), Cell::text),
            Cell::of(self.z_hundredths, |value| Cell::Decimal { value, places: 2 }),
        ]
    }
}

impl Stature {
    fn of(score: &IndexScore) -> Option<Self> {
        let [severely_stunted, stunted, ..] = words::HEIGHT;
        let category = score.category.as_deref().filter(|_| !score.flagged)?;
        Some(if category == severely_stunted {
            Stature::SeverelyStunted
        } else if category == stunted {
            Stature::Stunted
        } else {
            Stature::NotStunted
        })
    }
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

/// The scores of a measurement.
pub(super) fn scores_of(tx: &ReadTx<'_>, measurement: &LiveRow) -> Stored<Scores> {
    let Some(score) = tx.score(measurement.no)? else { return Ok(Scores::default()) };
    Ok(Scores {
        weight_for_age: Index::of(score.bbu.as_ref()),
        height_for_age: Index::of(score.tbu.as_ref()),
        weight_for_height: Index::of(score.bbtb.as_ref()),
        gain: score.gain,
        stature: score.tbu.as_ref().and_then(Stature::of),
    })
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

    #[test]
    fn an_implausible_height_is_counted_nowhere() {
        let score = |category: &str, flagged| IndexScore {
            z: -620,
            flagged,
            category: Some(category.to_owned()),
        };
        assert_eq!(Stature::of(&score("sangat_pendek", true)), None);
        assert_eq!(Stature::of(&score("sangat_pendek", false)), Some(Stature::SeverelyStunted));
        assert_eq!(Stature::of(&score("pendek", false)), Some(Stature::Stunted));
        assert_eq!(Stature::of(&score("tinggi", false)), Some(Stature::NotStunted));
    }
}
