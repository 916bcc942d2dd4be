//! The addresses of the screens.

use sync_protocol::ids::RecordId;

/// A screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Today,
    Child(RecordId),
    /// Of a child: a new measurement, or one that is mended.
    Measure(RecordId, Option<RecordId>),
    DeleteMeasure(RecordId, RecordId),
    NewChild,
    EditChild(RecordId),
    Visit(RecordId, Option<RecordId>),
    HandOver(RecordId),
    Send,
    /// The unsent changes as a file.
    File,
    /// With the code of the QR's link.
    Enrol(Option<String>),
    Unknown,
}

impl Route {
    pub(super) fn of(path: &str) -> Self {
        if let Some(code) = path.strip_prefix("kode=") {
            return Route::Enrol(Some(code.to_owned()));
        }
        let id = |text: &str| text.parse::<RecordId>().ok();
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let found = match segments.as_slice() {
            [] => Some(Route::Today),
            ["kirim"] => Some(Route::Send),
            ["berkas"] => Some(Route::File),
            ["daftar"] => Some(Route::Enrol(None)),
            ["anak-baru"] => Some(Route::NewChild),
            ["anak", child] => id(child).map(Route::Child),
            ["anak", child, "ukur"] => id(child).map(|child| Route::Measure(child, None)),
            ["anak", child, "kunjungan"] => id(child).map(|child| Route::Visit(child, None)),
            ["anak", child, "ubah"] => id(child).map(Route::EditChild),
            ["anak", child, "pindah"] => id(child).map(Route::HandOver),
            ["anak", child, "ukur", record] => {
                id(child).zip(id(record)).map(|(child, record)| Route::Measure(child, Some(record)))
            }
            ["anak", child, "ukur", record, "hapus"] => {
                id(child).zip(id(record)).map(|(child, record)| Route::DeleteMeasure(child, record))
            }
            ["anak", child, "kunjungan", record] => {
                id(child).zip(id(record)).map(|(child, record)| Route::Visit(child, Some(record)))
            }
            _ => None,
        };
        found.unwrap_or(Route::Unknown)
    }
}

pub(super) fn child(id: &RecordId) -> String {
    format!("#/anak/{id}")
}

pub(super) fn measurement(child: &RecordId, id: &RecordId) -> String {
    format!("#/anak/{child}/ukur/{id}")
}

pub(super) fn visit(child: &RecordId, id: &RecordId) -> String {
    format!("#/anak/{child}/kunjungan/{id}")
}
