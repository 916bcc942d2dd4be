//! What people see: HTML and SVG in plain Bahasa Indonesia, as pure functions of what is to be shown.
//!
//! The server's pages and the tablet's app use the same: [`words`] for numbers, dates and ages,
//! [`labels`] for what fields and outcomes are called, [`shell`] for the page around. Markup has no
//! inline style and no inline script, so that both can be forbidden.

pub mod app;
pub mod chart;
pub mod child_form;
pub mod child_list;
pub mod child_page;
pub mod choice;
pub mod conflict;
pub mod control;
pub mod edit_page;
pub mod form;
pub mod growth;
pub mod history;
pub mod labels;
pub mod measurement_form;
pub mod overview;
pub mod parked;
pub mod people;
pub mod qr;
pub mod reading;
pub mod sheet;
pub mod shell;
pub mod tablets;
pub mod tag;
pub mod trend;
pub mod typed;
pub mod words;

pub use maud::{Markup, PreEscaped, html};

/// The one style sheet.
pub const CSS: &str = include_str!("../assets/timbang.css");

/// The mark of Timbang: a pair of scales.
pub const ICON: &str = include_str!("../assets/timbang.svg");
