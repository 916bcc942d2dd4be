//! A small growth chart for the terminal: a child's measurements against WHO's lines.

use child_growth::{Sex, Table};
use clap::ValueEnum;
use sync_protocol::growth::{Child, Reading};
use sync_protocol::record::measurement;
use sync_replica::GrowthRow;

/// The plot, without its labels.
const COLUMNS: usize = 52;
const ROWS: usize = 16;
/// The width of a label of the vertical axis.
const LABEL: usize = 5;
const DAYS_PER_MONTH: f64 = 30.4375;
/// The chart shows the youngest of these ages that holds every measurement, in months.
const WINDOWS: [u32; 3] = [12, 24, 60];
/// WHO's lines: how many SD, and what draws them.
const LINES: [(f64, char); 4] = [(-3.0, '·'), (-2.0, '╌'), (0.0, '─'), (2.0, '╌')];
const POINT: char = '●';

/// What is drawn against age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChartKind {
    /// Berat badan menurut umur
    #[default]
    Bb,
    /// Panjang atau tinggi badan menurut umur
    Tb,
}

impl ChartKind {
    fn table(self) -> Table {
        match self {
            ChartKind::Bb => Table::WeightForAge,
            ChartKind::Tb => Table::LengthForAge,
        }
    }

    fn title(self) -> &'static str {
        match self {
            ChartKind::Bb => "BB/U (kg)",
            ChartKind::Tb => "TB/U (cm)",
        }
    }

    /// A measurement as it is drawn: a length after the correction for position, as it is scored.
    fn value(self, row: &GrowthRow, reading: &Reading) -> Option<f64> {
        match self {
            ChartKind::Bb => {
                let grams = row.record.body()?.whole(measurement::WEIGHT_G)?;
                u32::try_from(grams).ok().map(|grams| f64::from(grams) / 1000.0)
            }
            ChartKind::Tb => reading.assessed.scores.corrected_length.map(|length| length.cm()),
        }
    }
}

/// The chart as lines; none when nothing can be drawn on it.
pub(crate) fn draw(child: &Child, rows: &[GrowthRow], kind: ChartKind) -> Vec<String> {
    let points: Vec<(f64, f64)> = rows
        .iter()
        .filter_map(|row| {
            let reading = row.reading.as_ref()?;
            let day = row.record.body()?.date(measurement::MEASURED_ON)?;
            let days = child.born.days_until(sync_protocol::growth::day(day)?);
            Some((f64::from(days) / DAYS_PER_MONTH, kind.value(row, reading)?))
        })
        .filter(|(months, _)| *months < f64::from(WINDOWS[2]))
        .collect();
    let oldest = points.iter().map(|(months, _)| *months).fold(0.0, f64::max);
    let Some(window) = WINDOWS.into_iter().find(|window| oldest <= f64::from(*window)) else {
        return Vec::new();
    };
    if points.is_empty() {
        return Vec::new();
    }
    Plot::new(child.sex, kind, window, &points).lines(kind, window)
}

struct Plot {
    cells: Vec<[char; COLUMNS]>,
    low: f64,
    high: f64,
}

impl Plot {
    fn new(sex: Sex, kind: ChartKind, window: u32, points: &[(f64, f64)]) -> Self {
        let months = f64::from(window);
        let line = |sd: f64, column: usize| {
            let day = share(column, COLUMNS) * months * DAYS_PER_MONTH;
            Some(kind.table().row(sex, whole(day))?.at(sd))
        };
        let edges = [line(-3.0, 0), line(2.0, COLUMNS - 1)];
        let values = edges.into_iter().flatten().chain(points.iter().map(|(_, value)| *value));
        let (low, high) = values
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        let mut plot = Plot { cells: vec![[' '; COLUMNS]; ROWS], low, high };
        for (sd, mark) in LINES {
            for column in 0..COLUMNS {
                if let Some(value) = line(sd, column) {
                    plot.mark(column, value, mark);
                }
            }
        }
        for (age, value) in points {
            plot.mark(place(age / months, COLUMNS), *value, POINT);
        }
        plot
    }

    fn mark(&mut self, column: usize, value: f64, mark: char) {
        let row = ROWS - 1 - place((value - self.low) / (self.high - self.low), ROWS);
        if let Some(cell) = self.cells.get_mut(row).and_then(|row| row.get_mut(column)) {
            *cell = mark;
        }
    }

    fn lines(&self, kind: ChartKind, window: u32) -> Vec<String> {
        let mut lines =
            vec![format!("{}  {POINT} anak  ─ median  ╌ -2 dan +2 SD  · -3 SD", kind.title())];
        for (at, cells) in self.cells.iter().enumerate() {
            let value = self.high - share(at, ROWS) * (self.high - self.low);
            // Every third row has a label: more would be hard to read.
            let label = if at.is_multiple_of(3) { format!("{value:.1}") } else { String::new() };
            let label = label.replace('.', ",");
            let cells: String = cells.iter().collect();
            lines.push(format!("{label:>LABEL$} │{}", cells.trim_end()));
        }
        lines.push(format!("{:>LABEL$} └{}", "", "─".repeat(COLUMNS)));
        let middle = window / 2;
        lines.push(format!(
            "{:>LABEL$}  0{middle:>half$}{:>rest$}",
            "",
            format!("{window} bl"),
            half = COLUMNS / 2,
            rest = COLUMNS / 2 - 1
        ));
        lines
    }
}

/// How far along a row of `count` cells one of them lies, 0 to 1.
fn share(at: usize, count: usize) -> f64 {
    let number = |n: usize| u32::try_from(n).map_or(f64::MAX, f64::from);
    number(at) / number(count - 1)
}

/// The cell of `count` at a share of their length; what lies outside stands at the edge.
fn place(share: f64, count: usize) -> usize {
    let last = u32::try_from(count - 1).unwrap_or(u32::MAX);
    usize::try_from(whole(share * f64::from(last))).unwrap_or(usize::MAX).min(count - 1)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float to integer cast sticks at the ends"
)]
fn whole(value: f64) -> u32 {
    value.round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_fits_and_shows_its_points() {
        for (kind, points) in [
            (ChartKind::Bb, [(0.0, 3.2), (6.0, 7.3), (11.9, 30.0)]),
            (ChartKind::Tb, [(0.0, 49.0), (6.0, 66.0), (11.9, 74.0)]),
        ] {
            let lines = Plot::new(Sex::Female, kind, 12, &points).lines(kind, 12);
            assert!(lines.len() <= 20, "{}", lines.len());
            for line in &lines {
                assert!(line.chars().count() <= 60, "{line}");
            }
            // One more stands in the title.
            assert_eq!(lines.concat().matches(POINT).count(), 4);
            assert!(lines.concat().contains('╌'));
        }
    }

    #[test]
    fn the_median_girl_stands_on_the_median() {
        let median = Table::WeightForAge.row(Sex::Female, 183).unwrap().at(0.0);
        let plot = Plot::new(Sex::Female, ChartKind::Bb, 12, &[(6.0, median)]);
        let column = place(0.5, COLUMNS);
        let row = plot.cells.iter().position(|row| row[column] == POINT).unwrap();
        let near = plot.cells[row][column - 1] == '─' || plot.cells[row][column + 1] == '─';
        assert!(near, "{:?}", plot.cells[row]);
    }
}
