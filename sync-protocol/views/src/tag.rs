//! A short word with how much it asks for a look.

use crate::growth::Tone;
use maud::{Markup, html};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// None where it is neither good nor bad.
    pub tone: Option<Tone>,
    pub text: String,
}

impl Tag {
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Tag { tone: Some(tone), text: text.into() }
    }

    pub fn plain(text: impl Into<String>) -> Self {
        Tag { tone: None, text: text.into() }
    }

    /// The letter of a weighing: N, T, O, B, or 2T.
    pub fn gain(letter: &str, twice_not_gained: bool) -> Self {
        match letter {
            _ if twice_not_gained => Tag::new(Tone::Bad, "2T"),
            "N" => Tag::new(Tone::Good, "N"),
            "T" => Tag::new(Tone::Warn, "T"),
            _ => Tag::plain(letter),
        }
    }

    pub fn show(&self) -> Markup {
        let tone = self.tone.map_or("", Tone::class);
        html! { span class={ "tag " (tone) } { (self.text) } }
    }
}
