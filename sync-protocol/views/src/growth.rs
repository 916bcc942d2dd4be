//! What the growth rules say of a measurement, in the words and colours of the screen.

use child_growth::{AcuteClass, GainBasis, GainStatus, Hundredths, Index, MonthlyGain};
use sync_protocol::growth::{Reading, words as codes};

/// A category of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its stable word.
    pub code: &'static str,
    /// Its name in the regulation.
    pub name: &'static str,
}

/// How much a value asks for a look; the class of its tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    Good,
    Warn,
    Bad,
}

impl Tone {
    pub fn class(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
        }
    }

    /// Of a z-score: beyond 3 SD, beyond 2 SD, or neither. A tall child is no worry.
    pub fn of(index: Index, z: Hundredths) -> Self {
        match (index, z.get()) {
            (_, ..-300) => Tone::Bad,
            (_, -300..-200) => Tone::Warn,
            (Index::LengthForAge, _) | (_, ..=200) => Tone::Good,
            (_, 201..=300) => Tone::Warn,
            (_, 301..) => Tone::Bad,
        }
    }
}

/// The category of a z-score. LiLA/U has none: LiLA goes by its centimetres.
pub fn category(index: Index, z: Hundredths) -> Option<Category> {
    let (code, name) = codes::category(index, z)?;
    Some(Category { code, name })
}

/// A z-score of each category, from the lowest to the highest.
const SAMPLES: [i32; 6] = [-350, -250, 0, 150, 250, 350];

/// The category of an index by its stable word, and how much it asks for a look.
pub fn category_of_word(index: Index, word: &str) -> Option<(Category, Tone)> {
    let each = SAMPLES.into_iter().map(Hundredths::new);
    each.filter_map(|z| Some((category(index, z)?, Tone::of(index, z))))
        .find(|(category, _)| category.code == word)
}

/// A z-score as people in Indonesia write it.
pub fn z_text(z: Hundredths) -> String {
    z.to_string().replace('.', ",")
}

/// What asks for care: a child that is acutely malnourished, not gaining, below the red line. One
/// sentence each.
pub fn care(reading: &Reading) -> Vec<String> {
    let acute = reading.assessed.acute;
    let gain = reading.gain.as_ref();
    let class = acute.class.filter(|class| *class != AcuteClass::NotAcute);
    let is_2t = gain.is_some_and(|gain| gain.twice_not_gained);
    let is_bgm = gain.is_some_and(|gain| gain.below_red_line == Some(true));
    [
        class.map(|class| {
            format!("Tanda {} (BB/TB, LiLA atau edema).", class.name().to_lowercase())
        }),
        is_2t.then(|| "2T: dua kali penimbangan berturut-turut tidak naik.".to_owned()),
        is_bgm.then(|| "BGM: di bawah garis merah.".to_owned()),
        (acute.refer || class == Some(AcuteClass::Severe) || is_2t || is_bgm)
            .then(|| "Rujuk ke puskesmas.".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The letter of a month and what it means: `T: tidak naik (+100 g, KBM 200 g)`.
pub fn gain_text(gain: &MonthlyGain) -> String {
    let letter = gain.status.letter();
    let said = match gain.status {
        GainStatus::N => "naik",
        GainStatus::T => "tidak naik",
        GainStatus::O => "bulan lalu tidak ditimbang",
        GainStatus::B => "baru pertama kali ditimbang",
    };
    match (gain.gain, gain.basis) {
        (Some(grams), Some(GainBasis::Kbm(least))) => {
            format!("{letter}: {said} ({grams:+} g, KBM {least} g)")
        }
        (Some(grams), _) => format!("{letter}: {said} ({grams:+} g)"),
        (None, _) => format!("{letter}: {said}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_a_category_has_its_name() {
        for (index, words) in [
            (Index::WeightForAge, codes::WEIGHT.as_slice()),
            (Index::LengthForAge, codes::HEIGHT.as_slice()),
            (Index::WeightForLength, codes::NUTRITION.as_slice()),
        ] {
            for word in words {
                let (category, _) = category_of_word(index, word).expect(word);
                assert_eq!(category.code, *word);
            }
        }
        let (_, tone) = category_of_word(Index::WeightForLength, "gizi_buruk").unwrap();
        assert_eq!(tone, Tone::Bad);
    }

    #[test]
    fn a_tall_child_is_no_worry_and_a_heavy_one_is() {
        let of = |index, z| Tone::of(index, Hundredths::new(z));
        assert_eq!(of(Index::LengthForAge, 350), Tone::Good);
        assert_eq!(of(Index::WeightForLength, 350), Tone::Bad);
        assert_eq!(of(Index::WeightForLength, -201), Tone::Warn);
        assert_eq!(of(Index::WeightForLength, -200), Tone::Good);
        assert_eq!(of(Index::LengthForAge, -301), Tone::Bad);
    }
}
