//! The control in which a field is typed, by the shape that the protocol gives it.

use crate::{labels, typed};
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

/// What a form asks of a control besides.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asks<'a> {
    /// The browser lets nobody leave it empty.
    pub required: bool,
    /// The id of a list of words that are offered; others may be typed all the same.
    pub list: Option<&'a str>,
}

/// The control alone, under a name of the form.
pub fn control(field: &Field, name: &str, held: &Held, asks: Asks<'_>) -> Markup {
    let wrong = held.error.is_some();
    let invalid = wrong.then_some("true");
    let described = wrong.then(|| error_id(name));
    let text = held.text.as_str();
    html! {
        @match choices(field.shape) {
            Some(words) => select id=(name) name=(name) required[asks.required]
                aria-invalid=[invalid] aria-describedby=[described] {
                option value="" selected[text.is_empty()] { "–" }
                @for word in words {
                    option value=(word) selected[*word == text] { (labels::choice(word)) }
                }
                @if !text.is_empty() && !words.contains(&text) {
                    option value=(text) selected { (text) }
                }
            },
            None => input id=(name) name=(name) value=(text) type=(type_of(field.shape, text))
                inputmode=[mode(field)] required[asks.required] list=[asks.list]
                autocomplete="off" aria-invalid=[invalid] aria-describedby=[described];,
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

fn choices(shape: Shape) -> Option<&'static [&'static str]> {
    match shape {
        Shape::Choice(choices) => Some(choices),
        Shape::Flag => Some(&["ya", "tidak"]),
        Shape::Text
        | Shape::PastDate
        | Shape::Date
        | Shape::Whole { .. }
        | Shape::Id
        | Shape::Texts
        | Shape::Object => None,
    }
}

/// A date input shows nothing of what is no date: there the text stays a text.
fn type_of(shape: Shape, text: &str) -> &'static str {
    let is_date = matches!(shape, Shape::Date | Shape::PastDate);
    if is_date && (text.is_empty() || parse_date(text).is_ok()) { "date" } else { "text" }
}

fn mode(field: &Field) -> Option<&'static str> {
    let is_whole = matches!(field.shape, Shape::Whole { .. });
    is_whole.then_some(if typed::unit(field.name).0 > 0 { "decimal" } else { "numeric" })
}
