//! Every bound of the protocol. A bound that is not here does not exist.

use serde::{Deserialize, Serialize};

/// The protocol version this crate speaks.
pub const PROTOCOL: u32 = 1;

/// Changes one sync request may carry.
pub const REQUEST_CHANGES_MAX: usize = 500;
/// Bytes of a request body as sent (compressed or not).
pub const REQUEST_SENT_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of a request body after decompression.
pub const REQUEST_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Bytes of one change as JSON text. Checked when it is saved, too.
pub const CHANGE_BYTES_MAX: usize = 64 * 1024;
/// Bytes that `stamp` and `was` may add to a change that is sent again. A tablet keeps this much
/// free when it saves.
pub const RESEND_BYTES_MAX: usize = 128;
/// Bytes of the members of a request beside its changes, as JSON text.
pub const ENVELOPE_BYTES_MAX: usize = 64 * 1024;
/// Rows on one page of the feed.
pub const PAGE_ROWS_MAX: usize = 500;
/// Bytes of the rows of one page before compression; one row always fits.
pub const PAGE_BYTES_MAX: usize = 256 * 1024;
/// Bytes of one string anywhere in a change or a message.
pub const STRING_BYTES_MAX: usize = 4 * 1024;
/// Nesting of objects and arrays; the outermost counts 1.
pub const JSON_DEPTH_MAX: usize = 16;
/// Seqs one `GET /v1/receipts` may ask for.
pub const RECEIPTS_MAX: usize = 500;
/// Requests a minute that a device may make in the long run, and at once.
pub const DEVICE_REQUESTS_PER_MINUTE: u32 = 60;
/// See [`DEVICE_REQUESTS_PER_MINUTE`].
pub const DEVICE_REQUESTS_BURST: u32 = 300;
/// Enrolment tries a minute from one address.
pub const ENROL_TRIES_PER_MINUTE: u32 = 10;
/// Wrong secrets after which an enrolment code is burnt.
pub const ENROL_WRONG_SECRETS_MAX: u32 = 5;
/// Hours an enrolment code can be used.
pub const ENROL_CODE_HOURS: i64 = 24;
/// Days during which a tablet that could not know may still edit what left its scope.
pub const AFTER_MOVE_DAYS: i64 = 90;
/// Days a tablet keeps the mirror of a server history that was replaced by a restore.
pub const OLD_MIRROR_DAYS: i64 = 180;

const _: () = assert!(CHANGE_BYTES_MAX < REQUEST_BYTES_MAX);
const _: () = assert!(REQUEST_SENT_BYTES_MAX <= REQUEST_BYTES_MAX);
const _: () = assert!(STRING_BYTES_MAX < CHANGE_BYTES_MAX);
const _: () = assert!(CHANGE_BYTES_MAX + RESEND_BYTES_MAX < PAGE_BYTES_MAX);

/// `GET /v1/limits`: what a client must keep to. Units are in the names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Limits {
    pub protocol: u32,
    pub request_changes: usize,
    pub request_sent_bytes: usize,
    pub request_bytes: usize,
    pub change_bytes: usize,
    pub page_rows: usize,
    pub page_bytes: usize,
    pub string_bytes: usize,
    pub json_depth: usize,
    pub receipts: usize,
    pub requests_per_minute: u32,
    pub requests_burst: u32,
}

impl Limits {
    /// The limits of this crate, with the request rate that a server is configured for.
    pub fn with_rate(requests_per_minute: u32, requests_burst: u32) -> Self {
        Limits {
            protocol: PROTOCOL,
            request_changes: REQUEST_CHANGES_MAX,
            request_sent_bytes: REQUEST_SENT_BYTES_MAX,
            request_bytes: REQUEST_BYTES_MAX,
            change_bytes: CHANGE_BYTES_MAX,
            page_rows: PAGE_ROWS_MAX,
            page_bytes: PAGE_BYTES_MAX,
            string_bytes: STRING_BYTES_MAX,
            json_depth: JSON_DEPTH_MAX,
            receipts: RECEIPTS_MAX,
            requests_per_minute,
            requests_burst,
        }
    }
}
