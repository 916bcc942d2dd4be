//! What a list box offers.

use maud::{Markup, html};

/// One entry of a list box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent; empty for "all".
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>, chosen: Option<&str>) -> Self {
        let value = value.into();
        let is_chosen = chosen == Some(value.as_str());
        Choice { value, label: label.into(), is_chosen }
    }
}

/// The entries of a `select`.
pub fn options(choices: &[Choice]) -> Markup {
    html! {
        @for choice in choices {
            option value=(choice.value) selected[choice.is_chosen] { (choice.label) }
        }
    }
}
