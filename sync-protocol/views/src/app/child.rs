//! Anak: one child with its charts, its measurements and its visits.

use super::marks::{Marks, marks};
use crate::growth::Tone;
use crate::tag::Tag;
use maud::{Markup, html};

/// A measurement in the series, newest first.
#[derive(Clone, Debug)]
pub struct Row {
    pub href: String,
    pub date: String,
    pub age: String,
    pub weight: String,
    pub height: String,
    /// BB/U, TB/U, BB/TB: the z-score, how it looks, and its category in a word or two.
    pub scores: [Option<(Tone, String, String)>; 3],
    /// N, T, 2T, O, B or nothing.
    pub gain: Option<Tag>,
    pub marks: Marks,
}

#[derive(Clone, Debug)]
pub struct VisitRow {
    pub href: String,
    pub date: String,
    pub said: String,
    pub marks: Marks,
}

#[derive(Clone, Debug)]
pub struct Child {
    /// Where the child's other screens are.
    pub address: String,
    pub about: String,
    pub marks: Marks,
    /// Label and value of what is known.
    pub facts: Vec<(String, String)>,
    pub charts: Vec<Markup>,
    /// What was measured last, and what it means.
    pub last: Option<(String, Markup)>,
    pub rows: Vec<Row>,
    pub visits: Vec<VisitRow>,
    pub moved: Option<String>,
}

pub fn content(child: &Child) -> Markup {
    let to = |screen: &str| format!("{}/{screen}", child.address);
    html! {
        p { (child.about) (marks(child.marks)) }
        @if let Some(moved) = &child.moved { p.notice.doubt { (moved) } }
        @if let Some((measures, meaning)) = &child.last {
            section.card { h2 { "Pengukuran terakhir" } p.strong { (measures) } (meaning) }
        }
        @if !child.charts.is_empty() {
            h2 { "Grafik pertumbuhan" }
            div.charts { @for chart in &child.charts { (chart) } }
        }
        h2 { "Pengukuran " span.count { (child.rows.len()) } }
        @if child.rows.is_empty() { p.soft { "Belum pernah diukur." } } @else { (series(&child.rows)) }
        h2 { "Kunjungan " span.count { (child.visits.len()) } }
        @if child.visits.is_empty() { p.soft { "Belum ada kunjungan." } }
        ul.children {
            @for visit in &child.visits {
                li { a href=(visit.href) { strong { (visit.date) } span.about { (visit.said) } span.tags { (marks(visit.marks)) } } }
            }
        }
        h2 { "Data anak" }
        dl.facts.card { @for (label, value) in &child.facts { dt { (label) } dd { (value) } } }
        div.actions {
            a.button.quiet href=(to("ubah")) { "Ubah data" }
            a.button.quiet href=(to("pindah")) { "Pindah desa" }
        }
        nav.foot aria-label="Anak ini" {
            a.button.quiet href="#/" { "Hari ini" }
            a.button.quiet href=(to("kunjungan")) { "Kunjungan" }
            a.button href=(to("ukur")) { "Ukur" }
        }
    }
}

fn series(rows: &[Row]) -> Markup {
    html! {
        div.scroll { table {
            thead { tr {
                th scope="col" { "Tanggal" } th.num scope="col" { "BB" } th.num scope="col" { "TB" }
                th scope="col" { "N/T" }
                th scope="col" { "BB/U" } th scope="col" { "TB/U" } th scope="col" { "BB/TB" }
            } }
            tbody {
                @for row in rows {
                    tr {
                        th scope="row" { a.nowrap href=(row.href) { (row.date) } small.under { (row.age) } (marks(row.marks)) }
                        td.num { (row.weight) }
                        td.num { (row.height) }
                        td { @if let Some(gain) = &row.gain { (gain.show()) } }
                        @for score in &row.scores {
                            td { @match score {
                                Some((tone, z, name)) => { span class={ "tag " (tone.class()) } { (z) } small.under { (name) } }
                                None => "-",
                            } }
                        }
                    }
                }
            }
        } }
    }
}
