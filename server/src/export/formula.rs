//! No cell of a CSV file can start a formula, whatever somebody typed into a name or a note.
//!
//! Spreadsheets take a cell that begins with `= + - @` for a formula, some also one that begins
//! with a tab or a line break, and they look past blanks and full-width forms. A leading apostrophe
//! says "this is text". A file that is opened with another separator than its own falls apart at
//! every comma, semicolon, tab and line break inside its cells, quoted or not, so what follows one
//! of those is guarded as well.
//!
//! [`unguard`] takes exactly those apostrophes away again, so that a file that comes back changes
//! nothing. Numbers and dates are not text and are never guarded.

use std::borrow::Cow;

const GUARD: char = '\'';

/// Whether a spreadsheet may take a cell that begins with this for a formula.
fn starts_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@')
        // Full-width and small forms, which some programs fold into the plain ones.
        || matches!(c, '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫')
}

/// Whether it counts as a cell's beginning for nothing: blanks, marks without a width, and the
/// guard itself.
fn is_skipped(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, GUARD | '"' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}')
}

/// Whether a file that is opened with a wrong separator begins a new cell after this.
fn ends_cell(c: char) -> bool {
    matches!(c, ',' | ';' | '\t' | '\n' | '\r' | '|')
}

/// Whether a cell that begins at this place would start a formula.
fn is_dangerous(at: usize, rest: &str) -> bool {
    // Behind guards, too: else a text that has one of its own would lose it on the way back.
    let first = rest.trim_start_matches(GUARD).chars().next();
    let begins_with_break = at == 0 && matches!(first, Some('\t' | '\r' | '\n'));
    begins_with_break || rest.chars().find(|c| !is_skipped(*c)).is_some_and(starts_formula)
}

/// Where in a text a cell begins or may begin, in bytes.
fn beginnings(text: &str) -> impl Iterator<Item = usize> {
    let behind = text.char_indices().filter(|(_, c)| ends_cell(*c));
    std::iter::once(0).chain(behind.map(|(at, c)| at + c.len_utf8()))
}

/// A text that starts no formula in any cell that a spreadsheet makes of it.
pub fn guard(text: &str) -> Cow<'_, str> {
    let places: Vec<usize> = beginnings(text)
        .filter(|at| is_dangerous(*at, text.get(*at..).unwrap_or_default()))
        .collect();
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut guarded = String::with_capacity(text.len() + places.len());
    let mut from = 0;
    for at in places {
        guarded.push_str(text.get(from..at).unwrap_or_default());
        guarded.push(GUARD);
        from = at;
    }
    guarded.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(guarded)
}

/// The text that [`guard`] was given.
pub fn unguard(text: &str) -> Cow<'_, str> {
    let is_guard = |at: &usize| {
        let rest = text.get(*at..).and_then(|rest| rest.strip_prefix(GUARD));
        rest.is_some_and(|rest| is_dangerous(*at, rest))
    };
    let places: Vec<usize> = beginnings(text).filter(is_guard).collect();
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bare = String::with_capacity(text.len());
    let mut from = 0;
    for at in places {
        bare.push_str(text.get(from..at).unwrap_or_default());
        from = at + GUARD.len_utf8();
    }
    bare.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(bare)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, guarded: &str) {
        assert_eq!(guard(text), guarded, "{text:?}");
        assert_eq!(unguard(guarded), text, "{guarded:?}");
    }

    #[test]
    fn what_a_spreadsheet_would_compute_becomes_text() {
        for text in [
            "=1+1",
            "+62 812 3456",
            "-",
            "-2",
            "@SUM(A1)",
            "\tBudi",
            "\rBudi",
            "\nBudi",
            "  =1",
            "\u{A0}=1",
            "\u{FEFF}=1",
            "\u{200B}=1",
            "＝1+1",
            " ＋1",
            "－1",
            "＠x",
            "\u{1}=1",
            "\"=1",
            "'=1",
            "''=1",
        ] {
            check(text, &format!("'{text}"));
        }
    }

    #[test]
    fn what_is_text_stays_as_it_is() {
        for text in ["", "Budi", "Nur'aini", "'Aisyah", "1-2", "a=b", "RT 01/02", "  Budi", "1604"]
        {
            check(text, text);
        }
    }

    #[test]
    fn a_cell_that_a_wrong_separator_makes_starts_no_formula_either() {
        check("\t=1", "'\t'=1");
        check("a\n\nb", "a\n\nb");
        check("a;=1", "a;'=1");
        check("a\n=1", "a\n'=1");
        check("a, -", "a,' -");
        check("=1;=2", "'=1;'=2");
        check("a;b,c", "a;b,c");
    }

    proptest! {
        #[test]
        fn every_text_comes_back_and_no_cell_of_it_is_dangerous(
            text in "[ab=+@'\";,\\t\\r\\n \u{FF1D}\u{200B}-]{0,12}"
        ) {
            let guarded = guard(&text).into_owned();
            prop_assert_eq!(unguard(&guarded).into_owned(), text);
            for cell in guarded.split([',', ';', '\t', '\n', '\r', '|']) {
                let first = cell.trim_start_matches([' ', '"', '\u{200B}']).chars().next();
                prop_assert!(!first.is_some_and(starts_formula), "{:?}", guarded);
            }
        }
    }
}
