//! The sheet itself.

use crate::control::{self, Asks, Held, error};
use crate::shell::{Viewer, csrf};
use crate::{labels, reading};
use maud::{Markup, html};
use sync_protocol::growth::Reading;
use sync_protocol::record::{Kind, measurement};

/// What is asked of each child: the name of its cell, and the field.
pub const CELLS: [(&str, &str); 4] = [
    ("bb", measurement::WEIGHT_G),
    ("tb", measurement::HEIGHT_MM),
    ("cara", measurement::POSITION),
    ("lila", measurement::MUAC_MM),
];

/// What stands in a cell.
pub type Cell = Held;

/// The name of a line's cell in the form.
pub fn cell_name(cell: &str, at: usize) -> String {
    format!("{cell}-{at}")
}

/// A child of the sheet.
#[derive(Clone, Debug)]
pub struct Line {
    pub child: String,
    pub href: String,
    pub name: String,
    pub age: String,
    /// The weight before this day, as a hint.
    pub last: Option<String>,
    /// The measurement of the day that is shown, as the form sends it back; empty of none.
    pub seen: String,
    /// In the order of [`CELLS`].
    pub cells: [Cell; 4],
    /// What the box sent by which the person stands by what is doubtful.
    pub stands_by: String,
    pub told: Told,
}

/// What is said of a line.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Why it is not saved, or that it is.
    pub wrong: Option<String>,
    pub done: Option<String>,
    pub reading: Option<Reading>,
    /// What must be confirmed.
    pub doubts: Vec<String>,
    /// What the box sends that confirms it.
    pub word: String,
}

#[derive(Clone, Debug)]
pub struct Sheet {
    pub area: String,
    /// As the address has it: `*` of the whole desa.
    pub posyandu: String,
    pub day: String,
    /// Where this part of the list begins.
    pub after: String,
    /// The address of the next part.
    pub next: Option<String>,
    pub lines: Vec<Line>,
    /// When what stands here was kept for a while.
    pub draft: Option<String>,
    /// The address where a child is added.
    pub add_child: String,
}

pub fn sheet(viewer: &Viewer, sheet: &Sheet) -> Markup {
    html! {
        p { a.button.quiet href=(sheet.add_child) { "Tambah anak" } }
        @if sheet.lines.is_empty() {
            p.card { "Tidak ada sasaran balita di sini pada tanggal itu." }
        } @else {
            form #lembar.sheet method="post" action="/entri/periksa" {
                (csrf(viewer))
                input type="hidden" name="area" value=(sheet.area);
                input type="hidden" name="posyandu" value=(sheet.posyandu);
                input type="hidden" name="tanggal" value=(sheet.day);
                input type="hidden" name="after" value=(sheet.after);
                div.scroll { table {
                    thead { tr {
                        th scope="col" { "Anak" }
                        th scope="col" { "BB (kg)" } th scope="col" { "TB/PB (cm)" }
                        th scope="col" { "Cara ukur" } th scope="col" { "LiLA (cm)" }
                        th scope="col" { "Hasil" }
                    } }
                    tbody { @for (at, line) in sheet.lines.iter().enumerate() { (row(at, line)) } }
                } }
                p.row {
                    // The key Enter takes the first: it saves nothing.
                    button.narrow.quiet type="submit" { "Periksa" }
                    button.narrow type="submit" #simpan formaction="/entri/simpan" { "Simpan" }
                    button.narrow.quiet type="submit" #sementara formaction="/entri/sementara" {
                        "Simpan sementara"
                    }
                    span.soft #tersimpan role="status" {
                        @if let Some(saved) = &sheet.draft { "tersimpan sementara " (saved) }
                    }
                }
            }
            script src="/aset/entri.js" defer {}
        }
        @if let Some(next) = &sheet.next {
            p.pager { a.button.quiet href=(next) { "Anak berikutnya" } }
        }
    }
}

fn row(at: usize, line: &Line) -> Markup {
    html! {
        tr data-baris=(at) {
            th scope="row" {
                a href=(line.href) tabindex="-1" { (line.name) } br;
                span.soft {
                    (line.age)
                    @if let Some(last) = &line.last { ", terakhir " (last) }
                }
                input type="hidden" name=(cell_name("anak", at)) value=(line.child);
                input type="hidden" name=(cell_name("dasar", at)) value=(line.seen);
            }
            @for ((cell, field), held) in CELLS.iter().zip(&line.cells) {
                @let name = cell_name(cell, at);
                td {
                    label.unseen for=(name) { (labels::field(field)) " " (line.name) }
                    @if let Some(field) = Kind::MEASUREMENT.field(field) {
                        (control::control(field, &name, held, Asks::default()))
                    }
                    (error(&name, held))
                }
            }
            td.hasil aria-live="polite" { (result(at, &line.told, &line.stands_by)) }
        }
    }
}

/// What is said of a line: alone, it answers the script.
pub fn result(at: usize, told: &Told, stands_by: &str) -> Markup {
    html! {
        @if let Some(done) = &told.done { span.tag.good { (done) } }
        @if let Some(wrong) = &told.wrong { span.error { (wrong) } }
        @if let Some(found) = &told.reading {
            (reading::scores(&found.assessed))
            @if let Some(gain) = &found.gain { (reading::gain(gain)) }
        }
        @if !told.doubts.is_empty() {
            ul.doubts { @for doubt in &told.doubts { li { (doubt) } } }
            label.choice {
                input type="checkbox" name=(cell_name("benar", at)) value=(told.word)
                    checked[stands_by == told.word];
                "Benar, sudah diperiksa"
            }
        }
    }
}
