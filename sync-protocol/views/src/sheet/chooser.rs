//! Which sheet: desa, posyandu, day; and those that are half filled.

use crate::choice::{Choice, options};
use maud::{Markup, html};

#[derive(Clone, Debug)]
pub struct Chooser {
    pub areas: Vec<Choice>,
    /// Of the chosen desa; none before one is chosen.
    pub posyandu: Option<Vec<Choice>>,
    /// As it was typed.
    pub day: String,
    pub wrong_day: Option<String>,
    pub drafts: Vec<Draft>,
}

/// A half-filled sheet.
#[derive(Clone, Debug)]
pub struct Draft {
    pub href: String,
    pub title: String,
    pub saved: String,
}

pub fn chooser(chooser: &Chooser) -> Markup {
    let wrong = chooser.wrong_day.is_some();
    html! {
        form.card.row #pilih method="get" action="/entri" {
            div {
                label for="area" { "Desa" }
                select id="area" name="area" { (options(&chooser.areas)) }
            }
            @if let Some(posyandu) = &chooser.posyandu {
                div {
                    label for="posyandu" { "Posyandu" }
                    select id="posyandu" name="posyandu" { (options(posyandu)) }
                }
            }
            div {
                label for="tanggal" { "Tanggal ukur" }
                input id="tanggal" name="tanggal" type=(if wrong { "text" } else { "date" })
                    value=(chooser.day) aria-invalid=[wrong.then_some("true")]
                    aria-describedby=[wrong.then_some("salah-tanggal")];
                @if let Some(wrong) = &chooser.wrong_day { span.error #salah-tanggal { (wrong) } }
            }
            div.narrow { button.quiet type="submit" { "Buka lembar" } }
        }
        @if !chooser.drafts.is_empty() {
            details.card {
                summary { (chooser.drafts.len()) " lembar belum selesai" }
                ul {
                    @for draft in &chooser.drafts {
                        li { a href=(draft.href) { (draft.title) } ", tersimpan sementara " (draft.saved) }
                    }
                }
            }
        }
    }
}
