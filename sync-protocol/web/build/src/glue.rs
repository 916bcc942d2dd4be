//! The script that stands between JavaScript and the module. Its maker is a library of exactly the
//! version that the app was compiled with.

use anyhow::{Context, Result, bail};
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

/// How the script is loaded.
#[derive(Clone, Copy)]
pub(crate) enum Script {
    /// As a module, which fetches `NAME_bg.wasm` from beside it.
    Module,
    /// By being run, in any page; it is handed the WebAssembly.
    Plain,
}

pub(crate) struct Glued {
    pub(crate) script: Vec<u8>,
    pub(crate) wasm: Vec<u8>,
}

pub(crate) fn bind(compiled: &Path, name: &str, script: Script) -> Result<Glued> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name(name).typescript(false);
    match script {
        Script::Module => bindgen.web(true)?.omit_default_module_path(false),
        Script::Plain => bindgen.no_modules(true)?,
    };
    let mut output = bindgen.generate_output().context("the glue cannot be made")?;
    let script = output.js().to_owned().into_bytes();
    let ours = format!("./{name}_bg.js");
    let imports = output.wasm().imports.iter();
    let foreign = imports.filter(|import| import.module != ours);
    let foreign: Vec<String> = foreign.map(|i| format!("{}.{}", i.module, i.name)).collect();
    if !foreign.is_empty() {
        bail!(
            "the module asks for what no browser has: {}. Often a C function that SQLite's \
             configuration calls and that nothing provides",
            foreign.join(", ")
        );
    }
    let wasm = output.wasm_mut().emit_wasm();
    Ok(Glued { script, wasm })
}
