//! Coverage and prevalence of the same children, counted in one pass; and a year of it.

use super::coverage::Coverage;
use super::month::ChildMonth;
use super::prevalence::Prevalence;
use super::{Figures, Question, answer};
use crate::store::{ReadTx, Sasaran, Stored};
use child_growth::RedLine;
use sync_protocol::month::Month;

#[derive(Clone, Debug, Default)]
pub struct Overview {
    pub coverage: Coverage,
    pub prevalence: Prevalence,
}

impl Figures for Overview {
    const REPORT: &'static str = "overview";

    fn is_empty(&self) -> bool {
        self.coverage.is_empty()
    }

    fn count(&mut self, child: &Sasaran, month: &ChildMonth<'_>, red_line: RedLine) {
        self.coverage.count(child, month, red_line);
        self.prevalence.count(child, month, red_line);
    }
}

const TREND_MONTHS: usize = 12;

/// The figures of the twelve months that end with the one asked for, oldest first.
pub fn trend(tx: &ReadTx<'_>, question: &Question, now_ms: i64) -> Stored<Vec<(Month, Overview)>> {
    let months = std::iter::successors(Some(question.month), |month| Some(month.before()));
    let mut trend = Vec::with_capacity(TREND_MONTHS);
    for month in months.take(TREND_MONTHS) {
        let question = Question { month, by: None, ..question.clone() };
        trend.push((month, answer::<Overview>(tx, &question, now_ms)?.total));
    }
    trend.reverse();
    Ok(trend)
}
