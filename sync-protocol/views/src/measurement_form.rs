//! The form of a measurement that is mended.

use crate::form::{Mistakes, Typed, input};
use maud::{Markup, html};
use sync_protocol::record::{Field, Kind, measurement};

/// What a person does not type: the child it belongs to, and the warnings that were confirmed.
const NOT_TYPED: [&str; 2] = [measurement::CHILD_ID, measurement::CONFIRMED];

/// The fields that have an input.
pub fn inputs() -> impl Iterator<Item = &'static Field> {
    Kind::MEASUREMENT.fields().iter().filter(|field| !NOT_TYPED.contains(&field.name))
}

pub fn fields(typed: &Typed, mistakes: &Mistakes) -> Markup {
    html! {
        fieldset {
            legend { "Pengukuran" }
            div.inputs { @for field in inputs() { (input(field, typed, mistakes, &[])) } }
        }
    }
}
