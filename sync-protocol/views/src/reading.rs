//! What the growth standards say of one measurement, in words: z-scores, categories, the letter of
//! the month, doubts.

use crate::growth::z_text;
use child_growth::{GainStatus, Index, LengthKind, MonthlyGain};
use maud::{Markup, html};
use sync_protocol::growth::{Assessed, words as codes};

/// Categories that are well; every other one is marked.
const WELL: [&str; 2] = ["normal", "gizi_baik"];
/// Categories that need a doctor.
const SEVERE: [&str; 3] = ["sangat_kurang", "sangat_pendek", "gizi_buruk"];

/// How a category is coloured, by its stable word; its name stands in it.
fn tag_class(word: &str) -> &'static str {
    match word {
        _ if WELL.contains(&word) => "tag good",
        _ if SEVERE.contains(&word) => "tag bad",
        _ => "tag warn",
    }
}

/// One line an index: its z-score and category.
pub fn scores(assessed: &Assessed) -> Markup {
    let scores = &assessed.scores;
    let kind = scores.kind.unwrap_or(LengthKind::Height);
    let shown = Index::ALL.into_iter().filter_map(|index| Some((index, scores.score(index)?)));
    html! {
        ul.scores {
            @for (index, score) in shown {
                @let category = codes::category(index, score.rounded());
                li {
                    (index.label(kind)) " " span.nowrap { (z_text(score.rounded())) } " "
                    @if let Some((word, name)) = category { span class=(tag_class(word)) { (name) } }
                    @if score.is_flagged() { " " span.tag.bad { "tidak wajar" } }
                }
            }
            @if let Some(arm) = assessed.arm {
                li { "LiLA " span class=(tag_class(codes::arm(arm))) { (arm.name()) } }
            }
        }
    }
}

/// The letter of the month with what it means; 2T where it is one.
pub fn gain(gain: &MonthlyGain) -> Markup {
    let said = match gain.status {
        GainStatus::N => "naik",
        GainStatus::T => "tidak naik",
        GainStatus::O => "bulan lalu tidak ditimbang",
        GainStatus::B => "baru",
    };
    let class = match gain.status {
        GainStatus::N => "tag good",
        GainStatus::T => "tag warn",
        GainStatus::O | GainStatus::B => "tag",
    };
    html! {
        span class=(class) { (gain.status.letter()) " " (said) }
        @if gain.twice_not_gained { " " span.tag.bad { "2T" } }
        @if gain.below_red_line == Some(true) { " " span.tag.bad { "BGM" } }
    }
}
