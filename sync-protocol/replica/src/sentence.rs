//! What the worker reads when something did not work, in Bahasa Indonesia, and the stable code that
//! a script reads. Each sentence says what to do next.

use crate::error::{BadReply, EnrolError, OpenError, SaveError, StorageError, SyncError};
use crate::identity::Stop;
use sync_protocol::parked::ParkCode;
use sync_protocol::problem::ProblemCode;

impl StorageError {
    pub fn code(&self) -> &'static str {
        match self {
            StorageError::Damaged(_) => "file_damaged",
            StorageError::Full(_) => "disk_full",
            StorageError::Busy(_) => "file_busy",
            StorageError::Failed(_) => "file_failed",
        }
    }

    pub fn sentence(&self) -> String {
        match self {
            StorageError::Damaged(_) => {
                "Berkas data rusak. Jalankan lagi: berkas lama akan disisihkan, tidak dihapus."
            }
            StorageError::Full(_) => "Penyimpanan penuh. Kosongkan ruang, lalu ulangi.",
            StorageError::Busy(_) => "Berkas data sedang dipakai program lain. Coba lagi.",
            StorageError::Failed(_) => "Berkas data tidak dapat dipakai.",
        }
        .to_owned()
    }
}

impl OpenError {
    pub fn code(&self) -> &'static str {
        match self {
            OpenError::NotOurs(_) => "not_ours",
            OpenError::TooNew { .. } => "file_too_new",
            OpenError::SetAside(_) => "set_aside_failed",
            OpenError::Storage(error) => error.code(),
        }
    }

    pub fn sentence(&self) -> String {
        match self {
            OpenError::NotOurs(path) => {
                format!(
                    "{} bukan berkas Timbang dan tidak diubah. Pilih berkas lain. Bila dulu ini berkas \
                     tablet, serahkan ke penyelia dan daftarkan tablet lagi dengan berkas baru.",
                    path.display()
                )
            }
            OpenError::TooNew { .. } => {
                "Berkas ini dibuat oleh aplikasi yang lebih baru. Perbarui aplikasi.".to_owned()
            }
            OpenError::SetAside(_) => {
                "Berkas data rusak dan tidak dapat disisihkan. Tidak ada yang dihapus.".to_owned()
            }
            OpenError::Storage(error) => error.sentence(),
        }
    }
}

impl SaveError {
    pub fn code(&self) -> &'static str {
        match self {
            SaveError::NotEnrolled => "not_enrolled",
            SaveError::Wiping => "wiping",
            SaveError::Fault(fault) => fault.code.as_str(),
            SaveError::AreaNeeded => "area_needed",
            SaveError::NotAVillage => "not_a_village",
            SaveError::ChildIsFixed => "child_is_fixed",
            SaveError::NoSuchRecord => "no_such_record",
            SaveError::TooLarge { .. } => "too_large",
            SaveError::Storage(error) => error.code(),
        }
    }

    pub fn sentence(&self) -> String {
        match self {
            SaveError::NotEnrolled => NOT_ENROLLED.to_owned(),
            SaveError::Wiping => {
                "Tablet ini sedang dikosongkan atas perintah server. Tidak disimpan; gunakan tablet lain."
                    .to_owned()
            }
            SaveError::Fault(fault) => match (&fault.field, fault.code) {
                (Some(field), ParkCode::DateInFuture) => {
                    format!("Tanggal pada isian {field} masih di masa depan. Tidak disimpan.")
                }
                (Some(field), _) => format!("Isian {field} tidak dapat diterima. Tidak disimpan."),
                (None, code) => code.message().to_owned(),
            },
            SaveError::AreaNeeded => "Sebutkan desa anak ini.".to_owned(),
            SaveError::NotAVillage => "Wilayah harus desa atau kelurahan.".to_owned(),
            SaveError::ChildIsFixed => {
                "Data ini milik anak lain dan tidak dapat dipindahkan. Buat data baru.".to_owned()
            }
            SaveError::NoSuchRecord => "Data itu tidak ada di tablet ini.".to_owned(),
            SaveError::TooLarge { .. } => ParkCode::TooLarge.message().to_owned(),
            SaveError::Storage(error) => error.sentence(),
        }
    }
}

const NOT_ENROLLED: &str =
    "Tablet ini belum terdaftar. Minta kode ke penyelia, lalu daftarkan tablet ini.";

impl Stop {
    pub fn sentence(self) -> &'static str {
        match self {
            Stop::DeviceCloned => {
                "Berkas tablet ini juga dipakai tablet lain. Pengiriman berhenti, data Anda tetap tersimpan. \
                 Minta kode baru ke penyelia, lalu daftarkan tablet ini lagi."
            }
            Stop::LogLost => {
                "Server mengenal data yang tidak ada lagi di tablet ini: berkasnya salinan lama. \
                 Pengiriman berhenti. Minta kode baru ke penyelia, lalu daftarkan tablet ini lagi."
            }
        }
    }
}

impl SyncError {
    pub fn code(&self) -> &'static str {
        match self {
            SyncError::NotEnrolled => "not_enrolled",
            SyncError::Offline(_) => "offline",
            SyncError::Timeout => "timeout",
            SyncError::Untrusted(_) => "untrusted",
            SyncError::Busy { .. } => "busy",
            SyncError::Unauthorised { revoked: true } => "revoked",
            SyncError::Unauthorised { revoked: false } => "unauthorised",
            SyncError::EnrolAnew(stop) => stop.as_str(),
            SyncError::BadReply(_) => "bad_reply",
            SyncError::Refused { .. } => "refused",
            SyncError::ServerFault { .. } => "server_fault",
            SyncError::Erase(_) => "erase_failed",
            SyncError::Storage(error) => error.code(),
        }
    }

    pub fn sentence(&self) -> String {
        match self {
            SyncError::NotEnrolled => NOT_ENROLLED.to_owned(),
            SyncError::Offline(_) => {
                "Tidak ada sinyal ke server. Data tersimpan di tablet; coba lagi nanti. Bila sinyal ada, \
                 periksa alamat server."
                    .to_owned()
            }
            SyncError::Timeout => {
                "Sinyal terlalu lemah. Data tersimpan di tablet; coba lagi, kiriman berikut lebih kecil."
                    .to_owned()
            }
            SyncError::Untrusted(_) => {
                "Sambungan ke server tidak aman (sertifikat tidak dikenal, atau alamatnya bukan https). Hubungi penyelia.".to_owned()
            }
            SyncError::Busy { retry_after_s: Some(seconds) } => {
                format!("Server sedang sibuk. Coba lagi dalam {seconds} detik.")
            }
            SyncError::Busy { retry_after_s: None } => {
                "Server sedang sibuk. Coba lagi nanti.".to_owned()
            }
            SyncError::Unauthorised { .. } => {
                "Server menolak tablet ini. Tidak ada data yang dihapus dari tablet. Hubungi penyelia."
                    .to_owned()
            }
            SyncError::EnrolAnew(stop) => stop.sentence().to_owned(),
            SyncError::BadReply(BadReply::NotOurs(_) | BadReply::Status(_)) => {
                "Jawaban bukan dari server Timbang. Mungkin jaringan ini meminta login; coba jaringan lain."
                    .to_owned()
            }
            SyncError::BadReply(_) => {
                "Jawaban server tidak dapat dibaca. Tidak ada yang diubah; coba lagi nanti.".to_owned()
            }
            SyncError::Refused { code: Some(ProblemCode::UnsupportedProtocol), .. } => {
                "Versi aplikasi atau server sudah usang. Perbarui aplikasi.".to_owned()
            }
            SyncError::Refused { .. } => {
                "Server menolak kiriman ini. Data tetap di tablet. Hubungi penyelia.".to_owned()
            }
            SyncError::ServerFault { .. } => {
                "Server sedang bermasalah. Data tetap di tablet; coba lagi nanti.".to_owned()
            }
            SyncError::Erase(_) => {
                "Data sudah dikosongkan, tetapi berkasnya tidak dapat dihapus.".to_owned()
            }
            SyncError::Storage(error) => error.sentence(),
        }
    }
}

impl EnrolError {
    pub fn code(&self) -> &'static str {
        match self {
            EnrolError::Code(code) => code.as_str(),
            EnrolError::Sync(error) => error.code(),
        }
    }

    pub fn sentence(&self) -> String {
        match self {
            EnrolError::Code(ProblemCode::CodeExpired) => {
                "Kode sudah kedaluwarsa. Minta kode baru ke penyelia.".to_owned()
            }
            EnrolError::Code(ProblemCode::CodeBurnt) => {
                "Kode sudah terlalu sering salah dan tidak berlaku lagi. Minta kode baru."
                    .to_owned()
            }
            EnrolError::Code(ProblemCode::CodeUsed) => {
                "Kode sudah dipakai tablet lain. Minta kode baru ke penyelia.".to_owned()
            }
            EnrolError::Code(_) => "Kode salah. Periksa lagi hurufnya.".to_owned(),
            EnrolError::Sync(error) => error.sentence(),
        }
    }
}
