//! The first run: a code makes this browser a tablet, and the data come down.

use crate::words;
use maud::{Markup, html};

#[derive(Clone, Debug, Default)]
pub struct Enrol {
    pub code: String,
    pub name: String,
    /// It is enrolled and is to be enrolled anew.
    pub again: bool,
    /// Damaged files that were set aside.
    pub set_aside: Vec<String>,
    pub waiting: bool,
}

pub fn content(enrol: &Enrol) -> Markup {
    html! {
        @if enrol.again {
            p { "Tablet ini didaftarkan lagi. Semua yang pernah Anda simpan tetap ada dan dikirim lagi dengan nomor baru." }
        } @else {
            p { "Minta kode kepada penyelia di puskesmas. Kode berlaku 24 jam dan untuk satu tablet." }
        }
        form method="post" action="#/daftar" data-ask="persist" {
            div.field {
                label for="kode" { "Kode" }
                input.code #kode name="kode" value=(enrol.code) required autocapitalize="characters"
                    autocomplete="off" spellcheck="false";
                span.hint { "10 huruf dan angka, misalnya " span.nowrap { "7KQ2-9MXT-3F" } }
            }
            div.field {
                label for="nama" { "Nama tablet ini" }
                input #nama name="nama" value=(enrol.name) required maxlength="80" autocomplete="off";
                span.hint { "Supaya penyelia mengenalinya, misalnya Tablet Bu Siti" }
            }
            p.soft { "Browser akan ditanya apakah data boleh disimpan tetap di tablet ini. Izinkan." }
            button.big type="submit" disabled[enrol.waiting] { "Daftarkan tablet ini" }
            @if enrol.again { p { a.button.quiet href="#/kirim" { "Batal" } } }
        }
        (set_aside(&enrol.set_aside))
    }
}

/// Damaged files, and how they get out of the browser.
pub fn set_aside(files: &[String]) -> Markup {
    html! {
        @if !files.is_empty() {
            h2 { "Berkas yang rusak" }
            p.soft { "Isinya mungkin data yang belum terkirim. Simpan ke folder unduhan (Download) dan berikan kepada penyelia. Di sini berkas itu tetap ada." }
            @for file in files { p { button.quiet type="button" data-aside=(file) { "Simpan " (file) } } }
        }
    }
}

/// How far the first sync is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum First {
    Asking,
    /// Rows that are here, and how many there are in all where the server said so.
    Fetching {
        here: u64,
        all: Option<u64>,
    },
    /// It stopped for now, and why. What is here stays.
    Waiting {
        here: u64,
        why: String,
    },
    Done {
        children: u64,
    },
}

pub fn first(first: &First, persisted: Option<bool>) -> Markup {
    html! {
        div #sync aria-live="polite" { (first_part(first)) }
        (storage(persisted))
    }
}

pub fn first_part(first: &First) -> Markup {
    match first {
        First::Asking => html! { p { "Menghubungi server …" } },
        First::Fetching { here, all: Some(all) } => html! {
            p.progress-text { (words::count(*here)) " / " (words::count(*all)) " data diterima" }
            progress value=(here) max=(all) {}
        },
        First::Fetching { here, all: None } => html! {
            p.progress-text { (words::count(*here)) " data diterima" }
        },
        First::Waiting { here, why } => html! {
            p { (words::count(*here)) " data sudah diterima dan tersimpan. Sisanya menyusul sendiri." }
            p { (why) }
            form method="post" action="#/kirim" { button type="submit" { "Coba sekarang" } }
        },
        First::Done { children } => html! {
            p { "Selesai: " strong { (words::count(*children)) " anak" } " ada di tablet ini. Bekerja tanpa sinyal sudah bisa." }
            a.button.big href="#/" { "Mulai" }
        },
    }
}

/// What the browser promised about the data.
pub fn storage(persisted: Option<bool>) -> Markup {
    html! {
        @match persisted {
            Some(true) => p { span.tag.good { "Tersimpan tetap" } " Browser berjanji tidak menghapus data ini sendiri." },
            Some(false) => p { span.tag.warn { "Belum dijanjikan" } " Browser boleh menghapus data ini bila ruang habis. Pasang aplikasi ini ke layar utama, dan kirim sesering mungkin." },
            None => {},
        }
    }
}
