//! A cell before it is written in the manner of a file.

use std::borrow::Cow;
use sync_protocol::time::CivilDate;

/// What stands in one cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    Blank,
    /// What somebody typed, or a number that is a name: NIK, KK, a phone number.
    Text(Cow<'a, str>),
    Whole(i64),
    /// A whole number of small units, shown in large ones: 8150 g at 3 places is 8.15 kg.
    Decimal {
        value: i64,
        places: u32,
    },
    Date(CivilDate),
}

impl<'a> Cell<'a> {
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Cell::Blank } else { Cell::Text(text) }
    }

    /// A cell of what may be absent.
    pub fn of<T>(value: Option<T>, cell: impl FnOnce(T) -> Cell<'a>) -> Self {
        value.map_or(Cell::Blank, cell)
    }

    /// Grams as kilograms.
    pub fn kilograms(grams: Option<i64>) -> Self {
        Cell::of(grams, |value| Cell::Decimal { value, places: 3 })
    }

    /// Millimetres as centimetres.
    pub fn centimetres(millimetres: Option<i64>) -> Self {
        Cell::of(millimetres, |value| Cell::Decimal { value, places: 1 })
    }

    /// `ya` or `tidak`.
    pub fn flag(flag: Option<bool>) -> Self {
        Cell::of(flag, |flag| Cell::text(if flag { "ya" } else { "tidak" }))
    }
}

/// A whole number of small units with a decimal point, without zeros at its end.
pub fn decimal_text(value: i64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let (whole, part) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
    let sign = if value < 0 { "-" } else { "" };
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let width = usize::try_from(places).unwrap_or_default();
    let part = format!("{part:0width$}");
    format!("{sign}{whole}.{}", part.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_units_become_large_ones_exactly() {
        for (value, places, text) in [
            (8150, 3, "8.15"),
            (3000, 3, "3"),
            (2955, 3, "2.955"),
            (495, 1, "49.5"),
            (-231, 2, "-2.31"),
            (-5, 2, "-0.05"),
            (0, 2, "0"),
        ] {
            assert_eq!(decimal_text(value, places), text);
        }
    }
}
