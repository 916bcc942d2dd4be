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

/// What is doubtful, and the box in which the worker stands by it, which sends `word`. When it
/// `is_asked`, it is what the screen shows first.
pub fn confirm(doubts: &[Doubt], word: &str, is_ticked: bool, is_asked: bool) -> Markup {
    html! {
        @if !doubts.is_empty() {
            fieldset.notice.doubt data-look=[is_asked.then_some("yes")] {
                legend { "Meragukan, periksa dulu" }
                ul { @for doubt in doubts { li { (doubt.sentence) } } }
                label {
                    input type="checkbox" name="confirmed" value=(word) checked[is_ticked];
                    "Sudah diperiksa atau diukur ulang, dan memang benar"
                }
            }
        }
    }
}
