//! Ukur: one weighing or measuring, with what it means while it is typed.

use super::reading;
use super::record_form::RecordForm;
use maud::{Markup, html};
use sync_protocol::growth::{Doubt, Reading};
use sync_protocol::record::{Kind, measurement};

/// What a worker measures every month, and what comes now and then.
const FIRST: [&str; 4] = [
    measurement::MEASURED_ON,
    measurement::WEIGHT_G,
    measurement::HEIGHT_MM,
    measurement::POSITION,
];
const MORE: [&str; 9] = [
    measurement::MUAC_MM,
    measurement::HEAD_MM,
    measurement::OEDEMA,
    measurement::VITAMIN_A,
    measurement::ASI,
    measurement::KELAS_IBU,
    measurement::MBG,
    measurement::MEASURED_BY,
    measurement::NOTE,
];

/// What the measures typed so far mean.
#[derive(Clone, Debug, Default)]
pub struct Meaning {
    pub reading: Option<Reading>,
    pub doubts: Vec<Doubt>,
    /// What the worker stood by, as [`reading::doubts_code`] says it.
    pub confirmed: String,
    /// Something typed that cannot be.
    pub wrong: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Measure {
    /// Age on the day, last measures.
    pub about: String,
    pub form: RecordForm,
    pub meaning: Meaning,
    /// Where a measurement that is mended can be deleted.
    pub delete: Option<String>,
    pub back: String,
}

pub fn content(measure: &Measure) -> Markup {
    html! {
        p.soft { (measure.about) }
        form method="post" data-live="yes" {
            div.first { (measure.form.inputs(Kind::MEASUREMENT, &FIRST)) }
            div #live aria-live="polite" { (meaning(&measure.meaning)) }
            (measure.form.more(Kind::MEASUREMENT, &MORE))
            div.actions {
                button type="submit" { "Simpan" }
                a.button.quiet href=(measure.back) { "Batal" }
                @if let Some(delete) = &measure.delete { a.button.quiet href=(delete) { "Hapus" } }
            }
        }
    }
}

/// The part that follows what is typed.
pub fn meaning(meaning: &Meaning) -> Markup {
    html! {
        @for wrong in &meaning.wrong { p.error { (wrong) } }
        @if let Some(shown) = &meaning.reading { (reading::reading(shown)) }
        (reading::confirm(&meaning.doubts, &meaning.confirmed))
    }
}

/// The question before a record is deleted.
pub fn delete(what: &str, back: &str) -> Markup {
    html! {
        form method="post" {
            p { (what) }
            div.field {
                label for="reason" { "Alasan" }
                select #reason name="reason" {
                    option value="salah_input" { "Salah masukan" }
                    option value="ganda" { "Ganda (sudah tercatat)" }
                }
            }
            div.actions {
                button.danger type="submit" { "Hapus" }
                a.button.quiet href=(back) { "Batal" }
            }
        }
    }
}
