//! A broken guarantee, by its number in the design.

use std::fmt;

/// The guarantees of PROTOCOL.md that a history proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guarantee {
    /// 2: nothing is merged twice; receipts change only when a parked change is settled.
    Once,
    /// 3: every mirror equals the server's view of its scope.
    SameView,
    /// 4: every acknowledged change is in the log for ever, and the counts add up.
    Kept,
    /// 5: wrong clocks neither win nor lose for ever; edits keep their order and beat their base.
    Clocks,
    /// 6: nobody receives or changes a row outside the scope.
    Scope,
    /// 7: a pull never skips a row.
    NoSkip,
    /// 9: one bad change never blocks the rest.
    NoBlock,
    /// What the worker is shown: the overlay of what was not settled, over the mirror.
    Overlay,
    /// 8: a restored backup loses nothing that is in any tablet's log.
    Restored,
    /// An old app erases no field that it does not know.
    NewFields,
    /// The same seed gives the same history.
    SameSeed,
}

impl fmt::Display for Guarantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Guarantee::Once => "guarantee 2 (merged once, receipts stay)",
            Guarantee::SameView => "guarantee 3 (every mirror is the server's view)",
            Guarantee::Kept => "guarantee 4 (every change is kept, counts add up)",
            Guarantee::Clocks => "guarantee 5 (clocks and order)",
            Guarantee::Scope => "guarantee 6 (scope)",
            Guarantee::NoSkip => "guarantee 7 (a pull skips nothing)",
            Guarantee::NoBlock => "guarantee 9 (one bad change blocks nothing)",
            Guarantee::Overlay => "section 10 (what was not settled is shown)",
            Guarantee::Restored => "guarantee 8 (a restore loses nothing that a tablet has)",
            Guarantee::NewFields => "section 3 (an old app erases no new field)",
            Guarantee::SameSeed => "the simulator (one seed, one history)",
        })
    }
}

/// What was seen that must never be.
#[derive(Clone, Debug)]
pub(crate) struct Violation {
    pub(crate) guarantee: Guarantee,
    pub(crate) what: String,
}

/// A result of whatever looks for violations.
pub(crate) type Checked<T = ()> = Result<T, Violation>;

/// Makes a violation.
pub(crate) fn broken<T>(guarantee: Guarantee, what: impl Into<String>) -> Checked<T> {
    Err(Violation { guarantee, what: what.into() })
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.guarantee, self.what)
    }
}
