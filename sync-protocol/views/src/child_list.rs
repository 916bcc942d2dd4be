//! Balita: children by name, searched and narrowed. Prints as a by-name list.

use crate::choice::{Choice, options};
use crate::tag::Tag;
use crate::words::count;
use maud::{Markup, html};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct ChildList {
    pub asked: Asked,
    /// In words, for the paper: `Stunting, Kecamatan Jarai`.
    pub title: String,
    /// `24-11-2026 09:15`.
    pub as_of: String,
    /// How many there are on all pages; counted for the first page only.
    pub total: Option<u64>,
    pub rows: Vec<Line>,
    /// The addresses of the next page, of the first one when this is another, and of one long page.
    pub next: Option<String>,
    pub first: Option<String>,
    pub long: Option<String>,
}

/// What was asked for, as the form shows it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub search: String,
    pub areas: Vec<Choice>,
    pub puskesmas: Vec<Choice>,
    pub posyandu: String,
    /// Names to choose from, where they are few enough to be known.
    pub known_posyandu: Vec<String>,
    pub narrowed: Vec<Choice>,
    /// `2026-11`; empty for what is known last.
    pub month: String,
    /// Whether the one who looks may search all digits of a NIK.
    pub searches_nik: bool,
}

/// A child in the list.
#[derive(Clone, Debug)]
pub struct Line {
    pub address: String,
    pub name: String,
    /// Masked.
    pub nik: Option<String>,
    pub age: String,
    /// L or P.
    pub sex: String,
    pub village: String,
    pub posyandu: Option<String>,
    pub mother: Option<String>,
    pub measured_on: Option<String>,
    pub weight: Option<String>,
    pub height: Option<String>,
    pub tags: Vec<Tag>,
    /// N, T, 2T, O or B.
    pub gain: Option<Tag>,
}

/// The content of the page.
pub fn child_list(shown: &ChildList) -> Markup {
    html! {
        (form(&shown.asked))
        h2 { (shown.title) }
        p.as-of {
            @if let Some(total) = shown.total { strong { (count(total)) " anak" } ", " }
            "data per " (shown.as_of)
            @if let Some(long) = &shown.long { span.no-print { ". " a href=(long) { "Satu halaman panjang untuk dicetak" } } }
        }
        @if shown.rows.is_empty() { (nobody(&shown.asked)) } @else { (table(&shown.rows)) }
        @if shown.next.is_some() || shown.first.is_some() {
            p.pager.no-print {
                @if let Some(first) = &shown.first { a.button.quiet href=(first) { "Ke awal" } } @else { span {} }
                @if let Some(next) = &shown.next { a.button href=(next) rel="next" { "Berikutnya" } }
            }
        }
    }
}

fn form(asked: &Asked) -> Markup {
    let hint = if asked.searches_nik {
        "Nama anak, nama ibu, atau bagian NIK"
    } else {
        "Nama anak, nama ibu, atau angka NIK yang tampil (6 awal, 2 akhir)"
    };
    html! {
        form.card.no-print method="get" action="/balita" role="search" {
            div.row {
                div {
                    label for="cari" { "Cari" span.hint { (hint) } }
                    input #cari type="search" name="cari" value=(asked.search) autocomplete="off";
                }
                div.narrow { button type="submit" { "Tampilkan" } }
            }
            details open[is_narrowed(asked)] {
                summary { "Wilayah dan saringan" }
                (narrowing(asked))
                p.soft { "Bulan kosong: keadaan terakhir yang diketahui. Dengan bulan: anak yang dihitung laporan bulan itu." }
            }
        }
    }
}

fn narrowing(asked: &Asked) -> Markup {
    html! {
        div.row {
            div { label for="area" { "Wilayah" } select #area name="area" { (options(&asked.areas)) } }
            @if asked.puskesmas.len() > 2 {
                div { label for="puskesmas" { "Puskesmas" } select #puskesmas name="puskesmas" { (options(&asked.puskesmas)) } }
            }
            div {
                label for="posyandu" { "Posyandu" }
                input #posyandu name="posyandu" value=(asked.posyandu) autocomplete="off"
                    list=[(!asked.known_posyandu.is_empty()).then_some("nama-posyandu")];
                @if !asked.known_posyandu.is_empty() {
                    datalist #nama-posyandu { @for name in &asked.known_posyandu { option value=(name) {} } }
                }
            }
            div { label for="saring" { "Saring" } select #saring name="saring" { (options(&asked.narrowed)) } }
            div { label for="month" { "Bulan" } input #month type="month" name="month" value=(asked.month); }
        }
    }
}

/// By more than a search.
fn is_narrowed(asked: &Asked) -> bool {
    let choices = asked.areas.iter().chain(&asked.puskesmas).chain(&asked.narrowed);
    let is_chosen = |choice: &Choice| choice.is_chosen && !choice.value.is_empty();
    !asked.posyandu.is_empty() || !asked.month.is_empty() || choices.into_iter().any(is_chosen)
}

fn nobody(asked: &Asked) -> Markup {
    html! {
        div.card {
            @if is_narrowed(asked) || !asked.search.is_empty() {
                p { "Tidak ada anak yang cocok. Periksa ejaan, atau longgarkan saringan." }
                p { a.button.quiet href="/balita" { "Tampilkan semua balita" } }
            } @else {
                p { "Belum ada balita di wilayah Anda. Anak muncul di sini setelah tablet mengirim data, diisi lewat Entri, atau daftar sasaran diimpor oleh pengelola server." }
            }
        }
    }
}

fn table(rows: &[Line]) -> Markup {
    let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    html! {
        div.scroll tabindex="0" role="region" aria-label="Daftar balita" {
            table {
                thead { tr {
                    th scope="col" { "Nama" } th scope="col" { "Umur" } th scope="col" { "L/P" }
                    th scope="col" { "Desa, posyandu" } th scope="col" { "Ibu, orang tua" }
                    th scope="col" { "Terakhir diukur" } th.num scope="col" { "BB" } th.num scope="col" { "TB" }
                    th scope="col" { "Status" } th scope="col" { "N/T" }
                } }
                tbody {
                    @for row in rows {
                        tr {
                            th scope="row" {
                                a href=(row.address) { (row.name) }
                                @if let Some(nik) = &row.nik { small.soft.block { "NIK " (nik) } }
                            }
                            td.nowrap { (row.age) } td { (row.sex) }
                            td { (row.village) @if let Some(posyandu) = &row.posyandu { small.soft.block { (posyandu) } } }
                            td { (dash(&row.mother)) }
                            td.nowrap { (dash(&row.measured_on)) }
                            td.num { (dash(&row.weight)) } td.num { (dash(&row.height)) }
                            td.tags { @for tag in &row.tags { (tag.show()) " " } }
                            td { @if let Some(gain) = &row.gain { (gain.show()) } @else { "–" } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::growth::Tone;

    #[test]
    fn a_name_is_text_and_never_markup() {
        let line = Line {
            address: "/balita/1".to_owned(),
            name: "<script>alert(1)</script>".to_owned(),
            nik: None,
            age: "2 bl".to_owned(),
            sex: "L".to_owned(),
            village: "Desa \"Sadan\"".to_owned(),
            posyandu: None,
            mother: Some("<b>Ibu</b>".to_owned()),
            measured_on: None,
            weight: None,
            height: None,
            tags: vec![Tag::new(Tone::Bad, "Gizi buruk")],
            gain: None,
        };
        let shown = table(&[line]).into_string();
        assert!(!shown.contains("<script") && !shown.contains("<b>"), "{shown}");
        assert!(shown.contains(r#"<span class="tag bad">Gizi buruk</span>"#), "{shown}");
    }
}
