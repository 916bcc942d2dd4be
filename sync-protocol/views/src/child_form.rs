//! The form of a child, for a new one and for one that is mended: what stands between `form` and its
//! button. Its place is not in it, since only a hand-over changes that.

use crate::form::{Mistakes, Typed, input};
use crate::labels;
use maud::{Markup, html};
use serde_json::Value;
use sync_protocol::body::Body;
use sync_protocol::growth::nik_doubts;
use sync_protocol::record::{Field, Kind, child};

/// The fields in the order in which an office asks for them.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Anak", &[child::NAME, child::SEX, child::BIRTH_DATE, child::NIK, child::KK, child::POSYANDU]),
    (
        "Orang tua dan alamat",
        &[
            child::MOTHER_NAME,
            child::GUARDIAN_NAME,
            child::GUARDIAN_NIK,
            child::PARENTS_RAW,
            child::PHONE,
            child::ADDRESS,
            child::RT,
            child::RW,
        ],
    ),
    (
        "Saat lahir",
        &[
            child::BIRTH_WEIGHT_G,
            child::BIRTH_LENGTH_MM,
            child::BIRTH_HEAD_MM,
            child::GESTATION_WEEKS,
            child::BIRTH_ORDER,
            child::IMD,
        ],
    ),
    ("Buku KIA", &[child::KIA_BOOK, child::KIA_SMALL_BABY]),
    ("Status", &[child::STATUS, child::STATUS_ON, child::MOVED_TO]),
];

/// The inputs of a child. `posyandu` are the names that are known in its desa.
pub fn fields(typed: &Typed, mistakes: &Mistakes, posyandu: &[String]) -> Markup {
    let shown = |field: &Field| {
        let known: &[String] = if field.name == child::POSYANDU { posyandu } else { &[] };
        input(field, typed, mistakes, known)
    };
    let is_grouped = |field: &&Field| GROUPS.iter().any(|(_, names)| names.contains(&field.name));
    let others: Vec<&Field> =
        Kind::CHILD.fields().iter().filter(|field| !is_grouped(field)).collect();
    html! {
        p.soft { "Isian bertanda * wajib. NIK dan nomor KK yang tampil dengan bintang tidak berubah bila dibiarkan." }
        @for (title, names) in GROUPS {
            fieldset {
                legend { (title) }
                div.inputs {
                    @for field in names.iter().filter_map(|name| Kind::CHILD.field(name)) { (shown(field)) }
                }
            }
        }
        @if !others.is_empty() {
            fieldset { legend { "Lainnya" } div.inputs { @for field in others { (shown(field)) } } }
        }
    }
}

/// Asked for first on a small screen: who it is, and what tells it from another child.
const FIRST: [&str; 7] = [
    child::NAME,
    child::SEX,
    child::BIRTH_DATE,
    child::MOTHER_NAME,
    child::POSYANDU,
    child::NIK,
    child::KK,
];

/// The same on a small screen: what comes first as it is, the rest in folded groups, which are open
/// where something is wrong in them.
pub fn folded(typed: &Typed, mistakes: &Mistakes, posyandu: &[String]) -> Markup {
    let shown = |name: &&str| {
        let known: &[String] = if *name == child::POSYANDU { posyandu } else { &[] };
        Kind::CHILD.field(name).map(|field| input(field, typed, mistakes, known))
    };
    let rest = |names: &'static [&'static str]| {
        names.iter().filter(|name| !FIRST.contains(name)).collect::<Vec<_>>()
    };
    let groups = GROUPS.into_iter().map(|(title, names)| (title, rest(names)));
    html! {
        div.pair { @for input in FIRST.iter().filter_map(shown) { (input) } }
        @for (title, names) in groups.filter(|(_, names)| !names.is_empty()) {
            details open[names.iter().any(|name| mistakes.of(name).is_some())] {
                summary { (title) }
                div.pair { @for input in names.into_iter().filter_map(shown) { (input) } }
            }
        }
        p.soft { "Isian bertanda * wajib." }
    }
}

/// The body with the day on which the child left, which is asked for. One that is back has none,
/// unless another was typed.
pub fn with_departure(mut body: Body, before: &Body) -> Result<Body, Mistakes> {
    let departed = |body: &Body| {
        body.text(child::STATUS).filter(|status| *status != "aktif").map(str::to_owned)
    };
    match (departed(&body), body.get(child::STATUS_ON)) {
        (Some(status), None) => {
            let mut mistakes = Mistakes::default();
            let status = labels::choice(&status);
            mistakes.add(child::STATUS_ON, format!("{status}: isi sejak tanggal berapa."));
            Err(mistakes)
        }
        (None, day) if departed(before).is_some() && day == before.get(child::STATUS_ON) => {
            body.set(child::STATUS_ON, Value::Null);
            Ok(body)
        }
        (Some(_) | None, _) => Ok(body),
    }
}

/// What is odd and does not stop a save: a NIK is often missing, censored or wrong, and one that
/// disagrees with the birth date may still be the child's.
pub fn warnings(body: &Body) -> Vec<String> {
    let odd = |nik: &&str| nik.len() != 16 || !nik.bytes().all(|b| b.is_ascii_digit());
    [(child::NIK, "NIK"), (child::KK, "Nomor KK"), (child::GUARDIAN_NIK, "NIK wali")]
        .into_iter()
        .filter(|(field, _)| body.text(field).filter(odd).is_some())
        .map(|(_, label)| format!("{label} bukan 16 angka. Tetap disimpan."))
        .chain(nik_doubts(body).iter().map(|doubt| format!("{} Tetap disimpan.", doubt.sentence)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_child_has_one_input() {
        for form in [fields, folded] {
            let shown = form(&Typed::default(), &Mistakes::default(), &[]).into_string();
            for field in Kind::CHILD.fields() {
                let name = format!(" name=\"{}\"", field.name);
                assert_eq!(shown.matches(&name).count(), 1, "{}", field.name);
            }
        }
    }
}
