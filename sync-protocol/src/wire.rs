//! The messages, in the order of their members on the wire.

mod enrol;
mod outbox;
mod reference;
mod row;
mod sync;

pub use enrol::{EnrolReply, EnrolRequest, WorkerRef};
pub use outbox::{OUTBOX_FORM, Outbox};
pub use reference::{AreaRef, AreasReply, PosyanduRef, PuskesmasRef};
pub use row::{Content, Row};
pub use sync::{Cursor, Order, Outcome, Receipt, ReceiptsReply, Status, SyncReply, SyncRequest};
