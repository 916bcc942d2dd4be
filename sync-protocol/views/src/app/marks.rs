//! What is marked on a child or a record: unsent, tertahan, gone to another desa.

use maud::{Markup, html};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    pub pending: bool,
    pub parked: bool,
    pub gone: bool,
}

pub fn marks(marks: Marks) -> Markup {
    html! {
        @if marks.pending { " " span.tag.warn { "belum terkirim" } }
        @if marks.parked { " " span.tag.bad { "tertahan" } }
        @if marks.gone { " " span.tag { "pindah desa" } }
    }
}
