//! The monthly reports: coverage (SKDN) and prevalence.
//!
//! Both are about the same children: those on the month's target list (`sync_protocol::sasaran`), or
//! the younger of them. A child counts once a month, by the measurements that count
//! (`sync_protocol::counted`).

pub mod by_name;
pub mod coverage;
pub mod overview;
pub mod prevalence;

mod month;
mod share;

pub use share::Share;

use crate::export::{AsOf, Completeness};
use crate::store::{ReadTx, Sasaran, Selection, Stored};
use child_growth::{ATTRIBUTION, Hundredths, RedLine};
use month::{ChildMonth, Months};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use sync_protocol::area::Area;
use sync_protocol::growth::VERSION;
use sync_protocol::ids::BadId;
use sync_protocol::month::Month;
use sync_protocol::sasaran::{Ages, TargetList};
use sync_protocol::time::Moment;
use utoipa::ToSchema;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Question {
    pub selection: Selection,
    pub month: Month,
    pub ages: Ages,
    pub by: Option<By>,
    /// Where BGM begins.
    pub red_line: RedLineAt,
}

/// Areas that a report is broken down by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Desa,
    Kecamatan,
}

/// The red line of the growth card, in hundredths of an SD of BB/U: from -3 to 0.
#[derive(Default, Clone, Copy, Debug, PartialEq, Eq)]
pub struct RedLineAt(RedLine);

/// An answer: the figures of everything asked for, and those of each area.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Report<F> {
    pub report: &'static str,
    pub month: String,
    pub ages: &'static str,
    /// How BGM is defined here.
    pub red_line: String,
    /// The rules behind scores and letters.
    pub rules: &'static str,
    pub attribution: &'static str,
    #[schema(inline)]
    pub total: F,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    pub areas: Option<Vec<AreaFigures<F>>>,
    /// How complete the figures are.
    pub as_of: Completed,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AreaFigures<F> {
    pub area: Area,
    pub name: String,
    #[serde(flatten)]
    pub figures: F,
}

/// Figures that grow child by child.
pub trait Figures: Default + Clone {
    const REPORT: &'static str;
    /// Whether no child was counted.
    fn is_empty(&self) -> bool;
    fn count(&mut self, child: &Sasaran, month: &ChildMonth<'_>, red_line: RedLine);
}

/// Answers a question from one snapshot.
pub fn answer<F: Figures>(tx: &ReadTx<'_>, question: &Question, now_ms: i64) -> Stored<Report<F>> {
    let (total, areas) = count(tx, question)?;
    let RedLineAt(red_line) = question.red_line;
    Ok(Report {
        report: F::REPORT,
        month: question.month.to_string(),
        ages: question.ages.as_str(),
        red_line: red_line.to_string(),
        rules: VERSION,
        attribution: ATTRIBUTION,
        total,
        areas: areas.map(|areas| {
            let each = areas.into_iter();
            each.map(|(area, (name, figures))| AreaFigures { area, name, figures }).collect()
        }),
        as_of: Completed::of(&AsOf::read(tx, &question.selection.scope, now_ms)?),
    })
}

/// The figures of areas, with the areas' names.
type ByArea<F> = BTreeMap<Area, (String, F)>;

/// The figures of everything asked for, and those of each area of the breakdown.
pub fn count<F: Figures>(tx: &ReadTx<'_>, question: &Question) -> Stored<(F, Option<ByArea<F>>)> {
    let list = TargetList::on(question.month.last(), question.ages);
    let sasaran = tx.sasaran(&question.selection, &list)?;
    let months = Months::read(tx, &sasaran, question.month)?;
    let mut total = F::default();
    let mut areas = question.by.map(|by| known_areas(tx, question, by)).transpose()?;
    let RedLineAt(red_line) = question.red_line;
    for child in &sasaran {
        let month = months.of(child.no);
        total.count(child, &month, red_line);
        if let (Some(areas), Some(by)) = (&mut areas, question.by) {
            let (_, figures): &mut (String, F) = areas.entry(by.of(&child.area)).or_default();
            figures.count(child, &month, red_line);
        }
    }
    Ok((total, areas))
}

/// The areas of a breakdown with their names, also those where nobody lives.
fn known_areas<F: Default>(tx: &ReadTx<'_>, question: &Question, by: By) -> Stored<ByArea<F>> {
    let all = tx.areas()?;
    let names: BTreeMap<&Area, &str> =
        all.iter().map(|area| (&area.code, area.name.as_str())).collect();
    let villages = names.keys().filter(|area| area.is_village());
    Ok(villages
        .filter(|village| question.selection.scope.contains(village))
        .map(|village| by.of(village))
        .map(|area| {
            let name = names.get(&area).copied().unwrap_or_default().to_owned();
            (area, (name, F::default()))
        })
        .collect())
}

/// What the figures are a picture of, and what was not merged yet.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Completed {
    pub feed: i64,
    pub time: Moment,
    #[serde(flatten)]
    pub completeness: Completeness,
}

impl Completed {
    fn of(as_of: &AsOf) -> Self {
        Completed { feed: as_of.feed, time: as_of.time(), completeness: as_of.completeness }
    }
}

impl By {
    pub const ALL: [By; 2] = [By::Desa, By::Kecamatan];

    pub fn as_str(self) -> &'static str {
        match self {
            By::Desa => "desa",
            By::Kecamatan => "kecamatan",
        }
    }

    /// The area of the breakdown that a desa belongs to.
    fn of(self, village: &Area) -> Area {
        match self {
            By::Desa => village.clone(),
            By::Kecamatan => village.parent().unwrap_or_else(|| village.clone()),
        }
    }
}

impl FromStr for By {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let named = |by: &By| by.as_str() == text;
        By::ALL.into_iter().find(named).ok_or(BadId("choice (desa or kecamatan)"))
    }
}

impl FromStr for RedLineAt {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let sd: f64 = text.parse().map_err(|_| BadId("red line (-3 to 0)"))?;
        if (-3.0..=0.0).contains(&sd) {
            Ok(RedLineAt(RedLine::at(Hundredths::rounding(sd))))
        } else {
            Err(BadId("red line (-3 to 0)"))
        }
    }
}

impl fmt::Display for RedLineAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.z().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_red_line_lies_on_the_card() {
        let line = |text: &str| text.parse::<RedLineAt>().map(|line| line.to_string()).ok();
        assert_eq!(line("-2"), Some("-2.00".to_owned()));
        assert_eq!(line("-2.5"), Some("-2.50".to_owned()));
        for bad in ["", "1", "-3.01", "NaN", "inf", "merah"] {
            assert_eq!(line(bad), None, "{bad}");
        }
    }
}
