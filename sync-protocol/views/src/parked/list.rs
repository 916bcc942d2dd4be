//! The list of parked changes, oldest first.

use super::{reason, reason_name};
use crate::choice::{Choice, options};
use maud::{Markup, html};
use sync_protocol::parked::ParkCode;

#[derive(Clone, Debug)]
pub struct Row {
    pub id: i64,
    pub child: Option<String>,
    /// What kind of record, and what is done to it.
    pub what: String,
    /// Some of its fields in words.
    pub fields: Vec<String>,
    pub code: Option<ParkCode>,
    pub field: Option<String>,
    pub worker: String,
    pub tablet: String,
    pub made: String,
    pub received: String,
    /// How long it has waited, in days.
    pub days: i64,
}

/// What the list is narrowed by.
#[derive(Clone, Debug)]
pub struct Filter {
    pub areas: Vec<Choice>,
    pub code: Option<ParkCode>,
}

#[derive(Clone, Debug)]
pub struct List {
    pub rows: Vec<Row>,
    pub filter: Filter,
    /// The address of the next part.
    pub next: Option<String>,
}

pub fn list(list: &List) -> Markup {
    html! {
        (filter(&list.filter))
        @if list.rows.is_empty() {
            p.card { "Tidak ada data yang tertahan." }
        } @else {
            p.as-of { "Yang paling lama menunggu di atas." }
            div.scroll {
                table {
                    thead { tr {
                        th scope="col" { "Data" } th scope="col" { "Mengapa" }
                        th scope="col" { "Dari" } th scope="col" { "Menunggu" }
                    } }
                    tbody { @for row in &list.rows { (parked(row)) } }
                }
            }
        }
        @if let Some(next) = &list.next {
            p.pager { a.button.quiet href=(next) { "Berikutnya" } }
        }
    }
}

fn filter(filter: &Filter) -> Markup {
    html! {
        form.card.row method="get" action="/tertahan" {
            div {
                label for="area" { "Wilayah" }
                select id="area" name="area" { (options(&filter.areas)) }
            }
            div {
                label for="code" { "Alasan" }
                select id="code" name="code" {
                    option value="" { "semua" }
                    @for code in ParkCode::ALL {
                        option value=(code.as_str()) selected[filter.code == Some(code)] {
                            (reason_name(code))
                        }
                    }
                }
            }
            div.narrow { button.quiet type="submit" { "Tampilkan" } }
        }
    }
}

fn parked(row: &Row) -> Markup {
    html! {
        tr {
            th scope="row" {
                a href={ "/tertahan/" (row.id) } { (row.child.as_deref().unwrap_or("(tanpa nama)")) } br;
                span.soft { (row.what) }
                @for field in &row.fields { br; span.soft { (field) } }
            }
            td { (reason(row.code, row.field.as_deref())) }
            td { (row.worker) br; span.soft { (row.tablet) } }
            td {
                (waited(row.days)) br;
                span.soft { "dibuat " span.nowrap { (row.made) } ", diterima " span.nowrap { (row.received) } }
            }
        }
    }
}

pub(super) fn waited(days: i64) -> Markup {
    let class = match days {
        ..=3 => "tag",
        4..=7 => "tag warn",
        _ => "tag bad",
    };
    html! {
        span class=(class) { @if days < 1 { "hari ini" } @else { (days) " hari" } }
    }
}
