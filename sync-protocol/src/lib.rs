//! Timbang's contract between tablet and server.
//!
//! `PROTOCOL.md` beside this crate is the normative text; these modules are the same rules as Rust.
//! Nothing here does I/O, reads a clock, speaks SQL or is async: a clock value, a body and a base
//! come in as arguments, and a verdict goes out.
//!
//! Reading order: words ([`ids`], [`area`], [`time`], [`month`], [`stamp`]), what syncs ([`record`], [`body`],
//! [`change`]), the rules ([`admission`], [`merge`], [`conflict`], [`parked`], [`digest`]), who
//! is counted ([`sasaran`]) and which measurement is ([`counted`]), what it says of a child
//! ([`growth`]), what a person's number shows ([`mask`]), the messages ([`wire`], [`problem`]) and every bound
//! ([`limits`]).

pub mod area;
pub mod ids;
pub mod mask;
pub mod month;
pub mod stamp;
pub mod time;

pub mod body;
pub mod change;
pub mod json;
pub mod record;

pub mod admission;
pub mod conflict;
pub mod digest;
pub mod merge;
pub mod parked;

pub mod counted;
pub mod growth;
pub mod sasaran;

pub mod limits;
pub mod problem;
pub mod wire;

#[cfg(feature = "schema")]
pub mod schema;
