//! The app's screens on a real replica, without a browser.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that does not get what it needs has failed"
)]

mod measuring;
mod newcomer;
mod saved;
mod sending;
mod support;
mod today;
