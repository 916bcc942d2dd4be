//! `enrol`: a code from the supervisor makes this file a tablet.

use crate::answer::Answer;
use crate::failure::Failure;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use sync_replica::Replica;
use sync_replica::transport::http::{BadUrl, HttpTransport, ServerUrl};

#[derive(Debug, Args)]
#[command(
    after_help = "Contoh:\n  timbang-tablet enrol https://timbang.example 7KQ2-9MXT-3F --device-name \"Tab A7 Jarai\""
)]
pub(crate) struct EnrolArgs {
    /// Alamat server, https
    #[arg(value_name = "URL")]
    url: String,
    /// Kode dari penyelia, berlaku 24 jam
    #[arg(value_name = "KODE")]
    code: String,
    /// Nama tablet ini bagi penyelia
    #[arg(long, value_name = "NAMA", default_value = "tablet")]
    device_name: String,
    /// Daftarkan lagi tablet yang sudah terdaftar; semua data dikirim lagi
    #[arg(long)]
    again: bool,
    /// Izinkan http tanpa enkripsi di jaringan tertutup
    #[arg(long)]
    insecure_http: bool,
    /// Sertifikat (PEM) bila server memakai sertifikat sendiri
    #[arg(long, value_name = "BERKAS", env = "TIMBANG_CA")]
    ca: Option<PathBuf>,
}

pub(crate) fn run(replica: &mut Replica, args: &EnrolArgs) -> Result<Answer, Failure> {
    let url = server_url(args)?;
    let identity = replica.identity()?;
    if identity.is_enrolled() && !args.again {
        let same = identity.server_url.as_deref() == Some(url.to_string().as_str());
        let known = if same { "di server ini" } else { "di server lain" };
        return Err(Failure::new(
            "already_enrolled",
            format!(
                "Tablet ini sudah terdaftar {known}. Bila memang mau didaftarkan lagi, tambahkan --again: \
                     semua data tablet dikirim lagi dengan nomor baru."
            ),
        ));
    }
    let mut transport = transport(url.clone(), args.ca.as_deref())?;
    let enrolled =
        replica.enrol(&mut transport, &url.to_string(), &args.code, &args.device_name)?;
    let areas: Vec<String> = enrolled.areas.iter().map(ToString::to_string).collect();
    let mut answer = Answer::new(json!({
        "device": enrolled.device, "worker": enrolled.worker_name, "areas": enrolled.areas,
        "to_send_again": enrolled.to_send_again,
    }))
    .line(format!("Terdaftar. Petugas: {}", enrolled.worker_name))
    .line(format!("Wilayah tugas: {}", areas.join(", ")));
    if enrolled.to_send_again > 0 {
        answer =
            answer.line(format!("{} perubahan lama akan dikirim lagi.", enrolled.to_send_again));
    }
    Ok(answer.line("Ambil data: timbang-tablet sync"))
}

pub(crate) fn transport(
    url: ServerUrl,
    ca: Option<&std::path::Path>,
) -> Result<HttpTransport, Failure> {
    let pem = match ca {
        Some(path) => Some(std::fs::read(path).map_err(|error| {
            Failure::new(
                "no_certificate",
                format!("Sertifikat {} tidak terbaca: {error}", path.display()),
            )
        })?),
        None => None,
    };
    HttpTransport::new(url, pem.as_deref()).map_err(|error| {
        Failure::new("bad_certificate", format!("Sertifikat tidak dapat dipakai: {error}"))
    })
}

fn server_url(args: &EnrolArgs) -> Result<ServerUrl, Failure> {
    let read = if args.insecure_http { ServerUrl::insecure(&args.url) } else { args.url.parse() };
    read.map_err(|error| match error {
        BadUrl::NotAUrl => Failure::new(
            "bad_url",
            format!("\"{}\" bukan alamat server. Tulis seperti https://timbang.example.", args.url),
        ),
        BadUrl::NotEncrypted => Failure::new(
            "not_encrypted",
            "Alamat http tidak terenkripsi: data anak terbaca di jalan. Pakai https, atau --insecure-http \
             di jaringan tertutup.",
        ),
    })
}
