//! The children behind a figure, one by one: the same rules as the figures themselves.

use super::month::{ChildMonth, Months};
use super::prevalence::Low;
use crate::store::{ReadTx, RecordNo, Selection, Sign, Stored};
use child_growth::{GainStatus, Index};
use std::str::FromStr;
use sync_protocol::ids::BadId;
use sync_protocol::month::Month;
use sync_protocol::sasaran::TargetList;

/// What is found of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    Stunted(Low),
    Underweight(Low),
    Wasted(Low),
    /// T.
    NotGained,
    /// 2T.
    TwiceNotGained,
    NotWeighed,
}

impl Finding {
    pub const ALL: [Finding; 9] = [
        Finding::Stunted(Low::All),
        Finding::Stunted(Low::Severe),
        Finding::Underweight(Low::All),
        Finding::Underweight(Low::Severe),
        Finding::Wasted(Low::All),
        Finding::Wasted(Low::Severe),
        Finding::NotGained,
        Finding::TwiceNotGained,
        Finding::NotWeighed,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Finding::Stunted(Low::All) => "stunting",
            Finding::Stunted(Low::Severe) => "sangat_pendek",
            Finding::Underweight(Low::All) => "underweight",
            Finding::Underweight(Low::Severe) => "sangat_kurang",
            Finding::Wasted(Low::All) => "wasting",
            Finding::Wasted(Low::Severe) => "gizi_buruk",
            Finding::NotGained => "t",
            Finding::TwiceNotGained => "2t",
            Finding::NotWeighed => "belum_diukur",
        }
    }

    /// How it shows in what is known last of a child, in this month.
    pub fn sign(self, month: Month) -> Sign {
        match self {
            Finding::Stunted(how) => Sign::Height(how.of(Index::LengthForAge)),
            Finding::Underweight(how) => Sign::Weight(how.of(Index::WeightForAge)),
            Finding::Wasted(how) => Sign::Nutrition(how.of(Index::WeightForLength)),
            Finding::NotGained => Sign::NotGained,
            Finding::TwiceNotGained => Sign::TwiceNotGained,
            Finding::NotWeighed => Sign::NotWeighedSince(month.first()),
        }
    }

    fn is_of(self, month: &ChildMonth<'_>) -> bool {
        let is_low = |index: Index, how: Low| {
            let word = month.figure(index).and_then(|figure| figure.word(index));
            word.is_some_and(|word| how.of(index).contains(&word))
        };
        match self {
            Finding::Stunted(how) => is_low(Index::LengthForAge, how),
            Finding::Underweight(how) => is_low(Index::WeightForAge, how),
            Finding::Wasted(how) => is_low(Index::WeightForLength, how),
            Finding::NotGained => month.gain() == Some(GainStatus::T),
            Finding::TwiceNotGained => month.weighing().is_some_and(|row| row.twice_not_gained),
            Finding::NotWeighed => month.weighing().is_none(),
        }
    }
}

impl FromStr for Finding {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let named = |finding: &Finding| finding.as_str() == text;
        Finding::ALL.into_iter().find(named).ok_or(BadId("finding"))
    }
}

/// The children on the target list of whom a month's figures say this.
pub fn children_with(
    tx: &ReadTx<'_>,
    selection: &Selection,
    month: Month,
    finding: Finding,
) -> Stored<Vec<RecordNo>> {
    let sasaran = tx.sasaran(selection, &TargetList::of(month))?;
    let months = Months::read(tx, &sasaran, month)?;
    let of = |child: &RecordNo| finding.is_of(&months.of(*child));
    Ok(sasaran.into_iter().map(|child| child.no).filter(of).collect())
}
