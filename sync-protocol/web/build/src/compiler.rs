//! Which compiler can make WebAssembly here, and how it is called: rustup's own with the target
//! installed, else Debian's, which builds the standard library from Debian's source.

use crate::Places;
use crate::sqlite;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";
/// Of the packages rustc-web and rust-web-src.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// What stands between the flags in the variable that cargo reads them from.
const FLAGS_APART: &str = "\u{1f}";

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
            .env("SQLITE_WASM_RS_FLAGS", sqlite::flags())
            // For the flags that are not stable; which compiler reads them is known to the patch.
            .env("RUSTC_BOOTSTRAP", "1");
        let mut flags = small(places);
        if let Compiler::Debian { linker, .. } = self {
            command
                .args(["-Z", "build-std=std,panic_abort"])
                .args(["-Z", "build-std-features=optimize_for_size"])
                .env("RUSTC", DEBIAN_RUSTC)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            flags.push("-Clinker-flavor=wasm-ld".to_owned());
        }
        command.env("CARGO_ENCODED_RUSTFLAGS", flags.join(FLAGS_APART));
        let status = command.status().context("cargo cannot be started")?;
        if !status.success() {
            bail!("{package} did not compile");
        }
        Ok(folder.join(TARGET).join("web").join(package.replace('-', "_")).with_extension("wasm"))
    }
}

/// What makes a module smaller and changes nothing that it says.
fn small(places: &Places) -> Vec<String> {
    let mut flags = vec![
        // A panic ends the app in a browser and prints nowhere: that each knows its file and line is
        // 4 kB of the download.
        "-Zlocation-detail=none".to_owned(),
        // Nor does anybody read what a value looks like to a programmer.
        "-Zfmt-debug=none".to_owned(),
        // SHA-256 as a loop: a tenth of the code.
        "--cfg=sha2_backend_soft=\"compact\"".to_owned(),
    ];
    // No path of the machine that built it.
    let root = Some((places.root.clone(), "timbang"));
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let crates = home.map(|home| (home, "cargo"));
    for (path, name) in root.into_iter().chain(crates) {
        flags.push(format!("--remap-path-prefix={}={name}", path.display()));
    }
    flags
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
