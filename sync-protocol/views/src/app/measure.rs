//! Ukur: one weighing or measuring, with what it means while it is typed.

use super::reading;
use super::record_form::{RecordForm, foot};
use maud::{Markup, html};
use sync_protocol::growth::{Doubt, Reading};
use sync_protocol::record::{Kind, measurement};

/// What a worker measures every month, in the order of the hands, and what comes now and then.
const FIRST: [&str; 6] = [
    measurement::MEASURED_ON,
    measurement::WEIGHT_G,
    measurement::HEIGHT_MM,
    measurement::POSITION,
    measurement::MUAC_MM,
    measurement::HEAD_MM,
];
const MORE: [&str; 7] = [
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
    /// What the box sends that stands by the doubts.
    pub word: String,
    /// The worker stands by these very doubts about these very measures.
    pub is_confirmed: bool,
    /// It was to be saved, and the worker is to look at the doubts first.
    pub is_asked: bool,
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
        form method="post" data-live="yes" novalidate {
            div.pair { (measure.form.inputs(Kind::MEASUREMENT, &FIRST)) }
            div #live aria-live="polite" { (meaning(&measure.meaning)) }
            (measure.form.more(Kind::MEASUREMENT, "Edema, vitamin A, ASI, catatan", &MORE))
            @if let Some(delete) = &measure.delete {
                p { a.button.danger href=(delete) { "Hapus pengukuran ini" } }
            }
            (foot("Simpan", &measure.back))
        }
    }
}

/// The part that follows what is typed.
pub fn meaning(meaning: &Meaning) -> Markup {
    html! {
        @for wrong in &meaning.wrong { p.error { (wrong) } }
        @if let Some(shown) = &meaning.reading { (reading::reading(shown)) }
        (reading::confirm(&meaning.doubts, &meaning.word, meaning.is_confirmed, meaning.is_asked))
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
            div.foot {
                a.button.quiet href=(back) { "Batal" }
                button.danger type="submit" { "Hapus" }
            }
        }
    }
}
