//! Reading the files that come from outside: areas, puskesmas, posyandu, sasaran and pengukuran.
//!
//! Pure: bytes and a date go in, rows and faults come out. Nothing here opens a file, knows the
//! store, or decides what a new row does to a child that is already known.
//!
//! Two kinds of file, two habits. Reference files (areas, puskesmas, posyandu) decide who may see
//! what, so one wrong line refuses the file. A sasaran or pengukuran file is thousands of rows typed
//! by many hands, so a wrong row is refused alone, with its line, its column and a sentence for the person
//! who has to mend it.

pub mod areas;
pub mod fault;
pub mod match_key;
pub mod names;
pub mod nik;
pub mod pengukuran;
pub mod place;
pub mod posyandu;
pub mod puskesmas;
pub mod sasaran;
pub mod sex;
pub mod table;

mod amounts;
mod columns;
mod dates;
mod identity;
pub(crate) mod reading;
