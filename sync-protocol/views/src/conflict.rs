//! Konflik: two versions of one record whose makers had not seen each other's.

mod list;
mod one;

pub use list::{List, Row, list};
pub use one::{Column, Comparison, Page, Says, field_names, page};

use crate::labels;
use maud::{Markup, html};
use sync_protocol::conflict::Gravity;
use sync_protocol::growth::Difference;

/// Who made a version, and when.
#[derive(Clone, Debug)]
pub struct Maker {
    pub by: String,
    /// The tablet's name; the office's own changes have none.
    pub tablet: Option<String>,
    pub made: String,
}

impl Maker {
    fn shown(&self) -> Markup {
        html! {
            (self.by) br;
            span.soft {
                @if let Some(tablet) = &self.tablet { (tablet) ", " } @else { "kantor, " }
                span.nowrap { (self.made) }
            }
        }
    }
}

fn gravity(gravity: Gravity) -> Markup {
    let (class, text) = match gravity {
        Gravity::Category => ("tag bad", "kategori gizi berubah"),
        Gravity::Weight => ("tag bad", "berat beda > 10 %"),
        Gravity::Overlap => ("tag warn", "isian yang sama"),
        Gravity::Parallel => ("tag", "isian berlainan"),
    };
    html! { span class=(class) { (text) } }
}

/// What which version holds means for the child, a sentence each.
pub fn consequences(difference: &Difference) -> Vec<String> {
    let name = |category: Option<&str>| category.unwrap_or("tidak ada").to_lowercase();
    let categories = difference.categories.iter().map(|change| {
        format!("{}: {} atau {}", change.label, name(change.one), name(change.other))
    });
    let weight = difference.weight.then(|| "Berat berbeda lebih dari 10 %".to_owned());
    categories.chain(weight).collect()
}

/// `Berat: 9,8 kg atau 7,4 kg`.
pub fn differs(field: &str, one: &serde_json::Value, other: &serde_json::Value) -> String {
    let value = |value| labels::value(field, value);
    format!("{}: {} atau {}", labels::field(field), value(one), value(other))
}
