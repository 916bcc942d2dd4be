//! The simulator: several tablets and the server in one process, in virtual time, from one seed.
//!
//! The tablets are the real replica, the server is the real request handler, both on SQLite files;
//! between them go encoded bytes over a line that loses, repeats, delays and garbles. Nothing
//! under test is modelled: the simulator keeps ledgers of what it ordered, of when everything truly
//! happened and of what was said ([`book`], [`grants`], [`hours`], [`reach`], [`unaware`]), and holds every reply and the end against simple rules.
//!
//! It prints one line of figures, and of each failure the seed, what was broken, the last events
//! and the command that plays it again.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test target without the harness: a panic is a failed history, and it prints"
)]

mod actions;
mod bodies;
mod book;
mod country;
mod crash;
mod diary;
mod disaster;
mod enrol;
mod files;
mod forged;
mod grants;
mod history;
mod host;
mod hours;
mod hub;
mod late;
mod letter;
mod line;
mod lives;
mod office;
mod options;
mod probe;
mod quiet;
mod random;
mod reach;
mod regressions;
mod run;
mod scenes;
mod sent;
mod tablet;
mod time;
mod unaware;
mod verdict;
mod violation;
mod work;
mod world;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    run::run(options::Options::parse())
}
