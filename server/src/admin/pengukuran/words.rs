//! A measurement's values as a report tells them.

use crate::import::reading::decimal;
use serde_json::Value;
use sync_protocol::record::measurement as field;

/// A field with its value and unit: `berat 9,8 kg`.
pub(super) fn told(name: &str, value: &Value) -> String {
    let amount = |what: &str, scale: i64, unit: &str| match value.as_i64() {
        Some(amount) => format!("{what} {} {unit}", decimal(amount, scale)),
        None => format!("{what} {value}"),
    };
    let word = |what: &str| match value {
        Value::Bool(true) => format!("{what} ya"),
        Value::Bool(false) => format!("{what} tidak"),
        Value::String(text) => format!("{what} {text}"),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            format!("{what} {value}")
        }
    };
    match name {
        field::WEIGHT_G => amount("berat", 1000, "kg"),
        field::HEIGHT_MM => amount("tinggi", 10, "cm"),
        field::MUAC_MM => amount("LiLA", 10, "cm"),
        field::HEAD_MM => amount("lingkar kepala", 10, "cm"),
        field::OEDEMA => word("edema"),
        field::POSITION => word("cara ukur"),
        field::VITAMIN_A => word("vitamin A"),
        field::ASI => word("ASI"),
        field::KELAS_IBU => word("kelas ibu balita"),
        field::MBG => word("MBG"),
        other => word(other),
    }
}
