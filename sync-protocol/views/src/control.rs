//! The control in which a field is typed, by the shape that the protocol gives it.

use crate::labels;
use maud::{Markup, html};
use sync_protocol::record::{Field, Shape};
use sync_protocol::time::parse_date;

/// What a control holds, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// As it was typed.
    pub text: String,
    pub error: Option<String>,
}

/// The control alone, under a name of the form.
pub fn control(field: &Field, name: &str, held: &Held) -> Markup {
    let wrong = held.error.is_some();
    let invalid = wrong.then_some("true");
    let described = wrong.then(|| error_id(name));
    let text = held.text.as_str();
    match field.shape {
        Shape::Choice(words) => select(name, text, words, invalid, described.as_deref()),
        Shape::Flag => select(name, text, &["ya", "tidak"], invalid, described.as_deref()),
        Shape::Text
        | Shape::PastDate
        | Shape::Date
        | Shape::Whole { .. }
        | Shape::Id
        | Shape::Texts
        | Shape::Object => {
            // A browser's own date field would hide what is no date.
            let is_date = matches!(field.shape, Shape::Date | Shape::PastDate)
                && (text.is_empty() || parse_date(text).is_ok());
            let mode = matches!(field.shape, Shape::Whole { .. }).then_some("decimal");
            html! {
                input id=(name) name=(name) type=(if is_date { "date" } else { "text" })
                    inputmode=[mode] value=(text) autocomplete="off"
                    aria-invalid=[invalid] aria-describedby=[described];
            }
        }
    }
}

/// What is wrong with a control, beside it.
pub fn error(name: &str, held: &Held) -> Markup {
    html! {
        @if let Some(error) = &held.error {
            span.error id=(error_id(name)) { (error) }
        }
    }
}

fn error_id(name: &str) -> String {
    format!("salah-{name}")
}

fn select(
    name: &str,
    text: &str,
    words: &[&str],
    invalid: Option<&str>,
    described: Option<&str>,
) -> Markup {
    let is_known = text.is_empty() || words.contains(&text);
    html! {
        select id=(name) name=(name) aria-invalid=[invalid] aria-describedby=[described] {
            option value="" selected[text.is_empty()] { "–" }
            @for word in words {
                option value=(word) selected[*word == text] { (labels::choice(word)) }
            }
            @if !is_known { option value=(text) selected { (text) } }
        }
    }
}
