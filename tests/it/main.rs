//! The system as it runs: a real server, real tablets, real HTTP, and the real commands.
//!
//! One program, so that it is linked once. Each module is a theme, each test name a claim.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by a panic, also in a function of its own, and says its seed and figures"
)]

mod accessible;
mod admin;
mod audit;
mod backups;
mod bench;
mod browser;
mod check;
mod clocks;
mod counted;
mod crash;
mod death;
mod demo;
mod devices;
mod disk;
mod doors;
mod early_morning;
mod edges;
mod enrol;
mod errors;
mod figures;
mod found;
mod infested;
mod injection;
mod login;
mod matrix;
mod memory;
mod mirror;
mod namesakes;
mod openapi;
mod operations;
mod order;
mod pages_children;
mod pages_desk;
mod pages_office;
mod parked;
mod policy;
mod power;
mod proxied;
mod pull;
mod pusher;
mod raw;
mod readme;
mod refusals;
mod released;
mod restore;
mod schedule;
mod schema;
mod scope;
mod sync;
mod tablet_cli;
mod thresholds;
mod tidy;
mod told;
mod was;
