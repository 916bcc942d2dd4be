//! Administration: what the command line does to a database, also beside a running server.
//!
//! Each function is one write job (an import of many rows: several), through the same store and the
//! same merge as the tablets' changes.

pub mod devices;
pub mod export;
pub mod mirror;
pub mod outbox;
pub mod pengukuran;
pub mod people;
pub mod reference;
pub mod row_by_row;
pub mod sasaran;

mod find_child;

use crate::access::login::LoginFault;
use crate::export::ExportError;
use crate::import::fault::ReferenceError;
use crate::import::table::TableError;
use crate::refusal::Refusal;
use crate::store::StoreError;

/// Why a command did nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdminError {
    /// Something that the command names does not exist.
    #[error("{what} {name} is not known: {hint}")]
    Unknown { what: &'static str, name: String, hint: &'static str },
    /// The command makes no sense as given.
    #[error("{0}")]
    Refused(&'static str),
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    #[error(transparent)]
    Table(#[from] TableError),
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error(transparent)]
    Login(#[from] LoginFault),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for AdminError {
    fn from(refusal: Refusal) -> Self {
        let Refusal::Store(error) = refusal else {
            return AdminError::Refused("the change was refused by the merge");
        };
        AdminError::Store(error)
    }
}
