//! The one-letter and one-digit codes of WHO's files. Other programs' codes differ (see
//! [`Oedema`]) and are for their importers to translate.

use crate::error::{CodeField, InputError};
use crate::input::{Oedema, Position, Sex};

impl Sex {
    /// WHO's sex code: `1`, `m`, `M` or `2`, `f`, `F`; empty is missing.
    ///
    /// # Errors
    /// [`InputError::UnknownCode`] for anything else, Indonesian `L` and `P` included.
    pub fn from_who_code(code: &str) -> Result<Option<Self>, InputError> {
        match code {
            "" => Ok(None),
            "1" | "m" | "M" => Ok(Some(Self::Male)),
            "2" | "f" | "F" => Ok(Some(Self::Female)),
            _ => Err(InputError::UnknownCode(CodeField::Sex)),
        }
    }
}

impl Position {
    /// WHO's measure code: `L`, `l` lying, `H`, `h` standing; empty is missing.
    ///
    /// # Errors
    /// [`InputError::UnknownCode`] for anything else.
    pub fn from_who_code(code: &str) -> Result<Option<Self>, InputError> {
        match code {
            "" => Ok(None),
            "L" | "l" => Ok(Some(Self::Lying)),
            "H" | "h" => Ok(Some(Self::Standing)),
            _ => Err(InputError::UnknownCode(CodeField::Position)),
        }
    }
}

impl Oedema {
    /// WHO's oedema code: `y`, `Y`, `1` yes; `n`, `N`, `2` and empty no.
    ///
    /// # Errors
    /// [`InputError::UnknownCode`] for anything else.
    pub fn from_who_code(code: &str) -> Result<Self, InputError> {
        match code {
            "" | "n" | "N" | "2" => Ok(Self::Absent),
            "y" | "Y" | "1" => Ok(Self::Present),
            _ => Err(InputError::UnknownCode(CodeField::Oedema)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_outside_the_lists_are_errors() {
        for code in ["x", "3", "L", "P", "male", " m", "0"] {
            assert_eq!(Sex::from_who_code(code), Err(InputError::UnknownCode(CodeField::Sex)));
        }
        for code in ["x", "1", "berdiri", "LL"] {
            let expected = Err(InputError::UnknownCode(CodeField::Position));
            assert_eq!(Position::from_who_code(code), expected);
        }
        for code in ["x", "3", "0", "ya"] {
            let expected = Err(InputError::UnknownCode(CodeField::Oedema));
            assert_eq!(Oedema::from_who_code(code), expected);
        }
    }
}
