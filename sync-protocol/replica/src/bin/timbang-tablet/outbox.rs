//! `outbox`: the unsent changes as a file, for a village whose signal never comes back.

use crate::answer::Answer;
use crate::failure::Failure;
use clap::Args;
use serde_json::json;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use sync_replica::Replica;

#[derive(Debug, Args)]
pub(crate) struct OutboxArgs {
    /// Berkas baru
    #[arg(value_name = "BERKAS")]
    file: PathBuf,
    /// Seluruh catatan, juga yang sudah terkirim (bila diminta server)
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(replica: &mut Replica, args: &OutboxArgs) -> Result<Answer, Failure> {
    let outbox = replica.outbox(args.all)?;
    let text = serde_json::to_vec(&outbox)
        .map_err(|error| Failure::new("io", format!("Tidak dapat menulis: {error}")))?;
    write(&args.file, &text).map_err(|error| {
        let file = args.file.display();
        if error.kind() == io::ErrorKind::AlreadyExists {
            Failure::new("file_exists", format!("Berkas {file} sudah ada. Pilih nama lain."))
        } else {
            Failure::new("io", format!("Tidak dapat menulis {file}: {error}"))
        }
    })?;
    let count = outbox.changes.len();
    let json = json!({"file": args.file, "device": outbox.device, "changes": count,
        "last_seq": outbox.last_seq});
    Ok(Answer::new(json)
        .line(format!("{count} perubahan ditulis ke {}.", args.file.display()))
        .line("Berkas ini berisi data anak: serahkan hanya kepada penyelia, lalu hapus.")
        .line("Di server: timbang import outbox BERKAS. Tanda terima datang pada sync berikutnya."))
}

/// A new file that only its owner may read, on the disk when this returns.
fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file: File = options.open(path)?;
    file.write_all(text)?;
    file.sync_all()
}
