//! Growth charts as SVG: a child's measurements against WHO's lines of -3, -2, 0, +2 and +3 SD.
//!
//! Every line has its own dashes and its own label at the end, and a point below -2 or above +2 SD has
//! a shape of its own: the picture reads without colour. Every point says its date, value and z-score
//! when it is pointed at, and the whole says its last point in words to those who do not see it.

mod frame;
mod points;
mod standard;

pub use points::{Point, points};

use crate::growth::{Tone, category, z_text};
use crate::words;
use child_growth::{Index, LengthKind, Sex};
use frame::{Frame, HEIGHT, WIDTH};
use maud::{Markup, html};
use standard::{LINES, Span};

/// What is drawn against what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chart {
    /// Weight against age, BB/U.
    WeightForAge,
    /// Length or height against age, PB/U or TB/U.
    LengthForAge,
    /// Weight against length or height, BB/PB or BB/TB.
    WeightForLength,
}

impl Chart {
    pub const ALL: [Chart; 3] = [Chart::WeightForAge, Chart::LengthForAge, Chart::WeightForLength];

    pub fn index(self) -> Index {
        match self {
            Chart::WeightForAge => Index::WeightForAge,
            Chart::LengthForAge => Index::LengthForAge,
            Chart::WeightForLength => Index::WeightForLength,
        }
    }

    /// What the name of the index stands for.
    fn meaning(self, kind: LengthKind) -> &'static str {
        match (self, kind) {
            (Chart::WeightForAge, _) => "berat menurut umur",
            (Chart::LengthForAge, LengthKind::Length) => "panjang menurut umur",
            (Chart::LengthForAge, LengthKind::Height) => "tinggi menurut umur",
            (Chart::WeightForLength, LengthKind::Length) => "berat menurut panjang",
            (Chart::WeightForLength, LengthKind::Height) => "berat menurut tinggi",
        }
    }

    fn across(self, kind: LengthKind) -> &'static str {
        match (self, kind) {
            (Chart::WeightForAge | Chart::LengthForAge, _) => "Umur (bulan)",
            (Chart::WeightForLength, LengthKind::Length) => "Panjang (cm)",
            (Chart::WeightForLength, LengthKind::Height) => "Tinggi (cm)",
        }
    }

    fn up(self, kind: LengthKind) -> &'static str {
        match (self, kind) {
            (Chart::WeightForAge | Chart::WeightForLength, _) => "Berat (kg)",
            (Chart::LengthForAge, LengthKind::Length) => "Panjang (cm)",
            (Chart::LengthForAge, LengthKind::Height) => "Tinggi (cm)",
        }
    }

    fn value_text(self, value: f64) -> String {
        match self {
            Chart::WeightForAge | Chart::WeightForLength => words::kilograms(thousandths(value)),
            Chart::LengthForAge => words::centimetres(thousandths(value) / 100),
        }
    }
}

/// More points than these are drawn small.
const CROWDED: usize = 16;

/// The chart with its caption. `points` are in the order of their days.
pub fn draw(chart: Chart, sex: Sex, points: &[Point]) -> Markup {
    let kind = points.last().map_or(LengthKind::Length, |point| point.kind);
    let span = Span::around(chart, kind, points);
    // A length of long ago may be too short for the table of heights.
    let points: Vec<Point> = points.iter().copied().filter(|point| span.holds(point.at)).collect();
    let path: Vec<(f64, f64)> = points.iter().map(|point| (point.at, point.value)).collect();
    let frame = Frame::around(&standard::extremes(chart, sex, kind, span), span, &points);
    let size = if points.len() > CROWDED { 0.65 } else { 1.0 };
    let name = chart.index().label(kind);
    let meaning = chart.meaning(kind);
    html! {
        figure.chart {
            figcaption { strong { (name) } ", " (meaning) }
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(in_words(chart, kind, &points)) {
                (frame.axes(chart.across(kind), chart.up(kind)))
                @for line in &LINES {
                    @let along = standard::along(chart, sex, kind, span, line.sd);
                    @if !along.is_empty() {
                        polyline class={ "sd " (line.class) } points=(frame.path(&along)) {}
                        (frame.line_label(&along, line.label))
                    }
                }
                @if points.is_empty() { (frame.told("Belum ada pengukuran")) }
                @if points.len() > 1 {
                    polyline.child points=(frame.path(&path)) {}
                }
                @for point in &points { (mark(&frame, chart, point, size)) }
            }
        }
    }
}

/// A round dot within 2 SD, a diamond beyond, a square beyond 3 SD.
fn mark(frame: &Frame, chart: Chart, point: &Point, size: f64) -> Markup {
    let (x, y) = frame.place(point.at, point.value);
    let tone = point.z.map_or(Tone::Good, |z| Tone::of(chart.index(), z));
    let class = format!("dot {}", tone.class());
    let corners = |corners: [(f64, f64); 4]| {
        let each = corners.map(|(dx, dy)| format!("{:.1},{:.1}", x + dx * size, y + dy * size));
        each.join(" ")
    };
    html! {
        g class=(class) {
            title { (said(chart, point)) }
            @match tone {
                Tone::Good => { circle cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r=(format!("{:.1}", 3.2 * size)) {} }
                Tone::Warn => { polygon points=(corners([(0.0, -5.0), (5.0, 0.0), (0.0, 5.0), (-5.0, 0.0)])) {} }
                Tone::Bad => { polygon points=(corners([(-4.2, -4.2), (4.2, -4.2), (4.2, 4.2), (-4.2, 4.2)])) {} }
            }
        }
    }
}

/// A point in words: `24-11-2026: 9,8 kg, -2,10 SD (Kurang)`.
fn said(chart: Chart, point: &Point) -> String {
    let value = chart.value_text(point.value);
    let judged = point.z.map_or_else(
        || ", tanpa z-score".to_owned(),
        |z| {
            let name = category(chart.index(), z).map_or("", |category| category.name);
            let flag = if point.is_flagged { ", tidak wajar" } else { "" };
            format!(", {} SD ({name}{flag})", z_text(z))
        },
    );
    format!("{}: {value}{judged}", words::date(point.on))
}

fn in_words(chart: Chart, kind: LengthKind, points: &[Point]) -> String {
    let name = chart.index().label(kind);
    let meaning = chart.meaning(kind);
    match points.last() {
        None => format!("Grafik {name}, {meaning}. Belum ada pengukuran."),
        Some(last) => format!(
            "Grafik {name}, {meaning}, {} pengukuran. Terakhir {}.",
            points.len(),
            said(chart, last)
        ),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "measures of children; a float to integer cast sticks at the ends"
)]
fn thousandths(value: f64) -> i64 {
    (value * 1000.0).round() as i64
}

#[cfg(test)]
mod tests;
