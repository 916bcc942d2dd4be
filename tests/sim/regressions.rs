//! Seeds that found something once. They are played in every run. A seed means another history once
//! the simulator itself changes, so what was found also has a test of its own.

/// Seed, and what it found.
pub(crate) const FOUND: [(u64, &str); 0] = [];
