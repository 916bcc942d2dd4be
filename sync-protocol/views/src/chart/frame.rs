//! The axes of a chart and where a value lies between them.

use super::Point;
use super::standard::{DAYS_PER_MONTH, Span};
use maud::{Markup, html};

pub(super) const WIDTH: f64 = 360.0;
pub(super) const HEIGHT: f64 = 270.0;
const LEFT: f64 = 32.0;
/// Room for the labels of the lines.
const RIGHT: f64 = 22.0;
const TOP: f64 = 18.0;
const BOTTOM: f64 = 34.0;
/// How many labels an axis has at most.
const TICKS_MAX: f64 = 8.0;

/// The plot: what it spans in values and in the picture's own units.
pub(super) struct Frame {
    span: Span,
    low: f64,
    high: f64,
}

impl Frame {
    pub(super) fn around(standard: &[f64], span: Span, points: &[Point]) -> Self {
        let values = standard.iter().copied().chain(points.iter().map(|point| point.value));
        let (low, high) = values
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        let room = (high - low) * 0.03;
        Frame { span, low: (low - room).max(0.0), high: high + room }
    }

    /// Where a value lies in the picture.
    pub(super) fn place(&self, at: f64, value: f64) -> (f64, f64) {
        let across = (at - self.span.from) / (self.span.to - self.span.from);
        let up = (value - self.low) / (self.high - self.low);
        (LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM))
    }

    pub(super) fn path(&self, values: &[(f64, f64)]) -> String {
        let places = values.iter().map(|(at, value)| {
            let (x, y) = self.place(*at, *value);
            format!("{x:.1},{y:.1}")
        });
        places.collect::<Vec<_>>().join(" ")
    }

    /// The label of a line, behind its end.
    pub(super) fn line_label(&self, along: &[(f64, f64)], label: &str) -> Markup {
        let Some((at, value)) = along.last() else { return Markup::default() };
        let (x, y) = self.place(*at, *value);
        html! { text.label x=(number(x + 4.0)) y=(number(y + 4.0)) { (label) } }
    }

    /// A sentence in the middle of the plot.
    pub(super) fn told(&self, text: &str) -> Markup {
        html! {
            text.told x=(number((LEFT + WIDTH - RIGHT) / 2.0)) y=(number((TOP + HEIGHT - BOTTOM) / 2.0))
                text-anchor="middle" { (text) }
        }
    }

    /// Grid, numbers and names of both axes.
    pub(super) fn axes(&self, across: &str, up: &str) -> Markup {
        let (left, right) = (LEFT, WIDTH - RIGHT);
        let (top, bottom) = (TOP, HEIGHT - BOTTOM);
        let (unit, steps) = if self.span.is_age {
            (DAYS_PER_MONTH, [3.0, 6.0, 12.0])
        } else {
            (1.0, [5.0, 10.0, 20.0])
        };
        html! {
            g.grid {
                @for value in ticks(self.low, self.high, &[0.5, 1.0, 2.0, 5.0, 10.0]) {
                    @let y = self.place(self.span.from, value).1;
                    line x1=(left) y1=(number(y)) x2=(right) y2=(number(y)) {}
                    text x=(left - 4.0) y=(number(y + 4.0)) text-anchor="end" { (value) }
                }
                @for value in ticks(self.span.from / unit, self.span.to / unit, &steps) {
                    @let x = self.place(value * unit, self.low).0;
                    line x1=(number(x)) y1=(top) x2=(number(x)) y2=(bottom) {}
                    text x=(number(x)) y=(bottom + 14.0) text-anchor="middle" { (value) }
                }
                text x=(number((left + right) / 2.0)) y=(HEIGHT - 5.0) text-anchor="middle" { (across) }
                text x="2" y="11" { (up) }
            }
        }
    }
}

/// Round values within a range, with the first of the steps that gives few enough.
fn ticks(low: f64, high: f64, steps: &[f64]) -> Vec<f64> {
    let is_wide = |step: &&f64| (high - low) / **step <= TICKS_MAX;
    let step = steps.iter().find(is_wide).or(steps.last()).copied().unwrap_or(1.0);
    let first = (low / step).ceil() * step;
    std::iter::successors(Some(first), |value| Some(value + step))
        .take_while(|value| *value <= high + step * 0.01)
        .collect()
}

fn number(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_few_round_numbers_and_ends_at_them() {
        assert_eq!(
            ticks(0.0, 24.0, &[3.0, 6.0]),
            [0.0, 3.0, 6.0, 9.0, 12.0, 15.0, 18.0, 21.0, 24.0]
        );
        assert_eq!(ticks(0.0, 60.0, &[3.0, 6.0, 12.0]), [0.0, 12.0, 24.0, 36.0, 48.0, 60.0]);
        assert_eq!(ticks(1.9, 17.4, &[1.0, 2.0]), [2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0]);
    }
}
