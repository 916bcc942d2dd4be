//! Timbang's server: merges the tablets' change logs and answers whoever may ask.
//!
//! `http → service → sync → store`: [`http`] turns bytes into calls and refusals into answers,
//! [`service`] is the only way to a transaction, [`sync`] is the pipeline of one exchange, [`store`] is
//! the only module that speaks SQL. [`access`] says who calls and what they may see, [`admin`] and
//! [`import`] are what the command line does, [`export`] writes files, [`demo`] plays a village day.
//! Time and randomness come in through [`platform`].

pub mod access;
pub mod admin;
pub mod backup;
pub mod certificate;
pub mod check;
pub mod cli;
pub mod demo;
pub mod doctor;
pub mod export;
mod files;
pub mod growth;
pub mod http;
pub mod import;
pub mod platform;
pub mod refusal;
pub mod report;
pub mod restore;
pub mod serve_lock;
pub mod service;
pub mod store;
pub mod sync;
pub mod thresholds;
