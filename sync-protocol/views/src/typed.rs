//! What people type into a field, read by the shape that the protocol gives it: dates as DD-MM-YYYY or
//! YYYY-MM-DD, decimals with comma or point, kilograms for grams and centimetres for millimetres.
//! Numbers are read digit by digit, so that 9,8 kg is 9800 g and never 9799.
//!
//! Whatever cannot be is refused with a sentence that says what to type instead.

use crate::{labels, words};
use serde_json::{Value, json};
use sync_protocol::record::{Field, Shape};
use sync_protocol::time::{CivilDate, parse_date};

/// Why something typed is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Stable, for scripts.
    pub code: &'static str,
    pub sentence: String,
}

impl Wrong {
    fn new(code: &'static str, sentence: impl Into<String>) -> Self {
        Wrong { code, sentence: sentence.into() }
    }
}

/// Reads a field; an empty text is no value. `today` is none where nobody knows the date.
pub fn read(field: &Field, text: &str, today: Option<CivilDate>) -> Result<Value, Wrong> {
    let (label, text) = (labels::field(field.name), text.trim());
    if text.is_empty() {
        return if field.required {
            Err(Wrong::new("required", format!("{label} wajib diisi.")))
        } else {
            Ok(Value::Null)
        };
    }
    match field.shape {
        Shape::Whole { min, max } => number(field.name, text, (min, max)),
        Shape::Flag => match text.to_lowercase().as_str() {
            "ya" | "y" | "1" | "true" => Ok(json!(true)),
            "tidak" | "t" | "0" | "false" => Ok(json!(false)),
            _ => Err(Wrong::new("wrong_choice", format!("{label}: tulis ya atau tidak."))),
        },
        Shape::Choice(choices) => choice(label, text, choices),
        Shape::Date => Ok(json!(date(text, label)?.to_string())),
        Shape::PastDate => {
            let date = date(text, label)?;
            if today.is_some_and(|today| date > today) {
                let said = format!("{label} {} masih di masa depan.", words::date(date));
                return Err(Wrong::new("date_in_future", said));
            }
            Ok(json!(date.to_string()))
        }
        Shape::Texts => {
            let items = text.split([',', ';']).map(str::trim).filter(|item| !item.is_empty());
            Ok(json!(items.collect::<Vec<_>>()))
        }
        Shape::Text | Shape::Id | Shape::Object => Ok(json!(text)),
    }
}

/// How many decimals a field is typed with, and in which unit.
pub fn unit(field: &str) -> (usize, &'static str) {
    match field {
        _ if field.ends_with("_g") => (3, "kg"),
        _ if field.ends_with("_mm") => (1, "cm"),
        _ => (0, ""),
    }
}

fn number(name: &str, text: &str, (min, max): (i64, i64)) -> Result<Value, Wrong> {
    let label = labels::field(name);
    let (decimals, unit) = unit(name);
    let value = decimal(text, decimals, label)?;
    if (min..=max).contains(&value) {
        return Ok(json!(value));
    }
    let shown = |value| {
        if decimals == 0 { i64::to_string(&value) } else { words::decimal(value, decimals) }
    };
    let space = if unit.is_empty() { "" } else { " " };
    let (value, min, max) = (shown(value), shown(min), shown(max));
    Err(Wrong::new(
        "impossible_value",
        format!(
            "{label} {value}{space}{unit} tidak mungkin: harus antara {min} dan {max}{space}{unit}."
        ),
    ))
}

fn choice(label: &str, text: &str, choices: &[&str]) -> Result<Value, Wrong> {
    match choices.iter().find(|choice| choice.eq_ignore_ascii_case(text)) {
        Some(choice) => Ok(json!(choice)),
        None => {
            let said = format!("{label}: \"{text}\" tidak dikenal. Pilih {}.", choices.join(", "));
            Err(Wrong::new("wrong_choice", said))
        }
    }
}

/// Reads a date.
pub fn date(text: &str, label: &str) -> Result<CivilDate, Wrong> {
    let text = text.trim();
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let iso = match parts.as_slice() {
        [day, month, year] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => text.to_owned(),
    };
    parse_date(&iso).map_err(|_bad| {
        let said = format!("{label}: \"{text}\" bukan tanggal. Tulis seperti 24-11-2026.");
        Wrong::new("wrong_date", said)
    })
}

/// Reads a month, `YYYY-MM` or `MM-YYYY`, as its first day.
pub fn month(text: &str) -> Result<CivilDate, Wrong> {
    let iso = match text.trim().split_once('-') {
        Some((month, year)) if year.len() == 4 => format!("{year}-{month:0>2}-01"),
        Some(_) | None => format!("{}-01", text.trim()),
    };
    parse_date(&iso).map_err(|_bad| {
        Wrong::new("wrong_month", format!("\"{text}\" bukan bulan. Tulis seperti 2026-11."))
    })
}

/// Reads a decimal in the unit of `10^decimals` parts: `"9,8"` with 3 is 9800.
pub fn decimal(text: &str, decimals: usize, label: &str) -> Result<i64, Wrong> {
    let wrong = || {
        let said = format!("{label}: \"{text}\" bukan angka. Tulis seperti 9,8.");
        Wrong::new("wrong_number", said)
    };
    let (whole, part) = text.trim().split_once([',', '.']).unwrap_or((text.trim(), ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) {
        return Err(wrong());
    }
    if part.len() > decimals {
        return Err(Wrong::new(
            "wrong_number",
            format!(
                "{label}: {text} terlalu teliti, paling banyak {decimals} angka di belakang koma."
            ),
        ));
    }
    format!("{whole}{part:0<decimals$}").parse().map_err(|_too_long| wrong())
}

/// A field's value as it is typed: the reverse of [`read`].
pub fn text(field: &Field, value: &Value) -> String {
    match value {
        Value::Bool(flag) => if *flag { "ya" } else { "tidak" }.to_owned(),
        Value::Number(number) => match (number.as_i64(), unit(field.name).0) {
            (Some(value), decimals @ 1..) => words::decimal(value, decimals),
            (Some(_) | None, _) => number.to_string(),
        },
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        }
        Value::Null | Value::Object(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync_protocol::record::Kind;

    #[track_caller]
    fn check(field: &str, text: &str, expected: Result<Value, &str>) {
        let today = "2026-11-24".parse().ok();
        let found = read(Kind::MEASUREMENT.field(field).unwrap(), text, today);
        assert_eq!(found.map_err(|wrong| wrong.sentence), expected.map_err(str::to_owned));
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
    fn what_is_kept_is_typed_the_same_way() {
        for (name, value) in [
            ("weight_g", json!(9_800)),
            ("height_mm", json!(755)),
            ("oedema", json!(2)),
            ("asi", json!(false)),
            ("measured_on", json!("2026-11-24")),
            ("confirmed", json!(["a", "b"])),
        ] {
            let field = Kind::MEASUREMENT.field(name).unwrap();
            assert_eq!(read(field, &text(field, &value), None), Ok(value));
        }
    }

    #[test]
    fn what_cannot_be_gets_a_sentence() {
        check("weight_g", "70", Err("Berat 70,0 kg tidak mungkin: harus antara 0,5 dan 60,0 kg."));
        check(
            "height_mm",
            "29,9",
            Err("Tinggi/panjang 29,9 cm tidak mungkin: harus antara 30,0 dan 150,0 cm."),
        );
        check("measured_on", "25-11-2026", Err("Tanggal ukur 25-11-2026 masih di masa depan."));
        check(
            "measured_on",
            "31-02-2026",
            Err("Tanggal ukur: \"31-02-2026\" bukan tanggal. Tulis seperti 24-11-2026."),
        );
        check(
            "position",
            "duduk",
            Err("Cara ukur: \"duduk\" tidak dikenal. Pilih terlentang, berdiri."),
        );
        check("oedema", "4", Err("Edema 4 tidak mungkin: harus antara 0 dan 3."));
        check("measured_on", " ", Err("Tanggal ukur wajib diisi."));
    }

    #[track_caller]
    fn check_decimal(text: &str, decimals: usize, expected: Option<i64>) {
        assert_eq!(decimal(text, decimals, "Berat").ok(), expected, "{text}");
    }

    #[test]
    fn a_decimal_is_read_with_comma_or_point_and_exactly() {
        check_decimal("9,8", 3, Some(9_800));
        check_decimal("9.85", 3, Some(9_850));
        check_decimal(" 10 ", 3, Some(10_000));
        check_decimal("75,5", 1, Some(755));
        check_decimal("9,", 3, Some(9_000));
        for wrong in
            ["", ",5", "-1", "9,8,1", "9 8", "abc", "1e3", "9,8001", "99999999999999999999"]
        {
            check_decimal(wrong, 3, None);
        }
    }

    #[track_caller]
    fn check_date(text: &str, expected: Option<&str>) {
        assert_eq!(date(text, "Lahir").ok().map(|d| d.to_string()), expected.map(str::to_owned));
    }

    #[test]
    fn a_date_is_read_in_both_orders() {
        check_date("24-11-2026", Some("2026-11-24"));
        check_date("4/1/2026", Some("2026-01-04"));
        check_date("2026-11-24", Some("2026-11-24"));
        for wrong in ["31-02-2026", "2026-13-01", "24-11-26", "kemarin", ""] {
            check_date(wrong, None);
        }
    }

    #[test]
    fn a_month_is_read_in_both_orders() {
        assert_eq!(month("2026-11").ok(), month("11-2026").ok());
        assert!(month("2026-13").is_err() && month("nov").is_err());
    }
}
