//! Pindah desa: a child is handed over to another desa.

use super::record_form::foot;
use maud::{Markup, html};

/// Said in place of a child that is in another worker's desa now.
pub const LEFT: &str = "Anak ini tidak lagi di wilayah tugas Anda, jadi tidak lagi di tablet ini.";

#[derive(Clone, Debug, Default)]
pub struct Handover {
    pub now: String,
    pub typed: String,
    pub mistake: Option<String>,
    /// `Kecamatan/Desa`, each of which the input takes.
    pub desa: Vec<String>,
    pub back: String,
}

pub fn content(handover: &Handover) -> Markup {
    html! {
        p { "Sekarang di " strong { (handover.now) } ". Semua pengukuran dan kunjungan ikut pindah." }
        form method="post" {
            div.field {
                label for="desa" { "Pindah ke desa" }
                input #desa name="desa" value=(handover.typed) list="semua-desa" autocomplete="off"
                    aria-invalid=[handover.mistake.as_ref().map(|_| "true")] aria-describedby="salah-desa";
                datalist #semua-desa { @for desa in &handover.desa { option value=(desa) {} } }
                @if let Some(mistake) = &handover.mistake { span.error #salah-desa { (mistake) } }
            }
            p.soft { "Bila desa itu di luar wilayah tugas Anda, anak ini hilang dari daftar setelah terkirim. Bila keluar dari semua wilayah ini, ubah status anak menjadi Pindah." }
            (foot("Pindahkan", &handover.back))
        }
    }
}
