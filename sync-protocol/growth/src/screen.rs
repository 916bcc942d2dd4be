//! Numbers and days as Indonesians read them: decimal comma, DD-MM-YYYY.

use crate::date::Date;
use crate::units::{Length, Weight};

/// "-2", "-2,5", "-2,05".
pub(crate) fn hundredths(value: i32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let size = value.unsigned_abs();
    shorten(&format!("{sign}{},{:02}", size / 100, size % 100))
}

/// "7,1 kg".
pub(crate) fn weight(weight: Weight) -> String {
    let grams = weight.grams();
    format!("{} kg", shorten(&format!("{},{:03}", grams / 1000, grams % 1000)))
}

/// "76,3 cm".
pub(crate) fn length(length: Length) -> String {
    let micrometres = length.micrometres();
    let text = format!("{},{:02}", micrometres / 10_000, micrometres % 10_000 / 100);
    format!("{} cm", shorten(&text))
}

/// "05-03-2025".
pub(crate) fn date(date: Date) -> String {
    format!("{:02}-{:02}-{:04}", date.day(), date.month(), date.year())
}

/// Drops zeros at the end of the decimals, and the comma when none is left.
fn shorten(text: &str) -> String {
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}
