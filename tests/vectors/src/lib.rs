//! What the contract's crates make of the conformance vectors in `fixtures/`: one function, called by
//! a test natively and, compiled to WebAssembly, in a browser. Whatever a fixture says that can be
//! worked out is left out while it is read, worked out, and written as the fixture has it.

mod growth;
mod wire;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen::prelude::wasm_bindgen;

/// The fixture of this name as the crates write it; an error says what they do not read.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub fn made_of(name: &str, text: &str) -> Result<String, String> {
    match name.rsplit_once('.') {
        Some((_, "csv")) => growth::scores(text),
        _ => wire::written(name, text).map_err(|error| format!("{name}: {error}")),
    }
}
