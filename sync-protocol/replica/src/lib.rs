//! The tablet: a local SQLite copy, a change log and the sync of both with the server.
//!
//! The **mirror** is exactly what the feed said; the **overlay** is what this tablet saved and the
//! server has not yet settled; the typed tables show overlay over mirror. The tablet never merges
//! and never decides who wins: it reports, and takes the server's verdict.
//!
//! The same code runs natively and in a browser. So nothing here reads a clock, makes randomness,
//! opens a socket or starts a thread: [`Platform`] and [`Transport`] come from outside. Only
//! `transport::http` (feature `http`) and the binary know a machine.

mod as_text;
mod aside;
mod care;
mod change_log;
mod changed;
mod children;
mod clock;
mod columns;
mod compare;
mod conversation;
mod damage;
mod departed;
mod enrol;
mod error;
mod files;
mod growth;
mod identity;
mod log_view;
mod mirror;
mod movement;
mod open;
mod outbox;
mod patience;
mod platform;
mod receipts;
mod receive;
mod recency;
mod records;
mod reference;
mod replaced;
mod reply;
mod report;
mod save;
mod schema;
mod scope;
mod send;
mod sentence;
mod show;
mod status;
mod sync;
mod sync_state;
pub mod transport;
mod wipe;

pub use care::{Care, CareList};
pub use change_log::LogEntry;
pub use children::{ChildRow, FindError};
pub use clock::date_of;
pub use conversation::Conversation;
pub use enrol::Enrolled;
pub use error::{EnrolError, OpenError, SaveError, StorageError, SyncError};
pub use growth::GrowthRow;
pub use identity::{Identity, Stop};
pub use log_view::{ParkedChange, ReplacedChange};
pub use mirror::MirrorRow;
pub use movement::{Direction, Movement};
pub use open::{Opened, Replica};
pub use patience::{Patience, Sleeper, sync_patiently};
pub use platform::{NATIVE_PRAGMAS, Platform};
pub use receive::Exchanged;
pub use reference::{AreaName, AreaPick, AreasOutcome};
pub use report::{Progress, SyncReport};
pub use save::Saved;
pub use show::{Content, Shown};
pub use status::ReplicaStatus;
pub use transport::{Request, Response, Transport, TransportError};

/// What this build calls itself on the wire.
pub const APP: &str = concat!("timbang-tablet/", env!("CARGO_PKG_VERSION"));
