//! What the growth rules say of a measurement, as a worker sees it while typing and afterwards.

use crate::growth::care;
use crate::reading::{gain, scores};
use maud::{Markup, html};
use sync_protocol::growth::{Doubt, Reading};

/// The scores, the letter, and what asks for care.
pub fn reading(reading: &Reading) -> Markup {
    html! {
        (scores(&reading.assessed))
        @if let Some(month) = &reading.gain { p.gain { (gain(month)) } }
        @let care = care(reading);
        @if !care.is_empty() {
            ul.notice.wrong { @for line in &care { li { (line) } } }
        }
    }
}

/// What is doubtful, and the box in which the worker stands by it. `confirmed` holds when it was
/// ticked for these very doubts. When it `is_asked`, it is what the screen shows first.
pub fn confirm(doubts: &[Doubt], confirmed: &str, is_asked: bool) -> Markup {
    let codes = doubts_code(doubts);
    html! {
        @if !doubts.is_empty() {
            fieldset.notice.doubt data-look=[is_asked.then_some("yes")] {
                legend { "Meragukan, periksa dulu" }
                ul { @for doubt in doubts { li { (doubt.sentence) } } }
                label {
                    input type="checkbox" name="confirmed" value=(codes) checked[confirmed == codes];
                    "Sudah diperiksa atau diukur ulang, dan memang benar"
                }
            }
        }
    }
}

/// What the box sends for these doubts.
pub fn doubts_code(doubts: &[Doubt]) -> String {
    doubts.iter().map(|doubt| doubt.code.as_str()).collect::<Vec<_>>().join(",")
}
