//! A child's sex as the files write it.

use std::fmt;

/// L (laki-laki) or P (perempuan), the two words that a body knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    Male,
    Female,
}

impl Sex {
    /// Reads what e-PPGBM files and hand-made lists say. Anything else is not guessed at: `W` and
    /// `M` each mean different things to different people.
    pub fn read(cell: &str) -> Option<Sex> {
        let letters: String =
            cell.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        match letters.as_str() {
            "l" | "lk" | "laki" | "lakilaki" => Some(Sex::Male),
            "p" | "pr" | "perempuan" => Some(Sex::Female),
            _ => None,
        }
    }

    /// As a body says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Sex::Male => "L",
            Sex::Female => "P",
        }
    }

    /// What a NIK adds to the day of birth.
    pub(super) fn nik_day_shift(self) -> u32 {
        match self {
            Sex::Male => 0,
            Sex::Female => 40,
        }
    }
}

impl fmt::Display for Sex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sex_is_read_in_every_spelling_seen_and_never_guessed() {
        for (cell, sex) in [
            ("L", Some(Sex::Male)),
            ("laki-laki", Some(Sex::Male)),
            ("LAKI - LAKI", Some(Sex::Male)),
            ("Lk.", Some(Sex::Male)),
            ("p", Some(Sex::Female)),
            ("Perempuan", Some(Sex::Female)),
            ("", None),
            ("-", None),
            ("M", None),
            ("1", None),
        ] {
            assert_eq!(Sex::read(cell), sex, "{cell}");
        }
    }
}
