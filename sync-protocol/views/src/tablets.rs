//! Tablet: every device of an area, what it last reported, and how it is enrolled and ended.

use crate::choice::{Choice, options};
use crate::qr::qr;
use crate::shell::{Viewer, csrf};
use maud::{Markup, html};
use sync_protocol::time::DAY_MS;

/// The list.
#[derive(Clone, Debug)]
pub struct Tablets {
    /// Those that need somebody first.
    pub active: Vec<TabletRow>,
    /// Enrolled, and never heard again.
    pub never: Vec<TabletRow>,
    pub ended: Vec<TabletRow>,
    /// Who may be given a tablet.
    pub workers: Vec<Choice>,
}

/// One tablet. Ages are told in words.
#[derive(Clone, Debug)]
pub struct TabletRow {
    pub number: u32,
    pub name: String,
    pub worker: String,
    pub areas: String,
    pub app: Option<String>,
    pub freshness: Freshness,
    pub is_draining: bool,
    pub enrolled: String,
    pub last_push: Option<String>,
    pub last_pull: Option<String>,
    /// Changes that waited on it when it was last heard.
    pub pending: Option<Pending>,
    pub parked: Option<u64>,
    /// How wrong its clock is; none while it was never measured.
    pub skew: Option<Skew>,
    /// Where it is ended; none where it also works outside of the viewer's area.
    pub page: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Pending {
    pub count: u64,
    /// Of the oldest.
    pub age: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Skew {
    pub told: String,
    pub is_large: bool,
}

const LATE_MS: i64 = 3 * DAY_MS;
const SILENT_MS: i64 = 7 * DAY_MS;

/// How long ago a tablet was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// More than 7 days.
    Silent,
    /// More than 3 days.
    Late,
    Fresh,
}

impl Freshness {
    /// Of a tablet that was last heard so many ms ago.
    pub fn after(ms: i64) -> Self {
        if ms <= LATE_MS {
            Freshness::Fresh
        } else if ms <= SILENT_MS {
            Freshness::Late
        } else {
            Freshness::Silent
        }
    }

    fn tag(self) -> Markup {
        match self {
            Freshness::Silent => html! { span.tag.bad { "> 7 hari" } },
            Freshness::Late => html! { span.tag.warn { "> 3 hari" } },
            Freshness::Fresh => html! { span.tag.good { "≤ 3 hari" } },
        }
    }
}

pub fn tablets(shown: &Tablets, viewer: &Viewer) -> Markup {
    html! {
        form.card.row method="post" action="/tablet/kode" {
            (csrf(viewer))
            div {
                label for="worker" { "Daftarkan tablet untuk" }
                select #worker name="worker" required { (options(&shown.workers)) }
            }
            button.narrow type="submit" { "Buat kode" }
        }
        @if shown.active.is_empty() && shown.never.is_empty() {
            p { "Belum ada tablet di wilayah ini. Pilih petugas di atas, lalu buat kode." }
        }
        @if !shown.active.is_empty() { (table(&shown.active)) }
        @if !shown.never.is_empty() {
            h2 { "Belum pernah sinkron" }
            (table(&shown.never))
        }
        @if !shown.ended.is_empty() {
            details {
                summary { "Sudah dicabut (" (shown.ended.len()) ")" }
                (table(&shown.ended))
            }
        }
    }
}

fn table(rows: &[TabletRow]) -> Markup {
    html! {
        div.scroll {
            table {
                thead { tr {
                    th scope="col" { "Petugas" }
                    th scope="col" { "Terakhir sinkron" }
                    th.num scope="col" { "Belum terkirim" }
                    th.num scope="col" { "Tertahan" }
                    th scope="col" { "Jam tablet" }
                    th scope="col" { "Aplikasi" }
                    th scope="col" { "Tablet" }
                    th scope="col" { span.unseen { "Tindakan" } }
                } }
                tbody { @for row in rows { (table_row(row)) } }
            }
        }
    }
}

fn table_row(row: &TabletRow) -> Markup {
    let heard = row.last_push.is_some() || row.last_pull.is_some();
    html! {
        tr {
            th scope="row" { (row.worker) small.under { (row.areas) } }
            td {
                @if heard { (row.freshness.tag()) } @else { span.tag { "belum pernah" } }
                @if row.is_draining { " " span.tag.warn { "sedang ditarik" } }
                small.under {
                    "kirim " (row.last_push.as_deref().unwrap_or("–"))
                    ", terima " (row.last_pull.as_deref().unwrap_or("–"))
                }
            }
            td.num { (pending(row.pending.as_ref())) }
            td.num { (row.parked.map_or_else(|| "–".to_owned(), |count| count.to_string())) }
            td {
                @match &row.skew {
                    Some(skew) if skew.is_large => span.tag.warn { (skew.told) },
                    Some(skew) => { (skew.told) },
                    None => "–",
                }
            }
            td { (row.app.as_deref().unwrap_or("–")) }
            td { (row.name) small.under { "no. " (row.number) ", sejak " (row.enrolled) } }
            td {
                @if let Some(page) = &row.page { a href=(page) { "Tarik atau cabut" } }
            }
        }
    }
}

fn pending(pending: Option<&Pending>) -> Markup {
    html! {
        @match pending {
            None => "–",
            Some(Pending { count, age }) => {
                (count)
                @if let Some(age) = age { small.under { "tertua " (age) } }
            }
        }
    }
}

/// A code that was just made. It is shown once.
#[derive(Clone, Debug)]
pub struct NewCode {
    pub worker: String,
    pub code: String,
    /// What the camera opens.
    pub link: String,
    /// What is typed as the server's address.
    pub server: String,
    pub expires: String,
}

pub fn new_code(shown: &NewCode) -> Markup {
    html! {
        p { "Untuk tablet " b { (shown.worker) } ". Kode berlaku untuk satu tablet, sampai " (shown.expires) ", dan hanya tampil sekali ini." }
        div.two {
            div.card {
                h2 { "Pindai dengan kamera tablet" }
                (qr(&shown.link, "Kode QR yang membuka pendaftaran di tablet"))
                p.soft { a href=(shown.link) { (shown.link) } }
            }
            div.card {
                h2 { "Atau ketik di tablet" }
                dl.facts {
                    dt { "Alamat server" } dd { code { (shown.server) } }
                    dt { "Kode" } dd { code.secret { (shown.code) } }
                }
            }
        }
        p { a.button href="/tablet" { "Selesai" } }
    }
}

/// Asks before a tablet is ended.
pub fn end(row: &TabletRow, viewer: &Viewer) -> Markup {
    let unsent = match &row.pending {
        None => {
            "Berapa perubahan yang belum terkirim tidak diketahui: tablet ini belum pernah melapor."
                .to_owned()
        }
        Some(Pending { count: 0, .. }) => {
            "Menurut laporan terakhirnya, tidak ada perubahan yang belum terkirim.".to_owned()
        }
        Some(Pending { count, age }) => {
            let age = age.as_ref().map(|age| format!(", yang tertua {age}")).unwrap_or_default();
            format!("Menurut laporan terakhirnya, {count} perubahan belum terkirim{age}.")
        }
    };
    html! {
        div.card {
            dl.facts {
                dt { "Petugas" } dd { (row.worker) }
                dt { "Wilayah" } dd { (row.areas) }
                dt { "Tablet" } dd { (row.name) " (no. " (row.number) ")" }
                dt { "Kirim terakhir" } dd { (row.last_push.as_deref().unwrap_or("belum pernah")) }
                dt { "Terima terakhir" } dd { (row.last_pull.as_deref().unwrap_or("belum pernah")) }
            }
            p.strong { (unsent) }
        }
        div.two {
            form.card method="post" action={ "/tablet/" (row.number) "/tarik" } {
                (csrf(viewer))
                h2 { "Tarik tablet" }
                p { "Tablet mengirim dulu semua yang belum terkirim, lalu menghapus isinya sendiri. Pilih ini bila tablet masih di tangan petugas." }
                @if row.is_draining { p.soft { "Sudah diminta; menunggu tablet sinkron." } }
                button type="submit" disabled[row.is_draining] { "Tarik tablet" }
            }
            form.card method="post" action={ "/tablet/" (row.number) "/cabut" } {
                (csrf(viewer))
                h2 { "Cabut sekarang" }
                p { "Tablet langsung tidak diterima lagi. Yang belum terkirim tertinggal di tablet. Pilih ini bila tablet hilang atau dicuri." }
                div.field {
                    label {
                        input type="checkbox" name="yakin" value="ya" required;
                        "Ya, cabut walaupun ada yang belum terkirim"
                    }
                }
                button.danger type="submit" { "Cabut sekarang" }
            }
        }
        p { a href="/tablet" { "Kembali ke daftar tablet" } }
    }
}
