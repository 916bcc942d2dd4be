//! Hari ini: who is to be seen, and the search.

use super::marks::{Marks, marks};
use crate::choice::{Choice, options};
use crate::tag::Tag;
use crate::words;
use maud::{Markup, html};

/// A child on a list.
#[derive(Clone, Debug)]
pub struct Item {
    pub href: String,
    pub name: String,
    /// Age, mother, posyandu.
    pub about: String,
    /// What asks for attention.
    pub tags: Vec<Tag>,
    pub marks: Marks,
}

/// Children that are listed for one reason.
#[derive(Clone, Debug)]
pub struct Group {
    pub title: &'static str,
    /// In all, of which `items` are the first.
    pub count: u64,
    pub items: Vec<Item>,
}

/// What the screen shows. With a search, one group without a title of its own.
#[derive(Clone, Debug)]
pub struct Today {
    pub search: String,
    /// Posyandu and desa to narrow by; empty when there is only one.
    pub places: Vec<Choice>,
    pub groups: Vec<Group>,
    /// Children of the place that are to be measured every month, and how many of them are.
    pub on_list: u64,
    pub measured: u64,
}

pub fn content(today: &Today) -> Markup {
    html! {
        form.search role="search" data-live="only" {
            label.hidden-label for="cari" { "Cari anak" }
            input #cari name="cari" type="search" value=(today.search) autocomplete="off"
                placeholder="Cari nama anak atau ibu";
            @if !today.places.is_empty() {
                label.hidden-label for="tempat" { "Posyandu atau desa" }
                select #tempat name="tempat" { (options(&today.places)) }
            }
        }
        div #live { (results(today)) }
    }
}

/// The part that follows the search.
pub fn results(today: &Today) -> Markup {
    html! {
        @if today.search.is_empty() && today.on_list > 0 {
            p.soft { "Sudah diukur bulan ini: " strong { (words::count(today.measured)) " dari " (words::count(today.on_list)) " anak" } }
        }
        @if today.groups.iter().all(|group| group.count == 0) {
            @if today.search.is_empty() && today.on_list == 0 {
                p.card { "Belum ada anak balita di sini. Tambah lewat Anak baru. Bila seharusnya ada, minta penyelia memeriksa wilayah tugas Anda." }
            } @else if today.search.is_empty() {
                p.card { "Tidak ada yang menunggu: semua anak sudah diukur bulan ini." }
            } @else {
                p.card { "Tidak ada anak yang cocok. " a href="#/anak-baru" { "Tambah anak baru" } }
            }
        }
        @for group in today.groups.iter().filter(|group| group.count > 0) {
            section {
                h2 { (group.title) " " span.count { (words::count(group.count)) } }
                ul.children {
                    @for item in &group.items { (listed(item)) }
                }
                @let shown = u64::try_from(group.items.len()).unwrap_or(u64::MAX);
                @if group.count > shown {
                    p.soft { (words::count(shown)) " dari " (words::count(group.count)) " ditampilkan. Cari nama untuk yang lain." }
                }
            }
        }
    }
}

fn listed(item: &Item) -> Markup {
    html! {
        li { a href=(item.href) {
            strong { (item.name) }
            span.about { (item.about) }
            span.tags {
                @for tag in &item.tags { (tag.show()) " " }
                (marks(item.marks))
            }
        } }
    }
}
