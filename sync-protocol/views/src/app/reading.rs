//! What the growth rules say of a measurement, as a worker sees it while typing and afterwards.

use crate::growth::{Tone, care, category, gain_text, z_text};
use child_growth::{ArmCategory, GainStatus, Index, LengthKind};
use maud::{Markup, html};
use sync_protocol::growth::{Doubt, Reading};

/// One line an index, the letter, and what asks for care.
pub fn reading(reading: &Reading) -> Markup {
    let scores = &reading.assessed.scores;
    let kind = scores.kind.unwrap_or(LengthKind::Height);
    html! {
        dl.scores {
            @for index in Index::ALL {
                @if let Some(score) = scores.score(index) {
                    @let z = score.rounded();
                    div {
                        dt { (index.label(kind)) }
                        dd {
                            strong { (z_text(z)) " SD" } " "
                            @if let Some(category) = category(index, z) {
                                span class={ "tag " (Tone::of(index, z).class()) } { (category.name) }
                            }
                            @if score.is_flagged() { " " span.tag.bad { "tidak wajar" } }
                        }
                    }
                }
            }
            @if let Some(arm) = reading.assessed.arm {
                div { dt { "LiLA" } dd { span class={ "tag " (arm_tone(arm).class()) } { (arm.name()) } } }
            }
            @if let Some(gain) = &reading.gain {
                div { dt { "N/T" } dd { span class={ "tag " (gain_tone(gain.status, gain.twice_not_gained).class()) } { (gain_text(gain)) } } }
            }
        }
        @let care = care(reading);
        @if !care.is_empty() {
            ul.notice.wrong { @for line in &care { li { (line) } } }
        }
    }
}

/// What is doubtful, and the box in which the worker stands by it. `confirmed` holds when it was
/// ticked for these very doubts.
pub fn confirm(doubts: &[Doubt], confirmed: &str) -> Markup {
    let codes = doubts_code(doubts);
    html! {
        @if !doubts.is_empty() {
            fieldset.notice.doubt {
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

fn arm_tone(arm: ArmCategory) -> Tone {
    match sync_protocol::growth::words::arm(arm) {
        "normal" => Tone::Good,
        "gizi_kurang" => Tone::Warn,
        _ => Tone::Bad,
    }
}

fn gain_tone(status: GainStatus, twice_not_gained: bool) -> Tone {
    match status {
        GainStatus::T if twice_not_gained => Tone::Bad,
        GainStatus::T => Tone::Warn,
        GainStatus::N | GainStatus::O | GainStatus::B => Tone::Good,
    }
}
