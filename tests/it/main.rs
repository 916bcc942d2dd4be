//! The system as it runs: a real server, real tablets, real HTTP, and the real commands.
//!
//! One program, so that it is linked once. Each module is a theme, each test name a claim.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by a panic, also where it calls a function of its own"
)]

mod admin;
mod crash;
mod devices;
mod enrol;
mod errors;
mod order;
mod parked;
mod pull;
mod refusals;
mod scope;
mod sync;
