//! Forms of a record on the tablet: the inputs that matter first, the rest behind one tap.

use crate::form::{Mistakes, Typed, input};
use maud::{Markup, html};
use sync_protocol::record::Kind;

/// A form as it stands.
#[derive(Clone, Debug, Default)]
pub struct RecordForm {
    pub typed: Typed,
    pub mistakes: Mistakes,
}

impl RecordForm {
    pub fn of(typed: Typed) -> Self {
        RecordForm { typed, mistakes: Mistakes::default() }
    }

    /// The inputs of these fields.
    pub(super) fn inputs(&self, kind: Kind, names: &[&str]) -> Markup {
        html! {
            @for field in names.iter().filter_map(|name| kind.field(name)) {
                (input(field, &self.typed, &self.mistakes, &[]))
            }
        }
    }

    /// The same, folded away; open where something stands in them or is wrong with them.
    pub(super) fn more(&self, kind: Kind, title: &str, names: &[&str]) -> Markup {
        let used =
            |name: &&str| !self.typed.get(name).is_empty() || self.mistakes.of(name).is_some();
        html! {
            details open[names.iter().any(used)] {
                summary { (title) }
                div.pair { (self.inputs(kind, names)) }
            }
        }
    }
}

/// Keeps what was typed, or leaves it: at the foot, where the thumb is.
pub(super) fn foot(save: &str, back: &str) -> Markup {
    html! {
        div.foot {
            a.button.quiet href=(back) { "Batal" }
            button type="submit" { (save) }
        }
    }
}

/// The visit's own inputs, and the kind and days of supplementary food.
pub mod visit {
    use super::{RecordForm, foot};
    use maud::{Markup, html};
    use sync_protocol::record::{Kind, visit};

    const MORE: [&str; 3] = [visit::REFERRED_TO, visit::VISITED_BY, visit::NOTE];

    /// Names of the inputs that together are one field.
    pub const PMT_KIND: &str = "pmt_kind";
    pub const PMT_DAYS: &str = "pmt_days";

    pub fn content(form: &RecordForm, back: &str) -> Markup {
        let pmt = |name, label, mode: Option<&str>| {
            html! {
                div.field {
                    label for=(name) { (label) }
                    input id=(name) name=(name) value=(form.typed.get(name)) inputmode=[mode]
                        autocomplete="off" aria-invalid=[form.mistakes.of(name).map(|_| "true")];
                    @if let Some(wrong) = form.mistakes.of(name) { span.error { (wrong) } }
                }
            }
        };
        html! {
            form method="post" novalidate {
                (form.inputs(Kind::VISIT, &[visit::VISITED_ON, visit::PURPOSE, visit::TOPICS, visit::OUTCOME, visit::NEXT_VISIT_ON]))
                div.row {
                    (pmt(PMT_KIND, "Jenis PMT", None))
                    (pmt(PMT_DAYS, "Lama PMT (hari)", Some("numeric")))
                }
                (form.more(Kind::VISIT, "Rujukan, pengunjung, catatan", &MORE))
                (foot("Simpan", back))
            }
        }
    }
}

/// A child, new or mended.
pub mod child {
    use super::{RecordForm, foot};
    use crate::app::today::Item;
    use crate::child_form;
    use crate::choice::{Choice, options};
    use maud::{Markup, html};

    #[derive(Clone, Debug, Default)]
    pub struct ChildForm {
        pub form: RecordForm,
        /// Desa to choose from, for a new child.
        pub areas: Vec<Choice>,
        pub posyandu: Vec<String>,
        /// Children of this name, sex and birth date.
        pub doubles: Vec<Item>,
    }

    impl ChildForm {
        /// What the box sends by which the worker says that it is none of these children.
        pub fn word(&self) -> String {
            self.doubles.iter().map(|item| item.href.as_str()).collect::<Vec<_>>().join(",")
        }
    }

    pub fn content(child: &ChildForm, back: &str) -> Markup {
        html! {
            form method="post" novalidate {
                @if !child.doubles.is_empty() {
                    fieldset.notice.doubt data-look="yes" {
                        legend { "Mungkin anak ini sudah ada" }
                        ul { @for item in &child.doubles { li { a href=(item.href) { (item.name) } " " (item.about) } } }
                        label {
                            input type="checkbox" name="confirmed" value=(child.word());
                            "Sudah diperiksa: ini anak lain"
                        }
                    }
                }
                @if !child.areas.is_empty() {
                    div.field {
                        label for="area" { "Desa *" }
                        select #area name="area" { (options(&child.areas)) }
                    }
                }
                (child_form::folded(&child.form.typed, &child.form.mistakes, &child.posyandu))
                (foot("Simpan", back))
            }
        }
    }
}
