//! The tablet app: the replica and its screens, for a browser.
//!
//! [`App`] answers questions with HTML and knows nothing of a browser: it is tested natively, on the
//! same replica. Only `browser` does, and exists only where one does.

mod app;
#[cfg(target_arch = "wasm32")]
mod browser;

#[cfg(target_arch = "wasm32")]
pub use browser::{Tablet, open};

pub use app::{Answer, App, Facts, News, Question};
