//! Puts the tablet app into the server, when `cargo run --release -p web-build` has built it. Without
//! it the server is whole but for that, and says at `/app/` how it is built.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What the app's builder leaves in the target folder, and the end of its packed files' names.
const FOLDER: &str = "web";
const PACKED: &str = ".br";
/// Where the list of the files goes, for `include!`.
const LIST: &str = "tablet_app.rs";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?);
    let folder = app_folder(&out)?;
    // Cargo looks at what is there: without the folder it would run this at every build.
    std::fs::create_dir_all(&folder)?;
    println!("cargo:rerun-if-changed={}", folder.display());
    println!("cargo:rerun-if-changed=build.rs");
    std::fs::write(out.join(LIST), list(&folder)?)?;
    Ok(())
}

/// `target/PROFILE/build/server-HASH/out` lies in the target folder, and under a name of its target
/// when it is built for another.
fn app_folder(out: &Path) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let profile = out.ancestors().nth(3).ok_or("OUT_DIR is no folder of cargo's")?;
    let above = profile.parent().ok_or("OUT_DIR is no folder of cargo's")?;
    let triple = std::env::var("TARGET")?;
    let target = if above.ends_with(&triple) { above.parent().unwrap_or(above) } else { above };
    Ok(target.join(FOLDER))
}

/// Name, brotli and gzip of every file, as a Rust expression.
fn list(folder: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name().into_string().map_err(|_| "a name that is no text")?;
        names.extend(name.strip_suffix(PACKED).map(str::to_owned));
    }
    names.sort();
    let mut list = String::from("&[\n");
    for name in names {
        let path = |suffix: &str| folder.join(format!("{name}{suffix}"));
        writeln!(
            list,
            "File {{ name: {name:?}, brotli: include_bytes!({:?}), gzip: include_bytes!({:?}) }},",
            path(PACKED),
            path(".gz")
        )?;
    }
    list.push(']');
    Ok(list)
}
