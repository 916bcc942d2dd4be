//! What supervisors review: conflicts, parked changes and records of the office, through the routes
//! and against what tablets really sent.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by a panic, also where it calls a function of its own"
)]

#[path = "review/world.rs"]
mod world;

#[path = "review/conflicts.rs"]
mod conflicts;
#[path = "review/parked.rs"]
mod parked;
#[path = "review/records.rs"]
mod records;
#[path = "review/refusals.rs"]
mod refusals;
