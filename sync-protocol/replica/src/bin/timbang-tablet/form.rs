//! Filling a body from what was typed, by the shape that the protocol gives each field. An empty
//! text clears a field; whatever cannot be is refused with a sentence.

use crate::failure::Failure;
use crate::parse;
use serde_json::{Value, json};
use sync_protocol::body::Body;
use sync_protocol::record::{Field, Kind, Shape};
use sync_protocol::time::CivilDate;
use views::{labels, words};

/// A field's name and what was typed for it, if anything.
pub(crate) type Typed<'a> = (&'a str, &'a Option<String>);

/// Sets what was typed. `today` is none when the tablet's clock is dead.
pub(crate) fn fill(
    kind: Kind,
    body: &mut Body,
    typed: &[Typed<'_>],
    today: Option<CivilDate>,
) -> Result<bool, Failure> {
    let before = body.clone();
    for (name, text) in typed {
        if let (Some(field), Some(text)) = (kind.field(name), text) {
            body.set(name, read(field, text.trim(), today)?);
        }
    }
    Ok(!body.says_the_same(&before))
}

fn read(field: &Field, text: &str, today: Option<CivilDate>) -> Result<Value, Failure> {
    let label = labels::field(field.name);
    if text.is_empty() {
        return if field.required {
            Err(wrong("required", &format!("{label} wajib diisi.")))
        } else {
            Ok(Value::Null)
        };
    }
    match field.shape {
        Shape::Whole { min, max } => number(field.name, text, (min, max)),
        Shape::Flag => match text.to_lowercase().as_str() {
            "ya" | "y" | "1" | "true" => Ok(json!(true)),
            "tidak" | "t" | "0" | "false" => Ok(json!(false)),
            _ => Err(wrong("wrong_choice", &format!("{label}: tulis ya atau tidak."))),
        },
        Shape::Choice(choices) => choice(label, text, choices),
        Shape::Date => Ok(iso(parse::date(text, label)?)),
        Shape::PastDate => {
            let date = parse::date(text, label)?;
            if today.is_some_and(|today| date > today) {
                let said = format!("{label} {} masih di masa depan.", words::date(date));
                return Err(wrong("date_in_future", &said));
            }
            Ok(iso(date))
        }
        Shape::Texts => {
            let items = text.split([',', ';']).map(str::trim).filter(|item| !item.is_empty());
            Ok(json!(items.collect::<Vec<_>>()))
        }
        Shape::Text | Shape::Id | Shape::Object => Ok(json!(text)),
    }
}

/// A number in the unit in which it is typed: kilograms for grams, centimetres for millimetres.
fn number(name: &str, text: &str, (min, max): (i64, i64)) -> Result<Value, Failure> {
    let label = labels::field(name);
    let (decimals, unit) = match name {
        _ if name.ends_with("_g") => (3, " kg"),
        _ if name.ends_with("_mm") => (1, " cm"),
        _ => (0, ""),
    };
    let value = parse::decimal(text, decimals, label)?;
    if (min..=max).contains(&value) {
        return Ok(json!(value));
    }
    let shown = |value| {
        if decimals == 0 { i64::to_string(&value) } else { words::decimal(value, decimals) }
    };
    let (value, min, max) = (shown(value), shown(min), shown(max));
    Err(wrong(
        "impossible_value",
        &format!("{label} {value}{unit} tidak mungkin: harus antara {min} dan {max}{unit}."),
    ))
}

fn choice(label: &str, text: &str, choices: &[&str]) -> Result<Value, Failure> {
    match choices.iter().find(|choice| choice.eq_ignore_ascii_case(text)) {
        Some(choice) => Ok(json!(choice)),
        None => {
            let said = format!("{label}: \"{text}\" tidak dikenal. Pilih {}.", choices.join(", "));
            Err(wrong("wrong_choice", &said))
        }
    }
}

fn iso(date: CivilDate) -> Value {
    json!(date.format("%Y-%m-%d").to_string())
}

fn wrong(code: &'static str, said: &str) -> Failure {
    Failure::new(code, format!("{said} Tidak disimpan."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(field: &str, text: &str, expected: Result<Value, &str>) {
        let today = "2026-11-24".parse().ok();
        let mut body = Body::new();
        let typed = Some(text.to_owned());
        let filled = fill(Kind::MEASUREMENT, &mut body, &[(field, &typed)], today);
        let found = filled.map(|_| body.get(field).cloned().unwrap_or(Value::Null));
        assert_eq!(found.map_err(|f| f.message().to_owned()), expected.map_err(str::to_owned));
    }

    #[test]
    fn what_is_typed_becomes_what_the_protocol_keeps() {
        check("weight_g", "9,8", Ok(json!(9_800)));
        check("height_mm", "75.5", Ok(json!(755)));
        check("oedema", "2", Ok(json!(2)));
        check("asi", "Ya", Ok(json!(true)));
        check("position", "TERLENTANG", Ok(json!("terlentang")));
        check("measured_on", "24-11-2026", Ok(json!("2026-11-24")));
        check("note", "", Ok(Value::Null));
    }

    #[test]
    fn what_cannot_be_gets_a_sentence() {
        check(
            "weight_g",
            "70",
            Err("Berat 70,0 kg tidak mungkin: harus antara 0,5 dan 60,0 kg. Tidak disimpan."),
        );
        check(
            "height_mm",
            "29,9",
            Err(
                "Tinggi/panjang 29,9 cm tidak mungkin: harus antara 30,0 dan 150,0 cm. Tidak disimpan.",
            ),
        );
        check(
            "measured_on",
            "25-11-2026",
            Err("Tanggal ukur 25-11-2026 masih di masa depan. Tidak disimpan."),
        );
        check(
            "measured_on",
            "31-02-2026",
            Err(
                "Tanggal ukur: \"31-02-2026\" bukan tanggal. Tulis seperti 24-11-2026. Tidak disimpan.",
            ),
        );
        check(
            "position",
            "duduk",
            Err("Cara ukur: \"duduk\" tidak dikenal. Pilih terlentang, berdiri. Tidak disimpan."),
        );
        check("oedema", "4", Err("Edema 4 tidak mungkin: harus antara 0 dan 3. Tidak disimpan."));
    }
}
