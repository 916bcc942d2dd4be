//! The grammar of `child`.

use super::fields::ChildFields;
use crate::chart::ChartKind;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum ChildCommand {
    /// Menambah anak
    #[command(
        after_help = "Contoh:\n  timbang-tablet child add --name Melati --sex P --birth-date 01-05-2025 --area \"Jarai/Bandar Aji\""
    )]
    Add(Box<AddArgs>),
    /// Mengubah isian; teks kosong ("") menghapus isian
    Edit(Box<EditArgs>),
    /// Menyerahkan anak ke desa lain
    Move {
        /// Nama anak atau potongan kodenya
        #[arg(value_name = "ANAK")]
        child: String,
        /// Kode desa, nama desa, atau Kecamatan/Desa
        #[arg(value_name = "DESA")]
        area: String,
    },
    /// Daftar anak, semua atau yang namanya cocok
    List {
        /// Potongan nama
        #[arg(value_name = "TEKS")]
        text: Option<String>,
    },
    /// Satu anak dengan pengukuran, kurva pertumbuhan dan kunjungannya
    Show {
        /// Nama anak atau potongan kodenya
        #[arg(value_name = "ANAK")]
        child: String,
        /// Kurva berat (bb) atau panjang/tinggi (tb) menurut umur
        #[arg(long, value_name = "KURVA", value_enum, default_value_t)]
        chart: ChartKind,
    },
    /// Mengubah status: aktif, pindah, meninggal atau lulus
    Status(StatusArgs),
    /// Menghapus anak yang salah dimasukkan; meninggal dan pindah adalah status
    Delete {
        /// Nama anak atau potongan kodenya
        #[arg(value_name = "ANAK")]
        child: String,
        /// salah_input atau ganda
        #[arg(long, value_name = "ALASAN", default_value = "salah_input")]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// Nama anak
    #[arg(long, value_name = "NAMA")]
    pub(super) name: String,
    /// L atau P
    #[arg(long, value_name = "L|P")]
    pub(super) sex: String,
    /// Tanggal lahir, seperti 01-05-2025
    #[arg(long, value_name = "TANGGAL")]
    pub(super) birth_date: String,
    /// Kode desa, nama desa, atau Kecamatan/Desa; boleh dikosongkan bila tugasnya hanya satu desa
    #[arg(long, value_name = "DESA")]
    pub(super) area: Option<String>,
    /// Sudah diperiksa: ini anak lain meskipun nama, jenis kelamin dan tanggal lahirnya sama
    #[arg(long)]
    pub(super) confirm: bool,
    #[command(flatten)]
    pub(super) more: ChildFields,
}

#[derive(Debug, Args)]
pub(crate) struct EditArgs {
    /// Nama anak atau potongan kodenya
    #[arg(value_name = "ANAK")]
    pub(super) child: String,
    /// Nama anak
    #[arg(long, value_name = "NAMA")]
    pub(super) name: Option<String>,
    /// L atau P
    #[arg(long, value_name = "L|P")]
    pub(super) sex: Option<String>,
    /// Tanggal lahir, seperti 01-05-2025
    #[arg(long, value_name = "TANGGAL")]
    pub(super) birth_date: Option<String>,
    #[command(flatten)]
    pub(super) more: ChildFields,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// Nama anak atau potongan kodenya
    #[arg(value_name = "ANAK")]
    pub(super) child: String,
    /// aktif, pindah, meninggal atau lulus
    #[arg(value_name = "STATUS")]
    pub(super) status: String,
    /// Sejak tanggal; bila kosong hari ini
    #[arg(long, value_name = "TANGGAL")]
    pub(super) on: Option<String>,
    /// Pindah ke mana
    #[arg(long, value_name = "TEMPAT")]
    pub(super) moved_to: Option<String>,
}
