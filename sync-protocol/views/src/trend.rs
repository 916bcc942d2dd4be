//! A year of months: shares as lines, and the same as a table.

use crate::words::{count, percent};
use maud::{Markup, html};

/// The shares of each month, oldest first.
#[derive(Clone, Debug)]
pub struct Trend {
    pub months: Vec<TrendMonth>,
}

/// Tenths of a per cent; none where nothing was measured.
#[derive(Clone, Debug)]
pub struct TrendMonth {
    /// Under the axis: `Nov 26`.
    pub short: String,
    /// `November 2026`.
    pub name: String,
    pub sasaran: u64,
    pub measured: u64,
    pub shares: [Option<u64>; 4],
}

/// What the four lines are, with how each is drawn: colours alone do not tell them apart.
const LINES: [Line; 4] = [
    Line { label: "D/S", colour: "#0b6b5d", dash: "none", mark: Mark::Circle },
    Line { label: "Stunting", colour: "#b3261e", dash: "none", mark: Mark::Square },
    Line { label: "Wasting", colour: "#8a5a00", dash: "7 4", mark: Mark::Diamond },
    Line { label: "Underweight", colour: "#3d4db3", dash: "2 3", mark: Mark::Triangle },
];

struct Line {
    label: &'static str,
    colour: &'static str,
    dash: &'static str,
    mark: Mark,
}

enum Mark {
    Circle,
    Square,
    Diamond,
    Triangle,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 48.0;
const RIGHT: f64 = 26.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 30.0;

/// The picture, complete in itself: it is shown as an image, where no style sheet of a page reaches.
pub fn picture(trend: &Trend) -> Markup {
    let top = ceiling(trend);
    let last = trend.months.len().saturating_sub(1).max(1);
    let x = |at: usize| LEFT + (WIDTH - LEFT - RIGHT) * as_f64(at as u64) / as_f64(last as u64);
    let y = |tenths: u64| HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * as_f64(tenths) / as_f64(top);
    html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (WIDTH) " " (HEIGHT) }
            font-family="system-ui, sans-serif" font-size="12" fill="#16211f" {
            rect width=(WIDTH) height=(HEIGHT) fill="#ffffff" {}
            @for step in 0..=4_u64 {
                @let tenths = top * step / 4;
                line x1=(LEFT) x2=(WIDTH - RIGHT) y1=(y(tenths)) y2=(y(tenths)) stroke="#cfd8d5" {}
                text x=(LEFT - 6.0) y=(y(tenths) + 4.0) text-anchor="end" { (tenths / 10) " %" }
            }
            @for (at, month) in trend.months.iter().enumerate() {
                text x=(x(at)) y=(HEIGHT - 10.0) text-anchor="middle" { (month.short) }
            }
            @for (of, line) in LINES.iter().enumerate() {
                @let points = points(trend, of);
                @for run in runs(&points) {
                    @let path = run.iter().map(|(at, tenths)| format!("{:.1},{:.1}", x(*at), y(*tenths)));
                    polyline points=(path.collect::<Vec<_>>().join(" ")) fill="none"
                        stroke=(line.colour) stroke-width="2.5" stroke-dasharray=(line.dash) {}
                }
                @for (at, tenths) in &points { (line.mark_at(x(*at), y(*tenths))) }
                @let left = LEFT + 130.0 * as_f64(of as u64);
                line x1=(left) x2=(left + 26.0) y1="14" y2="14" stroke=(line.colour) stroke-width="2.5" stroke-dasharray=(line.dash) {}
                (line.mark_at(left + 13.0, 14.0))
                text x=(left + 32.0) y="18" { (line.label) }
            }
        }
    }
}

/// The same as a table.
pub fn table(trend: &Trend) -> Markup {
    html! {
        div.scroll {
            table {
                thead { tr {
                    th scope="col" { "Bulan" }
                    th.num scope="col" { "Sasaran" }
                    th.num scope="col" { "Diukur" }
                    @for line in &LINES { th.num scope="col" { (line.label) } }
                } }
                tbody {
                    @for month in trend.months.iter().rev() {
                        tr {
                            th scope="row" { (month.name) }
                            td.num { (count(month.sasaran)) }
                            td.num { (count(month.measured)) }
                            @for share in month.shares { td.num { (percent(share)) } }
                        }
                    }
                }
            }
        }
    }
}

/// The top of the axis: the next 20 % above everything, so that lines fill the picture.
fn ceiling(trend: &Trend) -> u64 {
    let highest = trend.months.iter().flat_map(|month| month.shares).flatten().max().unwrap_or(0);
    (highest / 200 + 1).min(5) * 200
}

fn points(trend: &Trend, line: usize) -> Vec<(usize, u64)> {
    let shares = trend.months.iter().map(|month| month.shares.get(line).copied().flatten());
    shares.enumerate().filter_map(|(at, tenths)| Some((at, tenths?))).collect()
}

/// Months that follow each other: a month without a figure is a gap and no line.
fn runs(points: &[(usize, u64)]) -> impl Iterator<Item = &[(usize, u64)]> {
    points.chunk_by(|(at, _), (next, _)| at + 1 == *next)
}

impl Line {
    fn mark_at(&self, x: f64, y: f64) -> Markup {
        let colour = self.colour;
        let path = |corners: &[(f64, f64)]| {
            let corners = corners.iter().map(|(dx, dy)| format!("{:.1},{:.1}", x + dx, y + dy));
            corners.collect::<Vec<_>>().join(" ")
        };
        match self.mark {
            Mark::Circle => html! { circle cx=(x) cy=(y) r="4" fill=(colour) {} },
            Mark::Square => html! {
                polygon fill=(colour) points=(path(&[(-4.0, -4.0), (4.0, -4.0), (4.0, 4.0), (-4.0, 4.0)])) {}
            },
            Mark::Diamond => html! {
                polygon fill=(colour) points=(path(&[(0.0, -5.5), (5.5, 0.0), (0.0, 5.5), (-5.5, 0.0)])) {}
            },
            Mark::Triangle => html! {
                polygon fill=(colour) points=(path(&[(0.0, -5.0), (5.0, 4.0), (-5.0, 4.0)])) {}
            },
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a place in a picture")]
fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(shares: [Option<u64>; 4]) -> TrendMonth {
        let name = "November 2026".to_owned();
        TrendMonth { short: "Nov 26".to_owned(), name, sasaran: 10, measured: 5, shares }
    }

    #[test]
    fn a_month_without_a_figure_is_a_gap() {
        let months = [Some(200), Some(210), None, Some(190)]
            .map(|stunting| month([None, stunting, None, None]));
        let drawn = picture(&Trend { months: months.to_vec() }).into_string();
        assert_eq!(drawn.matches("<polyline").count(), 2);
        // Three points and the legend's mark.
        assert_eq!(drawn.matches(r##"<polygon fill="#b3261e""##).count(), 4);
    }

    #[test]
    fn the_axis_ends_above_the_highest_share_and_never_above_everything() {
        let top =
            |tenths| ceiling(&Trend { months: vec![month([Some(tenths), None, None, None])] });
        assert_eq!(top(0), 200);
        assert_eq!(top(199), 200);
        assert_eq!(top(200), 400);
        assert_eq!(top(1000), 1000);
    }
}
