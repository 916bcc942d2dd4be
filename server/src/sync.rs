//! One exchange: what a tablet pushes is stamped, stored and merged; what it has not seen is pulled.
//!
//! [`push`] runs in one write job: for each change `admit` gives the stamp, `scope` says
//! whether its maker may, `settle` merges it and notes what was concurrent and
//! [`park`] keeps what cannot be merged and releases it when it can. [`pull`] reads one snapshot.
//! [`office`] makes the server's own changes, through the same steps: [`enter`] one that a person
//! writes, [`review`] what supervisors decide of conflicts and parked changes.

pub mod enter;
pub mod hand_in;
pub mod office;
pub mod park;
pub mod pull;
pub mod push;
pub mod receipt;
pub mod received;
pub mod review;
pub mod server_time;
pub mod sheet;

mod admit;
mod conflict;
mod cursor;
mod merge;
mod past;
mod scope;
mod settle;
