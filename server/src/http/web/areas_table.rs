//! The areas below a place beside each other, sorted by what is asked for.

use super::figures_asked::FiguresAsked;
use crate::report::overview::Overview;
use crate::report::{AreaFigures, By, Share};
use std::str::FromStr;
use sync_protocol::ids::BadId;
use views::overview::{AreaRow, AreaTable, Cell, Column, Order, Tone};

/// What the areas are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum AreaColumn {
    #[default]
    Name,
    Sasaran,
    Measured,
    Weighed,
    Gained,
    Stunting,
    Wasting,
    Underweight,
}

impl AreaColumn {
    const ALL: [AreaColumn; 8] = [
        AreaColumn::Name,
        AreaColumn::Sasaran,
        AreaColumn::Measured,
        AreaColumn::Weighed,
        AreaColumn::Gained,
        AreaColumn::Stunting,
        AreaColumn::Wasting,
        AreaColumn::Underweight,
    ];

    /// Its word in an address, and its label.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            AreaColumn::Name => ("nama", "Wilayah"),
            AreaColumn::Sasaran => ("sasaran", "Sasaran"),
            AreaColumn::Measured => ("diukur", "Diukur"),
            AreaColumn::Weighed => ("ds", "D/S"),
            AreaColumn::Gained => ("nd", "N/D′"),
            AreaColumn::Stunting => ("stunting", "Stunting"),
            AreaColumn::Wasting => ("wasting", "Wasting"),
            AreaColumn::Underweight => ("underweight", "Underweight"),
        }
    }

    /// Where people look first: the least covered, the most stunted.
    fn order(self) -> Order {
        match self {
            AreaColumn::Name | AreaColumn::Weighed | AreaColumn::Gained => Order::Rising,
            AreaColumn::Sasaran
            | AreaColumn::Measured
            | AreaColumn::Stunting
            | AreaColumn::Wasting
            | AreaColumn::Underweight => Order::Falling,
        }
    }

    /// What a row shows in it; none for its name.
    fn cell(self, figures: &Overview) -> Option<Cell> {
        let Overview { coverage, prevalence } = figures;
        let [stunting, wasting, underweight] = prevalence.headlines().map(|(_, share)| share);
        let share = |share: Share, bar| Some(Cell::Share { tenths: share.tenths(), bar });
        match self {
            AreaColumn::Name => None,
            AreaColumn::Sasaran => Some(Cell::Count(coverage.s)),
            AreaColumn::Measured => Some(Cell::Count(coverage.d)),
            AreaColumn::Weighed => share(Share::new(coverage.d, coverage.s), Tone::Normal),
            AreaColumn::Gained => {
                share(Share::new(coverage.n, coverage.n + coverage.t), Tone::Normal)
            }
            AreaColumn::Stunting => share(stunting, Tone::Severe),
            AreaColumn::Wasting => share(wasting, Tone::Severe),
            AreaColumn::Underweight => share(underweight, Tone::Severe),
        }
    }

    /// What a row is sorted by; what says nothing stands last.
    fn rank(self, figures: &Overview) -> (bool, u64) {
        let rank = match self.cell(figures) {
            None => Some(0),
            Some(Cell::Count(count)) => Some(count),
            Some(Cell::Share { tenths, .. }) => tenths,
        };
        let order = |rank: u64| match self.order() {
            Order::Rising => rank,
            Order::Falling => u64::MAX - rank,
        };
        (rank.is_none(), rank.map_or(0, order))
    }
}

impl FromStr for AreaColumn {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let named = |column: &AreaColumn| column.names().0 == text;
        AreaColumn::ALL.into_iter().find(named).ok_or(BadId("column"))
    }
}

pub(super) fn area_table(
    areas: &[AreaFigures<Overview>],
    by: AreaColumn,
    asked: &FiguresAsked,
) -> AreaTable {
    let mut rows: Vec<&AreaFigures<Overview>> = areas.iter().collect();
    // Areas without children stand at the end of all.
    rows.sort_by_cached_key(|row| {
        let is_empty = row.figures.coverage.s == 0;
        (is_empty, by.rank(&row.figures), row.name.clone())
    });
    AreaTable {
        what: if asked.question.by == Some(By::Kecamatan) { "Kecamatan" } else { "Desa" },
        columns: AreaColumn::ALL.map(|column| heading(column, by, asked)).to_vec(),
        rows: rows.into_iter().map(|row| area_row(row, asked)).collect(),
    }
}

fn heading(column: AreaColumn, by: AreaColumn, asked: &FiguresAsked) -> Column {
    let (word, label) = column.names();
    Column {
        label,
        address: format!("{}#wilayah", asked.address("/", &[("urut", word)])),
        order: (column == by).then(|| column.order()),
    }
}

fn area_row(row: &AreaFigures<Overview>, asked: &FiguresAsked) -> AreaRow {
    AreaRow {
        name: asked.places.name(&row.area),
        address: asked.address("/", &[("area", row.area.as_str())]),
        cells: AreaColumn::ALL.into_iter().filter_map(|column| column.cell(&row.figures)).collect(),
    }
}
