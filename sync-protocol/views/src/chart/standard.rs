//! WHO's lines, and which part of them a child's points need.

use super::{Chart, Point};
use child_growth::{LengthKind, Lms, Sex, Table};

pub(super) const DAYS_PER_MONTH: f64 = 30.4375;

/// A line of the standard. At these whole SD the restricted scores of weight are the plain ones, so
/// `Lms::at` draws all of them.
pub(super) struct Line {
    pub(super) sd: f64,
    pub(super) label: &'static str,
    pub(super) class: &'static str,
}

pub(super) const LINES: [Line; 5] = [
    Line { sd: -3.0, label: "-3", class: "three" },
    Line { sd: -2.0, label: "-2", class: "two" },
    Line { sd: 0.0, label: "0", class: "median" },
    Line { sd: 2.0, label: "+2", class: "two" },
    Line { sd: 3.0, label: "+3", class: "three" },
];

/// What the horizontal axis covers: days of age or centimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) is_age: bool,
}

/// Ages in months, the first that holds every point.
const AGES: [(f64, f64); 4] = [(0.0, 24.0), (24.0, 60.0), (0.0, 36.0), (0.0, 60.0)];
/// What is left free on both sides of the points, and how much is shown at least, in centimetres.
const AROUND_CM: f64 = 5.0;
const NARROWEST_CM: f64 = 25.0;

impl Span {
    pub(super) fn around(chart: Chart, kind: LengthKind, points: &[Point]) -> Self {
        let first = points.iter().map(|point| point.at).fold(f64::INFINITY, f64::min);
        let last = points.iter().map(|point| point.at).fold(f64::NEG_INFINITY, f64::max);
        if chart == Chart::WeightForLength {
            return Span::of_lengths(kind, first, last);
        }
        let holds = |(from, to): &&(f64, f64)| {
            first >= from * DAYS_PER_MONTH && last <= to * DAYS_PER_MONTH
        };
        let (from, to) = AGES.iter().find(holds).copied().unwrap_or((0.0, 60.0));
        Span { from: from * DAYS_PER_MONTH, to: to * DAYS_PER_MONTH, is_age: true }
    }

    pub(super) fn holds(self, at: f64) -> bool {
        (self.from..=self.to).contains(&at)
    }

    fn of_lengths(kind: LengthKind, first: f64, last: f64) -> Self {
        let (shortest, longest) = match kind {
            LengthKind::Length => (45.0, 110.0),
            LengthKind::Height => (65.0, 120.0),
        };
        if first > last {
            return Span { from: shortest, to: longest, is_age: false };
        }
        let five = |value: f64| (value / 5.0).floor() * 5.0;
        let from = five(first - AROUND_CM);
        let to = five(last + AROUND_CM + 4.99).max(from + NARROWEST_CM);
        Span {
            from: from.clamp(shortest, longest - NARROWEST_CM),
            to: to.min(longest),
            is_age: false,
        }
    }
}

/// The standard at an age in days or a length in centimetres; none outside of its table.
pub(super) fn row(chart: Chart, sex: Sex, kind: LengthKind, at: f64) -> Option<Lms> {
    let (table, key) = match (chart, kind) {
        (Chart::WeightForAge, _) => (Table::WeightForAge, at),
        (Chart::LengthForAge, _) => (Table::LengthForAge, at),
        (Chart::WeightForLength, LengthKind::Length) => (Table::WeightForLength, at * 10.0),
        (Chart::WeightForLength, LengthKind::Height) => (Table::WeightForHeight, at * 10.0),
    };
    table.row(sex, whole(key))
}

/// A line of the standard over a span.
pub(super) fn along(
    chart: Chart,
    sex: Sex,
    kind: LengthKind,
    span: Span,
    sd: f64,
) -> Vec<(f64, f64)> {
    let steps = 48;
    let at = |step: i32| span.from + (span.to - span.from) * f64::from(step) / f64::from(steps);
    // The end of an age span may lie a day behind the table.
    (0..=steps)
        .filter_map(|step| {
            let at = at(step);
            Some((at, row(chart, sex, kind, at)?.at(sd)))
        })
        .collect()
}

/// The ends of the outermost lines: what the vertical axis covers at least.
pub(super) fn extremes(chart: Chart, sex: Sex, kind: LengthKind, span: Span) -> Vec<f64> {
    let lines = [-3.0, 3.0].map(|sd| along(chart, sex, kind, span, sd));
    lines.iter().flatten().map(|(_, value)| *value).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float to integer cast sticks at the ends"
)]
fn whole(value: f64) -> u32 {
    value.round() as u32
}
