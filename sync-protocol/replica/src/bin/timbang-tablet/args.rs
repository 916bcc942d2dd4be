//! The command line's grammar. What a command needs beyond it stands beside the command.

use crate::{child, due, enrol, history, measure, outbox, sync, visit};
use clap::{Parser, Subcommand};
use std::path::PathBuf;

const EXAMPLES: &str = "Contoh:
  timbang-tablet enrol https://timbang.example 7KQ29MXT3F
  timbang-tablet child add --name Melati --sex P --birth-date 01-05-2025 --posyandu Mawar
  timbang-tablet measure Melati --weight-kg 9,8 --height-cm 75,5 --position terlentang
  timbang-tablet due --month 2026-11
  timbang-tablet sync
  timbang-tablet --json status";

/// Salinan data sasaran balita di tablet: bekerja tanpa sinyal, dikirim bila ada sinyal.
#[derive(Debug, Parser)]
#[command(name = "timbang-tablet", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Args {
    /// Berkas data tablet
    #[arg(
        long,
        value_name = "BERKAS",
        global = true,
        env = "TIMBANG_DB",
        default_value = "timbang-tablet.db"
    )]
    pub(crate) db: PathBuf,

    /// Jawab dengan satu objek atau larik JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Mendaftarkan tablet ini dengan kode dari penyelia
    Enrol(enrol::EnrolArgs),
    /// Sasaran: tambah, ubah, pindah, daftar, lihat, status, hapus
    #[command(subcommand)]
    Child(child::ChildCommand),
    /// Mencatat, membetulkan atau menghapus satu pengukuran
    Measure(measure::MeasureArgs),
    /// Mencatat, membetulkan atau menghapus satu kunjungan pendampingan
    Visit(visit::VisitArgs),
    /// Anak yang belum diukur bulan ini
    Due(due::DueArgs),
    /// Mengirim dan menerima
    Sync(sync::SyncArgs),
    /// Menulis perubahan yang belum terkirim ke berkas, untuk dibawa ke server tanpa jaringan
    Outbox(outbox::OutboxArgs),
    /// Apa yang menunggu, tertahan dan diganti; kapan terakhir terkirim
    Status,
    /// Perubahan yang disimpan tablet ini, yang terbaru dulu
    Log(history::LogArgs),
    /// Perubahan yang tertahan, alasannya dan cara memperbaikinya
    Parked,
    /// Nilai dari tablet ini yang diganti: lama, baru dan oleh siapa
    Superseded,
}
