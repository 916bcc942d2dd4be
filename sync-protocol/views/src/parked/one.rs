//! One parked change: what was typed, why it waits, and its three ways out.

use super::list::waited;
use super::{Row, advice, reason};
use crate::control::{self, Held};
use crate::form::{Mistakes, Typed, input};
use crate::labels;
use crate::shell::{Viewer, csrf};
use maud::{Markup, html};
use sync_protocol::record::{Field, Kind, Shape};

/// The form in which a change is mended.
#[derive(Clone, Debug)]
pub struct Mending {
    pub kind: Kind,
    pub typed: Typed,
    pub mistakes: Mistakes,
}

/// Whether a field has an input there: an id and what no report looks into have none.
pub fn can_be_mended(field: &Field) -> bool {
    !matches!(field.shape, Shape::Id | Shape::Object)
}

#[derive(Clone, Debug)]
pub struct Page {
    pub row: Row,
    /// What it says beside the fields that can be mended: field and value in words.
    pub facts: Vec<(String, String)>,
    /// None when nothing can be mended.
    pub mending: Option<Mending>,
    /// The text of one that cannot be taken apart.
    pub raw: Option<String>,
    /// Why it is discarded.
    pub discard: Held,
}

pub fn page(viewer: &Viewer, page: &Page) -> Markup {
    let row = &page.row;
    html! {
        div.card {
            p { strong { (reason(row.code, row.field.as_deref())) } }
            p { (advice(row.code)) }
            dl.facts {
                dt { "Data" } dd { (row.what) }
                dt { "Dari" } dd { (row.worker) ", " (row.tablet) }
                dt { "Dibuat" } dd { (row.made) }
                dt { "Diterima" } dd { (row.received) " " (waited(row.days)) }
                @for (label, value) in &page.facts { dt { (label) } dd { (value) } }
            }
        }
        @if let Some(raw) = &page.raw {
            h2 { "Isi seperti diterima" }
            pre.card.raw { (raw) }
        }
        h2 { "Lepas" }
        form.card #lepas method="post" action={ "/tertahan/" (row.id) } {
            (hidden(viewer, "lepas"))
            p { "Semua pemeriksaan dijalankan lagi, kecuali tanggal di masa depan." }
            button type="submit" { "Lepas" }
        }
        @if let Some(form) = &page.mending { (mending(viewer, row.id, form)) }
        (discarding(viewer, page))
        p { a href="/tertahan" { "Kembali ke daftar tertahan" } }
    }
}

fn hidden(viewer: &Viewer, decision: &str) -> Markup {
    html! {
        (csrf(viewer))
        input type="hidden" name="putusan" value=(decision);
    }
}

fn mending(viewer: &Viewer, id: i64, form: &Mending) -> Markup {
    let fields = form.kind.fields().iter().filter(|field| can_be_mended(field));
    html! {
        h2 { "Perbaiki lalu lepas" }
        form.card #perbaiki method="post" action={ "/tertahan/" (id) } {
            (hidden(viewer, "perbaiki"))
            div.inputs {
                @for field in fields { (input(field, &form.typed, &form.mistakes, &[])) }
            }
            button type="submit" { "Perbaiki lalu lepas" }
        }
    }
}

fn discarding(viewer: &Viewer, page: &Page) -> Markup {
    let described = page.discard.error.is_some().then_some("salah-alasan");
    html! {
        h2 { "Buang" }
        form.card #buang method="post" action={ "/tertahan/" (page.row.id) } {
            (hidden(viewer, "buang"))
            p { "Data ini tidak akan dipakai. Isi dan alasannya tetap tersimpan, dan petugas membaca alasannya di tablet." }
            div.field {
                label for="alasan" { "Alasan membuang" }
                input id="alasan" name="alasan" value=(page.discard.text) maxlength="500"
                    aria-invalid=[described.map(|_| "true")] aria-describedby=[described];
                (control::error("alasan", &page.discard))
            }
            p { label.choice { input type="checkbox" name="yakin" value="ya"; "Ya, data ini tidak dipakai" } }
            button.danger type="submit" { "Buang" }
        }
    }
}

/// Somebody else settled it while this person was typing.
pub fn settled_meanwhile(typed: &[(String, String)]) -> Markup {
    html! {
        p { "Data ini sudah tidak tertahan: orang lain sudah melepas atau membuangnya, atau petugas sudah menggantinya. Yang Anda ketik tidak disimpan:" }
        dl.facts.card {
            @for (name, value) in typed { dt { (labels::field(name)) } dd { (value) } }
        }
        p { a.button href="/tertahan" { "Ke daftar tertahan" } }
    }
}
