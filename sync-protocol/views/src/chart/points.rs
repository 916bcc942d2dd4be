//! A child's measurements as points of a chart.

use super::Chart;
use child_growth::{Hundredths, LengthKind};
use sync_protocol::growth::{Child, Measured, Reading, day};
use sync_protocol::time::CivilDate;

/// One measurement on a chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub on: CivilDate,
    /// The age in days, or the corrected length in centimetres.
    pub at: f64,
    /// Kilograms, or corrected centimetres.
    pub value: f64,
    /// None where there is none, as with oedema.
    pub z: Option<Hundredths>,
    /// Outside of what WHO holds to be plausible.
    pub is_flagged: bool,
    pub kind: LengthKind,
}

/// The points of a chart, from rows by their day. A length is drawn after the correction for position, as it is
/// scored. What lies outside of WHO's tables is left out.
pub fn points<'a>(
    chart: Chart,
    child: &Child,
    rows: impl Iterator<Item = (CivilDate, &'a Measured, &'a Reading)>,
) -> Vec<Point> {
    rows.filter_map(|(on, measured, reading)| point(chart, child, on, measured, reading)).collect()
}

fn point(
    chart: Chart,
    child: &Child,
    on: CivilDate,
    measured: &Measured,
    reading: &Reading,
) -> Option<Point> {
    let scores = &reading.assessed.scores;
    let kind = scores.kind.unwrap_or(LengthKind::Length);
    let days = f64::from(child.born.days_until(day(on)?));
    let kilograms = measured.weight.map(|weight| weight.kg());
    let centimetres = scores.corrected_length.map(|length| length.cm());
    let (at, value) = match chart {
        Chart::WeightForAge => (days, kilograms?),
        Chart::LengthForAge => (days, centimetres?),
        Chart::WeightForLength => (centimetres?, kilograms?),
    };
    super::standard::row(chart, child.sex, kind, at)?;
    let score = scores.score(chart.index());
    Some(Point {
        on,
        at,
        value,
        z: score.map(|score| score.rounded()),
        is_flagged: score.is_some_and(|score| score.is_flagged()),
        kind,
    })
}
