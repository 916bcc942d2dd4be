//! BGM, below the red line of the growth card (bawah garis merah), with a line that can be set.

use std::fmt;

use crate::score::{Hundredths, Score};
use crate::screen;

/// The red line of BB/U. Cards before 2020 drew it at -3 SD, later ones most likely at -2 SD,
/// which is the default; a report that counts BGM must show the line it used (its `Display`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RedLine(Hundredths);

impl RedLine {
    /// A line at some SD of BB/U.
    #[must_use]
    pub const fn at(z: Hundredths) -> Self {
        Self(z)
    }

    /// Where the line is.
    #[must_use]
    pub const fn z(self) -> Hundredths {
        self.0
    }

    /// True when the rounded BB/U lies below the line. A flagged score is below it too: a flag
    /// asks for a second measurement, and is for the report to leave out.
    #[must_use]
    pub fn is_above(self, weight_for_age: Score) -> bool {
        weight_for_age.rounded() < self.0
    }
}

impl Default for RedLine {
    fn default() -> Self {
        Self(Hundredths::new(-200))
    }
}

/// Writes the definition for a report: "BGM: BB/U < -2 SD".
impl fmt::Display for RedLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BGM: BB/U < {} SD", screen::hundredths(self.0.get()))
    }
}
