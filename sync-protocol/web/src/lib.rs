//! The tablet app.
#[cfg(target_arch = "wasm32")]
mod browser;
