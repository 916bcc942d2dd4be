//! NIK, KK and phone numbers, and what spreadsheets do to long numbers.
//!
//! Excel keeps 15 digits of a number, and shows or saves the rest as `1.604E+15`: what is left of
//! such a NIK may be another person's, so it is left out with a note. A censored NIK
//! (`02022**********`) is what the export gives; it is kept as it is. None of this ever refuses a
//! child.

use crate::import::nik::{agrees_with, is_valid_form};
use crate::import::sex::Sex;
use sync_protocol::time::CivilDate;

/// Digits of a number that Excel keeps; the rest become zeros.
const EXCEL_DIGITS_MAX: usize = 15;

/// A long number in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Number {
    None,
    /// Digits, or what a person typed in their place.
    AsTyped(String),
    /// What a spreadsheet left of a number.
    Damaged,
}

/// Reads a NIK, KK or phone number. A leading apostrophe and `="…"` are how spreadsheets keep a
/// number as text; blanks between groups of digits are the writer's. Words without any digit
/// ("belum ada") and nothing but zeros say that there is none. `is_number` when a spreadsheet keeps
/// the cell as a number.
pub(super) fn number(cell: &str, is_number: bool) -> Number {
    let bare = cell.trim_matches(['\'', '"', '=', '`', '’']);
    let text: String = bare.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    if !text.contains(|c: char| matches!(c, '1'..='9')) {
        Number::None
    } else if is_cut_off(&text, is_number) || has_exponent(&text) || is_grouped_or_decimal(&text) {
        Number::Damaged
    } else {
        Number::AsTyped(text)
    }
}

fn is_cut_off(text: &str, is_number: bool) -> bool {
    is_number && text.bytes().filter(u8::is_ascii_digit).count() > EXCEL_DIGITS_MAX
}

/// `1.604E+15`, `1,604e15`.
fn has_exponent(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    !exponent.is_empty()
        && exponent.bytes().all(|byte| byte.is_ascii_digit())
        && mantissa.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

/// `1.604.065.205.239.001`, `1604065205239001.0`: a cell that a spreadsheet took for a number. Two
/// numbers side by side and dots between parts of a phone number look otherwise. A plain number
/// of 16 digits cannot be told from text any more.
fn is_grouped_or_decimal(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['.', ',']).collect();
    let [first, rest @ ..] = parts.as_slice() else { return false };
    let is_digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let in_groups = first.len() <= 3 && rest.iter().all(|part| part.len() == 3);
    let in_decimals = matches!(rest, [zeros] if zeros.bytes().all(|byte| byte == b'0'));
    !rest.is_empty() && parts.iter().all(is_digits) && (in_groups || in_decimals)
}

/// Whether a child may be recognised by this NIK: it has the form of one and speaks of this child.
pub(super) fn can_match(nik: &str, birth_date: CivilDate, sex: Sex) -> bool {
    is_valid_form(nik) && agrees_with(nik, birth_date, sex)
}

/// What is doubtful about a NIK as typed, without repeating it.
pub(super) fn doubt(nik: &str, birth_date: CivilDate, sex: Sex) -> Option<&'static str> {
    if nik.contains('*') {
        None
    } else if !is_valid_form(nik) {
        Some("NIK tidak berbentuk 16 angka yang benar. Anak tetap diterima; periksa NIK-nya.")
    } else if !agrees_with(nik, birth_date, sex) {
        Some(
            "NIK tidak cocok dengan tanggal lahir atau jenis kelamin anak. Anak tetap diterima; periksa NIK-nya.",
        )
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_left_of_a_number_is_damaged() {
        for cell in
            ["1.604E+15", "1,60406E+15", "1.604e15", "1604065205239001.0", "1.604.065.205.239.001"]
        {
            assert_eq!(number(cell, false), Number::Damaged, "{cell}");
        }
    }

    #[test]
    fn a_cell_that_is_a_number_is_damaged_when_it_is_longer_than_excel_can_keep() {
        assert_eq!(number("1604065205239000", true), Number::Damaged);
        assert_eq!(number("81234567890", true), Number::AsTyped("81234567890".to_owned()));
        assert_eq!(number("0", true), Number::None);
    }

    #[test]
    fn what_was_kept_as_text_is_read_without_its_wrapping() {
        for cell in ["'1604065205239001", "=\"1604065205239001\"", "1604 0652 0523 9001"] {
            assert_eq!(
                number(cell, false),
                Number::AsTyped("1604065205239001".to_owned()),
                "{cell}"
            );
        }
        assert_eq!(number("02022**********", false), Number::AsTyped("02022**********".to_owned()));
        let two = "1604065205789001,1604060502809002";
        assert_eq!(number(two, false), Number::AsTyped(two.to_owned()));
        assert_eq!(number("0812.3456.7890", false), Number::AsTyped("0812.3456.7890".to_owned()));
    }

    #[test]
    fn dashes_zeros_and_words_are_no_number() {
        for cell in ["", "-", "0", "0000000000000000", "'", "belum ada"] {
            assert_eq!(number(cell, false), Number::None, "{cell}");
        }
    }
}
