//! Kirim: what waits and since when, what went and came last, what is tertahan or diganti, who moved.

use super::enrol::{set_aside, storage};
use super::frame::Behind;
use crate::words;
use maud::{Markup, html};

/// A change that the server holds back.
#[derive(Clone, Debug)]
pub struct Parked {
    pub what: String,
    pub reason: String,
    /// Where it can be mended.
    pub mend: Option<String>,
}

/// A value of this tablet that another took the place of.
#[derive(Clone, Debug)]
pub struct Replaced {
    pub what: String,
    pub by: String,
    /// Label, what was saved here, what stands now.
    pub fields: Vec<(String, String, String)>,
}

/// What the app knows of the machine it runs on.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    pub persisted: Option<bool>,
    pub used_bytes: Option<u64>,
    pub free_bytes: Option<u64>,
    /// The app starts without a network.
    pub offline: Option<bool>,
}

#[derive(Clone, Debug)]
pub struct Send {
    pub behind: Behind,
    pub pending: u64,
    pub oldest: Option<String>,
    pub last_sent: Option<String>,
    pub last_received: Option<String>,
    /// What is true: "Selesai", or what is missing for it.
    pub state: Vec<String>,
    pub complete: bool,
    pub doing: String,
    /// A person has to do something about it.
    pub is_stuck: bool,
    /// The oldest of what waits, a line each.
    pub waiting: Vec<String>,
    pub parked: Vec<Parked>,
    pub replaced: Vec<Replaced>,
    /// Sentences, newest first.
    pub movements: Vec<String>,
    /// Who this tablet is.
    pub identity: Vec<(&'static str, String)>,
    /// How far the tablet's clock is off, when it is worth a word.
    pub clock: Option<String>,
    pub machine: Machine,
    pub enrol_anew: bool,
    /// Damaged files that were set aside.
    pub set_aside: Vec<String>,
}

pub fn content(send: &Send) -> Markup {
    html! {
        div #sync aria-live="polite" { (sync_part(send)) }
        @if send.enrol_anew { p { a.button.big href="#/daftar" { "Daftarkan lagi dengan kode baru" } } }
        (waiting(send))
        (parked(&send.parked))
        (replaced(&send.replaced))
        @if !send.movements.is_empty() {
            h2 { "Anak masuk dan keluar" }
            ul.card { @for line in &send.movements { li { (line) } } }
        }
        h2 { "Tablet ini" }
        dl.facts.card {
            @for (label, value) in &send.identity { dt { (label) } dd { (value) } }
            @if let Some(clock) = &send.clock { dt { "Jam" } dd { span.tag.warn { (clock) } " dari server. Periksa jam tablet." } }
            @if let Some(used) = send.machine.used_bytes { dt { "Ruang terpakai" } dd { (megabytes(used)) } }
            @if let Some(free) = send.machine.free_bytes { dt { "Ruang tersisa" } dd { (megabytes(free)) } }
            @if let Some(offline) = send.machine.offline {
                dt { "Tanpa sinyal" }
                dd { @if offline { "aplikasi bisa dibuka tanpa sinyal" } @else { span.tag.warn { "belum bisa dibuka tanpa sinyal" } } }
            }
        }
        (storage(send.machine.persisted))
        (set_aside(&send.set_aside))
        h2 { "Kirim lewat berkas" }
        @if send.pending > 0 {
            p.notice.doubt { (words::count(send.pending)) " perubahan hanya ada di tablet ini. Jangan hapus data browser dan jangan copot aplikasi ini: perubahan itu akan hilang." }
        }
        p.soft { "Bila lama tidak ada sinyal: simpan yang belum terkirim sebagai berkas, lalu berikan kepada penyelia. Yang di tablet tetap ada dan tetap dikirim nanti; tidak akan tercatat dua kali." }
        form method="post" action="#/berkas" { button.quiet type="submit" { "Simpan berkas" } }
    }
}

/// The part that changes while a sync runs.
pub fn sync_part(send: &Send) -> Markup {
    let class = match send.behind {
        Behind::Fresh => "notice done",
        Behind::Days(_) => "notice doubt",
        Behind::TooLong(_) => "notice wrong",
    };
    let told =
        |moment: &Option<String>| moment.clone().unwrap_or_else(|| "belum pernah".to_owned());
    html! {
        div class=(class) {
            p.big { @match send.pending {
                0 => "Tidak ada yang menunggu",
                count => { (words::count(count)) " perubahan menunggu terkirim" },
            } }
            @if let Some(oldest) = &send.oldest { p { "Paling lama sejak " (oldest) } }
            @for line in &send.state { p { (line) } }
        }
        @if send.is_stuck { p.notice.wrong { (send.doing) } } @else { p { (send.doing) } }
        form method="post" action="#/kirim" { button.big type="submit" { "Kirim sekarang" } }
        dl.facts.card {
            dt { "Terakhir terkirim" } dd { (told(&send.last_sent)) }
            dt { "Terakhir menerima" } dd { (told(&send.last_received)) }
            dt { "Sama dengan server" } dd { @if send.complete { span.tag.good { "ya" } } @else { span.tag { "belum dipastikan" } } }
        }
    }
}

fn waiting(send: &Send) -> Markup {
    let listed = u64::try_from(send.waiting.len()).unwrap_or(u64::MAX);
    html! {
        @if listed > 0 {
            details {
                summary { "Yang menunggu " span.count { (words::count(send.pending)) } }
                ul { @for line in &send.waiting { li { (line) } } }
                @if send.pending > listed { p.soft { "dan " (words::count(send.pending - listed)) " lagi" } }
            }
        }
    }
}

fn parked(parked: &[Parked]) -> Markup {
    html! {
        @if !parked.is_empty() {
            h2 { "Tertahan " span.count { (parked.len()) } }
            @for change in parked {
                div.card {
                    p { strong { (change.what) } }
                    p { (change.reason) }
                    @if let Some(mend) = &change.mend { a.button href=(mend) { "Perbaiki" } }
                }
            }
        }
    }
}

fn replaced(replaced: &[Replaced]) -> Markup {
    html! {
        @if !replaced.is_empty() {
            h2 { "Diganti " span.count { (replaced.len()) } }
            p.soft { "Isian Anda tetap tersimpan di server. Penyelia melihat keduanya." }
            @for change in replaced {
                div.card {
                    p { strong { (change.what) } ", oleh " (change.by) }
                    div.scroll { table {
                        thead { tr { th scope="col" { "Isian" } th scope="col" { "Anda" } th scope="col" { "Sekarang" } } }
                        tbody { @for (label, old, new) in &change.fields {
                            tr { th scope="row" { (label) } td { (old) } td { (new) } }
                        } }
                    } }
                }
            }
        }
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", words::count(bytes.div_ceil(1_000_000)))
}
