//! The folder that is served under `/app/`: every file twice, brotli and gzip, under its own name. The
//! service worker gets the list of all others and a version that changes with any of them.

use crate::sources::{self, hex};
use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// The app's module, and the script that loads it from beside.
pub(crate) const NAME: &str = "tablet";

/// The app's files that are not compiled, and those it shares with the server's pages.
const ASSETS: &str = "sync-protocol/web/assets";
const SHARED: [&str; 2] =
    ["sync-protocol/views/assets/timbang.css", "sync-protocol/views/assets/timbang.svg"];

/// The service worker, and what it is told.
const SERVICE_WORKER: &str = "sw.js";
const VERSION_MARK: &str = "VERSION_OF_THE_APP";
const FILES_MARK: &str = "[\"FILES_OF_THE_APP\"]";

/// Sizes of a block of brotli, as powers of two; with 0 it chooses.
const BROTLI_BLOCKS: [i32; 4] = [0, 20, 22, 24];

/// A file as it is served.
pub(crate) struct Packed {
    pub(crate) name: String,
    pub(crate) plain_bytes: usize,
    pub(crate) brotli: Vec<u8>,
    pub(crate) gzip: Vec<u8>,
}

/// Every file of the app by its name.
pub(crate) fn collect(
    root: &Path,
    script: Vec<u8>,
    wasm: Vec<u8>,
) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files =
        BTreeMap::from([(format!("{NAME}.js"), script), (format!("{NAME}_bg.wasm"), wasm)]);
    for entry in std::fs::read_dir(root.join(ASSETS))? {
        add(&mut files, &entry?.path())?;
    }
    for shared in SHARED {
        add(&mut files, &root.join(shared))?;
    }
    tell_service_worker(&mut files)?;
    Ok(files)
}

fn add(files: &mut BTreeMap<String, Vec<u8>>, path: &Path) -> Result<()> {
    let name = path.file_name().context("a file without a name")?.to_string_lossy().into_owned();
    files.insert(name, std::fs::read(path).with_context(|| path.display().to_string())?);
    Ok(())
}

fn tell_service_worker(files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    let mut sum = Sha256::new();
    for (name, content) in files.iter() {
        sum.update(name);
        sum.update(Sha256::digest(content));
    }
    let version = hex(sum.finalize().get(..8).unwrap_or_default());
    let names: Vec<String> = files
        .keys()
        .filter(|name| *name != SERVICE_WORKER)
        .map(|name| format!("\"{name}\""))
        .collect();
    let worker = files.get_mut(SERVICE_WORKER).context("the app has no service worker")?;
    let text = std::str::from_utf8(worker)?
        .replace(VERSION_MARK, &version)
        .replace(FILES_MARK, &format!("[{}]", names.join(", ")));
    *worker = text.into_bytes();
    Ok(())
}

pub(crate) fn pack(files: BTreeMap<String, Vec<u8>>) -> Result<Vec<Packed>> {
    let pack = |(name, content): (String, Vec<u8>)| {
        Ok(Packed {
            name,
            plain_bytes: content.len(),
            brotli: brotli_of(&content)?,
            gzip: gzip_of(&content)?,
        })
    };
    files.into_iter().map(pack).collect()
}

pub(crate) fn write(folder: &Path, files: &[Packed], fingerprint: &str) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    for file in files {
        std::fs::write(folder.join(format!("{}.br", file.name)), &file.brotli)?;
        std::fs::write(folder.join(format!("{}.gz", file.name)), &file.gzip)?;
    }
    sources::note(folder, fingerprint)
}

/// The smallest of what different blocks give: 2 kB of the module, now by this one and now by that.
fn brotli_of(content: &[u8]) -> Result<Vec<u8>> {
    let mut smallest: Option<Vec<u8>> = None;
    for lgblock in BROTLI_BLOCKS {
        let mut packed = Vec::new();
        let mut plain = content;
        let params = BrotliEncoderParams { lgblock, ..BrotliEncoderParams::default() };
        brotli::BrotliCompress(&mut plain, &mut packed, &params)?;
        if smallest.as_ref().is_none_or(|before| packed.len() < before.len()) {
            smallest = Some(packed);
        }
    }
    smallest.context("no blocks to pack in")
}

fn gzip_of(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}
