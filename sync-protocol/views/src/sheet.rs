//! Entri: a day of a posyandu from the paper register, a line for a child.

mod add_child;
mod chooser;
mod lines;

pub use add_child::{AddChild, Twin, add_child};
pub use chooser::{Chooser, Draft, chooser};
pub use lines::{CELLS, Cell, Line, Sheet, Told, cell_name, result, sheet};

/// The small script that keeps a half-filled sheet and judges a line while it is typed. Nothing
/// needs it.
pub const SCRIPT: &str = include_str!("../assets/entri.js");
