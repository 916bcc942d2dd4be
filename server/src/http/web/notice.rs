//! What was just done, told once on the page that follows. Only its short name travels in the
//! address, so that nobody can make a page say something else.

use views::shell::Notice;

const NOTICES: [(&str, &str); 11] = [
    ("tersimpan", "Tersimpan."),
    ("tetap", "Tidak ada yang berubah."),
    ("sementara", "Tersimpan sementara untuk Anda; belum masuk data."),
    ("dipindahkan", "Anak diserahkan ke desa yang baru."),
    ("dihapus", "Data ditandai terhapus; riwayatnya tetap ada."),
    ("diputuskan", "Keputusan tersimpan."),
    ("dilepas", "Data tertahan dilepas dan digabungkan."),
    ("dibuang", "Data tertahan tidak dipakai; isi dan alasannya tetap tersimpan."),
    ("sandi", "Kata sandi diganti."),
    ("nonaktif", "Orang ini tidak bisa masuk lagi."),
    ("tablet", "Keadaan tablet diubah."),
];

pub(super) fn named(name: &str) -> Option<Notice> {
    let text = NOTICES.iter().find(|(known, _)| *known == name)?.1;
    Some(Notice::Done(text.to_owned()))
}
