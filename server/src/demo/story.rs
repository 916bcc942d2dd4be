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

/// How the server's and the tablet's program are typed: where this one lies, if the tablet's is
/// beside it; else by cargo, or by their names alone.
fn programs() -> (String, String) {
    let path = |name: &str| {
        let own = std::env::current_exe().ok()?;
        let path = own.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        let here = std::env::current_dir().ok()?;
        let shown = path.strip_prefix(here).unwrap_or(&path);
        path.exists().then(|| shown.display().to_string())
    };
    let by_cargo = std::env::var_os("CARGO_MANIFEST_DIR").is_some();
    let server = path("timbang").unwrap_or_else(|| "timbang".to_owned());
    let tablet = path("timbang-tablet").unwrap_or_else(|| {
        if by_cargo {
            say("(cargo compiles the tablet's program first, some minutes once.)");
            "cargo tablet".to_owned()
        } else {
            "timbang-tablet".to_owned()
        }
    });
    (server, tablet)
}

/// Commands that work when they are pasted.
pub(super) fn what_to_try(url: &str, dir: &Path) {
    let (server, tablet) = programs();
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
