//! What the integration tests stand on: a real server, real tablets, and time that is moved by hand.
//!
//! [`TestServer`] is the real service behind real sockets in this process, with a settable clock;
//! [`ServerProcess`] is the real binary, which can be killed. [`Tablet`] is the real replica over
//! real HTTP, [`Device`] speaks the protocol by hand. Nothing here waits for time to pass: it binds
//! first, connects then, and waits for events with a bound.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a support function that fails is a failed test, at the line of its caller"
)]

mod accessible;
mod browser;
mod changes;
mod command;
mod described;
mod device;
mod disk;
mod http;
mod net;
mod office;
mod patience;
mod process;
mod processes;
mod proof;
mod random;
mod server;
mod strace;
mod tablet;
mod time;
mod world;

pub use browser::Browser;
pub use changes::{any_id, area, body, child_body, child_id_of, id, measurement_body};
pub use command::{
    Finished, SABOTAGE, binary, fixture, program, run, run_watched, set_apart, timbang, web_build,
};
pub use described::Described;
pub use device::Device;
pub use disk::Disk;
pub use http::{Call, Client, Reply, gzip};
pub use net::Net;
pub use office::{Office, Paper};
pub use patience::{PATIENCE, wait_until};
pub use process::{Ended, Launch, ServerProcess};
pub use proof::{figures_dir, is_long_proof, keep_figures};
pub use random::Dice;
pub use server::TestServer;
pub use strace::{Event, Strace, read_traces};
pub use tablet::Tablet;
pub use time::{DAY, HOUR, MINUTE, NOW, SECOND, Time};
pub use world::{FAR_DESA, KECAMATAN, OFFICE_PASSWORD, OTHER_DESA, SADAN, World};
