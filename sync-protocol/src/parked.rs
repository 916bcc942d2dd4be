//! Why a change is parked: kept by the server, not merged, never blocking and never dropped.

use crate::ids::parse_text;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The stable codes of a parked change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParkCode {
    /// The record, its child or the area is outside the scope, or unknown: the two look alike.
    NotInScope,
    /// A field has a value it cannot have, or the change is not readable JSON.
    InvalidField,
    /// A date that should have come lies after tomorrow. A person releases it.
    DateInFuture,
    /// This server does not know the kind yet.
    UnknownKind,
    /// The change is larger than [`crate::limits::CHANGE_BYTES_MAX`].
    TooLarge,
}

impl ParkCode {
    pub const ALL: [ParkCode; 5] = [
        ParkCode::NotInScope,
        ParkCode::InvalidField,
        ParkCode::DateInFuture,
        ParkCode::UnknownKind,
        ParkCode::TooLarge,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            ParkCode::NotInScope => "not_in_scope",
            ParkCode::InvalidField => "invalid_field",
            ParkCode::DateInFuture => "date_in_future",
            ParkCode::UnknownKind => "unknown_kind",
            ParkCode::TooLarge => "too_large",
        }
    }

    /// The sentence that the worker reads.
    pub fn message(self) -> &'static str {
        match self {
            ParkCode::NotInScope => {
                "Data ini di luar wilayah tugas Anda atau belum dikenal server. Hubungi penyelia bila ini keliru."
            }
            ParkCode::InvalidField => {
                "Ada isian yang tidak dapat diterima. Perbaiki isian itu lalu kirim lagi."
            }
            ParkCode::DateInFuture => {
                "Tanggalnya di masa depan. Periksa tanggal di tablet dan isian, lalu perbaiki atau hubungi penyelia."
            }
            ParkCode::UnknownKind => {
                "Server belum mengenal jenis data ini. Data tersimpan dan diproses setelah server diperbarui."
            }
            ParkCode::TooLarge => "Data ini terlalu besar. Singkatkan catatannya lalu kirim lagi.",
        }
    }
}

impl fmt::Display for ParkCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ParkCode {
    type Err = crate::ids::BadId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|code| code.as_str() == text)
            .ok_or(crate::ids::BadId("parked code"))
    }
}

impl Serialize for ParkCode {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ParkCode {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        parse_text(d)
    }
}

/// A code, and the field that caused it where there is one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}{}", .field.as_ref().map(|field| format!(" ({field})")).unwrap_or_default())]
pub struct Fault {
    pub code: ParkCode,
    pub field: Option<String>,
}

impl Fault {
    pub fn of(code: ParkCode) -> Self {
        Fault { code, field: None }
    }

    pub fn at(code: ParkCode, field: &str) -> Self {
        Fault { code, field: Some(field.to_owned()) }
    }

    pub fn invalid(field: &str) -> Self {
        Self::at(ParkCode::InvalidField, field)
    }
}
