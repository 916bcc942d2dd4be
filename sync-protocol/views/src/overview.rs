//! Ringkasan: the figures of a month, how complete they are, and the areas beside each other.

use crate::choice::{Choice, options};
use crate::words::{count, percent};
use maud::{Markup, html};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Overview {
    /// As people call it: `Kecamatan Jarai`.
    pub place: String,
    /// As people call it: `November 2026`.
    pub month_name: String,
    pub asked: Asked,
    pub figures: Vec<Figure>,
    pub completeness: Completeness,
    pub indices: Vec<IndexBar>,
    /// None when the place has no areas below it.
    pub areas: Option<AreaTable>,
    /// The addresses of the trend's picture and of its table.
    pub trend_picture: String,
    pub trend_table: String,
}

/// What was asked for, as the form shows it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `2026-11`.
    pub month: String,
    pub areas: Vec<Choice>,
    pub puskesmas: Vec<Choice>,
    pub ages: Vec<Choice>,
}

/// One figure with what it is made of.
#[derive(Clone, Debug)]
pub struct Figure {
    pub label: &'static str,
    pub value: String,
    /// Under the figure.
    pub detail: String,
    /// Where its children are listed.
    pub list: Option<String>,
}

/// What the figures are a picture of.
#[derive(Clone, Debug)]
pub struct Completeness {
    pub as_of: String,
    /// Tablets that were not heard for more than `silent_days` days.
    pub silent: u64,
    pub tablets: u64,
    pub silent_days: i64,
    pub parked: u64,
    pub conflicts: u64,
    /// Whether the one who looks may go on to the lists of them.
    pub has_lists: bool,
}

/// The children of one index, by category.
#[derive(Clone, Debug)]
pub struct IndexBar {
    pub title: &'static str,
    pub parts: Vec<Part>,
    /// In no category: implausible, or outside of the tables.
    pub uncounted: u64,
}

#[derive(Clone, Debug)]
pub struct Part {
    pub label: &'static str,
    pub count: u64,
    pub tone: Tone,
}

/// How a category is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Severe,
    Low,
    Normal,
    High,
    VeryHigh,
}

/// The areas below the place, in the order that was asked for.
#[derive(Clone, Debug)]
pub struct AreaTable {
    /// What a row is: `Desa`, `Kecamatan`.
    pub what: &'static str,
    pub columns: Vec<Column>,
    pub rows: Vec<AreaRow>,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub label: &'static str,
    /// Sorts by it.
    pub address: String,
    pub order: Option<Order>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Rising,
    Falling,
}

#[derive(Clone, Debug)]
pub struct AreaRow {
    pub name: String,
    /// Ringkasan of this area.
    pub address: String,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Copy, Debug)]
pub enum Cell {
    Count(u64),
    /// Tenths of a per cent with a bar, of how many; none of nothing.
    Share {
        tenths: Option<u64>,
        bar: Tone,
    },
}

/// The content of the page.
pub fn overview(shown: &Overview) -> Markup {
    html! {
        (asked(&shown.asked))
        h2 { (shown.place) ", " (shown.month_name) }
        (completeness(&shown.completeness))
        (figures(&shown.figures))
        h2 #tren { "Tren 12 bulan" }
        div.card {
            div.wide {
            // Asked for by itself, so that the figures above do not wait for a year.
            img src=(shown.trend_picture) width="760" height="300"
                alt="Grafik D/S, stunting, wasting dan underweight selama 12 bulan. Angkanya ada di tabel.";
            }
            p.soft { a href=(shown.trend_table) { "Lihat sebagai tabel" } }
        }
        h2 { "Status gizi" }
        div.card {
            @for index in &shown.indices { (index_bar(index)) }
        }
        @if let Some(areas) = &shown.areas { (area_table(areas)) }
    }
}

fn asked(asked: &Asked) -> Markup {
    html! {
        form.card.row.no-print method="get" action="/" {
            div {
                label for="month" { "Bulan" }
                input #month name="month" type="month" value=(asked.month) required pattern="[0-9]{4}-[0-9]{2}";
            }
            div {
                label for="area" { "Wilayah" }
                select #area name="area" { (options(&asked.areas)) }
            }
            @if asked.puskesmas.len() > 1 {
                div {
                    label for="puskesmas" { "Puskesmas" }
                    select #puskesmas name="puskesmas" { (options(&asked.puskesmas)) }
                }
            }
            div {
                label for="ages" { "Umur (bulan)" }
                select #ages name="ages" { (options(&asked.ages)) }
            }
            button.narrow type="submit" { "Tampilkan" }
        }
    }
}

/// The line that every figure carries.
pub fn completeness(shown: &Completeness) -> Markup {
    let Completeness { as_of, silent, tablets, silent_days, parked, conflicts, has_lists } = shown;
    let silent = format!("{silent} dari {tablets} tablet belum sinkron > {silent_days} hari");
    let parts = [
        ("/tablet", silent),
        ("/tertahan", format!("{parked} tertahan")),
        ("/konflik", format!("{conflicts} konflik")),
    ];
    html! {
        p.as-of {
            "Data s.d. " (as_of)
            @for (address, text) in parts {
                "; "
                @if *has_lists { a href=(address) { (text) } } @else { (text) }
            }
            "."
        }
    }
}

fn figures(figures: &[Figure]) -> Markup {
    html! {
        dl.figures {
            @for figure in figures {
                div.figure {
                    dt { (figure.label) }
                    dd {
                        (figure.value)
                        small {
                            @match &figure.list {
                                Some(list) => { a href=(list) { (figure.detail) } }
                                None => { (figure.detail) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Tenths of per cents in the width of a bar's picture.
const BAR_WIDTH: u64 = 1000;

fn index_bar(index: &IndexBar) -> Markup {
    let total: u64 = index.parts.iter().map(|part| part.count).sum();
    let tenths = |count: u64| (count * BAR_WIDTH + total / 2).checked_div(total);
    let mut from = 0;
    let drawn: Vec<(u64, u64, Tone)> = index
        .parts
        .iter()
        .map(|part| {
            let start = tenths(from).unwrap_or(0);
            from += part.count;
            (start, tenths(from).unwrap_or(0) - start, part.tone)
        })
        .collect();
    html! {
        section.index {
            h3 { (index.title) " " small.soft { (count(total)) " anak" } }
            @if total > 0 {
                svg.stack viewBox="0 0 1000 40" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                    @for (start, width, tone) in &drawn {
                        rect x=(start) y="0" width=(width) height="40" class=(tone.class()) {}
                    }
                }
                ul.legend {
                    @for part in index.parts.iter().filter(|part| part.count > 0) {
                        li {
                            span class={ "key " (part.tone.class()) } {}
                            (part.label) ": " b { (count(part.count)) } " (" (percent(tenths(part.count))) ")"
                        }
                    }
                    @if index.uncounted > 0 {
                        li.soft { "tidak dinilai (di luar batas wajar): " (count(index.uncounted)) }
                    }
                }
            } @else {
                p.soft { "Belum ada yang diukur bulan ini." }
            }
        }
    }
}

impl Tone {
    pub fn class(self) -> &'static str {
        match self {
            Tone::Severe => "tone-severe",
            Tone::Low => "tone-low",
            Tone::Normal => "tone-normal",
            Tone::High => "tone-high",
            Tone::VeryHigh => "tone-very-high",
        }
    }
}

fn area_table(table: &AreaTable) -> Markup {
    html! {
        h2 #wilayah { "Per " (table.what.to_lowercase()) }
        div.scroll tabindex="0" role="region" aria-labelledby="wilayah" {
            table {
                thead {
                    tr {
                        @for (at, column) in table.columns.iter().enumerate() {
                            th scope="col" class=[(at > 0).then_some("num")] aria-sort=[column.order.map(Order::aria)] {
                                a href=(column.address) {
                                    (column.label)
                                    @if let Some(order) = column.order { " " (order.arrow()) }
                                }
                            }
                        }
                    }
                }
                tbody {
                    @for row in &table.rows {
                        tr {
                            th.nowrap scope="row" { a href=(row.address) { (row.name) } }
                            @for cell in &row.cells { (self::cell(*cell)) }
                        }
                    }
                }
            }
        }
    }
}

fn cell(cell: Cell) -> Markup {
    match cell {
        Cell::Count(number) => html! { td.num { (count(number)) } },
        Cell::Share { tenths, bar } => html! {
            td.num {
                (percent(tenths))
                @if let Some(tenths) = tenths {
                    svg.bar viewBox="0 0 1000 60" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                        rect.track x="0" y="0" width="1000" height="60" {}
                        rect x="0" y="0" width=(tenths.min(BAR_WIDTH)) height="60" class=(bar.class()) {}
                    }
                }
            }
        },
    }
}

impl Order {
    fn aria(self) -> &'static str {
        match self {
            Order::Rising => "ascending",
            Order::Falling => "descending",
        }
    }

    fn arrow(self) -> &'static str {
        match self {
            Order::Rising => "▲",
            Order::Falling => "▼",
        }
    }
}
