//! The pages around the form of a record: to change it, to hand a child over, to mark it deleted.

use crate::choice::{Choice, options};
use crate::shell::{Viewer, csrf};
use maud::{Markup, html};

/// A form that changes a record.
#[derive(Clone, Debug)]
pub struct EditPage {
    /// Where it is sent.
    pub action: String,
    /// Where "Batal" leads.
    pub back: String,
    /// The stamp of the row that the form shows.
    pub base: String,
    /// What others changed since the form was opened.
    pub meanwhile: Option<Meanwhile>,
    /// Where the record is marked deleted, when that has no page of its own to start from.
    pub delete: Option<String>,
    /// What is doubtful; to be confirmed before it is taken.
    pub doubts: Vec<String>,
    /// What the box sends that confirms it.
    pub word: String,
}

/// What others changed while somebody typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meanwhile {
    pub by: String,
    pub changes: Vec<Overtaken>,
}

/// A field that was changed meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overtaken {
    pub label: String,
    pub old: String,
    pub new: String,
    /// The one who types changed it, too: what they typed stands in the form.
    pub is_typed_too: bool,
}

/// The page of a form whose fields are `fields`.
pub fn edit_page(shown: &EditPage, fields: &Markup, viewer: &Viewer) -> Markup {
    html! {
        @if let Some(meanwhile) = &shown.meanwhile { (overtaken(meanwhile)) }
        form method="post" action=(shown.action) {
            (csrf(viewer))
            input type="hidden" name="base" value=(shown.base);
            (fields)
            @if !shown.doubts.is_empty() {
                div.card role="alert" {
                    p { strong { "Angka ini diragukan:" } }
                    ul { @for doubt in &shown.doubts { li { (doubt) } } }
                    label { input type="checkbox" name="pasti" value=(shown.word); "Angka sudah diperiksa dan memang benar" }
                }
            }
            p.actions {
                button type="submit" { "Simpan" } " "
                a.button.quiet href=(shown.back) { "Batal" }
                @if let Some(delete) = &shown.delete { " " a.button.quiet href=(delete) { "Hapus" } }
            }
        }
    }
}

fn overtaken(meanwhile: &Meanwhile) -> Markup {
    html! {
        div.card role="alert" {
            p {
                strong { "Data ini diubah " (meanwhile.by) " sejak Anda membukanya." }
                " Yang Anda ketik tidak hilang. Periksa lalu simpan lagi."
            }
            ul {
                @for change in &meanwhile.changes {
                    li {
                        (change.label) ": " del { (change.old) } " → " ins { (change.new) }
                        @if change.is_typed_too { ". Anda juga mengubahnya: yang tertulis di bawah adalah ketikan Anda." }
                        @else { ". Sudah diambil ke isian di bawah." }
                    }
                }
            }
        }
    }
}

/// The page that hands a child over to another desa.
#[derive(Clone, Debug)]
pub struct MovePage {
    pub action: String,
    pub back: String,
    pub base: String,
    pub name: String,
    pub from: String,
    /// Every desa of the kabupaten, under its kecamatan.
    pub kecamatan: Vec<(String, Vec<Choice>)>,
    /// To be confirmed, once a desa is chosen.
    pub chosen: Option<Destination>,
    pub mistake: Option<String>,
}

/// Where the child is to go.
#[derive(Clone, Debug)]
pub struct Destination {
    pub code: String,
    pub name: String,
    /// The one who moves it will not see it any more.
    pub leaves_scope: bool,
}

pub fn move_page(shown: &MovePage, viewer: &Viewer) -> Markup {
    html! {
        @match &shown.chosen {
            Some(to) => (confirm_move(shown, to, viewer)),
            None => {
                p { (shown.name) " sekarang di " (shown.from) ". Pilih desa tujuan." }
                form.card method="post" action=(shown.action) {
                    (csrf(viewer))
                    input type="hidden" name="base" value=(shown.base);
                    div.field {
                        label for="tujuan" { "Desa tujuan" }
                        select #tujuan name="tujuan" required aria-invalid=[shown.mistake.as_ref().map(|_| "true")]
                            aria-describedby=[shown.mistake.as_ref().map(|_| "salah-tujuan")] {
                            option value="" { "-" }
                            @for (kecamatan, villages) in &shown.kecamatan {
                                optgroup label=(kecamatan) { (options(villages)) }
                            }
                        }
                        @if let Some(mistake) = &shown.mistake { span.error #salah-tujuan { (mistake) } }
                    }
                    p.actions {
                        button type="submit" { "Lanjut" } " "
                        a.button.quiet href=(shown.back) { "Batal" }
                    }
                }
            }
        }
    }
}

fn confirm_move(shown: &MovePage, to: &Destination, viewer: &Viewer) -> Markup {
    html! {
        form.card method="post" action=(shown.action) {
            (csrf(viewer))
            input type="hidden" name="base" value=(shown.base);
            input type="hidden" name="tujuan" value=(to.code);
            input type="hidden" name="yakin" value="1";
            p { strong { (shown.name) " diserahkan dari " (shown.from) " ke " (to.name) "?" } }
            ul {
                li { "Semua pengukuran dan kunjungannya ikut pindah." }
                li { "Anak ini hilang dari tablet petugas " (shown.from) " dan muncul di tablet petugas " (to.name) " pada sinkronisasi berikut." }
                li { "Data yang sudah dicatat di tablet lama tetapi belum terkirim tetap diterima." }
                @if to.leaves_scope { li { strong { "Desa tujuan di luar wilayah Anda: setelah ini Anda tidak melihat anak ini lagi." } } }
            }
            p.actions {
                button type="submit" { "Ya, pindahkan" } " "
                a.button.quiet href=(shown.back) { "Batal" }
            }
        }
    }
}

/// The page that marks a record as deleted.
#[derive(Clone, Debug)]
pub struct DeletePage {
    pub action: String,
    pub back: String,
    pub base: String,
    /// `Melati, Desa Sadan` or `pengukuran 12-11-2026 dari Melati`.
    pub what: String,
    /// What happens then.
    pub consequences: Vec<&'static str>,
    pub reasons: Vec<Choice>,
    pub mistake: Option<String>,
}

pub fn delete_page(shown: &DeletePage, viewer: &Viewer) -> Markup {
    html! {
        form.card method="post" action=(shown.action) {
            (csrf(viewer))
            input type="hidden" name="base" value=(shown.base);
            p { strong { "Tandai " (shown.what) " sebagai terhapus?" } }
            ul { @for consequence in &shown.consequences { li { (consequence) } } }
            div.field {
                label for="alasan" { "Alasan" }
                select #alasan name="alasan" required aria-invalid=[shown.mistake.as_ref().map(|_| "true")]
                    aria-describedby=[shown.mistake.as_ref().map(|_| "salah-alasan")] { (options(&shown.reasons)) }
                @if let Some(mistake) = &shown.mistake { span.error #salah-alasan { (mistake) } }
            }
            p.actions {
                button.danger type="submit" { "Ya, tandai terhapus" } " "
                a.button.quiet href=(shown.back) { "Batal" }
            }
        }
    }
}
