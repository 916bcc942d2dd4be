//! What a person's number shows in a list: of a NIK or a KK the first six digits (where it was
//! issued) and the last two.

/// The first characters that are shown.
pub const SHOWN_FIRST: usize = 6;
/// The last characters that are shown.
pub const SHOWN_LAST: usize = 2;
/// What stands for a character that is not.
pub const HIDDEN: char = '*';

/// What a number shows, its beginning and its end; nothing of one that is too short to hide
/// anything in.
pub fn shown(number: &str) -> Option<(&str, &str)> {
    let length = number.chars().count();
    if length <= SHOWN_FIRST + SHOWN_LAST {
        return None;
    }
    let at = |place: usize| number.char_indices().nth(place).map(|(at, _)| at);
    Some((number.get(..at(SHOWN_FIRST)?)?, number.get(at(length - SHOWN_LAST)?..)?))
}

/// A number as it is shown.
pub fn mask(number: &str) -> String {
    let length = number.chars().count();
    let hidden = |shown: usize| String::from(HIDDEN).repeat(length - shown);
    match shown(number) {
        Some((first, last)) => [first, &hidden(SHOWN_FIRST + SHOWN_LAST), last].concat(),
        None => hidden(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_shows_where_a_nik_was_issued_and_its_end() {
        assert_eq!(mask("1604064105250001"), "160406********01");
        assert_eq!(mask("160406410"), "160406*10");
        assert_eq!(mask("16040641"), "********");
        assert_eq!(mask("ékte-16040641"), "ékte-1*****41");
        assert_eq!(mask(""), "");
    }
}
