//! The screens of the tablet's app. Addresses begin with `#`, so that the app can show them without a
//! server; a form's `action` is such an address, too.

pub mod child;
pub mod enrol;
pub mod frame;
pub mod handover;
pub mod marks;
pub mod measure;
pub mod reading;
pub mod record_form;
pub mod send;
pub mod today;
