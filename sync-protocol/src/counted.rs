//! Which measurement counts, and as what: the one rule of every figure, list, file and score, on
//! the server and on the tablet.
//!
//! Of several measurements of one child on one day, for each [`Need`] the one with the later stamp
//! that has it: weighing a child again does not unmeasure its height. On a tablet, what has no
//! stamp yet is later than all that has one, in the order of its log. Of a month the latest day
//! counts. Of a measurement that counts, [`Figure`] says what it is in a figure: with oedema the
//! lowest category of what rests on weight, and nothing where WHO holds the score to be implausible.
//!
//! A child's measurements are those that name it; that two children are one is not known here.

use crate::growth::{Measured, words};
use crate::stamp::Stamp;
use crate::time::CivilDate;
use child_growth::{Hundredths, Index, RedLine, Score};

/// How late a record was said: of one day the latest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recency {
    /// By the server's stamp of its present state.
    Stamped(Stamp),
    /// Not stamped yet: by its place in the log of the tablet that saved it.
    Logged(u64),
}

/// Where a measurement stands among those of its child: by day, of one day by recency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    pub on: CivilDate,
    pub recency: Recency,
}

/// What an index needs of a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// BB/U, and the letters N, T, O, B.
    Weight,
    /// PB/U, TB/U.
    Length,
    /// BB/PB, BB/TB, IMT/U.
    WeightAndLength,
    /// LK/U.
    Head,
    /// LiLA.
    Arm,
}

impl Need {
    pub const ALL: [Need; 5] =
        [Need::Weight, Need::Length, Need::WeightAndLength, Need::Head, Need::Arm];

    pub fn of(index: Index) -> Self {
        match index {
            Index::WeightForAge => Need::Weight,
            Index::LengthForAge => Need::Length,
            Index::WeightForLength | Index::BmiForAge => Need::WeightAndLength,
            Index::HeadForAge => Need::Head,
            Index::ArmForAge => Need::Arm,
        }
    }
}

/// What was measured of a child at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    pub weight: bool,
    pub length: bool,
    pub head: bool,
    pub arm: bool,
}

impl Measures {
    pub fn of(measured: &Measured) -> Self {
        Measures {
            weight: measured.weight.is_some(),
            length: measured.length.is_some(),
            head: measured.head.is_some(),
            arm: measured.arm.is_some(),
        }
    }

    pub fn meet(self, need: Need) -> bool {
        match need {
            Need::Weight => self.weight,
            Need::Length => self.length,
            Need::WeightAndLength => self.weight && self.length,
            Need::Head => self.head,
            Need::Arm => self.arm,
        }
    }
}

/// Of one child and one month, or of all its life, the measurement that counts for each need.
#[derive(Clone, Copy, Debug)]
pub struct Counted<T> {
    kept: [Option<(Rank, T)>; 5],
}

impl<T> Default for Counted<T> {
    fn default() -> Self {
        Counted { kept: [const { None }; 5] }
    }
}

impl<T: Clone> Counted<T> {
    /// Takes one more measurement, in whatever order they come.
    pub fn take(&mut self, rank: Rank, measures: Measures, measurement: &T) {
        for (need, kept) in Need::ALL.into_iter().zip(&mut self.kept) {
            if measures.meet(need) {
                keep_later(kept, rank, measurement);
            }
        }
    }

    /// Takes all that another has taken.
    pub fn join(&mut self, other: &Counted<T>) {
        for (kept, other) in self.kept.iter_mut().zip(&other.kept) {
            if let Some((rank, measurement)) = other {
                keep_later(kept, *rank, measurement);
            }
        }
    }
}

fn keep_later<T: Clone>(kept: &mut Option<(Rank, T)>, rank: Rank, measurement: &T) {
    if kept.as_ref().is_none_or(|(known, _)| rank > *known) {
        *kept = Some((rank, measurement.clone()));
    }
}

impl<T> Counted<T> {
    /// The one that counts; none when no measurement has what is needed.
    pub fn get(&self, need: Need) -> Option<&T> {
        let at = Need::ALL.iter().position(|known| *known == need)?;
        self.kept.get(at)?.as_ref().map(|(_, measurement)| measurement)
    }
}

/// A z-score in hundredths, and whether WHO holds it to be implausible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Z {
    pub hundredths: Hundredths,
    pub flagged: bool,
}

impl From<Score> for Z {
    fn from(score: Score) -> Self {
        Z { hundredths: score.rounded(), flagged: score.is_flagged() }
    }
}

/// What a measurement that counts is in the figure of one index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    Plausible(Hundredths),
    /// Water hides the weight: in the lowest category, and below every red line.
    Oedema,
    /// In no category, and below no line: the child is measured again.
    Flagged,
    /// No score: too long for the table, too old.
    Unscored,
}

impl Figure {
    pub fn of(index: Index, score: Option<Z>, has_oedema: bool) -> Self {
        let rests_on_weight = matches!(Need::of(index), Need::Weight | Need::WeightAndLength);
        if has_oedema && rests_on_weight { Figure::Oedema } else { Figure::of_score(score) }
    }

    fn of_score(score: Option<Z>) -> Self {
        match score {
            None => Figure::Unscored,
            Some(Z { flagged: true, .. }) => Figure::Flagged,
            Some(Z { hundredths, .. }) => Figure::Plausible(hundredths),
        }
    }

    /// The word of the category that it is counted in.
    pub fn word(self, index: Index) -> Option<&'static str> {
        match self {
            Figure::Plausible(z) => words::category(index, z).map(|(word, _)| word),
            Figure::Oedema => words::all(index).first().copied(),
            Figure::Flagged | Figure::Unscored => None,
        }
    }

    /// Whether a BB/U lies below the red line; none where that cannot be said.
    pub fn is_below(self, line: RedLine) -> Option<bool> {
        match self {
            Figure::Plausible(z) => Some(z < line.z()),
            Figure::Oedema => Some(true),
            Figure::Flagged | Figure::Unscored => None,
        }
    }
}

#[cfg(test)]
mod tests;
