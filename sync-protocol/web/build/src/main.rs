//! `cargo run --release -p web-build`: builds the tablet app for the browser into `target/web/`, from where
//! the server embeds it when it is built next.
//!
//! Needs what a native build does not: a Rust compiler that knows WebAssembly, and clang for SQLite.
//! Without npm's `wasm-opt` the app is larger; all else is the same. Nothing is built when the
//! sources are those of the last time.

mod compiler;
mod glue;
mod site;
mod sources;
mod tools;

use anyhow::{Context, Result, bail};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The package that is built, and what its files are called.
const PACKAGE: &str = "tablet-web";
/// What a tablet downloads at first, compressed: a village's line carries it in half a minute.
const DOWNLOAD_BYTES_MAX: usize = 640_000;

const USAGE: &str = "\
Builds the tablet app for the browser into target/web, from where the server embeds it.

  cargo run --release -p web-build
  cargo run --release -p web-build -- --debian   with Debian's compiler, also where rustup's can";

/// Where things are.
struct Places {
    /// The top of the repository.
    root: PathBuf,
    target: PathBuf,
}

impl Places {
    fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").canonicalize()?;
        let program = std::env::current_exe()?;
        // target/release/web-build
        let target = program.ancestors().nth(2).context("this program lies in no target folder")?;
        Ok(Places { root, target: target.to_owned() })
    }

    /// What the server embeds.
    fn site(&self) -> PathBuf {
        self.target.join("web")
    }
}

fn main() -> Result<()> {
    let places = Places::find()?;
    let debian = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--debian") => true,
        Some(_) => return say(USAGE),
    };
    let compiler = compiler::find(debian)?;
    let fingerprint = sources::fingerprint(&places.root, &compiler)?;
    if site::is_of(&places.site(), &fingerprint) {
        return say(&format!("{} is up to date.", places.site().display()));
    }
    say(&format!("Compiler: {}", compiler.describe()))?;
    let compiled = compiler.build(&places)?;
    let glued = glue::bind(&compiled)?;
    let optimizer = tools::wasm_opt(&places.target);
    let wasm = match &optimizer {
        Ok(program) => tools::optimize(program, &glued.wasm, &places.target)?,
        Err(reason) => {
            say(&format!("Without wasm-opt ({reason:#}): the app will be larger."))?;
            glued.wasm
        }
    };
    let files = site::collect(&places.root, glued.script, wasm)?;
    let packed = site::pack(files)?;
    for file in &packed {
        let (name, plain, brotli) = (&file.name, file.plain_bytes, file.brotli.len());
        say(&format!("{name:<24} {plain:>9} bytes, {brotli:>7} compressed"))?;
    }
    let download: usize = packed.iter().map(|file| file.brotli.len()).sum();
    say(&format!("First download: {download} bytes of at most {DOWNLOAD_BYTES_MAX}."))?;
    if download > DOWNLOAD_BYTES_MAX && optimizer.is_ok() {
        bail!("the app is too large for a village's line");
    }
    site::write(&places.site(), &packed, &fingerprint)?;
    say(&format!("Built: {}. The next build of the server embeds it.", places.site().display()))
}

fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}").context("cannot write to standard output")
}
