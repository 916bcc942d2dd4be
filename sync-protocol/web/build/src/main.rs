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
mod sqlite;
mod tools;
mod vectors;

use anyhow::{Context, Result, bail};
use compiler::Compiler;
use glue::Script;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The app's package, and where everything lies that it is compiled from, its builder included.
const PACKAGE: &str = "tablet-web";
const SOURCES: [&str; 1] = ["sync-protocol"];
/// What a tablet downloads at first, compressed: a village's line carries it in half a minute.
const DOWNLOAD_BYTES_MAX: usize = 500_000;

const USAGE: &str = "\
Builds the tablet app for the browser into target/web, from where the server embeds it.

  cargo run --release -p web-build
  cargo run --release -p web-build -- --debian    with Debian's compiler, also where rustup's can
  cargo run --release -p web-build -- --vectors   besides, what tests of the app run in a browser";

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
    let options: Vec<String> = std::env::args().skip(1).collect();
    if options.iter().any(|option| !["--debian", "--vectors"].contains(&option.as_str())) {
        return say(USAGE);
    }
    let has = |name: &str| options.iter().any(|option| option == name);
    let places = Places::find()?;
    let compiler = compiler::find(has("--debian"))?;
    build_app(&places, &compiler)?;
    if has("--vectors") {
        vectors::build(&places, &compiler)?;
    }
    Ok(())
}

fn build_app(places: &Places, compiler: &Compiler) -> Result<()> {
    let fingerprint = sources::fingerprint(&places.root, compiler, &SOURCES)?;
    if sources::are_of(&places.site(), &fingerprint) {
        return say(&format!("{} is up to date.", places.site().display()));
    }
    say(&format!("Compiler: {}", compiler.describe()))?;
    let compiled = compiler.build(places, PACKAGE)?;
    let glued = glue::bind(&compiled, site::NAME, Script::Module)?;
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
