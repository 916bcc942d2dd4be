//! The children behind a figure, one by one: the same rules as the figures themselves.

use super::month::ChildMonth;
use super::prevalence::{Low, length_for_age, weight_for_age, weight_for_length};
use super::{Ages, Question, RedLineAt, read_months};
use crate::store::{Month, ReadTx, RecordNo, Selection, Sign, Stored, TargetList};
use child_growth::GainStatus;
use std::str::FromStr;
use sync_protocol::growth::words;
use sync_protocol::ids::BadId;

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
        let lowest = |how, words: &'static [&'static str]| match how {
            Low::All => words.get(..2).unwrap_or(words),
            Low::Severe => words.get(..1).unwrap_or(words),
        };
        match self {
            Finding::Stunted(how) => Sign::Height(lowest(how, &words::HEIGHT)),
            Finding::Underweight(how) => Sign::Weight(lowest(how, &words::WEIGHT)),
            Finding::Wasted(how) => Sign::Nutrition(lowest(how, &words::NUTRITION)),
            Finding::NotGained => Sign::NotGained,
            Finding::TwiceNotGained => Sign::TwiceNotGained,
            Finding::NotWeighed => Sign::NotWeighedSince(month.first()),
        }
    }

    fn is_of(self, month: &ChildMonth) -> bool {
        match self {
            Finding::Stunted(how) => length_for_age(month).is_some_and(|found| found.is_low(how)),
            Finding::Underweight(how) => {
                weight_for_age(month).is_some_and(|found| found.is_low(how))
            }
            Finding::Wasted(how) => weight_for_length(month).is_some_and(|found| found.is_low(how)),
            Finding::NotGained => month.gain() == Some(GainStatus::T),
            Finding::TwiceNotGained => month.weight.is_some_and(|row| row.twice_not_gained),
            Finding::NotWeighed => month.weight.is_none(),
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

/// The target list of a month, as the reports have it.
pub fn target_list(month: Month) -> TargetList {
    let question = question(Selection::of(sync_protocol::area::Scope::default()), month);
    TargetList { last: month.last(), born: question.born() }
}

/// The children on the target list of whom a month's figures say this.
pub fn children_with(
    tx: &ReadTx<'_>,
    selection: &Selection,
    month: Month,
    finding: Finding,
) -> Stored<Vec<RecordNo>> {
    let question = question(selection.clone(), month);
    let sasaran = tx.sasaran(&question.selection, month, question.born())?;
    let months = read_months(tx, &sasaran, month)?;
    let nothing = ChildMonth::default();
    let of = |child: &RecordNo| finding.is_of(months.get(child).unwrap_or(&nothing));
    Ok(sasaran.into_iter().map(|child| child.no).filter(of).collect())
}

fn question(selection: Selection, month: Month) -> Question {
    Question { selection, month, ages: Ages::To59, by: None, red_line: RedLineAt::default() }
}
