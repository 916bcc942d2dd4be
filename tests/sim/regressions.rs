//! Seeds that found something once. They are played in every run. A seed means another history once
//! the simulator itself changes, so what was found also has a test of its own.

/// Seed, and what it found.
pub(crate) const FOUND: [(u64, &str); 5] = [
    (39, "an entry that is hashed as its exact bytes was sent again with a stamp in it"),
    (139, "an unreadable entry pushed what its tablet wrote after it into the present"),
    (207, "after a restore a copy took the place of what was lost, and nobody noticed"),
    (21, "the same as 207, when the first request after the restore brought something new"),
    (254, "the same as 139, under a new number"),
];
