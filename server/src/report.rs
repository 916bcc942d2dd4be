//! The monthly reports: coverage (SKDN) and prevalence.
//!
//! Both are about the same children: sasaran, who were active and of 0-59 (or 0-23) completed months
//! on the month's last day. A child counts once a month, each index by the latest measurement of
//! the month that has what the index needs: weighing a child again does not unmeasure its height.
//! Scores that WHO holds to be implausible are counted as flagged and in no category. Oedema is
//! water: such a child counts as below -3 SD in what rests on weight.

pub mod by_name;
pub mod coverage;
pub mod overview;
pub mod prevalence;

mod month;
mod share;

pub use share::Share;

use crate::export::{AsOf, Completeness};
use crate::store::{Month, ReadTx, RecordNo, Sasaran, Selection, Stored};
use child_growth::{ATTRIBUTION, Hundredths, RedLine};
use chrono::Months;
use month::ChildMonth;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;
use sync_protocol::area::Area;
use sync_protocol::growth::VERSION;
use sync_protocol::ids::BadId;
use sync_protocol::time::{CivilDate, Moment};
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

/// An age group, in completed months on the month's last day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ages {
    /// Baduta.
    To23,
    /// Balita.
    #[default]
    To59,
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
    fn count(&mut self, child: &Sasaran, month: &ChildMonth, red_line: RedLine);
}

/// Answers a question from one snapshot.
pub fn answer<F: Figures>(tx: &ReadTx<'_>, question: &Question, now_ms: i64) -> Stored<Report<F>> {
    let sasaran = tx.sasaran(&question.selection, question.month, question.born())?;
    let months = read_months(tx, &sasaran, question.month)?;
    let nothing = ChildMonth::default();
    let mut total = F::default();
    let mut areas = question.by.map(|by| known_areas(tx, question, by)).transpose()?;
    let RedLineAt(red_line) = question.red_line;
    for child in &sasaran {
        let month = months.get(&child.no).unwrap_or(&nothing);
        total.count(child, month, red_line);
        if let (Some(areas), Some(by)) = (&mut areas, question.by) {
            let (_, figures): &mut (String, F) = areas.entry(by.of(&child.area)).or_default();
            figures.count(child, month, red_line);
        }
    }
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

/// What was measured of each child in the month.
fn read_months(
    tx: &ReadTx<'_>,
    sasaran: &[Sasaran],
    month: Month,
) -> Stored<HashMap<RecordNo, ChildMonth>> {
    let children: Vec<_> = sasaran.iter().map(|child| child.no).collect();
    let mut months: HashMap<RecordNo, ChildMonth> = HashMap::with_capacity(children.len());
    tx.for_each_of_month(&children, month, |child, row| {
        months.entry(child).or_default().take(row);
    })?;
    Ok(months)
}

/// The areas of a breakdown with their names, also those where nobody lives.
fn known_areas<F: Default>(
    tx: &ReadTx<'_>,
    question: &Question,
    by: By,
) -> Stored<BTreeMap<Area, (String, F)>> {
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

impl Question {
    /// The birthdays of the age group: from the first of these days on and before the second. A
    /// child born in the month that lies so many months back has completed them on the last day.
    fn born(&self) -> (CivilDate, CivilDate) {
        let next = self.month.next();
        let from = next.checked_sub_months(Months::new(self.ages.months()));
        (from.unwrap_or(CivilDate::MIN), next)
    }
}

impl Ages {
    pub const ALL: [Ages; 2] = [Ages::To23, Ages::To59];

    fn months(self) -> u32 {
        match self {
            Ages::To23 => 24,
            Ages::To59 => 60,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Ages::To23 => "0-23",
            Ages::To59 => "0-59",
        }
    }
}

impl FromStr for Ages {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let named = |ages: &Ages| ages.as_str() == text;
        Ages::ALL.into_iter().find(named).ok_or(BadId("age group (0-23 or 0-59)"))
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
    use sync_protocol::area::Scope;

    #[test]
    fn an_age_group_is_of_completed_months_on_the_last_day() {
        let born = |ages| {
            let question = Question {
                selection: Selection::of(Scope::default()),
                month: "2025-02".parse().unwrap(),
                ages,
                by: None,
                red_line: RedLineAt::default(),
            };
            let (from, before) = question.born();
            (from.to_string(), before.to_string())
        };
        assert_eq!(born(Ages::To59), ("2020-03-01".to_owned(), "2025-03-01".to_owned()));
        assert_eq!(born(Ages::To23), ("2023-03-01".to_owned(), "2025-03-01".to_owned()));
    }

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
