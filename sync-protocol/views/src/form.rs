//! The form of a record: an input for each field, what was typed in it, and what is wrong with it.
//!
//! A form that was sent with a mistake is shown again with every text as it was typed.

use crate::control::{self, Asks, Held, control};
use crate::edit_page::Overtaken;
use crate::{labels, typed};
use maud::{Markup, html};
use std::collections::BTreeMap;
use sync_protocol::body::Body;
use sync_protocol::record::{Field, Kind};
use sync_protocol::time::CivilDate;

/// What stands in the inputs, by the name of the field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed(BTreeMap<String, String>);

impl Typed {
    /// The texts that a body would be typed as.
    pub fn of_body(kind: Kind, body: &Body) -> Self {
        let each = kind.fields().iter();
        Typed::from_texts(each.filter_map(|field| {
            Some((field.name.to_owned(), typed::text(field, body.get(field.name)?)))
        }))
    }

    pub fn from_texts(texts: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut typed = Typed::default();
        typed.0.extend(texts);
        typed
    }

    /// Whether the form has this field.
    pub fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// What was typed for a field; empty when nothing was.
    pub fn get(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }

    /// What was typed, brought onto a row that was changed since the form was opened: what was not
    /// touched in the form is what it is now. `seen` is what the form showed. The second says what
    /// was changed meanwhile.
    #[must_use]
    pub fn onto(&self, kind: Kind, seen: &Typed, present: &Typed) -> (Typed, Vec<Overtaken>) {
        let (mut merged, mut overtaken) = (self.clone(), Vec::new());
        let told =
            |text: &str| if text.is_empty() { "(kosong)".to_owned() } else { text.to_owned() };
        for field in kind.fields().iter().filter(|field| self.has(field.name)) {
            let name = field.name;
            let (mine, old, new) = (self.get(name), seen.get(name), present.get(name));
            let is_typed = mine != old;
            if !is_typed {
                merged.0.insert(name.to_owned(), new.to_owned());
            }
            if old != new && mine != new {
                overtaken.push(Overtaken {
                    label: labels::field(name).to_owned(),
                    old: told(old),
                    new: told(new),
                    is_typed_too: is_typed,
                });
            }
        }
        (merged, overtaken)
    }

    /// The body that is meant: what was typed put onto `onto`, which keeps the fields that the form
    /// does not have.
    pub fn read(&self, kind: Kind, onto: Body, today: Option<CivilDate>) -> Result<Body, Mistakes> {
        let mut body = onto;
        let mut mistakes = Mistakes::default();
        for field in kind.fields() {
            let Some(text) = self.0.get(field.name) else { continue };
            match typed::read(field, text, today) {
                Ok(value) => body.set(field.name, value),
                Err(wrong) => mistakes.add(field.name, wrong.sentence),
            }
        }
        if mistakes.is_empty() { Ok(body) } else { Err(mistakes) }
    }
}

/// What is wrong with a form, a sentence for a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mistakes(BTreeMap<String, String>);

impl Mistakes {
    pub fn add(&mut self, field: &str, sentence: impl Into<String>) {
        self.0.insert(field.to_owned(), sentence.into());
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }
}

/// The label and the input of a field. Where words are `known`, they are offered, and others may be
/// typed all the same.
pub fn input(field: &Field, typed: &Typed, mistakes: &Mistakes, known: &[String]) -> Markup {
    let name = field.name;
    let error = mistakes.of(name).map(str::to_owned);
    let held = Held { text: typed.get(name).to_owned(), error };
    let (_, unit) = typed::unit(name);
    let list = format!("pilihan-{name}");
    let asks =
        Asks { required: field.required, list: (!known.is_empty()).then_some(list.as_str()) };
    html! {
        div.field {
            label for=(name) {
                (labels::field(name))
                @if !unit.is_empty() { " (" (unit) ")" }
                @if field.required { " *" }
            }
            (control(field, name, &held, asks))
            @if !known.is_empty() {
                datalist id=(list) { @for word in known { option value=(word) {} } }
            }
            (control::error(name, &held))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_typed_again_is_the_same_body() {
        let body = Body::new()
            .with("name", "Melati")
            .with("sex", "P")
            .with("birth_date", "2025-01-10")
            .with("birth_weight_g", 3_150)
            .with("imd", true)
            .with("a_newer_field", "kept");
        let typed = Typed::of_body(Kind::CHILD, &body);
        assert_eq!(typed.get("birth_weight_g"), "3,15");
        assert_eq!(typed.read(Kind::CHILD, body.clone(), None), Ok(body));
    }

    #[test]
    fn what_others_changed_meanwhile_is_taken_and_what_was_typed_stays() {
        let typed = |name: &str, phone: &str, rt: &str| {
            let texts = [("name", name), ("phone", phone), ("rt", rt)];
            Typed::from_texts(texts.map(|(field, text)| (field.to_owned(), text.to_owned())))
        };
        let (seen, present) = (typed("Ana", "1", "1"), typed("Ana", "2", "2"));
        let (merged, overtaken) = typed("Ani", "3", "1").onto(Kind::CHILD, &seen, &present);
        assert_eq!(merged, typed("Ani", "3", "2"));
        let told: Vec<_> = overtaken.iter().map(|o| (o.label.as_str(), o.is_typed_too)).collect();
        assert_eq!(told, [("Telepon", true), ("RT", false)]);
    }

    #[test]
    fn every_mistake_is_told_and_nothing_typed_is_lost() {
        let typed = Typed::from_texts(
            [("name", ""), ("birth_date", "kemarin"), ("birth_weight_g", "tiga")]
                .map(|(name, text)| (name.to_owned(), text.to_owned())),
        );
        let mistakes = typed.read(Kind::CHILD, Body::new(), None).unwrap_err();
        assert!(mistakes.of("name").is_some() && mistakes.of("birth_weight_g").is_some());
        let field = Kind::CHILD.field("birth_date").unwrap();
        let shown = input(field, &typed, &mistakes, &[]).into_string();
        assert!(shown.contains(r#"value="kemarin" type="text""#), "{shown}");
        assert!(shown.contains(r#"aria-describedby="salah-birth_date""#), "{shown}");
        assert!(shown.contains(r#"id="salah-birth_date""#), "{shown}");
    }
}
