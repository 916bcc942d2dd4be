//! The series of a child's measurements as a table, and its growth chart.

use crate::chart::{self, ChartKind};
use crate::failure::Failure;
use crate::growth_view::{self, HEADER, gain_cell, measure_cell, z_cell};
use crate::record_view::{self, marks, short};
use child_growth::Index;
use serde_json::{Value, json};
use sync_protocol::growth::Child;
use sync_protocol::record::measurement;
use sync_replica::{ChildRow, GrowthRow, Replica};
use views::{labels, words};

/// Fields that have a column of their own, and those that are no measure.
const IN_COLUMNS: [&str; 5] = [
    measurement::CHILD_ID,
    measurement::MEASURED_ON,
    measurement::WEIGHT_G,
    measurement::HEIGHT_MM,
    measurement::MUAC_MM,
];

/// The series of a child in both forms.
pub(crate) struct Series {
    pub(crate) json: Vec<Value>,
    pub(crate) lines: Vec<String>,
}

pub(crate) fn show(
    replica: &Replica,
    child: &ChildRow,
    chart: ChartKind,
) -> Result<Series, Failure> {
    let rows = replica.growth(child.id)?;
    let json = rows.iter().map(row_json).collect();
    let mut lines = vec![format!("Pengukuran: {}", rows.len())];
    if rows.is_empty() {
        return Ok(Series { json, lines });
    }
    let mut table = vec![HEADER.map(str::to_owned)];
    table.extend(rows.iter().map(|row| cells(child, row)));
    let rests = std::iter::once(String::new()).chain(rows.iter().map(rest));
    let widths: Vec<usize> = (0..HEADER.len())
        .map(|at| table.iter().filter_map(|row| row.get(at)).map(|c| c.chars().count()).max())
        .map(Option::unwrap_or_default)
        .collect();
    for (row, rest) in table.iter().zip(rests) {
        let padded: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:>width$}")).collect();
        lines.push(format!("  {}  {rest}", padded.join("  ")).trim_end().to_owned());
    }
    let known = child.sex.as_deref().zip(child.birth_date);
    if let Some(known) = known.and_then(|(sex, born)| Child::new(sex, born)) {
        lines.extend(chart::draw(&known, &rows, chart));
    }
    Ok(Series { json, lines })
}

fn row_json(row: &GrowthRow) -> Value {
    let growth = row.reading.as_ref().map(growth_view::json);
    crate::answer::joined(record_view::record_json(&row.record), json!({"growth": growth}))
}

fn cells(child: &ChildRow, row: &GrowthRow) -> [String; 10] {
    let (body, reading) = (row.record.body(), row.reading.as_ref());
    let day = body.and_then(|body| body.date(measurement::MEASURED_ON));
    let measure = |field, decimals| measure_cell(body.and_then(|body| body.whole(field)), decimals);
    let dash = || "-".to_owned();
    [
        short(&row.record.id),
        day.map_or_else(dash, words::date),
        day.zip(child.birth_date).map_or_else(dash, |(day, born)| words::age(born, day)),
        measure(measurement::WEIGHT_G, 3),
        measure(measurement::HEIGHT_MM, 1),
        measure(measurement::MUAC_MM, 1),
        z_cell(reading, Index::WeightForAge),
        z_cell(reading, Index::LengthForAge),
        z_cell(reading, Index::WeightForLength),
        gain_cell(reading).to_owned(),
    ]
}

/// What has no column: the other fields and the marks.
fn rest(row: &GrowthRow) -> String {
    let fields = row.record.body().into_iter().flat_map(|body| body.fields());
    let said: Vec<String> = fields
        .filter(|(name, _)| !IN_COLUMNS.contains(name))
        .map(|(name, value)| format!("{} {}", labels::field(name), labels::value(name, value)))
        .collect();
    let record = &row.record;
    let marks = marks(record.pending, record.parked, record.gone);
    [vec![said.join(", ")], marks].concat().join("  ").trim().to_owned()
}
