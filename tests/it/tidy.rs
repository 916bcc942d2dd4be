//! The sources as they are: what stands at the top, who may name what, and nothing left undone.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Everything at the top but dotfiles and what git ignores.
const TOP: [&str; 9] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "fixtures",
    "rust-toolchain.toml",
    "server",
    "sync-protocol",
    "tests",
];
const LINES_MAX: usize = 600;

/// A file of the repository, by its path from the top.
struct File {
    path: String,
    text: String,
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every file below a folder of the repository, without dotfiles, what git ignores, and links.
fn paths_below(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(top().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if name.starts_with('.') || is_ignored(&path) {
            continue;
        }
        if std::fs::metadata(entry.path()).unwrap().is_dir() {
            found.extend(paths_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What `.gitignore` names: lines like `/target` and `/name*`.
fn is_ignored(path: &str) -> bool {
    let ignored = std::fs::read_to_string(top().join(".gitignore")).unwrap();
    ignored.lines().filter_map(|line| line.strip_prefix('/')).any(|line| {
        match line.strip_suffix('*') {
            Some(beginning) => path.starts_with(beginning) && !path.contains('/'),
            None => path == line,
        }
    })
}

fn read(path: String) -> File {
    let text = std::fs::read_to_string(top().join(&path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    File { path, text }
}

fn sources() -> Vec<File> {
    let rust = paths_below("").into_iter().filter(|path| path.ends_with(".rs"));
    rust.map(read).collect()
}

/// No line of these files is found at fault.
#[track_caller]
fn check_lines(files: &[File], fault: impl Fn(&str, &str) -> bool) {
    assert!(files.len() > 50, "{} files: were the sources found?", files.len());
    let mut faults = Vec::new();
    for file in files {
        for (n, line) in (1..).zip(file.text.lines()) {
            if fault(&file.path, line) {
                faults.push(format!("{}:{n}: {line}", file.path));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn the_top_holds_what_it_should_and_nothing_else() {
    let entries = std::fs::read_dir(top()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let found: BTreeSet<String> =
        names.filter(|name| !name.starts_with('.') && !is_ignored(name)).collect();
    assert_eq!(found, TOP.map(str::to_owned).into());
}

#[test]
fn no_source_is_too_long_to_be_read() {
    for file in sources() {
        let lines = file.text.lines().count();
        assert!(lines <= LINES_MAX, "{} has {lines} lines", file.path);
    }
}

#[test]
fn every_source_says_why_it_exists() {
    let silent: Vec<String> = sources()
        .into_iter()
        .filter(|file| !file.text.starts_with("//!") && !file.path.ends_with("/tests.rs"))
        .map(|file| file.path)
        .collect();
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn nothing_is_left_undone_and_no_test_is_skipped_or_sleeps() {
    // Put together, so that this file does not find itself.
    let words = [
        ["#[", "ignore"].concat(),
        ["to", "do!"].concat(),
        ["unimpl", "emented!"].concat(),
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
    ];
    check_lines(&sources(), |_, line| words.iter().any(|word| line.contains(word)));
    // A tablet that tries again after a while really waits; nothing else does.
    let sleep = ["thread::", "sleep"].concat();
    let may_wait = ["sync-protocol/replica/src/bin/timbang-tablet/machine.rs"];
    check_lines(&sources(), |path, line| line.contains(&sleep) && !is_in(path, &may_wait));
}

/// The parts of the repository that may name something: a path is in one when it begins with it.
fn is_in(path: &str, places: &[&str]) -> bool {
    places.iter().any(|place| path.starts_with(place))
}

/// Whether a line of code names a crate. Comments may speak of anything.
fn names(line: &str, name: &str) -> bool {
    let code = line.trim_start();
    !code.starts_with("//") && code.contains(name)
}

#[test]
fn only_the_stores_speak_sql() {
    // Measurements compare the store with plain SQL, and tests look behind it.
    let places = [
        "server/src/store",
        "sync-protocol/replica/",
        "server/tests/",
        "server/examples/",
        "tests/",
    ];
    check_lines(&sources(), |path, line| names(line, "rusqlite") && !is_in(path, &places));
}

#[test]
fn only_the_network_layer_knows_the_web_framework() {
    let places = ["server/src/http", "tests/it/tidy.rs"];
    check_lines(&sources(), |path, line| names(line, "actix_web") && !is_in(path, &places));
}

#[test]
fn only_the_service_holds_the_store() {
    // So there is no transaction but through the doors of the service, which say for whom it is.
    let places = ["server/src/service", "server/src/store", "tests/it/tidy.rs"];
    check_lines(&sources(), |path, line| {
        let is_type = |(at, word): (usize, &str)| {
            let before = line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            // `Store(…)` and `Store {` are variants of errors.
            let after = &line[at + word.len()..];
            let is_word = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
            !before && is_word && !after.starts_with(['(']) && !after.starts_with(" {")
        };
        names(line, "Store") && line.match_indices("Store").any(is_type) && !is_in(path, &places)
    });
}

#[test]
fn no_request_comes_in_as_the_operator() {
    check_lines(&sources(), |path, line| {
        names(line, "_as_operator") && is_in(path, &["server/src/http"])
    });
}

#[test]
fn only_what_serves_knows_the_network() {
    // The servers, and the description of what is served.
    let places = [
        "server/src/http",
        "server/src/cli/serve.rs",
        "server/src/cli/openapi.rs",
        "server/src/demo.rs",
        "tests/it/tidy.rs",
    ];
    check_lines(&sources(), |path, line| {
        let in_server = path.starts_with("server/src/") && !is_in(path, &places);
        in_server && names(line, "crate::http")
    });
}

#[test]
fn only_the_network_layer_says_how_a_refusal_travels() {
    check_lines(&sources(), |path, line| {
        let below = path.starts_with("server/src/") && !is_in(path, &["server/src/http"]);
        below && (names(line, "ProblemCode") || names(line, "problem::Problem"))
    });
}

#[test]
fn server_and_tablet_never_see_each_other() {
    let demo = ["server/src/demo"];
    check_lines(&sources(), |path, line| {
        let in_server = path.starts_with("server/") && !is_in(path, &demo);
        let in_protocol = path.starts_with("sync-protocol/");
        (in_server && names(line, "sync_replica"))
            || (in_protocol && (names(line, "use server::") || names(line, " server::")))
    });
}

#[test]
fn the_protocol_reads_no_clock_opens_no_file_and_knows_no_database() {
    let words = ["std::fs", "std::net", "std::thread", "SystemTime", "Instant", "tokio", "ureq"];
    check_lines(&sources(), |path, line| {
        let is_contract = is_in(path, &["sync-protocol/src/", "sync-protocol/growth/src/"]);
        is_contract && words.iter().any(|word| names(line, word))
    });
}

#[test]
fn every_fixture_is_read_by_a_test_or_explained() {
    let explained: Vec<File> =
        paths_below("").into_iter().filter(|path| path.ends_with(".md")).map(read).collect();
    let texts: Vec<String> = sources().into_iter().chain(explained).map(|file| file.text).collect();
    let fixtures = paths_below("fixtures");
    assert!(fixtures.len() > 20, "{} fixtures: were they found?", fixtures.len());
    let forgotten: Vec<&String> = fixtures
        .iter()
        .filter(|path| {
            let name = path.rsplit('/').next().unwrap();
            // `form-comma.csv` is spelt `form-*.csv` where all the forms are meant.
            let family = name.split_once('-').map_or(name.to_owned(), |(family, rest)| {
                let ending = rest.rsplit_once('.').map_or("", |(_, ending)| ending);
                format!("{family}-*.{ending}")
            });
            !texts.iter().any(|text| text.contains(name) || text.contains(&family))
        })
        .filter(|path| !path.ends_with("README.md") && !path.contains("/README-"))
        .collect();
    assert_eq!(forgotten, Vec::<&String>::new());
}

#[test]
fn no_file_names_a_machine() {
    let words = [["/wo", "rk/"].concat(), ["../sha", "red"].concat(), ["/ro", "ot/"].concat()];
    let text = |path: &String| {
        [".rs", ".md", ".toml", ".sql", ".sh", "/run"].iter().any(|end| path.ends_with(end))
    };
    let files: Vec<File> = paths_below("").into_iter().filter(text).map(read).collect();
    check_lines(&files, |_, line| words.iter().any(|word| line.contains(word)));
}

/// A page in Markdown: where it is, what it links to, and what can be linked to in it.
struct Page {
    path: String,
    links: Vec<String>,
    anchors: BTreeSet<String>,
}

impl Page {
    fn read(path: String) -> Self {
        let File { path, text } = read(path);
        // Every other piece is code.
        let pieces: Vec<&str> = text.split("\n```").collect();
        let prose = pieces.into_iter().step_by(2).flat_map(str::lines);
        let mut page = Page { path, links: Vec::new(), anchors: BTreeSet::new() };
        for line in prose {
            let links = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
            page.links.extend(links.map(|(link, _)| link.to_owned()));
            if let Some(heading) = line.strip_prefix('#') {
                page.anchors.insert(anchor(heading.trim_start_matches('#').trim()));
            }
        }
        page
    }

    /// Where a link leads, from the top, and to which heading; none for what is not ours.
    fn aim<'a>(&self, link: &'a str) -> Option<(String, &'a str)> {
        if link.contains("://") || link.starts_with("mailto:") {
            return None;
        }
        let (file, heading) = link.split_once('#').unwrap_or((link, ""));
        if file.is_empty() {
            return Some((self.path.clone(), heading));
        }
        let mut steps: Vec<&str> = self.path.split('/').collect();
        steps.pop();
        for step in file.split('/').filter(|step| !step.is_empty()) {
            if step == ".." {
                steps.pop();
            } else {
                steps.push(step);
            }
        }
        Some((steps.join("/"), heading))
    }
}

/// How forges name a heading in an address.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Every file and, for what is not hidden, every folder is there; `.github` is where a forge looks.
fn pages_and_paths() -> (Vec<Page>, BTreeSet<String>) {
    let files: Vec<String> = paths_below("").into_iter().chain(paths_below(".github")).collect();
    let folders = files.iter().flat_map(|path| path.match_indices('/').map(|(at, _)| &path[..at]));
    let paths = folders.map(str::to_owned).chain(files.iter().cloned()).collect();
    let pages = files.iter().filter(|path| path.ends_with(".md")).cloned().map(Page::read);
    (pages.collect(), paths)
}

#[test]
fn every_link_of_a_page_leads_to_something_that_is_there() {
    let (pages, paths) = pages_and_paths();
    assert!(pages.iter().map(|page| page.links.len()).sum::<usize>() > 50, "were links found?");
    let mut dead = Vec::new();
    for page in &pages {
        for link in &page.links {
            let Some((path, heading)) = page.aim(link) else { continue };
            let aimed = pages.iter().find(|page| page.path == path);
            let has_heading = |page: &Page| heading.is_empty() || page.anchors.contains(heading);
            if !paths.contains(&path) || !aimed.is_none_or(has_heading) {
                dead.push(format!("{}: {link}", page.path));
            }
        }
    }
    assert_eq!(dead, Vec::<String>::new());
}

#[test]
fn every_decision_has_the_next_number_a_date_and_a_status_and_stands_in_the_list() {
    let folder = "server/docs/decisions/";
    let list = Page::read(format!("{folder}README.md"));
    let decisions: Vec<String> = paths_below(folder.trim_end_matches('/'))
        .into_iter()
        .filter(|path| *path != list.path)
        .collect();
    assert!(decisions.len() > 20, "{} decisions: were they found?", decisions.len());
    for (number, path) in (1..).zip(&decisions) {
        let name = path.strip_prefix(folder).unwrap();
        assert!(name.starts_with(&format!("{number:04}-")), "{name} is not number {number}");
        assert!(list.links.iter().any(|link| link == name), "{name} is not in the list");
        let text = read(path.clone()).text;
        let head =
            [format!("# {number:04}: "), "\n- Date: 20".to_owned(), "\n- Status: ".to_owned()];
        let sections = ["Context", "Decision", "Alternatives", "Consequences"];
        let sections = sections.map(|section| format!("\n## {section}\n"));
        for part in head.iter().chain(&sections) {
            assert!(text.contains(part), "{name} lacks {part:?}");
        }
    }
}
