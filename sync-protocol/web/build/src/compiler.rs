//! Which compiler can make WebAssembly here, and how it is called: rustup's own with the target
//! installed, else Debian's, which builds the standard library from Debian's source.

use crate::Places;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";
/// Of the packages rustc-web and rust-web-src.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// Parts of SQLite that the replica never uses, left out: a third of its size. A statement that needs
/// one of them fails when it is prepared, which the tests in a browser would see.
const SQLITE_WITHOUT: [&str; 31] = [
    "-USQLITE_ENABLE_FTS5",
    "-USQLITE_ENABLE_RTREE",
    "-USQLITE_ENABLE_SESSION",
    "-USQLITE_ENABLE_PREUPDATE_HOOK",
    "-USQLITE_ENABLE_BYTECODE_VTAB",
    "-USQLITE_ENABLE_DBPAGE_VTAB",
    "-USQLITE_ENABLE_DBSTAT_VTAB",
    "-USQLITE_ENABLE_STMTVTAB",
    "-USQLITE_ENABLE_MATH_FUNCTIONS",
    "-USQLITE_ENABLE_OFFSET_SQL_FUNC",
    "-USQLITE_ENABLE_UNLOCK_NOTIFY",
    "-USQLITE_ENABLE_API_ARMOR",
    "-USQLITE_ENABLE_COLUMN_METADATA",
    "-DSQLITE_OMIT_JSON",
    "-DSQLITE_OMIT_AUTHORIZATION",
    "-DSQLITE_OMIT_PROGRESS_CALLBACK",
    "-DSQLITE_OMIT_TRACE",
    "-DSQLITE_OMIT_GET_TABLE",
    "-DSQLITE_OMIT_COMPLETE",
    "-DSQLITE_OMIT_DESERIALIZE",
    "-DSQLITE_OMIT_WAL",
    "-DSQLITE_OMIT_INCRBLOB",
    "-DSQLITE_OMIT_UTF16",
    "-DSQLITE_OMIT_DECLTYPE",
    "-DSQLITE_OMIT_AUTOVACUUM",
    "-DSQLITE_OMIT_COMPILEOPTION_DIAGS",
    "-DSQLITE_OMIT_INTROSPECTION_PRAGMAS",
    "-DSQLITE_OMIT_LOCALTIME",
    "-DSQLITE_OMIT_TCL_VARIABLE",
    "-DSQLITE_UNTESTABLE",
    "-DSQLITE_OMIT_FOREIGN_KEY",
];

const WHAT_TO_INSTALL: &str = "no Rust compiler for WebAssembly was found. Install one of these:
  rustup target add wasm32-unknown-unknown
  apt-get install rustc-web rust-web-src      (Debian; compiler and source of one version)";

pub(crate) enum Compiler {
    /// The toolchain's own, with the target's standard library.
    Rustup { version: String },
    /// Debian's, called by the toolchain's cargo; links with the toolchain's linker.
    Debian { version: String, linker: PathBuf },
}

/// Finds a compiler; with `debian` only Debian's counts.
pub(crate) fn find(debian: bool) -> Result<Compiler> {
    if said_by(Command::new("clang").arg("--version")).is_err() {
        bail!("clang is needed for SQLite in the browser (Debian: apt-get install clang)");
    }
    let sysroot = PathBuf::from(said_by(Command::new("rustc").args(["--print", "sysroot"]))?);
    if !debian && sysroot.join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(Compiler::Rustup { version: said_by(Command::new("rustc").arg("--version"))? });
    }
    debians(&sysroot)
}

fn debians(sysroot: &Path) -> Result<Compiler> {
    let (Ok(version), Ok(compiler), Ok(source)) = (
        said_by(Command::new(DEBIAN_RUSTC).arg("--version")),
        debian_version("rustc-web"),
        debian_version("rust-web-src"),
    ) else {
        bail!(WHAT_TO_INSTALL)
    };
    if compiler != source {
        bail!("rustc-web is {compiler} and rust-web-src is {source}: install the same version");
    }
    let host = said_by(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let linker = sysroot.join("lib/rustlib").join(host).join("bin/rust-lld");
    Ok(Compiler::Debian { version: format!("{version} (Debian {compiler})"), linker })
}

impl Compiler {
    pub(crate) fn describe(&self) -> &str {
        match self {
            Compiler::Rustup { version } | Compiler::Debian { version, .. } => version,
        }
    }

    /// Compiles a package. Says where the module lies.
    pub(crate) fn build(&self, places: &Places, package: &str) -> Result<PathBuf> {
        let folder = places.target.join(match self {
            Compiler::Rustup { .. } => "wasm",
            Compiler::Debian { .. } => "wasm-debian",
        });
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .current_dir(&places.root)
            .args(["build", "--locked", "--profile", "web", "-p", package, "--target", TARGET])
            .arg("--target-dir")
            .arg(&folder)
            .env("CC_wasm32_unknown_unknown", "clang")
            .env("AR_wasm32_unknown_unknown", "ar")
            .env("SQLITE_WASM_RS_FLAGS", SQLITE_WITHOUT.join(" "));
        if let Compiler::Debian { linker, .. } = self {
            command
                .args(["-Z", "build-std=std,panic_abort"])
                .args(["-Z", "build-std-features=optimize_for_size"])
                .env("RUSTC", DEBIAN_RUSTC)
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Clinker-flavor=wasm-ld");
        }
        let status = command.status().context("cargo cannot be started")?;
        if !status.success() {
            bail!("{package} did not compile");
        }
        Ok(folder.join(TARGET).join("web").join(package.replace('-', "_")).with_extension("wasm"))
    }
}

fn debian_version(package: &str) -> Result<String> {
    said_by(Command::new("dpkg-query").args(["--show", "--showformat=${Version}", package]))
}

/// What a program says, when it ends well.
fn said_by(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} failed");
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
