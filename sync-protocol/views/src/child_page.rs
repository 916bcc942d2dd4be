//! One child: identity, growth charts, measurements, visits and the history of it all.

use crate::chart::{Chart, Point, draw};
use crate::growth::Tone;
use crate::history::{Version, history};
use crate::shell::{Viewer, csrf};
use crate::tag::Tag;
use child_growth::{ATTRIBUTION, Sex};
use maud::{Markup, html};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct ChildPage {
    /// The address of this page.
    pub address: String,
    /// `2 th 1 bl, perempuan, Desa Sadan, Posyandu Melati`.
    pub line: String,
    pub tags: Vec<Tag>,
    /// Why a deleted child is no longer counted.
    pub deleted: Option<String>,
    pub facts: Vec<(String, String)>,
    /// Where the NIK disagrees with birth date and sex, in sentences.
    pub doubts: Vec<String>,
    /// None where a tombstone has neither sex nor birth date.
    pub charts: Option<Charts>,
    pub measurements: Vec<Measurement>,
    pub visits: Vec<Visit>,
    pub history: Vec<Version>,
    /// Older versions, measurements and visits that are not shown.
    pub left_out: usize,
    pub may: May,
}

/// What the growth charts draw.
#[derive(Clone, Debug)]
pub struct Charts {
    pub sex: Sex,
    pub points: Vec<(Chart, Vec<Point>)>,
}

/// What the one who looks may do here.
#[derive(Clone, Copy, Debug)]
pub struct May {
    pub edit: bool,
    /// There is a masked number that they may see.
    pub see_nik: bool,
}

/// One measurement.
#[derive(Clone, Debug)]
pub struct Measurement {
    pub on: String,
    pub age: String,
    pub weight: Option<String>,
    pub height: Option<String>,
    /// Terlentang, berdiri.
    pub position: Option<String>,
    pub arm: Option<String>,
    /// BB/U, TB/U and BB/TB.
    pub scores: [Option<ScoreCell>; 3],
    pub gain: Option<Tag>,
    /// What else was noted, with its label.
    pub others: Vec<(String, String)>,
    pub doubts: Vec<Doubt>,
    pub by: String,
    /// Where it is mended.
    pub edit: Option<String>,
}

#[derive(Clone, Debug)]
pub struct ScoreCell {
    pub z: String,
    pub name: String,
    pub tone: Tone,
    pub is_flagged: bool,
}

/// Something that asks for a look.
#[derive(Clone, Debug)]
pub struct Doubt {
    pub sentence: String,
    /// The worker stands by the value.
    pub is_confirmed: bool,
}

#[derive(Clone, Debug)]
pub struct Visit {
    pub on: String,
    pub purpose: String,
    pub details: Vec<(String, String)>,
    pub by: String,
}

/// The content of the page.
pub fn child_page(shown: &ChildPage, viewer: &Viewer) -> Markup {
    html! {
        @if let Some(reason) = &shown.deleted {
            p.notice.wrong { "Data anak ini ditandai terhapus (" (reason) "). Anak ini tidak dihitung dalam laporan; riwayatnya tetap di sini." }
        }
        p { (shown.line) " " @for tag in &shown.tags { (tag.show()) " " } }
        (actions(shown))
        (identity(shown, viewer))
        @if let Some(charts) = &shown.charts {
            h2 { "Grafik pertumbuhan" }
            div.charts { @for (chart, points) in &charts.points { (draw(*chart, charts.sex, points)) } }
            p.soft { "Garis: -3, -2, 0 (median), +2 dan +3 SD. " (ATTRIBUTION) "." }
        }
        h2 { "Pengukuran" }
        @if shown.measurements.is_empty() { p.card { "Belum ada pengukuran." } } @else { (measurements(&shown.measurements)) }
        h2 { "Kunjungan pendampingan" }
        @if shown.visits.is_empty() { p.card { "Belum ada kunjungan." } } @else { (visits(&shown.visits)) }
        section.no-print {
            h2 #riwayat { "Riwayat" }
            div.card { (history(&shown.history, shown.left_out)) }
        }
    }
}

fn actions(shown: &ChildPage) -> Markup {
    let address = &shown.address;
    html! {
        @if shown.may.edit {
            p.actions.no-print {
                @if shown.deleted.is_none() {
                    a.button href={ (address) "/ubah" } { "Ubah data" } " "
                    a.button.quiet href={ (address) "/pindah" } { "Pindah desa" } " "
                    a.button.quiet href={ (address) "/hapus" } { "Hapus" }
                } @else {
                    a.button href={ (address) "/ubah" } { "Pulihkan dengan data yang benar" }
                }
            }
        }
    }
}

fn identity(shown: &ChildPage, viewer: &Viewer) -> Markup {
    html! {
        h2 { "Identitas" }
        div.card {
            @let (left, right) = shown.facts.split_at(shown.facts.len().div_ceil(2));
            div.two {
                @for half in [left, right] {
                    dl.facts { @for (label, value) in half { dt { (label) } dd { (value) } } }
                }
            }
            @for doubt in &shown.doubts { p { (Tag::new(Tone::Warn, "periksa").show()) " " (doubt) } }
            @if shown.may.see_nik {
                form.no-print.after method="post" action={ (shown.address) "/nik" } {
                    (csrf(viewer))
                    button.quiet type="submit" { "Lihat NIK" }
                    span.soft { " Setiap kali NIK dilihat, nama Anda dicatat." }
                }
            }
        }
    }
}

fn measurements(rows: &[Measurement]) -> Markup {
    let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    html! {
        div.scroll tabindex="0" role="region" aria-label="Pengukuran" {
            table {
                thead { tr {
                    th scope="col" { "Tanggal" } th scope="col" { "Umur" }
                    th.num scope="col" { "BB" } th.num scope="col" { "TB/PB" } th.num scope="col" { "LiLA" }
                    th scope="col" { "BB/U" } th scope="col" { "TB/U" } th scope="col" { "BB/TB" }
                    th scope="col" { "N/T" } th scope="col" { "Catatan" } th scope="col" { "Oleh" }
                } }
                tbody {
                    @for row in rows {
                        tr {
                            th scope="row" {
                                span.nowrap { (row.on) }
                                @if let Some(edit) = &row.edit { a.block.no-print href=(edit) aria-label={ "Perbaiki pengukuran " (row.on) } { "Perbaiki" } }
                            }
                            td.nowrap { (row.age) }
                            td.num { (dash(&row.weight)) }
                            td.num { (dash(&row.height)) @if let Some(position) = &row.position { small.soft.block { (position) } } }
                            td.num { (dash(&row.arm)) }
                            @for score in &row.scores { td { (score_cell(score.as_ref())) } }
                            td { @if let Some(gain) = &row.gain { (gain.show()) } @else { "–" } }
                            td { (notes(row)) }
                            td { (row.by) }
                        }
                    }
                }
            }
        }
    }
}

fn score_cell(score: Option<&ScoreCell>) -> Markup {
    html! {
        @match score {
            None => "–",
            Some(score) => {
                span.nowrap { (score.z) " SD" }
                @if score.tone > Tone::Good || score.is_flagged {
                    span.block { (Tag::new(score.tone, &*score.name).show()) }
                } @else {
                    small.soft.block { (score.name) }
                }
                @if score.is_flagged { span.block { (Tag::new(Tone::Warn, "tidak wajar").show()) } }
            }
        }
    }
}

fn notes(row: &Measurement) -> Markup {
    html! {
        @for doubt in &row.doubts {
            span.block {
                @if doubt.is_confirmed { (Tag::plain("sudah dipastikan").show()) } @else { (Tag::new(Tone::Warn, "diragukan").show()) }
                " " (doubt.sentence)
            }
        }
        @for (label, value) in &row.others { small.block { span.soft { (label) ": " } (value) } }
    }
}

fn visits(rows: &[Visit]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Kunjungan pendampingan" {
            table {
                thead { tr { th scope="col" { "Tanggal" } th scope="col" { "Tujuan" } th scope="col" { "Isi" } th scope="col" { "Oleh" } } }
                tbody {
                    @for row in rows {
                        tr {
                            th.nowrap scope="row" { (row.on) } td { (row.purpose) }
                            td { @for (label, value) in &row.details { span.block { span.soft { (label) ": " } (value) } } }
                            td { (row.by) }
                        }
                    }
                }
            }
        }
    }
}
