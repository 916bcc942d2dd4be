//! What the demo prints.

use std::path::Path;

/// Prints one line of the story.
#[expect(clippy::print_stdout, reason = "the demo talks to whoever started it")]
pub(super) fn say(line: &str) {
    println!("{line}");
}

/// A heading between two parts of the story.
pub(super) fn heading(text: &str) {
    say("");
    say(&format!("== {text}"));
}

/// Commands that work when they are pasted.
pub(super) fn what_to_try(url: &str, dir: &Path) {
    // Started by cargo, the programs are run by cargo, too.
    let by_cargo = std::env::var_os("CARGO_MANIFEST_DIR").is_some();
    let (tablet, server) = if by_cargo {
        ("cargo tablet", "cargo run --release --quiet --")
    } else {
        ("timbang-tablet", "timbang")
    };
    let (siti, budi) = (dir.join(super::day::SITI_FILE), dir.join(super::day::BUDI_FILE));
    let data = dir.join(super::SERVER_DIR);
    heading("The server is running. Try in a second terminal:");
    say(&format!("{tablet} status --db {}", siti.display()));
    say(&format!("{tablet} due --db {}", siti.display()));
    say(&format!("{tablet} superseded --db {}", budi.display()));
    say(&format!("{tablet} parked --db {}", budi.display()));
    say(&format!("{tablet} sync --db {}", siti.display()));
    say(&format!("{server} device list --data {}", data.display()));
    say(&format!("{server} check --data {}", data.display()));
    say(&format!("curl -s {url}/metrics"));
}

/// The last line: where, and how it ends.
pub(super) fn stays(url: &str) {
    say("");
    say(&format!(
        "Listening on {url} - Ctrl-C stops it; the next start goes on with the same data."
    ));
}
