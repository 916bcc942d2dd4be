//! The script that stands between JavaScript and the module. Its maker is a library of exactly the
//! version that the app was compiled with.

use anyhow::{Context, Result};
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

/// The script loads `NAME_bg.wasm` from beside it.
const NAME: &str = "tablet";

pub(crate) struct Glued {
    pub(crate) script: Vec<u8>,
    pub(crate) wasm: Vec<u8>,
}

pub(crate) fn bind(compiled: &Path) -> Result<Glued> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name(NAME)
        .web(true)?
        .omit_default_module_path(false)
        .typescript(false);
    let mut output = bindgen.generate_output().context("the glue cannot be made")?;
    let script = output.js().to_owned().into_bytes();
    let wasm = output.wasm_mut().emit_wasm();
    Ok(Glued { script, wasm })
}
