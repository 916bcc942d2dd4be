//! Measures, counts and yes or no in cells. No floating point: 3.1 kg is 3100 g exactly.
//!
//! A decimal point and a decimal comma are both read; a number with both is refused. Blank, a dash
//! and 0 are "no value": e-PPGBM writes 0 for what was not measured.

/// A cell that cannot be read as what its column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// The heaviest birth weight in kilograms that could be meant: above it the number is grams. No
/// baby weighs 100 kg and none weighs 100 g, so the two cannot be confused.
const KILOGRAMS_MAX: i64 = 100;

/// Weight in grams, from kilograms or, above [`KILOGRAMS_MAX`], from grams.
pub(super) fn grams(cell: &str) -> Result<Option<i64>, Unreadable> {
    let value = thousandths(cell, &["kg", "gram", "gr", "g"])?;
    Ok(value.map(|value| if value > KILOGRAMS_MAX * 1000 { rounded(value, 1000) } else { value }))
}

/// Length in millimetres, from centimetres.
pub(super) fn millimetres(cell: &str) -> Result<Option<i64>, Unreadable> {
    Ok(thousandths(cell, &["cm"])?.map(|value| rounded(value, 100)))
}

/// A count; a part behind the point is left out, as weeks of pregnancy are completed weeks.
pub(super) fn count(cell: &str) -> Result<Option<i64>, Unreadable> {
    Ok(thousandths(cell, &["minggu", "mgg"])?.map(|value| value / 1000).filter(|value| *value > 0))
}

/// Yes or no; here 0 is an answer.
pub(super) fn yes_or_no(cell: &str) -> Result<Option<bool>, Unreadable> {
    match cell.to_lowercase().as_str() {
        "" => Ok(None),
        "ya" | "y" | "1" | "ada" | "true" => Ok(Some(true)),
        "tidak" | "tdk" | "t" | "0" | "tidak ada" | "false" => Ok(Some(false)),
        _ => Err(Unreadable),
    }
}

/// Whether a column that is empty normally was marked. Whatever is written there is meant as a
/// mark, except a plain no.
pub(super) fn is_marked(cell: &str) -> bool {
    !matches!(yes_or_no(cell), Ok(None | Some(false)))
}

/// A number in thousandths, rounded half up at the fourth place (spreadsheets write
/// 3.1000000000000001). The unit may be written behind it.
fn thousandths(cell: &str, units: &[&str]) -> Result<Option<i64>, Unreadable> {
    let lower = cell.to_lowercase();
    let bare = units.iter().find_map(|unit| lower.strip_suffix(unit)).unwrap_or(&lower).trim();
    if bare.is_empty() {
        return if cell.is_empty() { Ok(None) } else { Err(Unreadable) };
    }
    let (whole, part) = bare.split_once(['.', ',']).unwrap_or((bare, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || !is_digits(whole) || !is_digits(part) {
        return Err(Unreadable);
    }
    let mut value: i64 = whole.parse().map_err(|_too_long| Unreadable)?;
    let mut digits = part.bytes().map(|byte| i64::from(byte - b'0')).chain([0; 4]);
    for _ in 0..3 {
        value = value * 10 + digits.next().unwrap_or(0);
    }
    value += i64::from(digits.next().unwrap_or(0) >= 5);
    Ok(Some(value).filter(|value| *value > 0))
}

fn rounded(value: i64, unit: i64) -> i64 {
    (value + unit / 2) / unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kilograms_with_point_or_comma_become_grams_exactly() {
        for (cell, grams_read) in [
            ("3.1", Ok(Some(3100))),
            ("3,1", Ok(Some(3100))),
            ("3", Ok(Some(3000))),
            ("2.955", Ok(Some(2955))),
            ("3.1000000000000001", Ok(Some(3100))),
            ("2.9999999999", Ok(Some(3000))),
            ("3,1 kg", Ok(Some(3100))),
            ("", Ok(None)),
            ("0", Ok(None)),
            ("0,00", Ok(None)),
            ("3.1.2024", Err(Unreadable)),
            ("1,234.5", Err(Unreadable)),
            ("-3", Err(Unreadable)),
            ("3e3", Err(Unreadable)),
            (".5", Err(Unreadable)),
            ("kg", Err(Unreadable)),
            ("3-Jan", Err(Unreadable)),
            ("9999999", Err(Unreadable)),
        ] {
            assert_eq!(grams(cell), grams_read, "{cell}");
        }
    }

    #[test]
    fn a_birth_weight_above_100_was_typed_in_grams() {
        assert_eq!(grams("3100"), Ok(Some(3100)));
        assert_eq!(grams("2950,5 gram"), Ok(Some(2951)));
        assert_eq!(grams("100.001"), Ok(Some(100)));
        assert_eq!(grams("100"), Ok(Some(100_000)));
        assert_eq!(grams("31"), Ok(Some(31_000)));
    }

    #[test]
    fn centimetres_become_millimetres_and_weeks_are_completed_ones() {
        assert_eq!(millimetres("49"), Ok(Some(490)));
        assert_eq!(millimetres("49,55"), Ok(Some(496)));
        assert_eq!(millimetres("0"), Ok(None));
        assert_eq!(count("38.9"), Ok(Some(38)));
        assert_eq!(count("38 minggu"), Ok(Some(38)));
        assert_eq!(count("0"), Ok(None));
        assert_eq!(count("pertama"), Err(Unreadable));
    }

    #[test]
    fn for_yes_or_no_a_zero_is_an_answer() {
        assert_eq!(yes_or_no("0"), Ok(Some(false)));
        assert_eq!(yes_or_no("1"), Ok(Some(true)));
        assert_eq!(yes_or_no("YA"), Ok(Some(true)));
        assert_eq!(yes_or_no("Tidak"), Ok(Some(false)));
        assert_eq!(yes_or_no(""), Ok(None));
        assert_eq!(yes_or_no("merah"), Err(Unreadable));
    }

    #[test]
    fn any_writing_in_a_mark_column_is_a_mark_but_a_no() {
        for (cell, marked) in [
            ("", false),
            ("0", false),
            ("tidak", false),
            ("ya", true),
            ("x", true),
            ("ke Palembang", true),
        ] {
            assert_eq!(is_marked(cell), marked, "{cell}");
        }
    }
}
