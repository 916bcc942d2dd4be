//! Tertahan: changes that the server keeps and has not merged, why, and what to do about them.

mod list;
mod one;

pub use list::{Filter, List, Row, list};
pub use one::{Mending, Page, can_be_mended, page, settled_meanwhile};

use crate::labels;
use sync_protocol::parked::ParkCode;

/// The reasons as a filter calls them.
pub fn reason_name(code: ParkCode) -> &'static str {
    match code {
        ParkCode::NotInScope => "di luar wilayah",
        ParkCode::InvalidField => "isian tidak dapat diterima",
        ParkCode::DateInFuture => "tanggal di masa depan",
        ParkCode::UnknownKind => "jenis data belum dikenal",
        ParkCode::TooLarge => "terlalu besar",
    }
}

/// Why a change waits, in a sentence.
pub fn reason(code: Option<ParkCode>, field: Option<&str>) -> String {
    let named = field.map(labels::field);
    match (code, named) {
        (Some(ParkCode::NotInScope), _) => {
            "Anak atau desanya di luar wilayah tugas petugas, atau belum dikenal server.".to_owned()
        }
        (Some(ParkCode::InvalidField), Some(field)) => {
            format!("Isian {field} tidak dapat diterima.")
        }
        (Some(ParkCode::InvalidField), None) => "Datanya tidak dapat dibaca.".to_owned(),
        (Some(ParkCode::DateInFuture), Some(field)) => format!("{field} masih di masa depan."),
        (Some(ParkCode::DateInFuture), None) => "Tanggalnya masih di masa depan.".to_owned(),
        (Some(ParkCode::UnknownKind), _) => "Server belum mengenal jenis data ini.".to_owned(),
        (Some(ParkCode::TooLarge), _) => "Datanya terlalu besar.".to_owned(),
        (None, _) => "Alasannya tidak tercatat.".to_owned(),
    }
}

/// What a supervisor can do about it.
fn advice(code: Option<ParkCode>) -> &'static str {
    match code {
        Some(ParkCode::NotInScope) => {
            "Bila petugas memang bertugas di sana, minta admin memberi wilayah tugas itu; datanya lalu dilepas sendiri. Bila data anaknya menyusul, tunggu. Bila salah desa, buang dengan alasan."
        }
        Some(ParkCode::InvalidField) => {
            "Perbaiki isian yang ditandai lalu lepas. Bila tidak tahu isi yang benar, tanyakan kepada petugas."
        }
        Some(ParkCode::DateInFuture) => {
            "Bila tanggalnya memang benar, lepas. Bila salah, perbaiki tanggalnya lalu lepas."
        }
        Some(ParkCode::UnknownKind) => {
            "Tunggu sampai server diperbarui; datanya lalu dilepas sendiri."
        }
        Some(ParkCode::TooLarge) => {
            "Minta petugas menyingkat catatan dan menyimpan lagi di tablet; yang ini lalu diganti sendiri."
        }
        None => "Coba lepas.",
    }
}
